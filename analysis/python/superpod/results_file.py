"""A results file as pandas and xarray: the only module that includes h5py.

The layout is described in `analysis/results_file.hpp`: figures are attributes of the root, each table is a group
with one data set a column, and arrays over the rows of tables stand in the group `arrays`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
import pandas as pd
import xarray as xr

from .errors import WorldError

_ROOT = ("name", "kind", "system", "engine", "version", "seed", "verdict", "scenario_text")


class Contents(NamedTuple):
    """All that a results file holds."""

    root: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    arrays: xr.Dataset


def read(path: str | os.PathLike[str]) -> Contents:
    """Raises FileNotFoundError, or WorldError when the file is no result of superpod or is damaged."""
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no file '{path}'")
    try:
        with h5py.File(path, "r") as file:
            root = {key: _plain(file.attrs[key]) for key in _ROOT if key in file.attrs}
            if missing := [key for key in _ROOT if key not in root]:
                raise WorldError(f"'{path}' is no result of superpod: it has no attribute '{missing[0]}'")
            tables = {name: _table(group) for name, group in file.items() if _is_table(group)}
            arrays = _arrays(file["arrays"]) if isinstance(file.get("arrays"), h5py.Group) else xr.Dataset()
    except (OSError, KeyError, RuntimeError) as reason:
        raise WorldError(f"'{path}' cannot be read as a result of superpod: {reason}") from reason
    return Contents(root, tables, arrays)


def _is_table(group: Any) -> bool:
    return isinstance(group, h5py.Group) and "dimension" in group.attrs and "columns" in group.attrs


def _plain(value: Any) -> Any:
    """What h5py gives, as plain Python: numbers, text, lists of text."""
    if isinstance(value, h5py.Empty):
        return []
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.item() if isinstance(value, np.generic) else value


def _values(dataset: h5py.Dataset) -> np.ndarray:
    return dataset.asstr(errors="replace")[()] if h5py.check_string_dtype(dataset.dtype) else dataset[()]


def _describe(dataset: h5py.Dataset) -> dict[str, str]:
    return {key: _plain(dataset.attrs[key]) for key in ("units", "long_name") if key in dataset.attrs}


def _table(group: h5py.Group) -> pd.DataFrame:
    """Rows are labelled by the dimension's scale, as xarray does it; a column of that name becomes the index."""
    dimension = _plain(group.attrs["dimension"])
    names = [str(_plain(name)) for name in np.atleast_1d(_plain(group.attrs["columns"]))]
    index = pd.Index(_values(group[dimension]), name=dimension)
    columns = {name: _values(group[name]) for name in names if name != dimension}
    frame = pd.DataFrame(columns, index=index)
    described = {name: _describe(group[name]) for name in names}
    frame.attrs = {
        "name": group.name.strip("/"),
        "long_name": _plain(group.attrs.get("long_name", "")),
        "units": {name: words["units"] for name, words in described.items() if "units" in words},
        "meaning": {name: words["long_name"] for name, words in described.items() if "long_name" in words},
    }
    return frame


def _arrays(group: h5py.Group) -> xr.Dataset:
    arrays: dict[str, xr.DataArray] = {}
    scales: dict[str, xr.DataArray] = {}
    for name, dataset in group.items():
        if not isinstance(dataset, h5py.Dataset):
            continue
        if _plain(dataset.attrs.get("CLASS", "")) == "DIMENSION_SCALE":
            scales[name] = xr.DataArray(_values(dataset), dims=name, attrs=_describe(dataset))
        else:
            dimensions = [dimension.label for dimension in dataset.dims]
            arrays[name] = xr.DataArray(_values(dataset), dims=dimensions, attrs=_describe(dataset))
    return xr.Dataset(arrays, coords=scales)
