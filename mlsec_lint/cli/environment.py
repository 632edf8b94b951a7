"""Variables of the environment that set options: which there are, and what to say of a wrong one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import click
from click.core import ParameterSource

from mlsec_lint.cli.streams import say

PREFIX = "MLSEC_LINT_"
OF_CHECK = f"{PREFIX}CHECK_"

_OTHERS = frozenset({f"{PREFIX}CACHE_DIR", f"{PREFIX}NO_CACHE", f"{PREFIX}TRACEBACK"})
"""Variables that are no option's own."""


def variables_of(option: click.Parameter, context: click.Context) -> Iterator[str]:
    """The variables that set an option: that of its own first."""
    own = [option.envvar] if isinstance(option.envvar, str) else option.envvar or []
    yield from (name for name in own if name)
    if context.auto_envvar_prefix and option.name and getattr(option, "allow_from_autoenv", False):
        yield f"{context.auto_envvar_prefix}_{option.name.upper()}"


def from_environment(error: click.BadParameter) -> click.BadParameter:
    """The error, naming the variable if the wrong value came from one."""
    option, context = error.param, error.ctx
    if option is None or context is None or option.name is None:
        return error
    if context.get_parameter_source(option.name) is ParameterSource.ENVIRONMENT:
        named = [name for name in variables_of(option, context) if os.environ.get(name)]
        error.param_hint = f"{named[0]} in the environment"
    return error


def warn_of_unknown(environment: Mapping[str, str] = os.environ) -> None:
    """Say which variables look as if they were meant for `check` and are not."""
    ours = [name for name in sorted(environment) if name.startswith(PREFIX) and name not in _OTHERS]
    if not ours:
        return
    from mlsec_lint.catalogue.errors import did_you_mean
    from mlsec_lint.cli.check import check_command

    known = {f"{OF_CHECK}{option.name.upper()}" for option in check_command.params if option.name} - {
        f"{OF_CHECK}PATHS"
    }
    for name in ours:
        if name.startswith(OF_CHECK) and name not in known:
            near = did_you_mean(name.removeprefix(OF_CHECK), [item.removeprefix(OF_CHECK) for item in known])
            hint = near.replace("'", f"'{OF_CHECK}", 1)
            say(
                f"warning: no option has the variable {name!r}; {hint or '`mlsec-lint check --help` shows the options'}"
            )
        elif f"{OF_CHECK}{name.removeprefix(PREFIX)}" in known:
            say(f"warning: nothing reads the variable {name!r}; did you mean '{OF_CHECK}{name.removeprefix(PREFIX)}'?")
