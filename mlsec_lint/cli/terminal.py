"""What the terminal can show: colour, and a line of progress."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from typing import TextIO

_BAR = 30
"""Characters of the bar."""
_REDRAW = 0.1
"""Seconds between two lines of progress."""


def wants_colour(choice: str, stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: as `--color` says; else NO_COLOR, FORCE_COLOR (no-color.org, force-color.org), a terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"


def progress_line(done: int, total: int, columns: int) -> str:
    """How far a run is, on at most so many columns: `checked 3 of 12 files [#####---------------]  25%`."""
    words = f"checked {done:,} of {total:,} files"
    if len(words) + len(f" [{'-' * _BAR}] 100%") >= columns:  # a line that wraps would stay
        return words[: columns - 1]
    filled = _BAR * done // total
    return f"{words} [{'#' * filled}{'-' * (_BAR - filled)}] {100 * done // total:>3}%"


def progress(stream: TextIO | None = None) -> Callable[[int, int], None] | None:
    """A line on a terminal that says how far the run is; None where nobody watches."""
    shown = stream or sys.stderr
    if not shown.isatty() or os.environ.get("TERM") == "dumb":
        return None
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done != total and now - last <= _REDRAW:
            return
        last = now
        with contextlib.suppress(OSError):  # a terminal that was closed
            columns = shutil.get_terminal_size().columns
            shown.write("\r\x1b[K" if done == total else f"\r{progress_line(done, total, columns)}\x1b[K")
            shown.flush()

    return tell
