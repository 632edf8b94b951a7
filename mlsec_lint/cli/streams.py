"""Standard output and error of the program, which may be closed, full, of another encoding, or of no interest to anybody."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator

import click

_OF_STREAMS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.ENXIO})
"""What writing to an open stream can end with, besides that its reader has gone."""


class NobodyListens(Exception):
    """The reader of our output has gone, as `head` does."""


class BrokenOutput(Exception):
    """Standard output cannot be written; the message says why."""


def prepare_streams() -> None:
    """Make both streams there and able to take any text."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # noqa: PERF203  # closed by our parent: no file of ours may get its number
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # open to the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # likewise
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal of another encoding shows escapes, and all else


@contextlib.contextmanager
def output_told_apart() -> Iterator[None]:
    """Raise NobodyListens or BrokenOutput for the error of a stream: other errors of the system are about files."""
    try:
        yield
    except BrokenPipeError as error:
        raise NobodyListens from error
    except OSError as error:
        if error.filename is None and error.errno in _OF_STREAMS:
            raise BrokenOutput(error.strerror) from error
        raise


def say(text: str) -> None:
    """A line on standard error, if anybody can hear it."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


def silence() -> None:
    """Let what is still to be written go nowhere, also when the interpreter flushes at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def flushed() -> bool:
    """Whether both streams have taken all that was written."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return False
    return True
