"""From the start of the program to its exit status; no traceback ever reaches a user."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import warnings
from collections.abc import Sequence
from types import TracebackType
from typing import NoReturn

import click

from mlsec_lint.cli.app import app
from mlsec_lint.cli.streams import (
    BrokenOutput,
    NobodyListens,
    flushed,
    output_told_apart,
    prepare_streams,
    say,
    silence,
)
from mlsec_lint.run import interrupts

UNFINISHED = 2
"""The exit status of a run that could not do its whole job."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    sys.excepthook = _last_word
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    prepare_streams()
    try:
        interrupts.heed()
        with output_told_apart():
            status = _ran(arguments)
            sys.stdout.flush()
        return status  # noqa: TRY300
    except click.Abort as error:
        return _interrupted(error.__cause__)
    except KeyboardInterrupt as error:
        return _interrupted(error)
    except NobodyListens:
        silence()
        return UNFINISHED
    except BrokenOutput as error:
        silence()
        say(f"mlsec-lint: standard output: {error}")
        return UNFINISHED


def _ran(arguments: Sequence[str] | None) -> int:
    try:
        status = app.main(args=arguments, prog_name="mlsec-lint", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return UNFINISHED
    return status if isinstance(status, int) else 0


def _interrupted(interrupt: BaseException | None) -> int:
    """Somebody has ended the run before there was anything to report."""
    say("mlsec-lint: interrupted")
    return interrupts.status(interrupt)


def leave(status: int) -> NoReturn:
    """End the program with a status, also when a file was given up whose thread still runs: nothing else can stop it."""
    interrupts.ignore()
    if not flushed() or threading.active_count() > 1:
        os._exit(status)
    sys.exit(status)


def _last_word(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that the linter itself has failed, and end with 2: the interpreter's own 1 would mean findings."""
    if os.environ.get("MLSEC_LINT_TRACEBACK"):
        sys.__excepthook__(kind, error, trace)
    else:
        from mlsec_lint.run.task import REPORT_IT, place_of

        say(f"mlsec-lint: internal error: {place_of(error)}; {REPORT_IT}")
        say("Set MLSEC_LINT_TRACEBACK=1 to see the traceback.")
    flushed()
    os._exit(UNFINISHED)
