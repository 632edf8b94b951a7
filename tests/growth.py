"""How the time that something takes grows with its input, told so that a busy machine does not change the answer."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

FACTOR = 16
"""How much larger the large input is: what grows in proportion takes 16 times as long, what grows with the square
256 times. Caches of the processor and other work on it make a measurement two or three times wrong, not five."""

ATTEMPTS = 3
"""A measurement can only err upwards, so the best one of several counts."""

SHORTEST = 0.0005
"""Seconds below which a clock of processor time tells nothing."""


def grows_in_proportion(work: Callable[[int], Callable[[], object]], small: int) -> bool:
    """Whether `work(FACTOR * small)()` takes at most five times its share; what `work` prepares is not measured."""
    _seconds(work(small))
    for _ in range(ATTEMPTS):
        if _seconds(work(FACTOR * small)) < 5 * FACTOR * max(_seconds(work(small)), SHORTEST):
            return True
    return False


def _seconds(call: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    try:
        before = time.process_time()
        call()
        return time.process_time() - before
    finally:
        gc.enable()
