"""Reads the results of sweeps/collectives.yaml as users do, and compares some points with `superpod run --json`."""

import json
import subprocess
import sys

import h5py
import numpy as np
import xarray as xr

results, program = sys.argv[1:]
with h5py.File(results) as file:
    assert file.attrs["kind"] == "sweep" and file.attrs["complete"] == 1
    assert "sweep" in file["sources/name"].asstr()[:]

points = xr.open_dataset(results, group="points", engine="h5netcdf")
grid = xr.open_dataset(results, group="arrays", engine="h5netcdf")
assert grid.time_s.dims == ("workload.operation", "workload.algorithm", "workload.size")
assert grid.time_s.shape == (5, 2, 12)
assert points["workload.size"].attrs["units"] == "B" and points.time_s.attrs["units"] == "s"
assert np.array_equal(grid.time_s.values.ravel(), points.time_s.values, equal_nan=True)

is_ok = points.status.values == "ok"
assert np.array_equal(np.isnan(points.time_s.values), ~is_ok)
assert all(points.message.values[~is_ok]) and not any(points.message.values[is_ok])

scenario = """name: collective
system: cloudmatrix384
workload: {kind: collective, operation: %s, algorithm: %s, size: %r B}
"""
for at in np.flatnonzero(is_ok)[[0, 30, -1]]:
    point = points.isel(point=at)
    text = scenario % (point["workload.operation"].item(), point["workload.algorithm"].item(), point["workload.size"].item())
    with open(results + ".yaml", "w") as file:
        file.write(text)
    answer = json.loads(subprocess.check_output([program, "run", results + ".yaml", "--json", "--quiet"]))
    for key in ("time_s", "bus_bandwidth", "npus", "events"):
        assert point[key].item() == answer[key], (at, key)
    assert point["classes.ranks"].item() == answer["classes"]["ranks"]
