"""The verbs that answer: run, plan, sweep; and those about measurements: validate, calibrate."""

from __future__ import annotations

import io
import json
import math
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import yaml

from . import program
from .errors import ScenarioError, SuperpodError
from .result import Result
from .result import open as open_result
from .sweep_result import Sweep

Scenario = str | os.PathLike[str] | Mapping[str, Any]
"""A YAML file, the name of a scenario in the repository, or the scenario itself as a mapping (files that it names
are then to be absolute paths)."""


def run(
    scenario: Scenario,
    settings: Mapping[str, Any] | None = None,
    *,
    output: str | os.PathLike[str] | None = None,
    report: str | os.PathLike[str] | None = None,
    trace: str | os.PathLike[str] | None = None,
    engine: str | None = None,
    timeout: float | None = None,
) -> Result:
    """Simulates a scenario and returns what was found.

    `settings` change the scenario on the way, by path. `output` (HDF5), `report` (HTML) and `trace` (for Perfetto) keep
    files; without `output` nothing is kept.

    >>> result = run("deepseek_v3_pretraining_on_atlas_950", {"workload.batch": 7680, "workload.schedule": "1f1b"})
    >>> result.kind, result["npus"]
    ('training', 8192.0)

    Raises ScenarioError with every mistake of the scenario, WorldError, OurFault; see `errors`.
    """
    return _answer("run", scenario, output, _options(settings, report=report, trace=trace, engine=engine), timeout)


def plan(
    question: Scenario,
    settings: Mapping[str, Any] | None = None,
    *,
    output: str | os.PathLike[str] | None = None,
    report: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    timeout: float | None = None,
) -> Result:
    """Searches systems and mappings for the best answers to a question; they are the table `answers`, best first.

    >>> result = plan("plans/deepseek_v3_in_60_days.yaml")                 # doctest: +SKIP
    >>> result.table("answers")[["system", "npus", "time_to_train_s"]]     # doctest: +SKIP
    """
    return _answer("plan", question, output, _options(settings, report=report, jobs=jobs), timeout)


def sweep(
    points: Scenario,
    *,
    output: str | os.PathLike[str] | None = None,
    resume: bool = False,
    jobs: int | None = None,
    engine: str | None = None,
    timeout: float | None = None,
) -> Sweep:
    """Runs a scenario at many points, on all cores. With `resume`, goes on with what `output` holds.

    >>> axes = {"workload.schedule": ["1f1b", "dualpipe"], "workload.batch": [7680, 15360]}
    >>> main_job = run("deepseek_v3_pretraining_on_atlas_950").scenario
    >>> answers = sweep({"name": "schedules", "scenario": main_job, "axes": axes})
    >>> dict(answers.arrays.step_time_s.sizes)
    {'workload.schedule': 2, 'workload.batch': 2}
    """
    if resume and output is None:
        raise ValueError("a sweep resumes what is in `output`: name it")
    options = _options(None, jobs=jobs, engine=engine) + (["--resume"] if resume else [])
    result = _answer("sweep", points, output, options, timeout)
    assert isinstance(result, Sweep)
    return result


def validate(table: str | os.PathLike[str], *, timeout: float | None = None) -> pd.DataFrame:
    """A table of measurements (CSV) with what is predicted for each row: `measured_us`, `predicted_us` with its
    interval, `error` (predicted / measured - 1), `basis`; `unread` says why a row could not be predicted.

    >>> validate("tests/measured/deepgemm_h800_fp8.csv").error.abs().median()  # doctest: +SKIP
    """
    with tempfile.TemporaryDirectory(prefix="superpod-") as folder:
        predicted = Path(folder) / "predicted.csv"
        program.call("validate", f"--table={os.fspath(table)}", f"--output={predicted}", "--quiet", timeout=timeout)
        return read_table(predicted)


