"""Runs the program from Python: what it takes, and what it says when it cannot."""

import doctest
import os
import pathlib
import stat
import subprocess
import tempfile
import tomllib
import unittest
from unittest import mock

from needs import need

need("h5py", "pandas", "xarray", "yaml")

import numpy as np
import superpod
from superpod import errors, program, verbs

SMALL = {
    "name": "all_to_all",
    "system": {"base": "gb200_nvl72"},
    "workload": {"kind": "collective", "operation": "all_to_all", "size": "64 MiB"},
}


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Runs(Folder):
    def test_takes_a_mapping_a_file_and_a_name(self):
        result = superpod.run(SMALL)
        self.assertEqual((result.kind, result.name), ("collective", "all_to_all"))
        self.assertEqual(result.scenario, SMALL)
        file = self.folder / "a b.yaml"
        file.write_text(result.scenario_text)
        self.assertEqual(superpod.run(file)["time_s"], result["time_s"])
        self.assertEqual(superpod.run(str(file))["time_s"], result["time_s"])
        self.assertEqual(superpod.run("all_reduce_on_gb200_nvl72")["npus"], 72)

    def test_settings_have_the_type_that_they_have_in_python(self):
        settings = {
            "workload.size": "128 MiB", "system.levels.gpu.count": np.int64(8), "seed": 3,
            "system.endpoint_latency": {"value": "2 us", "grade": "assumed", "source": "hc2025"},
            "faults": {"links": [{"network": "NVLink", "from": (3,), "share": np.float64(0.5)}]},
        }  # fmt: skip
        result = superpod.run(SMALL, settings)
        self.assertEqual((result["npus"], result.seed, result["faults.degraded_links"]), (8, 3, 2))
        self.assertGreater(result["time_s"], superpod.run(SMALL, {**settings, "faults": {}})["time_s"])

    def test_words_are_words_whatever_they_look_like(self):
        like_yaml = ("yes", "1e3", "null", "a: b", "[1", "#", "'", '"', "a=b", "")
        for name in (*like_yaml, "é\t中文", "two\nlines", " x ", "--report=x", "$(touch x)"):
            with self.subTest(name):
                self.assertEqual(superpod.run(SMALL, {"name": name}).name, name)
                self.assertEqual(superpod.run({**SMALL, "name": name}).name, name)

    def test_keeps_the_files_that_were_asked_for(self):
        for name in ("out", "-o", "a b#c%d", "é中文"):
            output, report, trace = (self.folder / f"{name}.{ending}" for ending in ("h5", "html", "json"))
            result = superpod.run(SMALL, output=output, report=report, trace=trace, engine="full")
            self.assertEqual(superpod.open(output)["time_s"], result["time_s"])
            self.assertEqual(result.engine, "full")
            self.assertTrue(report.stat().st_size and trace.stat().st_size)

    def test_a_path_that_begins_with_a_dash_is_a_path(self):
        (self.folder / "-q.yaml").write_text(superpod.run(SMALL).scenario_text)
        before = pathlib.Path.cwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.folder)
        self.assertEqual(superpod.run("-q.yaml", output="-q.h5").name, "all_to_all")
        self.assertTrue((self.folder / "-q.h5").exists())

    def test_leaves_nothing_behind(self):
        with mock.patch.object(tempfile, "tempdir", str(self.folder)):
            superpod.run(SMALL)
            with self.assertRaises(superpod.ScenarioError):
                superpod.run({**SMALL, "systm": 1})
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_same_scenario_gives_the_same_bytes(self):
        files = [self.folder / name for name in ("a.h5", "b.h5")]
        for file in files:
            superpod.run(SMALL, output=file)
        self.assertEqual(files[0].read_bytes(), files[1].read_bytes())


class Mistakes(Folder):
    def test_a_wrong_scenario_is_told_with_every_mistake(self):
        with self.assertRaises(superpod.ScenarioError) as raised:
            superpod.run({**SMALL, "systm": 1}, {"workload.sise": "1 GiB"})
        self.assertEqual(raised.exception.status, 2)
        said = [mistake.message for mistake in raised.exception.mistakes]
        self.assertTrue(any("systm" in message for message in said) and any("sise" in message for message in said))
        self.assertIn("did you mean", str(raised.exception))
        self.assertNotIn(tempfile.gettempdir(), str(raised.exception))

    def test_a_setting_that_is_no_path_is_told(self):
        for path in ("", "a=b"):
            with self.subTest(path), self.assertRaises(superpod.ScenarioError):
                superpod.run(SMALL, {path: 1})

    def test_what_yaml_cannot_hold_is_told(self):
        circle = {}
        circle["circle"] = circle
        for value in (object(), circle):
            with self.assertRaises(superpod.ScenarioError):
                superpod.run({**SMALL, "name": value})
            with self.assertRaises(superpod.ScenarioError):
                superpod.run(SMALL, {"name": value})

    def test_a_value_may_be_used_twice(self):
        half = {"network": "NVLink", "from": [3], "share": 0.5}
        result = superpod.run({**SMALL, "faults": {"links": [half, half]}})  # in YAML, the second would be an alias
        self.assertEqual(result["faults.degraded_links"], 2)

    def test_an_unknown_engine_is_told(self):
        with self.assertRaises(superpod.SuperpodError):
            superpod.run(SMALL, engine="steam")

    def test_a_file_that_is_not_there_is_the_worlds_fault(self):
        with self.assertRaisesRegex(superpod.WorldError, "nowhere"):
            superpod.run(self.folder / "nowhere.yaml")
        with self.assertRaises(superpod.WorldError):
            superpod.run(SMALL, output=self.folder / "no folder" / "out.h5")

    def test_a_sweep_resumes_only_what_is_kept(self):
        with self.assertRaises(ValueError):
            superpod.sweep(SMALL, resume=True)


