"""A worker whose check does what the name of the file says."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mlsec_lint.findings import FileResult, Problem
from mlsec_lint.run.task import Examine, Task
from mlsec_lint.run.worker import serve

KEPT: list[bytes] = []


def take_memory(word: str) -> None:
    if word == "huge":
        bytearray(2**40)
    size = 10 if word == "grow" else 60
    for _ in range(1000 if word == "grow" else 1):
        KEPT.append(b"x" * (size * 2**20))
        time.sleep(0.05)  # until somebody looks


def hang(interrupt: bool) -> None:
    if interrupt:
        time.sleep(0.5)  # by now the parent has read what came before
        os.kill(os.getppid(), signal.SIGINT)
    time.sleep(600)


def examine(task: Task) -> FileResult:
    word = task.shown.split("-")[0]
    if word == "die":
        os._exit(7)
    if word == "killed":
        signal.raise_signal(signal.SIGKILL)
    if word == "segfault":
        signal.raise_signal(signal.SIGSEGV)  # at once, on this very thread
    if word in {"hang", "interrupt"}:
        hang(interrupt=word == "interrupt")
    if word == "raise":
        raise KeyError("a secret from the file")
    if word == "deep":
        return examine_deep(task, 0)
    if word == "memory":
        raise MemoryError
    if word in {"grow", "huge", "keep"}:
        take_memory(word)
    if word == "print":
        sys.stdout.write("this disturbs no protocol\n")
        os.write(1, b"nor does this")
    reads = (str(Path(__file__).with_name("read.py")),) if word == "reads" else ()
    return FileResult(task.shown, problems=(Problem("pid", task.shown, str(os.getpid())),), reads=reads)


def examine_deep(task: Task, depth: int) -> FileResult:
    return examine_deep(task, depth + 1)


def prepare(setup: object) -> Examine:
    if setup == "broken":
        raise LookupError("no such thing")
    if setup == "exit":
        os._exit(3)
    return examine


if __name__ == "__main__":
    serve(prepare)
