"""What the command line and the environment set above every configuration file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from click.core import ParameterSource

from mlsec_lint.config.configuration import Configuration

SETTINGS = (
    *("timeout", "max_memory", "max_file_size"),
    *("profile", "min_severity", "min_confidence", "fail_on", "force_exclude", "format"),
    *("select", "ignore", "extend_select", "rules", "assume", "baseline"),
)
"""The options that stand above the configuration, by the name of their setting."""

SWITCHES = ("bandit", "ignores")
"""Settings that an option `--no-…` turns off."""


def configuration_of(context: click.Context, root: Path) -> Configuration:
    """The configuration of a run in `root`, under the options of its command."""
    given = context.params
    overrides = {name: given[name] for name in SETTINGS if given.get(name) is not None}
    overrides.update({name: False for name in SWITCHES if given.get(f"no_{name}")})
    options = {name: f"no_{name}" if name in SWITCHES else name for name in overrides}
    if given.get("no_baseline"):
        if "baseline" in overrides:
            raise click.UsageError("--baseline and --no-baseline contradict each other; give one of them", context)
        overrides["baseline"], options["baseline"] = None, "no_baseline"
    sources = {name: source_of(context, option) for name, option in options.items()}
    return Configuration(root, overrides, given["config"], isolated=given["isolated"], sources=sources)


def source_of(context: click.Context, name: str) -> str:
    """Where an option has its value from, as people name it: `--profile`, or `MLSEC_LINT_CHECK_PROFILE`."""
    option = next(item for item in context.command.params if item.name == name)
    if context.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
        return next(variables_of(option, context))
    return option.opts[0]


def variables_of(option: click.Parameter, context: click.Context) -> Iterator[str]:
    """The variables of the environment that set an option: that of its own first."""
    own = [option.envvar] if isinstance(option.envvar, str) else option.envvar or []
    yield from (name for name in own if name)
    if context.auto_envvar_prefix and option.name and getattr(option, "allow_from_autoenv", False):
        yield f"{context.auto_envvar_prefix}_{option.name.upper()}"
