"""Numbers with units, as people write and read them."""

import doctest
import unittest

from needs import need

need("h5py", "pandas", "xarray", "yaml")

from superpod import quantity


class Parse(unittest.TestCase):
    def test_bits_are_eighths_of_bytes_and_binary_prefixes_are_powers_of_two(self):
        self.assertEqual(quantity.parse("400 Gb/s"), quantity.parse("50 GB/s"))
        self.assertEqual(quantity.parse("1 GiB"), (2**30, "B"))

    def test_prefixes_are_told_from_units(self):
        for text, expected in {
            "3 m": (3, "m"), "3 m2": (3, "m2"), "3 ms": (3e-3, "s"), "3 MW": (3e6, "W"), "5 GHz": (5e9, "Hz"),
            "243 TFLOP/s": (243e12, "FLOP/s"), "671e9": (671e9, ""), "-1.5 us": (-1.5e-6, "s"), "1,000 s": (1000, "s"),
        }.items():  # fmt: skip
            with self.subTest(text):
                number, unit = quantity.parse(text)
                self.assertAlmostEqual(number, expected[0], delta=abs(expected[0]) * 1e-12)
                self.assertEqual(unit, expected[1])

    def test_what_is_no_quantity_is_refused(self):
        for text in ("", "not public", "[17, 2]", "3 parsecs", "400 GBs", "nan", "1 GB per s", "GB/s"):
            with self.subTest(text), self.assertRaises(ValueError):
                quantity.parse(text)


class Text(unittest.TestCase):
    def test_is_read_back_as_the_number(self):
        times = [(value, "s") for value in (4.5104, 0.00047, 4e-7, 0, -2.5)]
        for value, unit in (*times, (7.615e10, "B"), (3.36e11, "B/s")):
            with self.subTest(value):
                number, read = quantity.parse(quantity.text(value, unit))
                self.assertAlmostEqual(number, value, delta=abs(value) * 1e-3)
                self.assertEqual(read, unit)

    def test_counts_stay_whole_and_shares_short(self):
        self.assertEqual(quantity.text(1006720.0), "1006720")
        self.assertEqual(quantity.text(0.43827), "0.4383")

    def test_long_times_are_in_hours_and_days(self):
        self.assertEqual(quantity.text(60 * 86400.0, "s"), "60 d")
        self.assertEqual(quantity.text(3 * 3600.0, "s"), "3 h")

    def test_what_is_not_finite_is_said(self):
        self.assertEqual(quantity.text(float("nan"), "s"), "nan s")
        self.assertEqual(quantity.text(float("inf"), "B"), "inf B")


def load_tests(loader, tests, pattern):
    tests.addTests(doctest.DocTestSuite(quantity))
    return tests


if __name__ == "__main__":
    unittest.main()
