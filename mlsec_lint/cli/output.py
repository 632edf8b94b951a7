"""Writes reports into files: whole or not at all, and never through a link."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path


class OutputError(Exception):
    """A report cannot be written to a file; the message names it and the next step."""


def check_target(file: Path) -> None:
    """Raise OutputError for a file that `write` would refuse: known before the work begins."""
    if file.is_symlink():
        raise OutputError(f"{file} is a symbolic link, and reports are not written through links; name its target")
    if file.exists() and not file.is_file():
        raise OutputError(f"{file} is no regular file; without --output the report goes to standard output")
    if not file.parent.is_dir():
        raise OutputError(f"{file.parent} is no folder; make it first")


def write(file: Path, text: str) -> None:
    """Replace the file by the text. Raises OutputError; then the old file is still there."""
    import tempfile  # brings half of the standard library along

    check_target(file)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as temporary:
            temporary.write(text)
        Path(name).chmod(_mode(file))
        Path(name).replace(file)
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error
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