class Program(Folder):
    def pretends(self, script):
        """A program that does what `script` says."""
        file = self.folder / "superpod"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        patch = mock.patch.dict(os.environ, {"SUPERPOD": str(file)})
        patch.start()
        self.addCleanup(patch.stop)

    def raised(self, kind):
        with self.assertRaises(superpod.SuperpodError) as raised:
            superpod.run(SMALL)
        self.assertIs(type(raised.exception), kind)
        return raised.exception

    def test_each_exit_status_has_its_error(self):
        ours = superpod.OurFault
        for status, kind in ((1, superpod.WorldError), (2, superpod.ScenarioError), (3, ours), (77, ours)):
            self.pretends(f"echo said so >&2; exit {status}")
            error = self.raised(kind)
            self.assertEqual((error.status, error.text, error.command[1]), (status, "said so", "run"))

    def test_a_crash_is_ours_and_a_kill_is_the_worlds(self):
        self.pretends("kill -SEGV $$")
        self.assertIn("SIGSEGV", str(self.raised(superpod.OurFault)))
        self.pretends("kill -KILL $$")
        self.assertIn("SIGKILL", str(self.raised(superpod.WorldError)))

    def test_a_program_that_writes_nothing_or_rubbish_is_told(self):
        self.pretends("exit 0")
        with self.assertRaises((superpod.SuperpodError, FileNotFoundError)):
            superpod.run(SMALL)
        self.pretends("""for word; do case "$word" in --output=*) echo rubbish > "${word#--output=}";; esac; done""")
        self.raised(superpod.WorldError)

    def test_words_in_another_encoding_are_read(self):
        self.pretends(r"printf '\377\376 bad' >&2; exit 1")
        self.assertIn("bad", str(self.raised(superpod.WorldError)))

    def test_a_program_that_takes_too_long_is_stopped(self):
        self.pretends("exec sleep 60")
        with self.assertRaises(subprocess.TimeoutExpired):
            superpod.run(SMALL, timeout=0.2)

    def test_has_the_version_of_the_package(self):
        project = pathlib.Path(program.__file__).parents[1] / "pyproject.toml"
        version = tomllib.loads(project.read_text())["project"]["version"]
        self.assertEqual(program.call("--version").split()[0], version)

    def test_a_program_that_is_not_there_is_told(self):
        for named in (str(self.folder / "none"), str(self.folder)):
            with mock.patch.dict(os.environ, {"SUPERPOD": named}):
                with self.assertRaisesRegex(superpod.WorldError, "SUPERPOD"):
                    superpod.run(SMALL)

    def test_is_looked_for_on_the_path_and_then_beside_the_sources(self):
        self.pretends("echo from the path")
        without = {name: value for name, value in os.environ.items() if name != "SUPERPOD"}
        with mock.patch.dict(os.environ, {**without, "PATH": f"{self.folder}:/bin:/usr/bin"}, clear=True):
            self.assertEqual(program.find(), self.folder / "superpod")
        with mock.patch.dict(os.environ, {**without, "PATH": ""}, clear=True):
            try:
                self.assertEqual(program.find(), program.repository() / "build/release/scenarios/superpod")
            except superpod.WorldError as error:  # nobody has built it there
                self.assertIn("cmake --preset release", str(error))


class Measurements(Folder):
    TABLE = (
        "# source: a bench\nsystem,framework,dtype,m,n,k,latency_us\n"
        "h200_sxm,trtllm 1.3.0rc20,fp8_block,64,4096,7168,20\n"
    )

    def test_a_table_comes_back_with_predictions(self):
        file = self.folder / "t a b.csv"
        file.write_text(self.TABLE)
        self.assertEqual(superpod.read_table(file).attrs["notes"], ["source: a bench"])
        row = superpod.validate(file).iloc[0]
        self.assertEqual(row["measured_us"], 20)
        self.assertTrue(row["predicted_low_us"] < row["predicted_us"] < row["predicted_high_us"])

    def test_a_catalogue_of_ones_own_lasts_as_long_as_its_block(self):
        (self.folder / "chips").mkdir()
        (self.folder / "chips/h200_sxm.yaml").write_text("name: mine\n")
        file = self.folder / "t.csv"
        file.write_text(self.TABLE)
        before = os.environ.get("SUPERPOD_LIBRARY")
        with superpod.library(self.folder), self.assertRaises(superpod.ScenarioError):
            superpod.validate(file)
        self.assertEqual(os.environ.get("SUPERPOD_LIBRARY"), before)
        self.assertEqual(len(superpod.validate(file)), 1)


def load_tests(loader, tests, pattern):
    for module in (errors, program, verbs):
        tests.addTests(doctest.DocTestSuite(module))
    return tests


if __name__ == "__main__":
    unittest.main()
