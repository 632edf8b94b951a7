"""Files that are replaced whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path


def replace_file(file: Path, data: bytes) -> None:
    """Put the bytes in the place of a file, or make it; an old one keeps its permissions.

    Raises OSError, also for an interrupt in between; then the old file is still there and nothing is left beside it.
    """
    import tempfile  # brings half of the standard library along

    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as temporary:
            temporary.write(data)
        Path(name).chmod(_mode(file))
        Path(name).replace(file)
    finally:
        with contextlib.suppress(OSError):  # when it has not taken the place of the file, also for an interrupt
            Path(name).unlink()


def _mode(file: Path) -> int:
    """The permissions that the file has, or that a new one gets."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(file.stat().st_mode)
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
