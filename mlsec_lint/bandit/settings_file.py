"""Bandit's configuration files, read as data: `[tool.bandit]`, a `.bandit` file, or the YAML that `bandit -c` takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

import tomli

from mlsec_lint.bandit.settings import BanditSettings, PluginOption
from mlsec_lint.mistake import Mistake
from mlsec_lint.record import dataclass

MAX_BYTES = 1024 * 1024
"""Of one file; a configuration is a few kilobytes."""

_MOST_YAML = 256 * 1024
"""Characters: its reader takes seconds for a megabyte. What Bandit generates has 15,000."""

_DEEPEST = 20
"""Brackets in brackets: the time that each token takes its reader grows with their number. Bandit's options need two."""

_TEST = re.compile(r"B\d{3}")
_IGNORED = frozenset({"include", "plugin_name_pattern", "profiles"})
"""Keys that Bandit knows and that mean nothing here: which files are checked is our own configuration's affair."""


class BanditSettingsError(Mistake):
    """One mistake in one of Bandit's configuration files; its keys are those inside Bandit's table."""


@dataclass(slots=True)
class _Reader:
    """Takes what is right out of a table and notes what is not."""

    file: str
    mistakes: list[BanditSettingsError] = field(default_factory=list)

    def wrong(self, key: str, message: str, suggestion: str) -> None:
        self.mistakes.append(BanditSettingsError(self.file, key, message, suggestion))

    def texts(self, key: str, value: object) -> tuple[str, ...] | None:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(key, "takes a list of texts", f'write {key} = ["…"]')
        return None

    def flag(self, key: str, value: object) -> bool | None:
        if isinstance(value, bool):
            return value
        self.wrong(key, "takes true or false", f"write {key} = true")
        return None

    def number(self, key: str, value: object) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.wrong(key, "takes a whole number", f"write {key} = 2048")
        return None

    def tests(self, key: str, value: object) -> frozenset[str]:
        ids = self.texts(key, value) or ()
        for test in ids:
            if not _TEST.fullmatch(test):
                self.wrong(key, f"{test!r} is no test id", "write ids such as B101")
        return frozenset(filter(_TEST.fullmatch, ids))


_Value = Callable[[_Reader, str, object], "bool | int | tuple[str, ...] | None"]
_OPTIONS: Mapping[str, Mapping[str, _Value]] = {
    "assert_used": {"skips": _Reader.texts},
    "hardcoded_tmp_directory": {"tmp_dirs": _Reader.texts},
    "markupsafe_xss": dict.fromkeys(("extend_markup_names", "allowed_calls"), _Reader.texts),
    "shell_injection": dict.fromkeys(("subprocess", "shell", "no_shell"), _Reader.texts),
    "ssl_with_bad_version": {"bad_protocol_versions": _Reader.texts},
    "try_except_continue": {"check_typed_exception": _Reader.flag},
    "try_except_pass": {"check_typed_exception": _Reader.flag},
    "weak_cryptographic_key": {
        f"weak_key_size_{kind}_{level}": _Reader.number for kind in ("dsa", "rsa", "ec") for level in ("high", "medium")
    },
}
"""The tables that Bandit 1.9's plugins take, and the type of each option."""


def read_settings(path: Path) -> tuple[BanditSettings, tuple[BanditSettingsError, ...]]:
    """What a configuration file tells Bandit, as far as it is right, and every mistake in it. Raises nothing.

    The name decides on the format: `*.toml` has a table `[tool.bandit]`, `*.yaml` and `*.yml` are Bandit's YAML, all
    else (`.bandit`, `*.ini`) is an INI file with a section `[bandit]`.
    """
    try:
        table = _table(path, _read(path))
    except BanditSettingsError as mistake:
        return BanditSettings(), (mistake,)
    return from_table(table, str(path))


def read_table(path: Path) -> Mapping[str, object]:
    """All that a configuration file tells Bandit; of an INI file texts, with lists where Bandit splits them.

    Raises BanditSettingsError.
    """
    text = _read(path)
    if path.suffix in {".toml", ".yaml", ".yml"}:
        return _table(path, text)
    return {**_section(str(path), text), **_table(path, text)}


