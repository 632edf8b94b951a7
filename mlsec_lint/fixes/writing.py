"""Which files fixes may change, and how they are written."""

from __future__ import annotations

import os
from pathlib import Path

from mlsec_lint.atomic import replace_file
from mlsec_lint.fixes.document import UnchangeableError
from mlsec_lint.sources.reading import read_bytes

_LARGEST = 1 << 30


def readable(root: Path, path: str) -> bytes:
    """The bytes of a file of a report; raises UnchangeableError for one that is not to be changed."""
    file = root / path
    if file.is_symlink():
        raise UnchangeableError("it is a symbolic link; check its target")
    if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(root)):
        raise UnchangeableError("it lies outside of what is checked")
    try:
        return read_bytes(file, _LARGEST)
    except (OSError, ValueError) as error:
        raise UnchangeableError(f"it cannot be read: {getattr(error, 'strerror', None) or error}") from error


def write(root: Path, path: str, before: bytes, after: bytes) -> None:
    """Replace a file that still holds what it held. Raises UnchangeableError; then it is as it was."""
    if readable(root, path) != before:
        raise UnchangeableError("it has changed since it was checked; run it again")
    if not os.access(root / path, os.W_OK):
        raise UnchangeableError("it is read-only")
    try:
        replace_file(root / path, after)
    except OSError as error:
        raise UnchangeableError(f"it cannot be written: {error.strerror}") from error
