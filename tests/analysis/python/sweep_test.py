"""Sweeps and plans from Python: many points as one Dataset, and ranked answers."""

import pathlib
import tempfile
import unittest

from needs import need

need("h5py", "pandas", "xarray", "yaml")

import numpy as np
import superpod

SMALL = {
    "name": "all_to_all",
    "system": {"base": "gb200_nvl72"},
    "workload": {"kind": "collective", "operation": "all_to_all", "size": "64 MiB"},
}
SIZE, COUNT = "workload.size", "system.levels.gpu.count"
GRID = {"name": "sizes", "scenario": SMALL, "axes": {SIZE: ["1 MiB", "64 MiB"], COUNT: [4, 8, 36]}}


class Sweeps(unittest.TestCase):
    def test_a_grid_is_a_dataset_over_its_axes(self):
        sweep = superpod.sweep(GRID)
        self.assertIsInstance(sweep, superpod.Sweep)
        self.assertEqual(sweep.axes, [SIZE, COUNT])
        self.assertEqual(len(sweep.points), 6)
        self.assertEqual(len(sweep.failed), 0)
        time = sweep.arrays["time_s"]
        self.assertEqual((time.dims, time.shape, time.attrs["units"]), ((SIZE, COUNT), (2, 3), "s"))
        alone = superpod.run(SMALL, {SIZE: "64 MiB", COUNT: 8})
        self.assertEqual(float(time.isel({SIZE: 1}).sel({COUNT: 8})), alone["time_s"])

    def test_points_that_are_mistaken_are_kept_with_the_reason(self):
        sweep = superpod.sweep({**GRID, "axes": {COUNT: [4, 1]}})
        self.assertEqual(list(sweep.points["status"]), ["ok", "mistake"])
        self.assertTrue(sweep.failed["message"].iloc[0])
        self.assertTrue(np.isnan(sweep.arrays["time_s"].sel({COUNT: 1})))

    def test_a_kept_sweep_can_be_opened_and_resumed(self):
        with tempfile.TemporaryDirectory() as folder:
            output = pathlib.Path(folder) / "a b.h5"
            first = superpod.sweep(GRID, output=output)
            before = output.read_bytes()
            self.assertTrue(superpod.sweep(GRID, output=output, resume=True).points.equals(first.points))
            self.assertEqual(output.read_bytes(), before)
            self.assertIsInstance(superpod.open(output), superpod.Sweep)

    def test_a_mistaken_sweep_is_told(self):
        with self.assertRaises(superpod.ScenarioError):
            superpod.sweep({**GRID, "axis": {}})


class Plans(unittest.TestCase):
    QUESTION = {
        "name": "small",
        "workload": {"kind": "training", "model": "llama3_8b", "sequence_length": 4096, "batch": 128},
        "tokens": 1e12,
        "limits": {"deadline": "60 d"},
        "candidates": [{"system": "dgx_h200_superpod", "npus": [256, 512]}],
        "effort": {"simulations": 1},
    }

    def test_answers_are_ranked_and_can_be_run(self):
        plan = superpod.plan(self.QUESTION)
        self.assertEqual(plan.kind, "plan")
        self.assertTrue(plan.verdict)
        answers = plan.table("answers")
        self.assertEqual(answers["npus"].iloc[0], plan["npus"])
        self.assertTrue(answers["time_to_train_s"].gt(0).all())
        self.assertEqual(answers.attrs["units"]["time_to_train_s"], "s")
        self.assertEqual(len(plan.table("scenarios")), len(answers))

    def test_a_mistaken_question_is_told(self):
        with self.assertRaises(superpod.ScenarioError):
            superpod.plan({**self.QUESTION, "token": 1})


if __name__ == "__main__":
    unittest.main()
