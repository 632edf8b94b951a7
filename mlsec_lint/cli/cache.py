"""`mlsec-lint cache`: the results of earlier runs."""

from __future__ import annotations

from pathlib import Path

import click

from mlsec_lint.cache.folder import Unusable, default_folder
from mlsec_lint.cache.store import clear
from mlsec_lint.cli.failure import Failure
from mlsec_lint.cli.options import cache_folder


@click.group("cache", short_help="Clear the cache, or say where it lies.")
def cache_command() -> None:
    """Clear the cache of results, or say where it lies."""


@cache_command.command("clear")
@cache_folder
def clear_command(cache_dir: Path | None) -> None:
    """Forget the results of all earlier runs."""
    folder = _folder(cache_dir)
    try:
        found = clear(folder)
    except OSError as error:
        raise Failure(f"{folder}: {error.strerror}") from error
    click.echo(f"cleared {folder}" if found else f"nothing was kept in {folder}")


@cache_command.command("dir")
@cache_folder
def dir_command(cache_dir: Path | None) -> None:
    """Say where results are kept."""
    click.echo(_folder(cache_dir))


def _folder(named: Path | None) -> Path:
    try:
        return named or default_folder()
    except Unusable as error:
        raise Failure(str(error)) from error
