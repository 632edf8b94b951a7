"""`mlsec-lint check`: the main job."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from mlsec_lint.cache.folder import Unusable, default_folder, prepared
from mlsec_lint.cli.day import today
from mlsec_lint.cli.delivery import check_statistics, deliver
from mlsec_lint.cli.exit_status import CLEAN, FINDINGS, exit_status
from mlsec_lint.cli.failure import failures
from mlsec_lint.cli.options import check_options
from mlsec_lint.cli.output import check_target
from mlsec_lint.cli.overrides import configuration_of
from mlsec_lint.cli.streams import say
from mlsec_lint.cli.terminal import progress
from mlsec_lint.cli.types import Target
from mlsec_lint.run.checking import Checked, check
from mlsec_lint.run.plan import Changes, Request, Stdin, root_of

STDIN = "-"


@click.command("check", short_help="Check files and folders.")
@check_options
@click.pass_context
def check_command(context: click.Context, /, paths: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401  # click has checked each type
    """Check files and folders: Python files, scripts and notebooks; the working directory when none is named.

    PATHS may be `-` for standard input. Ends with 0 when nothing was found, 1 for findings at or above --fail-on, and 2 when
    something could not be checked.
    """
    targets: Sequence[Target] = given["output"]
    _check_fixes(given)
    check_statistics(given)
    with failures():
        for target in targets:
            check_target(target.file)
        request = request_of(context, paths or (".",), given)
        if given["show_files"]:
            from mlsec_lint.cli.telling import show_files

            context.exit(show_files(request))
        checked = _checked(request, given)
        changed = False
        if given["fix"] or given["diff"]:
            from mlsec_lint.cli.fixing import fixed  # no other run needs what it imports

            checked, changed = fixed(checked, request, given)
        deliver(checked, targets, given, _standard(given, request))
    context.exit(_status(checked, given, changed=changed))


def _checked(request: Request, given: Mapping[str, Any]) -> Checked:
    shown = None if given["quiet"] or given["silent"] else progress()
    if not given["verbose"]:
        return check(request, shown)
    from mlsec_lint.cli.telling import told

    return told(request, shown)


def _standard(given: Mapping[str, Any], request: Request) -> TextIO:
    """Where the report goes: beside code that was read from standard input and is written fixed, or nowhere."""
    if given["silent"]:
        return io.StringIO()
    return sys.stderr if given["fix"] and request.stdin else sys.stdout


def _status(checked: Checked, given: Mapping[str, Any], *, changed: bool) -> int:
    """The exit status; with --diff changes count, not findings."""
    fails = changed and (given["diff"] or given["exit_non_zero_on_fix"])
    fail_on = None if given["diff"] else checked.settings.fail_on
    allowances = {name: given[name] for name in ("exit_zero", "allow_unfinished")}
    return exit_status(checked.report, fail_on, **allowances) or (FINDINGS if fails else CLEAN)


def _check_fixes(given: Mapping[str, Any]) -> None:
    """Refuse options that say how to fix where nothing is to be fixed."""
    if given["unsafe_fixes"] and not (given["fix"] or given["diff"]):
        raise click.UsageError("--unsafe-fixes says which fixes --fix and --diff take; add one of them")
    if given["exit_non_zero_on_fix"] and not given["fix"]:
        raise click.UsageError("--exit-non-zero-on-fix says how --fix ends; add it")


def request_of(context: click.Context, paths: tuple[str, ...], given: Mapping[str, Any]) -> Request:
    """What the options and paths of a command ask for; raises click.UsageError for options that do not go together."""
    directory = Path.cwd()
    stdin = None
    if given.get("stdin_filename") and STDIN not in paths:
        raise click.UsageError(
            "--stdin-filename says where the code on standard input would lie; read that with the path `-`"
        )
    if STDIN in paths:
        stdin = Stdin(sys.stdin.buffer.read(), directory / (given.get("stdin_filename") or "<stdin>"))
    named = tuple(Path(path) for path in paths if path != STDIN)
    root = root_of([*named, *([stdin.path] if stdin else [])], directory)
    configuration = configuration_of(context, root)
    changes = _changes(given)
    jobs = given["jobs"] or 0
    return Request(named, configuration, root, jobs, stdin, _cache(given), today(), _hub(given), changes=changes)


def _hub(given: Mapping[str, Any]) -> Path | None:
    """The cache of the Hugging Face Hub, for fixes that write down what this machine has used."""
    if not given.get("unsafe_fixes"):
        return None
    from mlsec_lint.project.hub_cache import hub_folder

    return hub_folder(os.environ)


def _changes(given: Mapping[str, Any]) -> Changes | None:
    """What --diff-base or --staged asks for."""
    revision = given.get("diff_base")
    if revision is not None and given.get("staged"):
        raise click.UsageError("--diff-base and --staged compare with different things; give one of them")
    return Changes(revision) if revision is not None or given.get("staged") else None


def _cache(given: Mapping[str, Any]) -> Path | None:
    """The folder for results of earlier runs; None, with a word on why, where there can be none."""
    if given["no_cache"]:
        return None
    try:
        import sqlite3  # noqa: F401  # Python can be built without it

        return prepared(given["cache_dir"] or default_folder())
    except ImportError:
        say("warning: no cache: this Python has no sqlite3")
    except Unusable as error:
        say(f"warning: no cache: {error}")
    return None
