"""What the terminal can show: colour, and a line of progress."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import TextIO

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
            shown.write("\r\x1b[K" if done == total else f"\rchecked {done:,} of {total:,} files\x1b[K")
            shown.flush()

    return tell
