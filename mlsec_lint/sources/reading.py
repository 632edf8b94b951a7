"""A path or bytes → a source file, or the problem that kept us from having one. Nothing here raises."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from mlsec_lint.findings import Problem
from mlsec_lint.sources.classification import is_test
from mlsec_lint.sources.decoding import UndecodableError, decode
from mlsec_lint.sources.source import SourceFile

LARGEST = 20_000_000
"""Bytes that a file may have unless the caller says otherwise."""

# Opening a pipe without a writer would wait for ever; on Windows a text file would lose its \r.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def read_bytes(path: Path, largest: int) -> bytes:
    """At most one byte more than `largest`; raises `OSError`, and `ValueError` for what is no regular file."""
    descriptor = os.open(path, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("no regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(largest + 1)
    finally:
        os.close(descriptor)


def reason_of(error: OSError | ValueError) -> str:
    """Why `read_bytes` could not read a file, for people."""
    return getattr(error, "strerror", None) or "it is no regular file"


def read(path: Path, shown: str, largest: int = LARGEST) -> SourceFile | Problem:
    """Read a file of at most `largest` bytes; `shown` is the name that reports use for it."""
    try:
        data = read_bytes(path, largest)
    except FileNotFoundError:
        return Problem("missing", shown, "this file does not exist any more", "was it deleted during the run?")
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        return Problem("unreadable", shown, f"this file cannot be read: {reason}", "check its type and permissions")
    return read_text(data, shown, largest)


def read_text(data: bytes | str, shown: str, largest: int = LARGEST) -> SourceFile | Problem:
    """Make a source file of text that is at hand; `shown` says by its ending whether it is a notebook."""
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    if len(data) > largest:
        message = f"this file is larger than {largest:,} bytes and was not checked"
        return Problem("bound", shown, message, "exclude it, or raise the limit")
    notebook = shown.lower().endswith(".ipynb")
    try:
        raw = decode(data, python=not notebook)
    except UndecodableError as error:
        return Problem("undecodable", shown, f"this file cannot be decoded: {error}", error.hint)
    if notebook:
        from mlsec_lint.sources.notebooks import notebook_source  # a tenth of a second with all that it needs

        return notebook_source(SourceFile(shown, "", raw, is_test(shown)))
    return SourceFile(shown, raw, raw, is_test(shown))
