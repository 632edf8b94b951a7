"""One worker process, as its supervisor sees it."""

from __future__ import annotations

import contextlib
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from mlsec_lint.findings import FileResult
from mlsec_lint.run.bounds import Bounds, resident
from mlsec_lint.run.deep_stack import late, too_large
from mlsec_lint.run.task import REPORT_IT, Failed, Started, StartError, Task, lost

STARTING = 60.0
"""Seconds that a worker may take until its first word."""


WANT_OF_MEMORY = "the system has ended it, as it does when memory is short: try fewer --jobs, or a lower --max-memory"


def command() -> list[str]:
    """The command line of a worker: this interpreter, under the same protections, and `child.py` by its path."""
    flags = [("-I", sys.flags.isolated), ("-E", sys.flags.ignore_environment), ("-s", sys.flags.no_user_site)]
    given = [flag for flag, is_set in flags if is_set]
    return [sys.executable, *given, str(Path(__file__).with_name("child.py"))]


class WorkerProcess:
    """A process that checks one file after the other until it dies."""

    def __init__(self, program: Sequence[str]) -> None:
        """Start it. Raises StartError."""
        self.is_usable = True
        self.is_fresh = True
        """It has not checked anything yet, so that all memory that it takes is for its first file."""
        self._lock = threading.Lock()
        self._deadline = 0.0
        self._memory = 0
        self._was_late = self._was_large = False
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own file
                program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise StartError(f"no worker process: {error.strerror}") from error
        if self._process.stdin is None or self._process.stdout is None:
            raise StartError("no pipes to a worker process")
        self._requests, self._replies = self._process.stdin, self._process.stdout

    def begin(self, setup: bytes) -> None:
        """Hand over what it needs, and wait for its first word. Raises StartError."""
        self._set_deadline(STARTING)
        answer = self._exchange(setup)
        self._set_deadline(0)
        if not isinstance(answer, Started):
            self.kill()
            reason = answer.reason if isinstance(answer, Failed) else self._death()
            raise StartError(f"a worker process does not start: {reason}")

    def check(self, task: Task, bounds: Bounds) -> FileResult:
        """The result of a file, also when the process dies of it or is killed because it takes too much."""
        self._set_deadline(bounds.seconds, bounds.memory)
        answer = self._exchange(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
        with self._lock:
            self._deadline = self._memory = 0
            self.is_fresh = False
            self.is_usable = isinstance(answer, FileResult) and not (self._was_late or self._was_large)
        if isinstance(answer, FileResult):
            return answer
        if self._was_late or self._was_large:
            return late(task, bounds.seconds) if self._was_late else too_large(task)
        reason = answer.reason if isinstance(answer, Failed) else self._death()
        hint = WANT_OF_MEMORY if reason == "SIGKILL" else REPORT_IT
        return lost(task, "crash", f"the process that checked this file died: {reason}", hint)

    def is_alive(self) -> bool:
        """Whether it can be given a file: what ends a process that waits is no file's fault."""
        return self.is_usable and self._process.poll() is None

    def keep_in_bounds(self) -> None:
        """End the process when its time is over or its memory full; to be called now and then from another thread."""
        with self._lock:
            if self._deadline and time.monotonic() > self._deadline:
                self._was_late = True
                self.kill()
            elif self._memory and resident(self._process.pid) > self._memory:
                self._was_large = True
                self.kill()

    def kill(self) -> None:
        """End the process at once."""
        self.is_usable = False
        self._process.kill()

    def close(self) -> None:
        """Let the process end, and forget it."""
        with contextlib.suppress(OSError):  # a dead process's pipe
            self._requests.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        self._replies.close()

    def _exchange(self, request: bytes) -> object:
        """Send and wait for the answer; None when the process has gone."""
        try:
            self._requests.write(request)
            self._requests.flush()
            return pickle.load(self._replies)  # noqa: S301  # mlsec: ignore[MLS101] from a process of our own
        except (OSError, EOFError, pickle.UnpicklingError, ValueError):
            return None

    def _death(self) -> str:
        """How the process ended, in words."""
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            self.kill()
            return "it stopped answering"
        if code < 0 and -code in {*signal.Signals}:
            return signal.Signals(-code).name
        return f"exit status {code}"

    def _set_deadline(self, seconds: float, memory: int = 0) -> None:
        with self._lock:
            self._deadline = time.monotonic() + seconds if seconds else 0
            self._memory = memory
