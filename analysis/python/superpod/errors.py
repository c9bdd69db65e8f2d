"""What can go wrong, in the three kinds that the program tells apart by its exit status."""

from __future__ import annotations

import re
from typing import NamedTuple, Sequence


class Mistake(NamedTuple):
    """One mistake of a scenario, e.g. `file.yaml:3:12: error: training has no parameter 'batc'`."""

    file: str
    line: int
    column: int
    message: str


class SuperpodError(Exception):
    """The program has not answered. `text` is what it said, `command` what was asked, `status` its exit status."""

    def __init__(self, text: str, command: Sequence[str] = (), status: int | None = None):
        super().__init__(text)
        self.text = text
        self.command = list(command)
        self.status = status


class ScenarioError(SuperpodError, ValueError):
    """The input is wrong (exit status 2). The text names every mistake at once, with its line and a hint.

    >>> error = ScenarioError("a.yaml:2:9: error: the library has no system 'atlas_95'\\n  2 | system: atlas_95")
    >>> error.mistakes
    [Mistake(file='a.yaml', line=2, column=9, message="the library has no system 'atlas_95'")]
    """

    @property
    def mistakes(self) -> list[Mistake]:
        found = re.findall(r"^(.*?):(\d+):(\d+): error: (.*)$", self.text, re.MULTILINE)
        return [Mistake(file, int(line), int(column), message) for file, line, column, message in found]


class WorldError(SuperpodError):
    """A file, the disk or the memory failed (exit status 1), or the program was stopped from outside."""


class OurFault(SuperpodError):
    """The program broke a promise of its own (exit status 3), or crashed. Please report it."""
