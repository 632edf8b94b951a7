"""What a worker process does: takes tasks from its standard input, one at a time, and answers on its standard output."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO

from mlsec_lint.run import interrupts
from mlsec_lint.run.bounds import limit_memory
from mlsec_lint.run.deep_stack import DeepStack
from mlsec_lint.run.garbage import collect_rarely
from mlsec_lint.run.task import Examine, Failed, Started, Task, place_of


def serve(prepare: Callable[[object], Examine]) -> None:
    """Answer until the supervisor is gone or needs us no more, also in the middle of a file.

    `prepare` makes the check from what the supervisor sends first.
    """
    requests, replies = _pipes()
    sys.excepthook = _last_word(replies)
    interrupts.ignore()
    memory, setup = pickle.load(requests)  # noqa: S301  # mlsec: ignore[MLS101] from the process that started this one
    limit_memory(memory)
    examine = prepare(setup)
    stack = DeepStack(examine)
    collect_rarely()
    _send(replies, Started())
    while True:
        stack.start(_next(requests), lambda result: _send(replies, result))


def _next(requests: BinaryIO) -> Task:
    """The next task; this thread waits for it while another checks, so that a supervisor that died is noticed at once."""
    try:
        task: Task = pickle.load(requests)  # noqa: S301  # mlsec: ignore[MLS101] from the process that started this one
    except (EOFError, OSError):
        os._exit(0)
    return task


def _send(replies: BinaryIO, answer: object) -> None:
    replies.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    replies.flush()


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our ends of the pipes; whatever else reads or prints finds nothing and disturbs nothing."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return requests, replies


def _last_word(
    replies: BinaryIO,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def say(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        _send(replies, Failed(place_of(error)))

    return say
