"""`mlsec-lint version`: as the option does."""

from __future__ import annotations

import click

from mlsec_lint import __version__


@click.command("version", short_help="Say which version this is.")
def version_command() -> None:
    """Say which version this is."""
    click.echo(f"mlsec-lint {__version__}")
