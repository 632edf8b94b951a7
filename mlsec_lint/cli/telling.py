"""What a run can say about itself beside its report."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import click

from mlsec_lint.cli.streams import say
from mlsec_lint.findings import Problem
from mlsec_lint.quantity import count
from mlsec_lint.report.escape import visible, without_command
from mlsec_lint.report.places import file_name
from mlsec_lint.run.checking import Checked, Progress, check
from mlsec_lint.run.plan import Request, plan
from mlsec_lint.sources.discovery import shown_path


def show_files(request: Request) -> int:
    """Name the files that a run would check, and on standard error what is left out; the exit status."""
    planned = plan(request)
    for task in planned.tasks:
        click.echo(file_name(task.shown))
    for note in planned.notes:
        say(without_command(visible(note)))
    tell_problems(planned.problems)
    return 2 if planned.problems else 0


def tell_problems(problems: Iterable[Problem]) -> None:
    """Say on standard error what could not be read or checked, each with the next step."""
    for problem in problems:
        say(visible(f"error: {problem.path}: {'; '.join(filter(None, (problem.message, problem.hint)))}"))


def told(request: Request, progress: Progress | None) -> Checked:
    """Check what is asked for, and say on standard error with what, and how long it took."""
    before = time.monotonic()
    checked = check(request, progress)
    for line in _account(request, checked, time.monotonic() - before):
        say(visible(line))
    return checked


def _account(request: Request, checked: Checked, seconds: float) -> Iterator[str]:
    files = [shown_path(file, request.root) for file in request.configuration.files_of(request.root)]
    yield f"configuration of {request.root}: {', which extends '.join(files) or 'no file'}"
    yield f"{count(len(checked.rules.rules), 'rule')} ran on {count(checked.report.checked, 'file')} in {seconds:.1f} s"
    yield f"results of earlier runs: {request.cache or 'not asked'}"
