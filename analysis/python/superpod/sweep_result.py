"""The result of a sweep: one scenario at many points."""

from __future__ import annotations

import pandas as pd

from .result import Result


class Sweep(Result):
    """Also a table `points` (a row for each point: its place on the axes, its figures, its status), and for a full grid
    the figures as arrays over the axes.

    >>> sweep = open("sweep.h5")                                          # doctest: +SKIP
    >>> sweep.dataset().mfu.sel({"workload.parallel.pipeline": 16})       # doctest: +SKIP
    >>> sweep.points.groupby("workload.schedule").step_time_s.min()       # doctest: +SKIP
    """

    @property
    def points(self) -> pd.DataFrame:
        """Every point: a column for each axis and each figure (NaN where the point failed), `status`, `message`."""
        return self.table("points")

    @property
    def failed(self) -> pd.DataFrame:
        """The points without an answer."""
        points = self.points
        return points[points["status"] != "ok"]
