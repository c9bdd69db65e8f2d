"""Pictures: what is drawn, that it has units, and that nothing covers anything."""

import os
import subprocess
import tempfile
import unittest
import warnings

from needs import need

need("h5py", "pandas", "xarray", "yaml", "matplotlib")

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import superpod
from matplotlib.colors import to_rgb
from superpod import plot


def grey(colour):
    """Lightness as a printer sees it, from 0 (black) to 1."""
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), to_rgb(colour)))


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        plot.use()
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([os.environ["SUPERPOD_SAMPLE"], f"{folder}/sample.h5"], check=True)
            cls.result = superpod.open(f"{folder}/sample.h5")

    def setUp(self):
        warnings.simplefilter("error")
        self.figure, self.axes = plot.figure()
        self.addCleanup(warnings.resetwarnings)
        self.addCleanup(plt.close, self.figure)

    def drawn(self):
        self.figure.canvas.draw()
        return self.axes

    def legend_is_over_the_axes(self):
        axes = self.drawn()
        legend = axes.get_legend().get_window_extent()
        return legend.y0 >= axes.get_window_extent().y1 - 1

    def test_intervals_are_bars_with_ends_and_units(self):
        plot.intervals(self.axes, {"a": self.result, "b": self.result}, "step_time_s", "step time")
        axes = self.drawn()
        low, high = self.result.interval("step_time_s")
        self.assertEqual(len(axes.patches), 2)
        self.assertEqual([tuple(line.get_xdata()) for line in axes.lines], [(low, high)] * 2)
        self.assertRegex(axes.get_xlabel(), r"^step time \(m?s\)$")
        self.assertEqual([label.get_text() for label in axes.get_yticklabels()], ["a", "b"])
        self.assertGreater(axes.get_xlim()[1], high)

    def test_intervals_may_be_divided(self):
        plot.intervals(self.axes, {"a": self.result}, "step_time_s", "half of it", per={"a": 2.0})
        self.assertAlmostEqual(self.axes.patches[0].get_width(), self.result["step_time_s"] / 2)

    def test_a_figure_without_an_interval_is_drawn_too(self):
        plot.intervals(self.axes, {"a": self.result}, "npus", "NPUs")
        plot.line(self.drawn(), [1, 2], [self.result, self.result], "npus", "NPUs")

    def test_a_breakdown_adds_up_to_the_step(self):
        plot.breakdown(self.axes, {"a": self.result})
        self.assertTrue(self.legend_is_over_the_axes())
        widest = max(bar.get_x() + bar.get_width() for bar in self.axes.patches)
        self.assertAlmostEqual(widest, self.result["step_time_s"], delta=0.02 * widest)
        self.assertRegex(self.axes.get_xlabel(), r"\(m?s\)$")

    def test_a_breakdown_in_shares_ends_at_the_whole(self):
        plot.breakdown(self.axes, {"a": self.result, "b": self.result}, of_step=True)
        self.assertEqual(self.drawn().get_xlim(), (0, 1))
        self.assertEqual(self.axes.get_xticklabels()[-1].get_text(), "100 %")

    def test_a_timeline_has_a_row_for_each_rank(self):
        plot.timeline(self.axes, self.result)
        self.assertTrue(self.legend_is_over_the_axes())
        slots = self.result.table("slots")
        drawn = sum(len(row.get_paths()) for row in self.axes.collections)
        self.assertEqual(drawn, len(slots))
        self.assertRegex(self.axes.get_xlabel(), r"^time \(m?s\)$")

    def test_ticks_of_a_logarithm_have_units(self):
        self.axes.plot([1e-6, 1.0], [1, 10])
        plot.axis(self.axes.xaxis, "time", "s", log=True)
        texts = {label.get_text() for label in self.drawn().get_xticklabels()}
        self.assertLessEqual({"1 us", "1 ms", "1 s"}, texts)

    def test_sizes_have_a_tick_each(self):
        self.axes.plot([8192, 1006720], [1, 2])
        plot.sizes(self.axes.xaxis, [8192, 1006720])
        self.assertEqual([label.get_text() for label in self.drawn().get_xticklabels()], ["8,192", "1,006,720"])


class Colours(unittest.TestCase):
    def test_lines_that_follow_each_other_differ_in_grey_and_in_marker(self):
        for (one, marker, _), (other, next_marker, _) in zip(plot.LINES, plot.LINES[1:]):
            self.assertTrue(abs(grey(one) - grey(other)) > 0.1 and marker != next_marker)

    def test_causes_that_follow_each_other_differ_in_grey_or_in_hatching(self):
        causes = list(plot.CAUSES.values())
        for (one, hatch), (other, next_hatch) in zip(causes, causes[1:]):
            self.assertTrue(abs(grey(one) - grey(other)) > 0.1 or hatch != next_hatch)


if __name__ == "__main__":
    unittest.main()
