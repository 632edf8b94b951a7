"""How much memory do a process and everything that it started use at most? Linux only: from /proc."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from pathlib import Path

_PROC = Path("/proc")
_SECONDS = 0.25


class PeakMemory:
    """Watches a process tree until `stop`; short peaks between two looks are missed."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._peak = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int | None:
        """Return the most bytes that were in use at once; None where /proc does not exist."""
        self._stopped.set()
        self._thread.join()
        return self._peak or None

    def _watch(self) -> None:
        while not self._stopped.wait(_SECONDS):
            self._peak = max(self._peak, sum(map(_size, _tree(self._process))))


def _tree(process: int) -> list[int]:
    """A process and all its descendants that live."""
    children = defaultdict(list)
    for status in _PROC.glob("[0-9]*/stat"):
        # The second field is the name in parentheses, which may hold anything; the parent is the second after it.
        fields = _read(status).rpartition(")")[2].split()
        if len(fields) > 1:
            children[int(fields[1])].append(int(status.parent.name))
    tree = [process]
    for one in tree:
        tree += children[one]
    return tree


def _size(process: int) -> int:
    """Resident bytes, pages that n processes share counted as one n-th of a page."""
    found = re.search(r"^Pss:\s+(\d+) kB", _read(_PROC / str(process) / "smaps_rollup"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended in between
        return ""
