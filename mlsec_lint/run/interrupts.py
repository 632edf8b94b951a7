"""Ctrl-C and its kin: each ends a run in the same way, with what is done so far."""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Those of the four that the system knows: the keyboard, `kill` and CI, a terminal that closes, the keyboard of Windows."""


class Interrupted(KeyboardInterrupt):
    """Somebody wants the run to end."""

    def __init__(self, number: int) -> None:
        """`number` is that of the signal."""
        super().__init__()
        self.number = number


def heed() -> None:
    """Raise Interrupted in the main thread for each of the signals.

    A signal that the parent has told us to ignore stays ignored: so do shells with what runs in the background, and nohup.
    """
    for number in _numbers():
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _raise)


def ignore() -> None:
    """Be deaf to all of them: they go to the whole group of processes, and the supervisor ends its workers itself."""
    for number in _numbers():
        signal.signal(number, signal.SIG_IGN)


def status(interrupt: BaseException | None) -> int:
    """The exit status of a run that an interrupt has ended without a report, as shells have it."""
    return 128 + (interrupt.number if isinstance(interrupt, Interrupted) else signal.SIGINT)


def _numbers() -> list[signal.Signals]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


def _raise(number: int, _frame: FrameType | None) -> NoReturn:
    raise Interrupted(number)