def from_table(table: Mapping[str, object], file: str) -> tuple[BanditSettings, tuple[BanditSettingsError, ...]]:
    """What a table `[tool.bandit]` says, as far as it is right, and every mistake in it; `file` is named in those."""
    reader = _Reader(file)
    for key in sorted(table.keys() - _OPTIONS.keys() - _IGNORED - {"tests", "skips", "exclude_dirs"}):
        reader.wrong(key, "Bandit's built-in checks know no such key", "remove it, or see Bandit's documentation")
    settings = BanditSettings(
        tests=reader.tests("tests", table.get("tests") or []),
        skips=reader.tests("skips", table.get("skips") or []),
        exclude_dirs=reader.texts("exclude_dirs", table.get("exclude_dirs") or []) or (),
        options=tuple(_options(reader, table)),
    )
    return settings, tuple(reader.mistakes)


def _options(reader: _Reader, table: Mapping[str, object]) -> Iterator[PluginOption]:
    for name in sorted(table.keys() & _OPTIONS.keys()):
        options = table[name]
        if not isinstance(options, dict):
            reader.wrong(name, "takes a table", f"write [tool.bandit.{name}]")
            continue
        for option, value in options.items():
            key, read = f"{name}.{option}", _OPTIONS[name].get(option)
            if read is None:
                reader.wrong(key, "no such option", f"known: {', '.join(_OPTIONS[name])}")
            elif (taken := read(reader, key, value)) is not None:
                yield PluginOption(name, option, taken)


def _read(path: Path) -> str:
    file = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise BanditSettingsError(file, "", f"cannot be read ({error.strerror})", "check its name and rights") from None
    if len(data) > MAX_BYTES:
        raise BanditSettingsError(file, "", "is larger than 1 MiB", "name Bandit's configuration file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BanditSettingsError(file, "", "is not UTF-8 text", "name Bandit's configuration file") from None


def _table(path: Path, text: str) -> Mapping[str, object]:
    formats = {".toml": _toml, ".yaml": _yaml, ".yml": _yaml}
    table = formats.get(path.suffix, _ini)(str(path), text)
    if not isinstance(table, dict) or not all(isinstance(key, str) for key in table):
        raise BanditSettingsError(str(path), "", "holds no table of settings", "see Bandit's documentation")
    return table


def _toml(file: str, text: str) -> object:
    try:
        tool = tomli.loads(text).get("tool", {})
    except tomli.TOMLDecodeError as error:
        raise BanditSettingsError(file, "", f"is no TOML ({error})", "mend that place") from None
    except (RecursionError, ValueError):  # nested too deeply; a date that does not exist
        raise BanditSettingsError(file, "", "is no TOML", "no option takes a date or a nested list") from None
    return tool.get("bandit", {}) if isinstance(tool, dict) else {}


def _yaml(file: str, text: str) -> object:
    import yaml  # only who uses this format waits for it; Bandit depends on it

    if len(text) > _MOST_YAML:
        raise BanditSettingsError(file, "", f"is larger than {_MOST_YAML // 1024} KiB", "name Bandit's configuration")
    try:
        depth = 0
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AliasToken):
                step = "write out what it stands for"  # a few aliases can stand for more than any memory holds
                raise BanditSettingsError(file, "", "names another part of itself (`*name`)", step)
            depth += isinstance(token, (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken))
            depth -= isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken))
            if depth > _DEEPEST:
                raise BanditSettingsError(file, "", "is no YAML that Bandit takes", "no option takes a nested list")
        return yaml.safe_load(text) or {}
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark else ""
        raise BanditSettingsError(file, "", f"is no YAML{place}", "mend that place") from None


def _section(file: str, text: str) -> dict[str, str]:
    import configparser  # likewise

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
        return dict(parser.items("bandit"))
    except configparser.Error as error:
        raise BanditSettingsError(file, "", type(error).__name__, "write a section [bandit]") from None


def _ini(file: str, text: str) -> object:
    section = _section(file, text)
    lists = {"tests": "tests", "skips": "skips", "exclude": "exclude_dirs"}
    return {ours: _comma_list(section[theirs]) for theirs, ours in lists.items() if theirs in section}


def _comma_list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
