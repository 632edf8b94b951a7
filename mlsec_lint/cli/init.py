"""`mlsec-lint init`: a first configuration, made by looking at the project."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from mlsec_lint.cli import types
from mlsec_lint.cli.failure import Failure, failures
from mlsec_lint.cli.output import check_target, write
from mlsec_lint.cli.streams import say
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.config.errors import ConfigError
from mlsec_lint.config.files import MAX_BYTES, OWN_FILE, PYPROJECT, TABLE
from mlsec_lint.config.insertion import with_table
from mlsec_lint.report.escape import visible, without_command
from mlsec_lint.sources.reading import read_bytes, reason_of
from mlsec_lint.survey.block import block
from mlsec_lint.survey.survey import Survey, survey

SEARCH = "-"
"""Stands for the files that Bandit itself would find in the folder."""

_CI_DOCS = "https://github.com/mlsec-lint/mlsec-lint/blob/main/docs/ci.md"


@click.command("init", short_help="Write a first configuration.")
@click.argument("path", type=types.NonEmptyPath(exists=True, file_okay=False, path_type=Path), default=".")
@click.option("--dry-run", "--stdout", "dry_run", is_flag=True, help="Print it, and write nothing.")
@click.option(
    "--from-bandit",
    "bandit",
    multiple=True,
    is_flag=False,
    flag_value=SEARCH,
    metavar="[FILE]",
    help="Carry over a configuration of Bandit's or a baseline (its JSON report); without FILE what lies here. Repeatable.",
)
def init_command(path: Path, dry_run: bool, bandit: tuple[str, ...]) -> None:
    """Look at the project in a folder and write a configuration with comments for it.

    It goes to the end of pyproject.toml, or into mlsec-lint.toml where there is no pyproject.toml.
    """
    moved = None
    with failures():
        file, old = _target(path)
        above = Configuration(path.absolute(), {}).files_of(path.absolute())
        found = survey(path.absolute())
        if bandit:
            from mlsec_lint.cli.from_bandit import migration  # a run, for a baseline

            moved = migration(path, bandit)
        new = _content(file, old, block(found, moved.carried.as_toml() if moved else {}))
        if dry_run:
            click.echo(new[len(old or b"") :].decode("utf-8").lstrip("\r\n"), nl=False)
            _tell(moved.carried.remarks if moved else ())
            return
        if _bytes(file) != old:
            raise Failure(f"{file} has changed in the meantime; run it again")
        if moved and moved.baseline:
            write(*moved.baseline)
        write(file, new.decode("utf-8"))
    _tell((*(moved.carried.remarks if moved else ()), *_said(file, found, above)))


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        say(without_command(visible(line)))


def _target(folder: Path) -> tuple[Path, bytes | None]:
    """The file to write, and what it holds; None: it is not there yet. Raises OutputError, ConfigError."""
    own, pyproject = folder / OWN_FILE, folder / PYPROJECT
    check_target(own)
    if own.exists():
        raise ConfigError(str(own), "", "it is there already", "`mlsec-lint config` shows what it says")
    check_target(pyproject)
    old = _bytes(pyproject)
    return (own, None) if old is None else (pyproject, old)


def _bytes(file: Path) -> bytes | None:
    try:
        data = read_bytes(file, MAX_BYTES)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        said = f"cannot be read: {reason_of(error)}"
        raise ConfigError(str(file), "", said, "check its type and permissions") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(str(file), "", f"larger than {MAX_BYTES // 1024} KiB", f"write {OWN_FILE} by hand")
    return data


def _content(file: Path, old: bytes | None, keys: str) -> bytes:
    return keys.encode() if old is None else with_table(old, keys, str(file))


def _said(file: Path, found: Survey, above: Sequence[Path]) -> Iterator[str]:
    place = f"[tool.{TABLE}] to {file}" if file.name == PYPROJECT else str(file)
    yield f"{'added' if file.name == PYPROJECT else 'wrote'} {place}; `mlsec-lint check` checks the project"
    if above:
        name = os.path.relpath(above[0], file.parent)
        yield f"{above[0]} has held here until now; to hear it again, write extend = {Path(name).as_posix()!r}"
    if found.hook == "no":
        yield f"for a hook beside your others in .pre-commit-config.yaml: {_CI_DOCS}#pre-commit"
    for service in found.ci:
        yield f"for {service}: {_CI_DOCS}"
