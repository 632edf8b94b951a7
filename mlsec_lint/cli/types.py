"""Types of options: read as configuration values are, with the same messages."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from mlsec_lint.catalogue.errors import quoted
from mlsec_lint.config import values
from mlsec_lint.config.errors import WrongValueError
from mlsec_lint.config.settings import FORMATS
from mlsec_lint.findings import Confidence, Profile, Severity
from mlsec_lint.record import dataclass


class Value(click.ParamType):  # type: ignore[type-arg]  # generic for type checkers only, and since click 8.4
    """An option whose text a reader of `config.values` takes."""

    def __init__(self, name: str, reader: Callable[[object], object], words: Sequence[str] = ()) -> None:
        """`words` are shown in the help and offered by the shell."""
        self.name = name
        self._reader = reader
        self._words = words

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """The value; fails with what is wrong and what was probably meant."""
        if not isinstance(value, str):
            return value
        try:
            return self._reader(value)
        except WrongValueError as error:
            self.fail("; ".join(filter(None, (error.message, error.suggestion))), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002  # click's signature
        """The words that fit what is typed so far."""
        return [CompletionItem(word) for word in self._words if word.startswith(incomplete)]

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002  # likewise
        """What the help shows for it."""
        return f"[{'|'.join(self._words)}]" if self._words else self.name.upper()


class NonEmptyPath(click.Path):
    """A path that is not empty: an empty one would mean the working directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401  # click's signature
        """The path; fails for an empty one."""
        if not str(value).strip():
            step = "; write . for the working directory" if self.dir_okay else ""
            self.fail(f"expected a path, got ''{step}", param, ctx)
        return super().convert(value, param, ctx)


class Setting(NonEmptyPath):
    """A configuration file, or a key of one with its value: `fail-on = "high"`."""

    name = "file|key=value"
    envvar_list_splitter = "\n"  # values have spaces

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401  # likewise
        """A path, or the value by its key; fails with what is wrong and what was probably meant."""
        if not isinstance(value, str) or "=" not in value or os.path.exists(value):  # noqa: PTH110  # pathlib raises for a long value
            return super().convert(value, param, ctx)
        from mlsec_lint.config.assignment import read_assignment

        found, mistakes = read_assignment(value)
        if mistakes:
            self.fail("; ".join(filter(None, (mistakes[0].said, mistakes[0].suggestion))), param, ctx)
        return found

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002  # likewise
        """What the help shows for it."""
        return "[FILE|KEY=VALUE]"


class Rules(Value):
    """Rules by id, beginning of ids, name or tag; the shell offers those that there are."""

    def __init__(self, reader: Callable[[object], object], *, one: bool) -> None:
        """`one`: a single rule; else a list with commas, and everything that means several rules."""
        super().__init__("rule" if one else "rules", reader)
        self._one = one

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002  # click's signature
        """What goes on with the last word of the list; in zsh and fish with what each rule is about."""
        from mlsec_lint.cli.rule_words import rule_words

        before, comma, word = ("", "", incomplete) if self._one else incomplete.rpartition(",")
        offered = rule_words(several=not self._one).items()
        return [
            CompletionItem(f"{before}{comma}{name}", help=about)
            for name, about in offered
            if name.lower().startswith(word.lower())
        ]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a report goes, and in which format; None: that of `--format`."""

    file: Path
    format: str | None = None


def _listed(value: object) -> tuple[str, ...]:
    names = tuple(name.strip() for name in str(value).replace("\n", ",").split(",") if name.strip())
    if not names:
        raise WrongValueError("the list is empty")
    return names


def _assumed(value: object) -> tuple[str, str]:
    library, equals, version = str(value).partition("=")
    if not (library.strip() and equals and version.strip("= ")):
        raise WrongValueError(f"{quoted(str(value))} is no LIBRARY=VERSION", "write torch=2.8")
    return values.library(library), values.version(version.strip("= "))


def _target(value: object) -> Target:
    before, equals, after = str(value).partition("=")
    if equals and before.isalpha():
        form = values.output_format(before)
        if not after:
            raise WrongValueError(f"{quoted(str(value))} names no file", f"write {form}=FILE")
        return Target(_file(after), form)
    if equals and not before:
        raise WrongValueError(f"{quoted(str(value))} names no format", f"write FORMAT={after}, or {after} alone")
    return Target(_file(value))


def _file(value: object) -> Path:
    if not str(value).strip():
        raise WrongValueError("expected a file, got ''", "write FILE or FORMAT=FILE")
    return Path(str(value))


def words(*allowed: str) -> Value:
    """One of some words."""
    return Value("word", values.one_of(allowed), allowed)


def _labels(kind: type[Profile | Severity | Confidence]) -> tuple[str, ...]:
    return tuple(member.label for member in kind)


PROFILE = Value("profile", values.PROFILE, _labels(Profile))
SEVERITY = Value("severity", values.SEVERITY, _labels(Severity))
CONFIDENCE = Value("confidence", values.CONFIDENCE, _labels(Confidence))
THRESHOLD = Value("severity", values.threshold, (*_labels(Severity), values.NEVER))
FORMAT = Value("format", values.output_format, FORMATS)
SELECTORS = Rules(_listed, one=False)
RULE = Rules(str, one=True)
ASSUMPTION = Value("lib=ver", _assumed)
SIZE = Value("size", values.size)
SECONDS = Value("seconds", values.seconds)
COUNT = Value("number", values.count)
SETTING = Setting()
NAME = Value("name", values.name)
TARGET = Value("[format=]file", _target)
