"""What the command line and the environment set above every configuration file."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.core import ParameterSource

from mlsec_lint.catalogue.errors import UnknownSelector
from mlsec_lint.cli.environment import variables_of
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


_SELECTORS = ("select", "ignore", "extend_select")


def unknown_selector(context: click.Context, error: UnknownSelector) -> click.UsageError:
    """The error for people: it names the option or the variable that has the selector."""
    given = context.params
    named = (source_of(context, name) for name in _SELECTORS if error.selector in (given[name] or ()))
    return click.UsageError(": ".join((*named, str(error))), context)


def source_of(context: click.Context, name: str) -> str:
    """Where an option has its value from, as people name it: `--profile`, or `MLSEC_LINT_CHECK_PROFILE`."""
    option = next(item for item in context.command.params if item.name == name)
    if context.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
        return next(name for name in variables_of(option, context) if os.environ.get(name))
    return option.opts[0]
