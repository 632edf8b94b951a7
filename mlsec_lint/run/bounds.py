"""What checking one file may cost in time and memory, and how the system is asked to help."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from mlsec_lint.record import dataclass

HEADROOM = 1536 * 1024**2
"""Address space besides that which is mapped already and the memory of a check: a stack of 512 MiB, what was given back."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """For one file, and so for the process that checks it."""

    seconds: float
    memory: int
    """Bytes."""


def resident(pid: int) -> int:
    """The bytes that a process has in memory; 0 where the system does not tell (Linux does)."""
    return _bytes(pid, 1)


def _bytes(pid: int | str, column: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


@contextlib.contextmanager
def limited_memory(memory: int) -> Iterator[None]:
    """Let allocations fail beyond a bound for a while; where the system knows such a limit (not Windows)."""
    before = limit_memory(memory)
    try:
        yield
    finally:
        if before is not None:
            _set(before)


def limit_memory(memory: int) -> int | None:
    """The same for good; returns the limit that held before, None where nothing was changed."""
    if sys.platform == "win32":
        return None
    import resource

    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    known = [limit for limit in (before, hard) if limit != resource.RLIM_INFINITY]
    return before if _set(min([_bytes("self", 0) + memory + HEADROOM, *known])) else None


def _set(limit: int) -> bool:
    if sys.platform == "win32":
        return False
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ValueError, OSError):  # macOS refuses limits below what is mapped already
        return False
    return True
