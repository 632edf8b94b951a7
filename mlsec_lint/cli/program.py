"""From the start of the program to its exit status; no traceback ever reaches a user."""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Sequence
from types import TracebackType
from typing import NoReturn

import click

from mlsec_lint.cli.app import app

UNFINISHED = 2
"""The exit status of a run that could not do its whole job."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    sys.excepthook = _last_word
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal of another encoding shows escapes, and all else
    try:
        status = app.main(args=arguments, prog_name="mlsec-lint", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return UNFINISHED
    except click.Abort:
        click.echo("mlsec-lint: interrupted", err=True)
        return UNFINISHED
    except BrokenPipeError:
        return _nobody_listens()
    return status if isinstance(status, int) else 0


def leave(status: int) -> NoReturn:
    """End the program with a status, also when a file was given up whose thread still runs: nothing else can stop it."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _nobody_listens() -> int:
    """The reader of our output has gone, as `head` does: be silent, also when the interpreter flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return UNFINISHED


def _last_word(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that the linter itself has failed, and end with 2: the interpreter's own 1 would mean findings."""
    if os.environ.get("MLSEC_LINT_TRACEBACK"):
        sys.__excepthook__(kind, error, trace)
    else:
        from mlsec_lint.run.task import REPORT_IT, place_of

        click.echo(f"mlsec-lint: internal error: {place_of(error)}; {REPORT_IT}", err=True)
        click.echo("Set MLSEC_LINT_TRACEBACK=1 to see the traceback.", err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(UNFINISHED)
