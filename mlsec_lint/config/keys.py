"""The keys of our table: which field of `Settings` each fills, and how its value is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlsec_lint.catalogue.errors import did_you_mean
from mlsec_lint.config import values
from mlsec_lint.config.errors import ConfigError, WrongValueError
from mlsec_lint.record import dataclass

EXTEND = "extend"
"""The key that names a file whose values hold where this one is silent."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of our table."""

    read: Callable[[object], object]
    """Returns what `Settings` holds, or raises WrongValueError."""
    says: str
    """What it means, as docs/configuration.md and editors show it; code stands in backquotes."""


KEYS: Mapping[str, Key] = {
    "select": Key(
        values.texts,
        "run these rules only: ids (`MLS103`), prefixes (`MLS1`, `B6`), names, tags, or `ALL`",
    ),
    "extend-select": Key(values.texts, "run these as well"),
    "ignore": Key(values.texts, "do not run these; the most specific selector wins, of two equal ones `ignore`"),
    "profile": Key(values.PROFILE, "how much to show"),
    "min-severity": Key(values.SEVERITY, "show findings from this severity on"),
    "min-confidence": Key(values.CONFIDENCE, "show findings from this confidence on"),
    "fail-on": Key(values.threshold, "end with 1 for findings from this severity on"),
    "exclude": Key(values.patterns, "leave these out instead of the built-in ones"),
    "extend-exclude": Key(values.patterns, "leave these out as well"),
    "respect-gitignore": Key(values.flag, "leave out what git ignores and does not track"),
    "force-exclude": Key(values.flag, "excludes hold for files that are named one by one, too"),
    "severity": Key(
        values.severity_table,
        "these findings are as severe as this, whatever the rule says; the most specific selector wins",
    ),
    "per-file-select": Key(values.pattern_table, "run these rules only, in the files that match"),
    "per-file-ignores": Key(values.pattern_table, "do not show these rules' findings in the files that match"),
    "baseline": Key(
        values.name,
        "keep back the findings that this [baseline](baseline.md) holds; that of the run's own folder counts",
    ),
    "rules": Key(values.texts, "[rule packs](writing-rules.md) of your own"),
    "assume": Key(values.version_table, "take this version, whatever the project pins"),
    "trusted-hosts": Key(values.hosts, "hosts of your own, from which loading is fine"),
    "bandit": Key(values.flag, "run Bandit's checks"),
    "require-reason": Key(values.flag, "a suppression comment without a reason is a finding, `MLS994`"),
    "format": Key(values.output_format, "how to write the report"),
    "max-file-size": Key(values.size, "a larger file is reported as not checked"),
    "max-memory": Key(values.size, "a file that takes more is reported as not checked"),
    "timeout": Key(values.seconds, "a file that takes longer is reported as not checked"),
    EXTEND: Key(values.text, "another configuration whose values hold where this one is silent"),
}


def field_name(key: str) -> str:
    """The field of `Settings` that a key fills."""
    return key.replace("-", "_")


def read(table: Mapping[str, object], file: str) -> tuple[dict[str, object], tuple[ConfigError, ...]]:
    """The values of a table by key, and what is wrong with the rest of it."""
    found: dict[str, object] = {}
    mistakes: list[ConfigError] = []
    for key, value in table.items():
        try:
            found[key] = _reader(key)(value)
        except WrongValueError as mistake:  # noqa: PERF203  # each key's mistake is told, and there are some twenty keys
            place = f"{key}.{mistake.part}" if mistake.part else key
            mistakes.append(ConfigError(file, place, mistake.message, mistake.suggestion))
    return found, tuple(mistakes)


def _reader(key: str) -> Callable[[object], object]:
    if key in KEYS:
        return KEYS[key].read
    if key == "tool":
        raise WrongValueError("unknown key", "write the keys without [tool.mlsec-lint]: that is for pyproject.toml")
    nearest = did_you_mean(key.replace("_", "-").lower(), KEYS)
    raise WrongValueError("unknown key", nearest or f"the keys are {', '.join(sorted(KEYS))}")
