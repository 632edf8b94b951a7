"""What the command line and the environment set above every configuration file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from mlsec_lint.catalogue.errors import UnknownSelector
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.config.keys import field_name
from mlsec_lint.config.settings import SELECTORS

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
    files = [item for item in given["config"] if isinstance(item, Path)]
    if len(files) > 1:
        raise click.UsageError(f"--config names one file, not {' and '.join(map(str, files))}", context)
    assigned = _assigned(item for item in given["config"] if isinstance(item, dict))
    sources = {**dict.fromkeys(assigned, source_of(context, "config")), **sources}
    config = files[0] if files else None
    return Configuration(root, {**assigned, **overrides}, config, isolated=given["isolated"], sources=sources)


def _assigned(tables: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The settings that `--config KEY=VALUE` gives; an option of its own stands above them. Paths start here."""
    found = {field_name(key): value for table in tables for key, value in table.items()}
    if "rules" in found:
        found["rules"] = tuple(Path(name).absolute() for name in found["rules"])
    if "baseline" in found:
        found["baseline"] = Path(found["baseline"]).absolute()
    return found


def unknown_selector(context: click.Context, error: UnknownSelector) -> click.UsageError:
    """The error for people: it names the option or the variable that has the selector."""
    given = context.params
    named = (source_of(context, name) for name in (*SELECTORS, "config") if error.selector in _selectors(given, name))
    return click.UsageError(": ".join((*named, str(error))), context)


def _selectors(given: Mapping[str, Any], name: str) -> Iterable[str]:
    if name == "config":
        return [word for item in given[name] if isinstance(item, dict) for word in _words(item)]
    return given.get(name) or ()


def _words(table: Mapping[str, Any]) -> Iterable[str]:
    return (word for name in SELECTORS for word in table.get(name.replace("_", "-"), ()))


def source_of(context: click.Context, name: str) -> str:
    """Where an option has its value from, as people name it: `--profile`, or `MLSEC_LINT_CHECK_PROFILE`."""
    option = next(item for item in context.command.params if item.name == name)
    if context.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
        from mlsec_lint.cli.environment import variables_of

        return next(name for name in variables_of(option, context) if os.environ.get(name))
    return option.opts[0]
