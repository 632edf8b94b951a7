"""Checks files on a thread with a deep stack, and makes whatever is raised there a problem of that file."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeAlias

from mlsec_lint.findings import FileResult
from mlsec_lint.run.task import REPORT_IT, Examine, Task, lost, place_of

WATCH = 0.2
"""Seconds between two looks at the clock; an interrupt that comes just before a thread begins to wait does not wake it."""

STACK_BYTES = 512 * 1024 * 1024 if sys.maxsize > 2**32 else 64 * 1024 * 1024
"""Address space, not memory: 512 MiB carry LibCST through nesting on which the usual 8 MiB let it crash."""

MEMORY = "memory"
"""The kind of the problem that a file leaves which needs too much of it."""

RECURSION = 20_000
"""Calls inside calls that such a stack carries; Python's usual 1,000 end at an expression of some 300 terms."""


class DeepStack:
    """One thread that checks one file after the other."""

    def __init__(self, examine: Examine) -> None:
        self._examine = examine
        self._thread = _thread()

    def check(self, task: Task, timeout: float | None = None) -> FileResult:
        """The result of a file; never raises what checking it raises.

        After `timeout` seconds the file is given up, and the thread with it: it cannot be stopped.
        """
        told: list[FileResult] = []
        ready = threading.Event()

        def check() -> None:
            told.append(self._result(task))
            ready.set()

        self._thread.put(check)
        end = time.monotonic() + timeout if timeout else float("inf")
        while not ready.wait(WATCH):
            if time.monotonic() > end:
                self.close()
                self._thread = _thread()
                return late(task, timeout or 0)
        return told[0]

    def start(self, task: Task, tell: Callable[[FileResult], None]) -> None:
        """Check a file while the caller goes on; `tell` gets the result, on the thread that has checked."""
        self._thread.put(lambda: tell(self._result(task)))

    def _result(self, task: Task) -> FileResult:
        try:
            return self._examine(task)
        except BaseException as error:  # noqa: BLE001  # whatever checking a file raises is a problem of that file
            inside = error.__traceback__.tb_next if error.__traceback__ else None  # without this very frame
            return _raised(task, error.with_traceback(inside))

    def close(self) -> None:
        """Let the thread end when it has nothing more to do."""
        self._thread.put(None)


def too_large(task: Task) -> FileResult:
    """The result of a file for which there was not enough memory."""
    message = "checking this file needs more memory than it may take"
    return lost(task, MEMORY, message, "exclude it, or raise `max-memory` in the configuration")


def late(task: Task, timeout: float) -> FileResult:
    """The result of a file that took too long."""
    message = f"checking this file took longer than {timeout:g} seconds"
    return lost(task, "timeout", message, "exclude it, or raise `timeout` in the configuration")


def _raised(task: Task, error: BaseException) -> FileResult:
    if isinstance(error, MemoryError):
        return too_large(task)
    if isinstance(error, RecursionError):
        message = "this file needs more nesting than a check may take"
        return lost(task, "bound", message, "split the file, or exclude it")
    return lost(task, "internal", f"the linter failed on this file: {place_of(error)}", REPORT_IT)


_Work: TypeAlias = "SimpleQueue[Callable[[], None] | None]"


def _thread() -> _Work:
    """What a thread of its own does one after the other, up to None; it has the deepest stack that the system grants."""
    work: _Work = SimpleQueue()
    for size in (STACK_BYTES, 0):
        before = threading.stack_size(size)
        try:
            threading.Thread(target=_do, args=(work,), daemon=True).start()
        except RuntimeError:  # "can't start new thread": no room for such a stack
            if not size:
                raise
            continue
        finally:
            threading.stack_size(before)
        if size:
            sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
        break
    return work


def _do(work: _Work) -> None:
    while (step := work.get()) is not None:
        step()
