"""Readers of configuration values: each takes what TOML gave and returns what `Settings` holds, or raises WrongValueError."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from mlsec_lint.catalogue.errors import did_you_mean, quoted
from mlsec_lint.config.errors import WrongValueError
from mlsec_lint.config.settings import FORMATS
from mlsec_lint.findings import Confidence, Profile, Severity

_Value = TypeVar("_Value")

NEVER = "never"
"""The value of `fail-on` with which no finding makes a run fail."""


def choice(allowed: Mapping[str, _Value]) -> Callable[[object], _Value]:
    """A reader of one of some words, each with what it stands for."""

    def read(value: object) -> _Value:
        if isinstance(value, str) and value in allowed:
            return allowed[value]
        near = did_you_mean(value.strip().lower(), allowed) if isinstance(value, str) else ""
        raise WrongValueError(f"{_shown(value)} is not one of {', '.join(map(repr, allowed))}", near)

    return read


PROFILE = choice({profile.label: profile for profile in Profile})
SEVERITY = choice({severity.label: severity for severity in Severity})
CONFIDENCE = choice({confidence.label: confidence for confidence in Confidence})

threshold: Callable[[object], Severity | None] = choice(
    {**{severity.label: severity for severity in Severity}, NEVER: None}
)
"""A severity, or None for `never`."""


def one_of(words: Iterable[str]) -> Callable[[object], str]:
    """A reader of one of some words."""
    return choice({word: word for word in words})


output_format = one_of(FORMATS)
"""The name of a report format."""


def flag(value: object) -> bool:
    """`true` or `false`."""
    if isinstance(value, bool):
        return value
    raise WrongValueError(f"expected true or false, got {_shown(value)}")


_SIZE = re.compile(r"(\d{1,15})\s*([KMGT]?)(i?)B?", re.ASCII | re.IGNORECASE)


def size(value: object) -> int:
    """A number of bytes above zero, also as a text with its unit: `512 MB`, `2GiB`."""
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found:
        power = "kmgt".index(found[2].lower()) + 1 if found[2] else 0
        value = int(found[1]) * (1024 if found[3] else 1000) ** power
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return int(_bounded(value, MOST_BYTES))
    raise WrongValueError(f"expected a number of bytes above zero, got {_shown(value)}", "write 512 MB or 2 GiB")


def seconds(value: object) -> float:
    """A duration above zero."""
    with contextlib.suppress(ValueError):
        value = float(value) if isinstance(value, str) else value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < float("inf"):
        return float(_bounded(value, MOST_SECONDS))
    raise WrongValueError(f"expected seconds above zero, got {_shown(value)}", "write 60 or 2.5")


MOST_SECONDS = 2**31 - 1
MOST_BYTES = 2**50
"""Larger numbers make the system's calls fail."""


def _bounded(value: float, most: int) -> float:
    if value > most:
        raise WrongValueError(f"expected at most {most:,}")
    return value


def text(value: object) -> str:
    """A text that is not empty; NUL characters stand in no name that the system knows."""
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return value
    raise WrongValueError(f"expected a text, got {_shown(value)}")


def count(value: object) -> int:
    """A whole number above zero."""
    found = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value.strip()) else value
    if isinstance(found, int) and not isinstance(found, bool) and found > 0:
        return int(_bounded(found, MOST_JOBS))
    raise WrongValueError(f"expected a whole number above zero, got {_shown(value)}")


_DIGITS = re.compile(r"[+-]?\d{1,15}", re.ASCII)
MOST_JOBS = 1024


def name(value: object) -> str:
    """A text on one line, without control characters."""
    found = text(value)
    if found.isprintable():
        return found
    raise WrongValueError(f"expected a text on one line, got {_shown(value)}")


def texts(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if isinstance(value, str):
        raise WrongValueError("expected a list of texts, got a text", f"write [{quoted(value)}]")
    if not isinstance(value, list):
        raise WrongValueError(f"expected a list of texts, got {_shown(value)}")
    return tuple(text(item) for item in value)


def patterns(value: object) -> tuple[str, ...]:
    """A list of patterns in gitignore syntax."""
    return tuple(map(_pattern, texts(value)))


def _pattern(line: str) -> str:
    from mlsec_lint.sources.patterns import Patterns  # whoever has patterns needs them anyway

    if Patterns([line]).refused or not Patterns([line]):
        raise WrongValueError(
            f"{quoted(line)} is no usable pattern", "write one as in .gitignore, with at most four groups of stars"
        )
    return line


def hosts(value: object) -> tuple[str, ...]:
    """A list of hosts."""
    return tuple(map(_host, texts(value)))


_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,252})|[0-9a-f:]{2,39}", re.ASCII)
_HOST_IN = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}://)?(?:[^/@]*@)?(?:\*\.)?([a-z0-9_.-]+)(?:[:/].*)?", re.ASCII)


def _host(text: str) -> str:
    found = text.strip().lower()
    if _HOST.fullmatch(found):
        return found
    inside = _HOST_IN.fullmatch(found)
    near = f"write {quoted(inside[1])}: its subdomains are trusted with it" if inside else "write models.example.org"
    raise WrongValueError("expected the name of a host, without address, port or star", near)


def version_table(value: object) -> dict[str, str]:
    """A table of libraries, with a version or specifiers of versions for each."""
    return {library(name): _within(name, version, item) for name, item in _table(value).items()}


_LIBRARY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?", re.ASCII)


def library(value: object) -> str:
    """The name of a library."""
    found = text(value).strip()
    if _LIBRARY.fullmatch(found):
        return found
    raise WrongValueError(f"{_shown(value)} is no name of a library", "write torch")


def version(value: object) -> str:
    """A version (`2.8`) or specifiers (`>=2.6,<3`) as pip takes them."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # few have this key

    found = text(value).strip()
    try:
        SpecifierSet(f"=={found}" if found[0].isalnum() else found)
    except InvalidSpecifier:
        raise WrongValueError(f"{_shown(value)} is no version", "write 2.8, or >=2.6,<3") from None
    return found


def pattern_table(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A table of patterns with a list of texts for each, in its order."""
    return tuple((_pattern(name), _within(name, texts, item)) for name, item in _table(value).items())


def severity_table(value: object) -> tuple[tuple[str, Severity], ...]:
    """A table whose values are severities, in its order."""
    return tuple((name, _within(name, SEVERITY, item)) for name, item in _table(value).items())


def _within(name: str, reader: Callable[[object], _Value], value: object) -> _Value:
    try:
        return reader(value)
    except WrongValueError as mistake:
        raise WrongValueError(mistake.message, mistake.suggestion, part=name) from None


def _table(value: object) -> dict[str, object]:
    if isinstance(value, dict):
        return value
    raise WrongValueError(f"expected a table, got {_shown(value)}")


def _shown(value: object) -> str:
    """The value as an error may show it."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not abs(value) > _MOST_SHOWN:
        return f"the number {value}"
    return _KINDS.get(type(value), "something else")


_MOST_SHOWN = 10**15
"""Larger numbers, some of which Python refuses to write, are only called a number."""

_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
}
