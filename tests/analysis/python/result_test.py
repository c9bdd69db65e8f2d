"""Results files as pandas and xarray: one that superpod wrote, and ones with names that nobody expects."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from needs import need

need("h5py", "pandas", "xarray", "yaml")

import h5py
import numpy as np
import superpod

WORDS = ("name", "system", "engine", "version", "verdict", "scenario_text")
ROOT = {**dict.fromkeys(WORDS, "n"), "kind": "training", "seed": 1}


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Written(Files):
    def setUp(self):
        super().setUp()
        path = self.folder / "sample.h5"
        subprocess.run([os.environ["SUPERPOD_SAMPLE"], path], check=True)
        self.result = superpod.open(path)
        path.unlink()  # a result is a value: it needs its file no longer

    def test_says_what_it_is(self):
        said = (self.result.name, self.result.kind, self.result.seed)
        self.assertEqual(said, ("deepseek_v3_atlas_950", "training", 7))
        self.assertIn("µs a hop — é, 中文", self.result.scenario_text)
        self.assertIn("deepseek_v3_atlas_950", repr(self.result))

    def test_has_figures_with_units_meanings_and_intervals(self):
        figures = self.result.figures
        self.assertEqual(list(figures.columns), ["value", "unit", "meaning", "low", "high"])
        self.assertEqual(figures.loc["step_time_s", "unit"], "s")
        self.assertTrue(figures["meaning"].str.len().gt(0).all())
        low, high = self.result.interval("step_time_s")
        self.assertTrue(low < self.result["step_time_s"] < high)
        self.assertIsNone(self.result.interval("npus"))
        self.assertEqual(self.result.text("npus"), "8192")
        self.assertRegex(self.result.text("step_time_s"), r"^[\d.]+ m?s \([\d.]+ m?s to [\d.]+ m?s\)$")
        self.assertTrue("mfu" in self.result and "mfuu" not in self.result)

    def test_has_tables_whose_columns_have_units_and_meanings(self):
        for name in self.result.tables:
            with self.subTest(name):
                frame = self.result.table(name)
                self.assertTrue(frame.attrs["long_name"] and frame.index.name)
                self.assertLessEqual(set(frame.attrs["units"]), {*frame.columns, frame.index.name})
        slots = self.result.table("slots")
        self.assertEqual(slots.attrs["units"]["start"], "s")
        self.assertNotIn("rank", slots.attrs["units"])
        self.assertEqual(slots["phase"].iloc[0], "forward")
        breakdown = self.result.table("breakdown")
        self.assertAlmostEqual(breakdown["time"].sum(), self.result["step_time_s"], delta=1e-12)
        self.assertEqual(breakdown.loc["expert all-to-all", "time"], self.result["breakdown_s.expert all-to-all"])

    def test_gives_tables_that_may_be_changed(self):
        self.result.table("slots")["start"] *= -1
        self.result.table("slots").attrs["units"]["start"] = "h"
        self.assertTrue(self.result.table("slots")["start"].ge(0).all())
        self.assertEqual(self.result.table("slots").attrs["units"]["start"], "s")

    def test_has_arrays_over_named_dimensions(self):
        use = self.result.arrays.link_utilisation
        self.assertEqual((use.dims, use.shape), (("link_class", "time"), (5, 200)))
        self.assertEqual(list(use.link_class.values), list(self.result.table("links").index))
        self.assertEqual(use.time.attrs["units"], "s")
        self.assertEqual(float(use.sel(link_class="scale-out").max()), 0)

    def test_gives_tables_as_datasets(self):
        links = self.result.dataset("links")
        self.assertEqual(links.bandwidth.attrs["units"], "B/s")
        self.assertEqual(float(links.bandwidth.sel(link_class="scale-out")), 50e9)

    def test_knows_where_its_inputs_come_from(self):
        provenance = self.result.provenance
        self.assertEqual(list(provenance.columns), ["value", "grade", "source", "note"])
        self.assertLessEqual(set(provenance["grade"]), {"", "measured", "published", "derived", "assumed"})

    def test_says_what_there_is_when_asked_for_what_is_not(self):
        with self.assertRaisesRegex(KeyError, "did you mean 'step_time_s'"):
            self.result["step_tme_s"]
        with self.assertRaisesRegex(KeyError, "did you mean 'links'"):
            self.result.table("link")
        with self.assertRaisesRegex(KeyError, "no table '../figures'"):
            self.result.table("../figures")

    def test_shows_itself_in_a_notebook_without_markup_of_others(self):
        self.result.verdict = "<script>alert(1)</script>"
        shown = self.result._repr_html_()
        self.assertIn("&lt;script&gt;", shown)
        self.assertNotIn("<script>", shown)


class Hostile(Files):
    def file(self, tables=(), **root):
        path = self.folder / "hostile.h5"
        with h5py.File(path, "w") as file:
            file.attrs.update({**ROOT, **root})
            for name, dimension, columns in [("figures", "figure", {"key": [], "value": []}), *tables]:
                group = file.create_group(name)
                group.attrs["dimension"] = dimension
                group.attrs["columns"] = list(columns) or h5py.Empty(h5py.string_dtype())
                length = len(next(iter(columns.values()))) if columns else 0
                for column, values in {dimension: range(length), **columns}.items():
                    words = len(values) == 0 or isinstance(values[0], (str, bytes))
                    values = np.array(values, dtype=h5py.string_dtype() if words else None)
                    group.create_dataset(column, data=values, shape=(len(values),))
        return path

    def test_columns_may_have_any_name(self):
        names = ["index", "values", "T", "a b", "a.b", "é中文", "<b>", "'", '"', "columns", "attrs", "__class__"]
        path = self.file([("rows; DROP", "index of it", {name: [1.0, 2.0] for name in names})])
        frame = superpod.open(path).table("rows; DROP")
        self.assertEqual(list(frame.columns), names)
        self.assertEqual(list(frame["T"]), [1.0, 2.0])
        dataset = superpod.open(path).dataset("rows; DROP")
        self.assertEqual(list(dataset["values"].values), [1.0, 2.0])

    def test_a_column_may_be_called_as_its_dimension(self):
        frame = superpod.open(self.file([("t", "cause", {"cause": ["x", "y"], "time": [1.0, 2.0]})])).table("t")
        self.assertEqual(frame.index.name, "cause")
        self.assertEqual(frame.loc["y", "time"], 2.0)

    def test_tables_may_be_empty(self):
        result = superpod.open(self.file([("none", "row", {"word": [], "number": []}), ("bare", "row", {})]))
        self.assertEqual(result.table("none").shape, (0, 2))
        self.assertEqual(result.table("bare").shape, (0, 0))
        self.assertEqual(dict(result.dataset("none").sizes), {"row": 0})
        self.assertEqual(result.figures.shape[0], 0)

    def test_text_that_is_no_utf_8_is_read_with_a_mark(self):
        result = superpod.open(self.file([("t", "row", {"word": [b"\xff\xfe ok"]})], verdict=np.bytes_(b"caf\xe9")))
        self.assertIn("ok", result.table("t")["word"][0])
        self.assertTrue(result.verdict.startswith("caf"))

    def test_what_others_added_is_passed_over(self):
        path = self.file()
        with h5py.File(path, "r+") as file:
            file.create_group("mine").create_dataset("x", data=[1])
            file.create_dataset("loose", data=[1])
            file.create_group("arrays").create_group("deeper")
            file["figures"].attrs["remark"] = "mine"
        self.assertEqual(superpod.open(path).tables, ["figures"])

    def test_root_attributes_do_not_replace_what_a_result_can(self):
        path = self.file(table="x", figures="x", __class__="x")
        self.assertTrue(callable(superpod.open(path).table))

    def test_files_may_have_any_name(self):
        for name in ("a b#c%20.h5", "-rf.h5", "é中文.h5", "http:", "'"):
            with self.subTest(name):
                path = self.folder / name
                self.file().rename(path)
                self.assertEqual(superpod.open(path).name, "n")
                self.assertEqual(superpod.open(str(path)).name, "n")


class Wrong(Files):
    def test_a_file_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(FileNotFoundError, "nowhere.h5"):
            superpod.open(self.folder / "nowhere.h5")

    def test_files_that_are_no_results_are_told(self):
        text, empty, other, broken = (self.folder / name for name in ("t.h5", "e.h5", "o.h5", "b.h5"))
        text.write_text("name: scenario\n")
        empty.write_bytes(b"")
        h5py.File(other, "w").close()
        with h5py.File(broken, "w") as file:
            file.attrs.update(ROOT)
            file.create_group("t").attrs.update({"dimension": "row", "columns": ["lost"]})
        for path in (text, empty, other, broken, self.folder):
            with self.subTest(path), self.assertRaisesRegex(superpod.WorldError, path.name):
                superpod.open(path)

    def test_a_file_that_was_cut_is_told(self):
        path = self.folder / "cut.h5"
        subprocess.run([os.environ["SUPERPOD_SAMPLE"], path], check=True)
        whole = path.read_bytes()
        for length in (10, len(whole) // 2, len(whole) - 4096):
            path.write_bytes(whole[:length])
            with self.subTest(length), self.assertRaises(superpod.WorldError):
                superpod.open(path)


if __name__ == "__main__":
    unittest.main()
