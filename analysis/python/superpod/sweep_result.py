"""The result of a sweep: one scenario at many points."""

from __future__ import annotations

import pandas as pd

from .result import Result


class Sweep(Result):
    """Also a table `points` (a row for each point: its place on the axes, its status, its figures), and for a full
    grid the figures as arrays over the axes.

    >>> sweep = open("sweep.h5")                                          # doctest: +SKIP
    >>> sweep.arrays.mfu.sel({"workload.parallel.pipeline": 16})          # doctest: +SKIP
    >>> sweep.points.groupby("workload.schedule").step_time_s.min()       # doctest: +SKIP
    """

    @property
    def points(self) -> pd.DataFrame:
        """Every point: a column for each axis, `status`, `message`, and one for each figure (NaN where it has none)."""
        return self.table("points")

    @property
    def axes(self) -> list[str]:
        """The paths that vary."""
        return list(self.points.columns[: self.points.columns.get_loc("status")])

    @property
    def failed(self) -> pd.DataFrame:
        """The points without an answer: mistakes, failures, and those still to come."""
        points = self.points
        return points[points["status"] != "ok"]
