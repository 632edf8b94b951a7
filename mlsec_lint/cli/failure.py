"""What keeps a command from its job, as the error that ends the program with 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from mlsec_lint.baseline.errors import BaselineError
from mlsec_lint.catalogue.errors import PackError, UnknownSelector
from mlsec_lint.changes.error import GitError
from mlsec_lint.cli.output import OutputError
from mlsec_lint.cli.overrides import unknown_selector
from mlsec_lint.mistake import Mistake
from mlsec_lint.report.escape import harmless_lines
from mlsec_lint.run.task import StartError


class Failure(click.ClickException):
    """The job could not be done; what files of the project say in the message can give no command."""

    exit_code = 2

    def format_message(self) -> str:
        """Line by line, for errors of a rule pack are several."""
        return harmless_lines(self.message)


@contextmanager
def failures() -> Iterator[None]:
    """Raise what can keep the current command from its job as Failure, or click.UsageError for an unknown selector."""
    try:
        yield
    except UnknownSelector as error:
        raise unknown_selector(click.get_current_context(), error) from error
    except (BaselineError, GitError, Mistake, OutputError, PackError, StartError) as error:
        raise Failure(str(error)) from error
