"""What a run, a plan or a sweep has found, as a value: it needs its file no longer."""

from __future__ import annotations

import copy
import difflib
import html
import os
from typing import Any, Iterable

import pandas as pd
import xarray as xr
import yaml

from . import quantity, results_file


class Result:
    """The answer to one scenario.

    >>> result = open("step.h5")                                # doctest: +SKIP
    >>> result["step_time_s"], result.interval("step_time_s")   # doctest: +SKIP
    (4.51, (4.16, 5.35))
    >>> result.table("kernels").nlargest(5, "time")             # doctest: +SKIP
    >>> result.arrays.link_utilisation.plot()                   # doctest: +SKIP

    `name`, `kind` (training, collective, plan, ...), `system`, `engine`, `version`, `seed` and `verdict` (the answer
    in a few sentences) are those of the program; `scenario_text` is the YAML that was asked.
    """

    name: str
    kind: str
    system: str
    engine: str
    version: str
    seed: int
    verdict: str
    scenario_text: str

    def __init__(self, contents: results_file.Contents):
        self.__dict__.update(contents.root)
        self._tables = contents.tables
        self._arrays = contents.arrays

    @property
    def figures(self) -> pd.DataFrame:
        """The figures of `run --json`: value, unit, meaning, low and high (NaN: not uncertain), by key."""
        frame = self.table("figures")
        return frame.set_index("key") if "key" in frame else frame

    def __getitem__(self, key: str) -> float:
        """One figure in its base unit: `result["step_time_s"]`."""
        return float(self._figure(key)["value"])

    def __contains__(self, key: object) -> bool:
        return key in self.figures.index

    def interval(self, key: str) -> tuple[float, float] | None:
        """Low and high of a figure; None when it is not uncertain."""
        figure = self._figure(key)
        return None if pd.isna(figure["low"]) else (float(figure["low"]), float(figure["high"]))

    def text(self, key: str) -> str:
        """A figure as people write it: `4.51 s (4.163 s to 5.349 s)`."""
        unit, interval = str(self._figure(key)["unit"]), self.interval(key)
        said = quantity.text(self[key], unit)
        return said if interval is None else f"{said} ({' to '.join(quantity.text(end, unit) for end in interval)})"

    @property
    def tables(self) -> list[str]:
        """The names that `table` takes."""
        return list(self._tables)

    def table(self, name: str) -> pd.DataFrame:
        """One table; `attrs` holds its `long_name`, and `units` and `meaning` by column. Yours to change."""
        if name not in self._tables:
            raise KeyError(_unknown("table", name, self._tables))
        frame = self._tables[name].copy()
        frame.attrs = copy.deepcopy(self._tables[name].attrs)
        return frame

    def dataset(self, table: str | None = None) -> xr.Dataset:
        """One table, or all arrays over the rows of tables, for xarray; `units` and `long_name` on each variable."""
        if table is None:
            return self._arrays.copy()
        frame = self.table(table)
        dimension = str(frame.index.name)
        dataset = xr.Dataset(coords={dimension: frame.index.to_numpy()}, attrs={"long_name": frame.attrs["long_name"]})
        for column in frame.columns:
            dataset[column] = (dimension, frame[column].to_numpy())
        for column in dataset.variables:
            for attribute, key in (("units", "units"), ("long_name", "meaning")):
                if column in frame.attrs[key]:
                    dataset[column].attrs[attribute] = frame.attrs[key][column]
        return dataset

    @property
    def arrays(self) -> xr.Dataset:
        """Values over the rows of two or more tables, e.g. `link_utilisation[link_class][time]`."""
        return self.dataset()

    @property
    def scenario(self) -> dict[str, Any]:
        """The scenario as plain values, to change and to run again. Settings on the way are not in it."""
        return yaml.safe_load(self.scenario_text)

    @property
    def provenance(self) -> pd.DataFrame:
        """Where each input comes from: value, grade (measured, published, derived, assumed), source, note, by path."""
        frame = self.table("provenance")
        return frame.set_index("path") if "path" in frame else frame

    def _figure(self, key: str) -> pd.Series:
        figures = self.figures
        if key not in figures.index:
            raise KeyError(_unknown("figure", key, figures.index))
        return figures.loc[key]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.kind} '{self.name}' on {self.system}: {len(self.figures)} figures>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(str(key))}</td><td>{html.escape(self.text(key))}</td></tr>"
            for key in self.figures.index
            if "." not in str(key)
        )
        return f"<p><b>{html.escape(self.name)}</b>: {html.escape(self.verdict)}</p><table>{rows}</table>"


def open(path: str | os.PathLike[str]) -> Result:  # noqa: A001: superpod.open reads as the word does
    """The result that superpod wrote to `path`; a `Sweep` when it is that of a sweep.

    Raises FileNotFoundError, and WorldError when the file is no result.
    """
    from .sweep_result import Sweep

    contents = results_file.read(path)
    return (Sweep if contents.root["kind"] == "sweep" else Result)(contents)


def _unknown(what: str, word: str, known: Iterable[Any]) -> str:
    words = [str(one) for one in known]
    close = difflib.get_close_matches(word, words, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"no {what} '{word}'; {hint}there are: {', '.join(words)}"
