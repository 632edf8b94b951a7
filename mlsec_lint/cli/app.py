"""The commands; each is imported when it is asked for."""

from __future__ import annotations

import importlib
import os
from typing import Any

import click

from mlsec_lint import __version__
from mlsec_lint.cli.streams import output_told_apart

_COMMANDS = {
    "baseline": "baseline",
    "cache": "cache",
    "check": "check",
    "completion": "completion",
    "config": "config",
    "init": "init",
    "rule": "explain",
    "rules": "listing",
    "suppressions": "suppressions",
    "test": "fixtures",
    "version": "version",
}
"""Each command with the module of this package that holds it."""

_ALIASES = {"explain": "rule", "show-settings": "config"}
"""What people type who know other linters."""


_USUAL = frozenset({"MLSEC_LINT_CACHE_DIR", "MLSEC_LINT_NO_CACHE"})
"""Variables that need no second look."""


class _Commands(click.Group):
    """A group that imports its commands late and suggests the one that was meant."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401  # click's signature
        with output_told_apart():  # `--help` and `--version` print here
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's signature
        if any(name.startswith("MLSEC_LINT_") for name in os.environ.keys() - _USUAL):
            from mlsec_lint.cli.environment import warn_of_unknown

            warn_of_unknown()
        try:
            with output_told_apart():  # click would end the program with 1, which means findings
                return super().invoke(ctx)
        except click.BadParameter as error:
            from mlsec_lint.cli.environment import from_environment

            raise from_environment(error) from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # likewise
        cmd_name = _ALIASES.get(cmd_name, cmd_name)
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(f"mlsec_lint.cli.{_COMMANDS[cmd_name]}"), f"{cmd_name}_command")
        if not isinstance(command, click.Command):
            raise TypeError(f"{cmd_name} is no command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in {*_COMMANDS, *_ALIASES} and not name.startswith("-"):
            from mlsec_lint.catalogue.errors import did_you_mean

            hint = did_you_mean(name, _COMMANDS) or f"did you mean 'check {name}'?"
            raise click.UsageError(f"there is no command '{name}'; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    context_settings={"auto_envvar_prefix": "MLSEC_LINT", "help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "-V", "--version", prog_name="mlsec-lint", message="%(prog)s %(version)s")
def app() -> None:
    """Find security problems in the Python code and notebooks of ML and LLM projects."""