def calibrate(
    tables: Sequence[str | os.PathLike[str]],
    *,
    output: str | os.PathLike[str] | None = None,
    chip: str | None = None,
    folds: int | None = None,
    starts: int | None = None,
    timeout: float | None = None,
) -> pd.DataFrame:
    """Fits timing models to tables of measured kernels: a row for each family of kernels, with its errors on rows that
    the fit had not seen. `output` keeps the fit, an entry of the catalogue.

    >>> calibrate(["gemm.csv"], output="timings/my_chip.yaml")  # doctest: +SKIP
    """
    options = ["--json", "--quiet", *_options(None, chip=chip, folds=folds, starts=starts)]
    with tempfile.TemporaryDirectory(prefix="superpod-") as folder:
        fit = Path(folder) / "fit.yaml" if output is None else output
        paths = [program.path_argument(table) for table in tables]
        said = program.call("calibrate", *paths, f"--output={os.fspath(fit)}", *options, timeout=timeout)
    return pd.DataFrame(json.loads(said)["families"])


@contextmanager
def library(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Inside `with`, entries of the catalogue are looked up in `folder` first: chips/, systems/, models/, timings/.

    >>> with library("my_catalogue"):         # doctest: +SKIP
    ...     run("my_scenario.yaml")
    """
    before = os.environ.get("SUPERPOD_LIBRARY")
    os.environ["SUPERPOD_LIBRARY"] = os.fspath(folder)
    try:
        yield
    finally:
        del os.environ["SUPERPOD_LIBRARY"]
        if before is not None:
            os.environ["SUPERPOD_LIBRARY"] = before


def read_table(path: str | os.PathLike[str]) -> pd.DataFrame:
    """A table of measurements (CSV); the comment lines before it, `# key: text`, are in `attrs["notes"]`."""
    lines = Path(path).read_text(encoding="utf-8").splitlines(keepends=True)
    first = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    frame = pd.read_csv(io.StringIO("".join(lines[first:])), low_memory=False)
    frame.attrs["notes"] = [line[1:].strip() for line in lines[:first]]
    return frame


def _answer(
    verb: str, asked: Scenario, output: str | os.PathLike[str] | None, options: list[str], timeout: float | None
) -> Result:
    with _file_of(asked) as file, tempfile.TemporaryDirectory(prefix="superpod-") as folder:
        answer = Path(folder) / "answer.h5" if output is None else Path(output)
        try:
            program.call(verb, program.path_argument(file), f"--output={answer}", "--quiet", *options, timeout=timeout)
        except SuperpodError as error:
            if isinstance(asked, Mapping):  # the reader knows nothing of the file that it was written to
                raise type(error)(error.text.replace(str(file), "scenario"), error.command, error.status) from None
            raise
        return open_result(answer)


@contextmanager
def _file_of(asked: Scenario) -> Iterator[Path]:
    if not isinstance(asked, Mapping):
        yield _found(Path(asked))
        return
    with tempfile.TemporaryDirectory(prefix="superpod-") as folder:
        file = Path(folder) / "scenario.yaml"
        file.write_text(_yaml(asked, flow=False), encoding="utf-8")
        yield file


def _found(path: Path) -> Path:
    root = program.repository()
    if path.suffix == "" and not path.exists() and root is not None:
        named = root / "scenarios" / path.with_suffix(".yaml")
        return named if named.exists() else path
    return path


def _options(settings: Mapping[str, Any] | None, **options: str | os.PathLike[str] | int | None) -> list[str]:
    for path in settings or {}:
        if not path or "=" in path:
            raise ScenarioError(f"'{path}' is no path of a setting, e.g. workload.microbatch")
    sets = [f"--set={path}={_yaml(value, flow=True)}" for path, value in (settings or {}).items()]
    given = {name: value for name, value in options.items() if value is not None}
    return sets + [f"--{name}={os.fspath(v) if isinstance(v, os.PathLike) else v}" for name, v in given.items()]


def _yaml(value: Any, *, flow: bool) -> str:
    try:
        plain = _plain(value)
        quoted = '"' if isinstance(plain, str) and "\n" in plain else None
        text = yaml.safe_dump(
            plain, default_flow_style=flow, default_style=quoted, sort_keys=False, allow_unicode=True, width=math.inf
        )
    except (yaml.YAMLError, RecursionError) as reason:
        raise ScenarioError(f"YAML cannot hold {value!r:.200}: {reason}") from reason
    return text.removesuffix("\n").removesuffix("\n...") if flow else text


def _plain(value: Any) -> Any:
    """Numbers of numpy, tuples and mappings as YAML knows them, and nothing twice the same: that would be an alias."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(one) for one in value]
    return os.fspath(value) if isinstance(value, os.PathLike) else value
