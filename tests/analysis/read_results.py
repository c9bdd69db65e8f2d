"""Reads a results file as users do. Usage: read_results.py WRITER, a program that writes the sample result to its argument."""

import pathlib
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
    import pandas as pd
    import xarray as xr
    import h5netcdf  # noqa: F401: the engine below
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

TABLES = {
    "figures": "figure", "breakdown": "cause", "critical_path": "critical_cause", "ranks": "rank_class",
    "memory": "stage", "slots": "slot", "links": "link_class", "time": "time", "kernels": "kernel", "provenance": "input",
}


def opened(path, group=None):
    return xr.open_dataset(path, group=group, engine="h5netcdf")


def test_root_attributes_are_the_figures(path):
    with opened(path) as root:
        assert root.attrs["name"] == "deepseek_v3_atlas_950" and root.attrs["kind"] == "training"
        assert root.attrs["seed"] == 7 and root.attrs["npus"] == 8192
        low, high = root.attrs["step_time_s_interval"]
        assert low < root.attrs["step_time_s"] < high
        assert root.attrs["breakdown_s.expert all-to-all"] == 0.26
        assert "µs a hop — é, 中文" in root.attrs["scenario_text"]
    with opened(path, "figures") as figures:
        frame = figures.to_dataframe().set_index("key")
    with opened(path) as root:
        for key, row in frame.iterrows():
            assert root.attrs[key] == row["value"], key
    assert frame.loc["step_time_s", "unit"] == "s" and np.isnan(frame.loc["npus", "low"])


def test_every_table_has_one_named_dimension(path):
    with h5py.File(path) as file:
        assert set(file) == set(TABLES) | {"arrays"}
    for name, dimension in TABLES.items():
        with opened(path, name) as table:
            assert table.attrs["dimension"] == dimension and table.attrs["long_name"]
            columns = np.atleast_1d(table.attrs["columns"])
            assert len(columns) > 0
            for column in columns:
                assert table[column].dims == (dimension,), (name, column)


def test_columns_have_units_that_stay_floats(path):
    with opened(path, "slots") as slots:
        assert slots.start.attrs["units"] == "s" and slots.start.dtype == np.float64
        assert slots["rank"].dtype == np.int64 and "units" not in slots["rank"].attrs
        assert (slots.finish > slots.start).all()
    with opened(path, "links") as links:
        assert links.bandwidth.attrs == {**links.bandwidth.attrs, "units": "B/s", "long_name": "of one link, in its direction"}
        assert float(links.bandwidth.sel(link_class="scale-out")) == 50e9


def test_breakdown_adds_up_to_the_step(path):
    with opened(path, "breakdown") as breakdown, opened(path) as root:
        assert abs(float(breakdown.time.sum()) - root.attrs["step_time_s"]) < 1e-12


def test_arrays_share_the_scales_of_their_tables(path):
    with opened(path, "arrays") as arrays, opened(path, "links") as links, opened(path, "time") as time:
        use = arrays.link_utilisation
        assert use.dims == ("link_class", "time") and use.shape == (5, 200)
        assert list(use.link_class.values) == list(links.name.values)
        assert (use.time.values == time.start.values).all() and use.time.attrs["units"] == "s"
        assert float(use.sel(link_class="scale-out").max()) == 0
    with h5py.File(path) as file:
        assert file["arrays/link_class"] == file["links/link_class"]  # the same object
        assert [d.label for d in file["arrays/link_utilisation"].dims] == ["link_class", "time"]
        assert file["arrays/link_utilisation"].compression == "gzip" and file["arrays/link_utilisation"].shuffle


def test_pandas_reads_a_table(path):
    with opened(path, "ranks") as ranks:
        frame = ranks.to_dataframe()
    assert list(frame["name"]) == ["stage 0", "stage 1", "stage 2", "stage 3"] and frame["count"].sum() == 8192
    with h5py.File(path) as file:
        frame = pd.DataFrame({name: file["slots"][name][:] for name in file["slots"].attrs["columns"]})
    assert set(frame["phase"].str.decode("utf-8")) == {"forward", "backward", "optimizer"}


def test_the_same_result_makes_the_same_bytes(path):
    assert written(path.with_name("again.h5"), MALLOC_PERTURB_="85").read_bytes() == path.read_bytes()


def test_a_user_may_add_to_the_file(path):
    copy = written(path.with_name("copy.h5"))
    with h5py.File(copy, "r+") as file:
        file["ranks"].attrs["remark"] = "mine"
    with opened(copy, "ranks") as ranks:
        assert ranks.attrs["remark"] == "mine"


def written(path, **environment):
    subprocess.run([sys.argv[1], str(path)], check=True, env=environment)
    return path


with tempfile.TemporaryDirectory() as folder:
    sample = written(pathlib.Path(folder) / "sample.h5")
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test(sample)
            print("passed:", name)
