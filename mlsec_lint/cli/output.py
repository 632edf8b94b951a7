"""Writes reports into files: whole or not at all, and never through a link."""

from __future__ import annotations

import os
from pathlib import Path

from mlsec_lint.atomic import replace_file


class OutputError(Exception):
    """A report cannot be written to a file; the message names it and the next step."""


def check_target(file: Path) -> None:
    """Raise OutputError for a file that `write` would refuse: known before the work begins."""
    if os.path.islink(file):  # noqa: PTH114  # pathlib raises what a name can do to a system call
        raise OutputError(f"{file} is a symbolic link, and reports are not written through links; name its target")
    if os.path.exists(file) and not os.path.isfile(file):  # noqa: PTH110, PTH113  # likewise
        raise OutputError(f"{file} is no regular file; without --output the report goes to standard output")
    if not file.parent.is_dir():
        raise OutputError(f"{file.parent} is no folder; make it first")


def write(file: Path, text: str) -> None:
    """Replace the file by the text. Raises OutputError; then the old file is still there."""
    check_target(file)
    try:
        replace_file(file, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error
