"""`mlsec-lint suppressions`: every comment that silences findings, and what it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from mlsec_lint.cli import types
from mlsec_lint.cli.check import check_command, request_of
from mlsec_lint.cli.document import document
from mlsec_lint.cli.exit_status import exit_status
from mlsec_lint.cli.failure import failures
from mlsec_lint.cli.table import aligned
from mlsec_lint.cli.telling import tell_problems
from mlsec_lint.cli.terminal import progress
from mlsec_lint.findings import Answer, Location, Problem, Report
from mlsec_lint.quantity import count
from mlsec_lint.report.escape import visible
from mlsec_lint.report.places import place
from mlsec_lint.run.checking import check

SCHEMA = "mlsec-lint-suppressions/1"
"""Names the shape of the JSON; the number rises when something that a reader relies on changes."""

_TAKEN = frozenset(
    {"select", "extend_select", "ignore", "force_exclude", "no_bandit", "config", "isolated", "rules", "assume"}
    | {"timeout", "max_memory", "max_file_size", "jobs", "no_cache", "cache_dir", "quiet"}
)
"""The options of `check` that this command takes."""


@click.command("suppressions", short_help="List the comments that silence findings.")
@click.argument("paths", nargs=-1, type=types.NonEmptyPath())
@click.option("--format", "form", type=types.words("text", "json"), default="text", help="How to write it.")
@click.pass_context
def suppressions_command(context: click.Context, /, paths: tuple[str, ...], form: str, **given: Any) -> None:  # noqa: ANN401  # click has checked each type
    """List the comments that silence findings, what each has silenced, its reason and its last day.

    Also those of Bandit (`# nosec`) and Ruff (`# noqa: S301`), where they are heeded. Ends with 2 when something could
    not be checked, else with 0.
    """
    with failures():
        request = replace(request_of(context, paths or (".",), given), list_answers=True, baseline=False)
        report = check(request, None if given["quiet"] else progress()).report
    click.echo({"text": as_text, "json": as_json}[form](report))
    tell_problems(report.problems if form == "text" else ())
    context.exit(exit_status(report, None, exit_zero=True, allow_unfinished=False))


def state_of(answer: Answer) -> str:
    """What a comment does, in a word or two."""
    if answer.expired:
        return "expired"
    if answer.used:
        return "used"
    if answer.unused or answer.form in {"nosec", "noqa"}:
        return "unused"
    return "unknown" if answer.unknown else "not looked for"


def as_text(report: Report) -> str:
    """A table for people."""
    rows = [
        (place(item.comment), item.form, ", ".join(item.rules) or "all", state_of(item), item.until, item.reason)
        for item in report.answers
    ]
    lines = list(aligned([tuple(map(visible, row)) for row in rows]))
    return "\n".join([*lines, *([""] if lines else []), _summary(report.answers)])


def _summary(answers: Sequence[Answer]) -> str:
    states = Counter(map(state_of, answers))
    said = count(len(answers), "suppression")
    rest = ", ".join(f"{number:,} {state}" for state, number in sorted(states.items()))
    unexplained = sum(not answer.reason for answer in answers)
    return said + (f": {rest}; {unexplained:,} without a reason." if answers else ".")


def as_json(report: Report) -> str:
    """The same for programs."""
    said = {
        "version": SCHEMA,
        "root": report.root,
        "suppressions": [_answer(item) for item in report.answers],
        "problems": [_problem(item) for item in report.problems],
    }
    return document(said)


def _answer(answer: Answer) -> dict[str, object]:
    return {
        **_place(answer.comment),
        "form": answer.form,
        "rules": answer.rules,
        "reason": answer.reason,
        "until": answer.until or None,
        "state": state_of(answer),
        "used": answer.used,
        "unused": answer.unused,
        "unknown": answer.unknown,
    }


def _place(location: Location) -> dict[str, object]:
    cell, span = location.cell, location.span
    inside = {"index": cell.index, "id": cell.id, "line": cell.span.start_line} if cell else None
    return {"path": location.path, "line": span.start_line, "column": span.start_column, "cell": inside}


def _problem(problem: Problem) -> dict[str, object]:
    return {"kind": problem.kind, "path": problem.path, "message": problem.message, "hint": problem.hint}


suppressions_command.params += [option for option in check_command.params if option.name in _TAKEN]
