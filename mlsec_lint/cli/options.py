"""The options of `check`, in the order in which its help shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import click

from mlsec_lint.cli import types

_Function = TypeVar("_Function", bound=Callable[..., Any])  # what click decorates


def _flat(_context: click.Context, _option: click.Parameter, given: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    """The lists of a repeated option as one; None when it is not given."""
    return tuple(chain.from_iterable(given)) if given else None


def _packs(_context: click.Context, _option: click.Parameter, given: Sequence[Path]) -> tuple[Path, ...] | None:
    return tuple(path.absolute() for path in given) if given else None


def _absolute(_context: click.Context, _option: click.Parameter, given: Path | None) -> Path | None:
    return given.absolute() if given else None


def _pairs(
    _context: click.Context, _option: click.Parameter, given: Sequence[tuple[str, str]]
) -> dict[str, str] | None:
    return dict(given) if given else None


def _selectors(name: str, help_text: str) -> Callable[[_Function], _Function]:
    return click.option(name, type=types.SELECTORS, multiple=True, callback=_flat, help=help_text)


_NAME = types.NonEmptyPath(path_type=Path)

cache_folder = click.option(
    "--cache-dir",
    type=types.NonEmptyPath(file_okay=False, path_type=Path),
    envvar="MLSEC_LINT_CACHE_DIR",
    help="The folder for results of earlier runs; default the user's cache directory.",
)

_OPTIONS: tuple[Callable[[Any], Any], ...] = (  # click's decorators take and give any function
    _selectors("--select", "Run these rules only: ids, prefixes, names or tags, separated by commas, or ALL."),
    _selectors("--extend-select", "Run these rules as well."),
    _selectors("--ignore", "Do not run these rules."),
    click.option("--profile", type=types.PROFILE, help="How much to show; each profile adds to the one before."),
    click.option("--min-severity", type=types.SEVERITY, help="Show findings from this severity on."),
    click.option("--min-confidence", type=types.CONFIDENCE, help="Show findings from this confidence on."),
    click.option("--fail-on", type=types.THRESHOLD, help="End with 1 for findings from this severity on; default low."),
    click.option("--exit-zero", is_flag=True, help="End with 0 also when there are findings."),
    click.option("--allow-unfinished", is_flag=True, help="Do not end with 2 when something could not be checked."),
    click.option("--fix", is_flag=True, help="Mend what can be mended without changing behaviour otherwise."),
    click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also what may change behaviour."),
    click.option(
        "--diff", is_flag=True, help="Show what --fix would change, write nothing, and end with 1 for changes."
    ),
    click.option("--exit-non-zero-on-fix", is_flag=True, help="End with 1 also when --fix has mended everything."),
    click.option(
        "--baseline",
        type=_NAME,
        metavar="FILE",
        callback=_absolute,
        help="Keep back the findings that this file holds.",
    ),
    click.option("--no-baseline", is_flag=True, help="Heed no baseline, whatever the configuration says."),
    click.option(
        "--diff-base",
        type=types.NAME,
        metavar="REV",
        help="Show what touches lines changed since the merge base with this revision.",
    ),
    click.option("--staged", is_flag=True, help="Show what touches lines that are staged for the next commit."),
    click.option("--no-ignores", is_flag=True, help="Show what comments in the code suppress."),
    click.option(
        "--force-exclude/--no-force-exclude", default=None, help="Heed excludes for files named here; on by default."
    ),
    click.option("--no-bandit", is_flag=True, help="Do not run Bandit's checks."),
    click.option("--format", "format", type=types.FORMAT, help="How to write the report; default full."),
    click.option(
        "--output",
        "-o",
        type=types.TARGET,
        multiple=True,
        help="Write to FILE instead of standard output; FORMAT=FILE, repeatable, writes there as well.",
    ),
    click.option("--statistics", is_flag=True, help="Show how many findings each rule has, in place of the findings."),
    click.option(
        "--config",
        type=types.SETTING,
        multiple=True,
        help="Read this configuration and no other; KEY=VALUE, repeatable, stands above all files.",
    ),
    click.option("--isolated", is_flag=True, help="Read no configuration."),
    click.option(
        "--rules",
        type=_NAME,
        multiple=True,
        callback=_packs,
        metavar="DIR",
        help="Run the rules of this folder as well; repeatable.",
    ),
    click.option(
        "--assume",
        type=types.ASSUMPTION,
        multiple=True,
        callback=_pairs,
        help="Take this version for the library, whatever the project pins; repeatable.",
    ),
    click.option(
        "--stdin-filename", type=types.NAME, metavar="PATH", help="Where the code on standard input would lie."
    ),
    click.option("--timeout", type=types.SECONDS, help="The longest that checking a file may take; default 180."),
    click.option("--max-memory", type=types.SIZE, help="The most that checking a file may take; default 2 GiB."),
    click.option("--max-file-size", type=types.SIZE, help="Larger files are not checked; default 16 MiB."),
    click.option("--jobs", "-j", type=types.COUNT, help="Worker processes; default one for each processor."),
    click.option(
        "--no-cache", is_flag=True, envvar="MLSEC_LINT_NO_CACHE", help="Check everything anew, and keep nothing."
    ),
    cache_folder,
    click.option(
        "--sarif-category",
        type=types.NAME,
        metavar="NAME",
        help="Tell the results of several runs on one commit apart.",
    ),
    click.option(
        "--color", type=types.words("auto", "always", "never"), default="auto", help="Colours in full and concise."
    ),
    click.option("--show-files", is_flag=True, help="Name the files that would be checked, and check nothing."),
    click.option("--quiet", "-q", is_flag=True, help="Leave out the closing summary and the progress."),
    click.option("--silent", "-s", is_flag=True, help="Print no report; the exit code and --output tell."),
    click.option("--verbose", "-v", is_flag=True, help="Say which configuration and rules ran, and how long it took."),
)


def check_options(command: _Function) -> _Function:
    """Give a command the paths and options of `check`."""
    decorated = reduce(lambda function, option: option(function), reversed(_OPTIONS), command)
    return click.argument("paths", nargs=-1, type=types.NonEmptyPath())(decorated)
