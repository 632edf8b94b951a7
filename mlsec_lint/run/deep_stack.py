"""Checks files on a thread with a deep stack, and makes whatever is raised there a problem of that file."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

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
        self._pool = _pool()

    def check(self, task: Task, timeout: float | None = None) -> FileResult:
        """The result of a file; never raises what checking it raises.

        After `timeout` seconds the file is given up, and the thread with it: it cannot be stopped.
        """
        future = self._pool.submit(self._result, task)
        end = time.monotonic() + timeout if timeout else float("inf")
        while not wait([future], WATCH).done:
            if time.monotonic() > end:
                self.close()
                self._pool = _pool()
                return late(task, timeout or 0)
        return future.result()

    def start(self, task: Task, tell: Callable[[FileResult], None]) -> None:
        """Check a file while the caller goes on; `tell` gets the result, on the thread that has checked."""
        self._pool.submit(lambda: tell(self._result(task)))

    def _result(self, task: Task) -> FileResult:
        try:
            return self._examine(task)
        except BaseException as error:  # noqa: BLE001  # whatever checking a file raises is a problem of that file
            inside = error.__traceback__.tb_next if error.__traceback__ else None  # without this very frame
            return _raised(task, error.with_traceback(inside))

    def close(self) -> None:
        """Let the thread end when it has nothing more to do."""
        self._pool.shutdown(wait=False)


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


def _pool() -> ThreadPoolExecutor:
    """A pool of one thread that is already running, with the deepest stack that the system grants."""
    for size in (STACK_BYTES, 0):
        before = threading.stack_size(size)
        try:
            pool = _started()
        except RuntimeError:  # "can't start new thread": no room for such a stack
            continue
        finally:
            threading.stack_size(before)
        if size:
            sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
        return pool
    return ThreadPoolExecutor(1)


def _started() -> ThreadPoolExecutor:
    pool = ThreadPoolExecutor(1)
    ready: Future[int] = pool.submit(int)
    ready.result()
    return pool
