"""`mlsec-lint completion`: what a shell needs in order to complete our command line."""

from __future__ import annotations

import os
import sys
from pathlib import PurePosixPath

import click
from click.shell_completion import ShellComplete, get_completion_class

from mlsec_lint.cli import types

_PROGRAM = "mlsec-lint"
_VARIABLE = "_MLSEC_LINT_COMPLETE"
"""With it the script asks the program; click derives the same name from the program's."""

SHELLS = {
    "bash": 'eval "$(mlsec-lint completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(mlsec-lint completion zsh)"   in ~/.zshrc, after compinit',
    "fish": "mlsec-lint completion fish > ~/.config/fish/completions/mlsec-lint.fish",
}
"""Each shell with the way to switch the completion on."""


_EPILOG = "\b\n" + "\n".join(f"{shell:<6} {how}" for shell, how in SHELLS.items())  # \b: click keeps these lines


@click.command("completion", short_help="Print the completion for a shell.", epilog=_EPILOG)
@click.argument("shell", type=types.words(*SHELLS), required=False)
def completion_command(shell: str | None) -> None:
    """Print the script that completes commands, options, rules and values in bash, zsh or fish; default is your shell."""
    shell = shell or PurePosixPath(os.environ.get("SHELL", "")).name
    if shell not in SHELLS:
        raise click.UsageError(f"name the shell: mlsec-lint completion {'|'.join(SHELLS)}")
    kind = get_completion_class(shell)
    if kind is None:
        raise TypeError(f"click knows no {shell}")
    completion = kind(click.get_current_context().find_root().command, {}, _PROGRAM, _VARIABLE)
    click.echo(ShellComplete.source(completion))  # that of bash would start a bash, to ask for its version
    if sys.stdout.isatty():
        click.echo(f"To switch it on: {SHELLS[shell]}", err=True)
