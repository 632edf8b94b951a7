"""`mlsec-lint config`: which settings hold for a path, and where each came from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from mlsec_lint.bandit.settings import BanditSettings
from mlsec_lint.cli import types
from mlsec_lint.cli.check import check_command
from mlsec_lint.cli.document import document
from mlsec_lint.cli.failure import failures
from mlsec_lint.cli.masked import Masked
from mlsec_lint.cli.overrides import SETTINGS, SWITCHES, configuration_of
from mlsec_lint.cli.telling import tell_problems
from mlsec_lint.config.account import Entry, Origin, account, as_json
from mlsec_lint.config.files import OWN_FILE, PYPROJECT, repository
from mlsec_lint.config.toml import as_toml
from mlsec_lint.findings import Problem
from mlsec_lint.record import dataclass
from mlsec_lint.report.escape import harmless_lines
from mlsec_lint.run.group import Groups
from mlsec_lint.run.plan import Request, bandit_settings, configuration_problems, rebased, root_of
from mlsec_lint.sources.discovery import shown_path

SCHEMA = "mlsec-lint-config/1"
"""Names the shape of the JSON; the number rises when something that a reader relies on changes."""

_VARIABLES = "MLSEC_LINT_CHECK"
"""The variables are those of `check`: this command tells what it would do."""

_TAKEN = frozenset({*SETTINGS, *(f"no_{name}" for name in SWITCHES), "no_baseline", "config", "isolated"}) - {"format"}
"""The options of `check` that this command takes."""


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that the command tells."""

    path: str
    root: Path
    files: tuple[str, ...]
    """Those that were read: the nearest one, what it extends, what that extends."""
    hidden: str
    """A file beside the nearest one that speaks of us and is not heard; empty if there is none."""
    entries: tuple[Entry, ...]
    rules: tuple[int, int]
    """How many of our rules and of Bandit's checks run."""
    bandit: BanditSettings
    problems: tuple[Problem, ...]


@click.command(
    "config", short_help="Show which settings hold, and why.", context_settings={"auto_envvar_prefix": _VARIABLES}
)
@click.argument("path", type=types.NonEmptyPath(exists=True, path_type=Path), default=".")
@click.option(
    *("--format", "form"),
    type=types.words("text", "json"),
    default="text",
    allow_from_autoenv=False,
    help="How to write it.",
)
@click.option("--report-format", "format", type=types.FORMAT, hidden=True)  # for its variable: MLSEC_LINT_CHECK_FORMAT
@click.pass_context
def config_command(context: click.Context, /, path: Path, form: str, **_: Any) -> None:  # noqa: ANN401  # read by `configuration_of`
    """Show the settings that hold for a file or a folder: each value, and the file, option or variable that says it.

    Takes the options of `check` that set something, and ends with 2 when a configuration file has a mistake.
    """
    with failures():
        told = _told(context, path)
    click.echo({"text": as_text, "json": to_json}[form](told))
    tell_problems(told.problems if form == "text" else ())
    context.exit(2 if told.problems else 0)


def _told(context: click.Context, path: Path) -> Told:
    directory = Path.cwd()
    place, root = Path(os.path.normpath(directory / path)), root_of([path], directory)
    configuration = configuration_of(context, root)
    entries = account(configuration, place, root)
    request = Request((place,), configuration, root)
    bandit, mistakes = bandit_settings(request)
    groups = Groups(repository(root), root, bandit_settings=bandit)
    folder = place if place.is_dir() else place.parent
    group = groups.groups[groups.index(configuration.of(folder) if place.is_dir() else configuration.of_file(place))]
    active = (len(group.catalogue.rules), len(group.catalogue.active_bandit) if group.bandit else 0)
    files = configuration.files_of(folder)
    masked = Masked(group.catalogue, [entry.value for entry in entries])
    return Told(
        shown_path(place, root),
        root,
        tuple(shown_path(file, root) for file in files),
        _unheard(files, root),
        tuple(Entry(entry.key, masked(entry.value), _placed(entry.origin, root)) for entry in entries),
        active,
        bandit,
        (*configuration_problems(request), *mistakes, *rebased(groups.problems, root, root)),
    )


def _placed(origin: Origin, root: Path) -> Origin:
    return Origin("file", shown_path(Path(origin.name), root), origin.line) if origin.kind == "file" else origin


def _unheard(files: tuple[Path, ...], root: Path) -> str:
    """The `pyproject.toml` with a table of ours that a `mlsec-lint.toml` beside it hides."""
    from mlsec_lint.config.files import load

    if not files or files[0].name != OWN_FILE:
        return ""
    beside = files[0].with_name(PYPROJECT)
    return shown_path(beside, root) if beside.is_file() and load(beside).entries else ""


def to_json(told: Told) -> str:
    """The same for programs."""
    bandit = told.bandit
    said = {
        "version": SCHEMA,
        "path": told.path,
        "root": str(told.root),
        "files": told.files,
        "settings": as_json(told.entries),
        "running": {"rules": told.rules[0], "bandit": told.rules[1]},
        "bandit": {"tests": sorted(bandit.tests), "skips": sorted(bandit.skips), "options": _options(bandit)},
        "problems": [{"path": item.path, "message": item.message, "hint": item.hint} for item in told.problems],
    }
    return document(said)


def _options(bandit: BanditSettings) -> dict[str, object]:
    return {f"{option.table}.{option.name}": option.value for option in bandit.options}


def as_text(told: Told) -> str:
    """A table for people: values as TOML writes them."""
    names = max(len(entry.key) for entry in told.entries)
    values = list(map(_value, told.entries))
    width = min(max(map(len, values)), 40)
    rows = [
        f"{entry.key.ljust(names)} = {value.ljust(width)}  {_shown(entry.origin)}"
        for entry, value in zip(told.entries, values, strict=True)
    ]
    return harmless_lines("\n".join([*_head(told), "", *rows, *_foot(told)]))


def _value(entry: Entry) -> str:
    if entry.value is None:
        return "the built-in ones" if entry.key == "exclude" else "none"
    return as_toml(entry.value)


def _head(told: Told) -> Iterator[str]:
    read = ", which extends ".join(told.files) or "no configuration file"
    yield f"Settings for {told.path}; read: {read}"
    if told.hidden:
        yield f"{told.hidden} has a table [tool.mlsec-lint], too: {OWN_FILE} beside it hides it"


def _foot(told: Told) -> Iterator[str]:
    bandit = told.bandit
    said = {"tests": sorted(bandit.tests), "skips": sorted(bandit.skips), **_options(bandit)}
    yield ""
    yield f"{told.rules[0]} rules and {told.rules[1]} of Bandit's checks run."
    for name, value in said.items():
        if value not in ((), []):
            yield f"[tool.bandit] in {PYPROJECT} adds: {name} = {as_toml(value)}"


def _shown(origin: Origin) -> str:
    return f"{origin.name}:{origin.line}" if origin.line else origin.name or origin.kind


config_command.params += [option for option in check_command.params if option.name in _TAKEN]
