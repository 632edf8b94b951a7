"""The catalogue that the commands about rules speak of."""

from __future__ import annotations

from pathlib import Path

import click

from mlsec_lint.catalogue.catalogue import Catalogue, load_catalogue
from mlsec_lint.catalogue.errors import PackError
from mlsec_lint.cli import types
from mlsec_lint.cli.failure import Failure
from mlsec_lint.config.configuration import Configuration

rules_option = click.option(
    "--rules",
    "packs",
    type=types.NonEmptyPath(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Look into the rules of this folder as well; repeatable.",
)


def known_rules(packs: tuple[Path, ...]) -> Catalogue:
    """The bundled rules, those of the configuration around the working directory, and those of `packs`."""
    directory = Path.cwd()
    configured = () if packs else Configuration(directory, {}).of(directory).rules
    try:
        return load_catalogue([*configured, *packs])
    except PackError as error:
        raise Failure(str(error)) from error
