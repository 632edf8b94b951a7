"""Carries a configuration of Bandit's over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from mlsec_lint.bandit.settings_file import BanditSettingsError, from_table, read_table
from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.config.settings import FORMATS
from mlsec_lint.migration.carried import Carried, Value
from mlsec_lint.migration.patterns import pattern_of
from mlsec_lint.record import dataclass

_LEVELS = {"2": "low", "3": "medium", "4": "high", "low": "low", "medium": "medium", "high": "high"}
"""Bandit counts its options `-l` and `-i` from 1: `2` is what `-l` gives, `4` what `-lll` gives."""

_THRESHOLDS = {"level": "min-severity", "confidence": "min-confidence"}

_NOTHING = frozenset({"", "0", "1", "all", "undefined"})
"""Levels from which Bandit shows everything."""

_ELSEWHERE = {
    "targets": "name them on the command line: `mlsec-lint check {value}`",
    "baseline": "carry it over as well: `--from-bandit {value}`",
    "configfile": "carry that file over: `--from-bandit {value}`",
    "output": "name it on the command line: `--output {value}`",
    "ignore-nosec": "on the command line that is `--no-ignores`",
    "quiet": "on the command line that is `--quiet`",
    "profile": "Bandit's profiles have no counterpart; select rules with `select` and `ignore`",
    "profiles": "Bandit's profiles have no counterpart; select rules with `select` and `ignore`",
    "include": "Python files, scripts and notebooks are found by themselves",
    "recursive": "folders are always searched",
    "exclude": "",
}
"""Keys without a setting of ours, with what there is in their place; empty: it is carried over under another name."""


@dataclass(slots=True)
class _Carrier:
    """What has been carried over so far."""

    file: str
    values: dict[str, Value] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def remark(self, key: str, said: str) -> None:
        self.remarks.append(f"{self.file}: {key}: {said}")


def carried(path: Path, shown: str, catalogue: Catalogue) -> Carried:
    """What a configuration file of Bandit's says in our words; `shown` is its name in remarks.

    Raises BanditSettingsError for a file that cannot be read or has no settings of Bandit's.
    """
    table = read_table(path)
    if not table:
        raise BanditSettingsError(shown, "", "says nothing to Bandit", "name Bandit's configuration file")
    carrier = _Carrier(shown)
    settings, mistakes = from_table({key: value for key, value in table.items() if not _is_of_ini(key)}, shown)
    for item in mistakes:
        carrier.remark(item.key, f"not carried over, {item.message}")
    _tests(carrier, settings.tests, settings.skips, catalogue)
    _excludes(carrier, settings.exclude_dirs)
    for key in sorted(table.keys() & {*_THRESHOLDS, *_ELSEWHERE, "format"} | set(filter(_is_of_ini, table))):
        _other(carrier, key, table[key])
    for name in dict.fromkeys(option.table for option in settings.options):
        _options(carrier, name, {item.name: item.value for item in settings.options if item.table == name}, path)
    if path.suffix == ".toml":
        said = "its `tests`, `skips` and options are heeded as long as it stands; remove what is carried over"
        carrier.remark("[tool.bandit]", said)
    return Carried(carrier.values, tuple(carrier.remarks))


def _is_of_ini(key: str) -> bool:
    """Whether a key can only stand in a `.bandit` file, which gives options of the command line."""
    return key in {*_THRESHOLDS, "format", *_ELSEWHERE, *_OUTPUT} - {"include", "profiles"}


_OUTPUT = frozenset({"aggregate", "number", "msg-template", "verbose", "debug"})


def _tests(carrier: _Carrier, tests: Iterable[str], skips: Iterable[str], catalogue: Catalogue) -> None:
    chosen, skipped = (_known(carrier, name, ids, catalogue) for name, ids in (("tests", tests), ("skips", skips)))
    if chosen:
        carrier.values["select"] = ("MLS", *chosen)
        carrier.remark("tests", "of Bandit's checks only these run; beside them run the rules of this linter (`MLS`)")
    else:
        said = (
            'the profile `default` shows few of Bandit\'s checks; `extend-select = ["B"]` shows all that Bandit shows'
        )
        carrier.remark("tests", said)
    if skipped:
        carrier.values["ignore"] = skipped
    for check in skipped:
        rules = [rule.id for rule in catalogue.pack.rules if check in rule.refines]
        if rules:
            said = f"{check} is ignored; rules of this linter look at the same more closely: {', '.join(sorted(rules))}"
            carrier.remark("skips", f"{said}; ignore them as well to hear nothing of it")


def _known(carrier: _Carrier, key: str, ids: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    for id_ in sorted(set(ids) - catalogue.bandit.keys()):
        carrier.remark(key, f"{id_} is not carried over: it is no check of Bandit's own in the version that runs here")
    return tuple(sorted(set(ids) & catalogue.bandit.keys()))


def _excludes(carrier: _Carrier, excluded: Iterable[str]) -> None:
    patterns: list[str] = []
    for text in excluded:
        pattern = pattern_of(text)
        if pattern:
            patterns.append(pattern)
        else:
            said = "one path is not carried over, gitignore patterns cannot say it; write it into `extend-exclude`"
            carrier.remark("exclude_dirs", said)
    if patterns:
        carrier.values["extend-exclude"] = tuple(dict.fromkeys(patterns))


def _other(carrier: _Carrier, key: str, value: object) -> None:
    said = str(value).strip()
    if key in _THRESHOLDS and said.lower() in _LEVELS:
        carrier.values[_THRESHOLDS[key]] = _LEVELS[said.lower()]
    elif key in _THRESHOLDS and said.lower() not in _NOTHING:
        carrier.remark(key, f"not carried over; `{_THRESHOLDS[key]}` takes `low`, `medium` or `high`")
    elif key == "format" and said in FORMATS:
        carrier.values["format"] = said
    elif key == "format":
        carrier.remark(key, f"not carried over; the formats here are {', '.join(FORMATS)}")
    elif _ELSEWHERE.get(key):
        shown = " ".join(said.replace(",", " ").split()) if said.isprintable() and len(said) <= _LONGEST else "…"
        carrier.remark(key, f"not carried over; {_ELSEWHERE[key].format(value=shown)}")
    elif key in _OUTPUT:
        carrier.remark(key, "not carried over; it has no counterpart")


_LONGEST = 200
"""Characters of a value that a remark repeats."""


def _options(carrier: _Carrier, name: str, options: Mapping[str, object], path: Path) -> None:
    if name == "assert_used":
        _asserts(carrier, options.get("skips"))
    elif path.suffix != ".toml":
        said = f"its options are not carried over; they are heeded in pyproject.toml, under [tool.bandit.{name}]"
        carrier.remark(name, said)


def _asserts(carrier: _Carrier, skips: object) -> None:
    """Files in which `assert` is fine."""
    given = [text for text in skips if isinstance(text, str)] if isinstance(skips, tuple) else []
    patterns = {text: pattern_of(text) for text in given}
    found = {pattern: ("B101",) for pattern in patterns.values() if pattern}
    if found:
        carrier.values["per-file-ignores"] = found
    if not all(patterns.values()):
        carrier.remark("assert_used.skips", "one pattern is not carried over; write it into `per-file-ignores`")


def configurations_in(folder: Path) -> Iterator[Path]:
    """The files of a folder that configure Bandit, by their names; of `pyproject.toml` only one that speaks of it."""
    for name in (".bandit", "bandit.yaml", "bandit.yml", "pyproject.toml"):
        file = folder / name
        if file.is_file() and (name != "pyproject.toml" or _speaks_of_bandit(file)):
            yield file


def _speaks_of_bandit(file: Path) -> bool:
    try:
        return bool(read_table(file))
    except BanditSettingsError:
        return False  # somebody else's file, whose mistakes `init` tells
