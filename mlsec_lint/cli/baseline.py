"""`mlsec-lint baseline`: the file with the findings that a project lives with for now."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from mlsec_lint.baseline.document import FILE, read_baseline, written
from mlsec_lint.baseline.entry import Entries, entries_of
from mlsec_lint.cli.check import STDIN, check_command, request_of
from mlsec_lint.cli.exit_status import UNFINISHED
from mlsec_lint.cli.failure import Failure, failures
from mlsec_lint.cli.output import check_target, write
from mlsec_lint.cli.overrides import configuration_of
from mlsec_lint.cli.streams import say
from mlsec_lint.cli.terminal import progress, wants_colour
from mlsec_lint.findings import Report
from mlsec_lint.quantity import count
from mlsec_lint.report.escape import visible
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.options import Options
from mlsec_lint.report.places import file_name
from mlsec_lint.run.baselining import Laid, baselined, lay
from mlsec_lint.run.checking import INTERRUPTED, Checked, check
from mlsec_lint.run.plan import root_of
from mlsec_lint.sources.discovery import shown_path

_FIXES = ("fix", "unsafe_fixes", "diff", "exit_non_zero_on_fix")
_SAYING = ("format", "output", "sarif_category", "show_files", "silent", "verbose")
_LEFT_OUT = ("fail_on", "exit_zero", "stdin_filename", "no_baseline", "diff_base", "staged", *_SAYING, *_FIXES)
"""Options of `check` that mean nothing here."""

_OVERWRITE = click.Option(
    ["--overwrite"], is_flag=True, allow_from_autoenv=False, help="Replace a baseline that is there."
)

Given = Mapping[str, Any]


@click.group("baseline", short_help="Keep the findings that a project lives with apart from new ones.")
def baseline_command() -> None:
    """Keep the findings that a project lives with for now apart from new ones.

    The file is that of --baseline or of the configuration, else mlsec-lint-baseline.json; `check --baseline FILE`, or the key
    `baseline`, uses it.
    """


def _command(name: str, *more: click.Parameter) -> Callable[[Callable[..., None]], click.Command]:
    """A command of the group with paths and the options of `check` that decide what is found."""
    settings = {"auto_envvar_prefix": "MLSEC_LINT_CHECK"}  # a baseline is of what `check` would find
    taken = [option for option in check_command.params if option.name not in _LEFT_OUT]
    return baseline_command.command(name, params=[*more, *taken], context_settings=settings)


@_command("create", _OVERWRITE)
@click.pass_context
def create_command(context: click.Context, /, paths: tuple[str, ...], overwrite: bool, **given: Any) -> None:  # noqa: ANN401  # click has checked each type
    """Write all that is found into a new baseline."""
    with failures():
        file = _file(paths, context)
        if os.path.lexists(file) and not overwrite:
            step = "`mlsec-lint baseline update` renews it, --overwrite replaces it"
            raise Failure(f"{_shown(file)} is there already; {step}")
        checked = _checked(paths, given, context, file)
        entries = entries_of(lay({}, file, checked.seen).keys)
        write(file, written(entries))
    click.echo(f"{_shown(file)}: {_numbers(entries)}")


@_command("update")
@click.pass_context
def update_command(context: click.Context, /, paths: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401  # likewise
    """Add what is new and drop what is not there any more, for the files that are checked."""

    def renewed(laid: Laid) -> Entries:
        return dict(sorted((Counter(laid.keys) + Counter(laid.kept)).items()))

    _rewrite(paths, given, context, renewed)


@_command("prune")
@click.pass_context
def prune_command(context: click.Context, /, paths: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401  # likewise
    """Drop what is not there any more; nothing is added."""

    def shrunk(laid: Laid) -> Entries:
        used = Counter(entry for entry in laid.known if entry is not None)
        return dict(sorted((used + Counter(laid.kept)).items()))

    _rewrite(paths, given, context, shrunk)


@_command("show")
@click.pass_context
def show_command(context: click.Context, /, paths: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401  # likewise
    """List the findings of the baseline where they stand now, and those that are not there any more."""
    with failures():
        file = _file(paths, context)
        entries = read_baseline(file)
        checked = _checked(paths, {**given, "allow_unfinished": True}, context, file)
        laid = lay(entries, file, checked.seen)
        report = baselined(Report(checked.report.root), file, entries, checked.seen, frozenset())
    listed = Report(report.root, report.baselined)
    options = Options(wants_colour(given["color"], sys.stdout), summary=False)
    click.echo(render(listed, checked.rules, Format.CONCISE, options), nl=False, color=options.colour)
    for key, number in laid.stale.items():
        inside = f" in {visible(key.qualname)}" if key.qualname else ""
        click.echo(f"{file_name(key.path)}: {key.rule}{inside}: not there any more ({number:,})")
    click.echo(
        f"{_shown(file)}: {_numbers(entries)}; {len(report.baselined):,} there, {sum(laid.stale.values()):,} not any more"
    )
    context.exit(UNFINISHED if checked.report.problems else 0)


def _rewrite(paths: Sequence[str], given: Given, context: click.Context, change: Callable[[Laid], Entries]) -> None:
    with failures():
        file = _file(paths, context)
        before = read_baseline(file)
        checked = _checked(paths, given, context, file)
        after = change(lay(before, file, checked.seen))
        if after != before:
            write(file, written(after))
    added, dropped = Counter(after) - Counter(before), Counter(before) - Counter(after)
    click.echo(f"{_shown(file)}: {added.total():,} added, {dropped.total():,} dropped; now {_numbers(after)}")


def _file(paths: Sequence[str], context: click.Context) -> Path:
    """The baseline's file, by option, configuration or habit."""
    if STDIN in paths:
        raise click.UsageError("a baseline is of files; standard input has no place in it", context)
    root = root_of([Path(path) for path in paths], Path.cwd())
    file = configuration_of(context, root).of(root).baseline or Path.cwd() / FILE
    check_target(file)
    return file


def _checked(paths: Sequence[str], given: Given, context: click.Context, file: Path) -> Checked:
    """The run without a baseline. Raises Failure when it was not finished and nobody allows that, or was interrupted."""
    request = replace(request_of(context, tuple(paths) or (".",), given), baseline=False)
    checked = check(request, None if given["quiet"] else progress())
    problems = checked.report.problems
    if problems:
        report = Report(checked.report.root, problems=problems)
        say(render(report, checked.rules, Format.CONCISE, Options(summary=False)).rstrip("\n"))
    if any(problem.kind == INTERRUPTED for problem in problems) or (problems and not given["allow_unfinished"]):
        step = "mend or exclude it, or allow it with --allow-unfinished"
        raise Failure(f"not everything could be checked, and {_shown(file)} is as it was; {step}")
    return checked


def _numbers(entries: Entries) -> str:
    return f"{count(sum(entries.values()), 'finding')} in {count(len({key.path for key in entries}), 'file')}"


def _shown(file: Path) -> str:
    return file_name(shown_path(file, Path.cwd()))
