"""The catalogue that the commands about rules speak of."""

from __future__ import annotations

from pathlib import Path

import click

from mlsec_lint.catalogue.catalogue import Catalogue, load_catalogue
from mlsec_lint.catalogue.errors import PackError
from mlsec_lint.cli import types
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.report.escape import visible, without_command

rules_option = click.option(
    "--rules",
    "packs",
    type=types.NonEmptyPath(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Look into the rules of this folder as well; repeatable.",
)


class Failure(click.ClickException):
    """The job could not be done; what files of the project say in the message can give no command."""

    exit_code = 2

    def format_message(self) -> str:
        """Line by line, for errors of a rule pack are several."""
        return "\n".join(without_command(visible(line)) for line in self.message.split("\n"))


def known_rules(packs: tuple[Path, ...]) -> Catalogue:
    """The bundled rules, those of the configuration around the working directory, and those of `packs`."""
    directory = Path.cwd()
    configured = () if packs else Configuration(directory, {}).of(directory).rules
    try:
        return load_catalogue([*configured, *packs])
    except PackError as error:
        raise Failure(str(error)) from error
