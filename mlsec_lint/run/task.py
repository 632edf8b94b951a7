"""The work of a run, as values that a worker process can be sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from mlsec_lint.findings import FileResult, Problem
from mlsec_lint.record import dataclass

REPORT_IT = "please report it, with the file if you can share it: https://github.com/mlsec-lint/mlsec-lint/issues"
"""The next step when the mistake is ours."""


class Doubt(NamedTuple):
    """A file that an earlier result rests on and that has changed."""

    file: str
    """Absolute."""
    answered: str
    """The digest of its answers then, as `imports.grounds` makes it."""
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One file to check."""

    path: str
    """Absolute."""
    shown: str
    """As reports name it."""
    group: int = 0
    """Which of the run's groups of settings holds for it."""
    size: int = 0
    """Bytes; only tells how to spread the work."""
    data: bytes | None = None
    """Its content, if it does not come from disk."""
    through: tuple[str, ...] = ()
    """It was not asked for: only its flows through what it imports from these files, absolute, are of interest."""
    doubts: tuple[Doubt, ...] = ()
    """An earlier result holds if these files, which have changed, answer as they did."""


Examine: TypeAlias = Callable[[Task], FileResult]
"""Checks one file."""


@dataclass(frozen=True, slots=True)
class Started:
    """A worker's first word."""


class StartError(Exception):
    """A worker process cannot be started; nothing can be checked."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The last word of a worker that cannot go on."""

    reason: str
    """What was raised, and where in our code."""


def lost(task: Task, kind: str, message: str, hint: str) -> FileResult:
    """The result of a file that was not analysed."""
    return FileResult(task.shown, problems=(Problem(kind, task.shown, message, hint),))


def place_of(error: BaseException) -> str:
    """`KeyError in mlsec_lint/match/calls.py:33`: the type and the innermost line of ours, never the message.

    The message may quote the scanned file; LibCST's own tracebacks grow to a million lines.
    """
    where = ""
    step = error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename.replace("\\", "/")
        if "mlsec_lint/" in file:
            where = f" in mlsec_lint/{file.rpartition('mlsec_lint/')[2]}:{step.tb_lineno}"
        step = step.tb_next
    return f"{type(error).__name__}{where}"
