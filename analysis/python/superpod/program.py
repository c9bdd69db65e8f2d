"""The program `superpod`, called from here: the only module that starts a process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Iterator

from .errors import OurFault, ScenarioError, SuperpodError, WorldError

_BUILT = Path("build/release/scenarios/superpod")
_ERRORS = {1: WorldError, 2: ScenarioError, 3: OurFault}
_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}  # most often: the memory ran out


def repository() -> Path | None:
    """The folder of superpod's sources that holds this file or the current folder; None where there is none.

    >>> root = repository()
    >>> root is None or (root / "scenarios").is_dir()
    True
    """
    return next((folder for folder in _folders_above() if (folder / "scenarios/library/chips").is_dir()), None)


def find() -> Path:
    """The program: `$SUPERPOD`, else `superpod` on the PATH, else the release build of the repository.

    Raises WorldError when there is none.
    """
    if chosen := os.environ.get("SUPERPOD"):
        if found := shutil.which(chosen):
            return Path(found)
        raise WorldError(f"the environment variable SUPERPOD names '{chosen}', which is no program")
    if found := shutil.which("superpod"):
        return Path(found)
    for folder in _folders_above():
        if os.access(folder / _BUILT, os.X_OK) and (folder / _BUILT).is_file():
            return folder / _BUILT
    raise WorldError(
        "the program superpod was not found: set SUPERPOD to its path, put it on the PATH, or build it by "
        "`cmake --preset release && cmake --build --preset release`"
    )


def call(*arguments: str | os.PathLike[str], timeout: float | None = None) -> str:
    """Runs `superpod ARGUMENTS` and returns what it printed.

    Raises ScenarioError, WorldError or OurFault with the program's own words; subprocess.TimeoutExpired after
    `timeout` seconds, when the program has been stopped.

    >>> print(call("--version").split()[0].count("."))
    2
    """
    command = [str(find()), *(os.fspath(argument) for argument in arguments)]
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, timeout=timeout
        )
    except (OSError, ValueError) as reason:  # ValueError: a NUL in an argument
        raise WorldError(f"{command[0]} cannot be started: {reason}", command) from reason
    if done.returncode != 0:
        raise _error(done, command)
    return done.stdout


def path_argument(path: str | os.PathLike[str]) -> str:
    """A path as the program takes it: a leading `-` would make it an option.

    >>> path_argument("-o.yaml"), path_argument("a.yaml")
    ('./-o.yaml', 'a.yaml')
    """
    text = os.fspath(path)
    return f"./{text}" if text.startswith("-") else text


def _folders_above() -> Iterator[Path]:
    for start in (Path(__file__).resolve(), Path.cwd() / "here"):
        yield from start.parents


def _error(done: subprocess.CompletedProcess[str], command: list[str]) -> SuperpodError:
    status = done.returncode
    text = done.stderr.strip() or done.stdout.strip()
    if status < 0:
        name = signal.Signals(-status).name
        kind = WorldError if -status in _OUTSIDE else OurFault
        return kind(f"superpod was ended by {name}. {text}".strip(), command, status)
    return _ERRORS.get(status, OurFault)(text or f"superpod ended with status {status} and no word", command, status)
