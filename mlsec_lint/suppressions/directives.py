"""Reads what a comment asks for: `# mlsec: ignore[MLS101] reason`, Bandit's `# nosec B614`, or Ruff's `# noqa: S301`."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from mlsec_lint.record import dataclass
from mlsec_lint.suppressions.comments import Comment

_OWN = re.compile(r"#\s*mlsec\s*:\s*")
_REQUEST = re.compile(r"(?P<verb>[\w-]*)\s*(?:\[(?P<names>[^\]#]*)\])?\s*(?P<reason>.*)")
_NOSEC = re.compile(r"#\s*nosec\b:?\s*(?P<names>(?:B\d{3}[\s,]*)*)(?P<reason>[^#]*)")
_NOQA = re.compile(r"#\s*(?i:noqa)\s*:\s*(?P<names>[A-Z]+\d+(?:[\s,]+[A-Z]+\d+)*)\b(?P<reason>[^#]*)", re.ASCII)
_NEXT = re.compile(r"#\s*(?:mlsec\s*:|nosec\b|noqa\b|type:|pragma:|pylint:)")
"""Where another tool's comment starts: the reason ends there, but not at the `#` of `see #123`."""

_UNTIL = re.compile(r"(?<!\S)until=(?P<date>[^\s,;]*)[,;]?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_RUFF_CODE = re.compile(r"S\d{3}", re.ASCII)


class Form(enum.Enum):
    """What a comment speaks for."""

    LINE = "ignore"
    """The statement that it trails, stands in or stands directly above."""
    FILE = "ignore-file"
    START = "disable"
    END = "enable"
    NOSEC = "nosec"
    """Written for Bandit: without names it speaks for every rule that refines one of Bandit's checks."""
    NOQA = "noqa"
    """Written for Ruff or flake8-bandit, with codes of theirs that mirror Bandit's checks."""


_VERBS = {form.value: form for form in (Form.LINE, Form.FILE, Form.START, Form.END)}
_WRITE = "write `# mlsec: ignore[RULE] reason`"


@dataclass(frozen=True, slots=True)
class Name:
    """A rule as the comment names it, with the columns (from 1, end exclusive) that it takes."""

    text: str
    start_column: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Directive:
    """One request to silence findings."""

    comment: Comment
    names: tuple[Name, ...]
    reason: str
    form: Form
    columns: tuple[int, int]
    """What it takes of the line: other tools' requests may stand before and behind it in the same comment."""
    until: str = ""
    """The last day on which it holds, as `2026-12-31`; empty: it holds for ever."""
    until_columns: tuple[int, int] = (0, 0)

    @property
    def is_ours(self) -> bool:
        """Whether it was written for this linter, which then says what is wrong with it."""
        return self.form not in {Form.NOSEC, Form.NOQA}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A comment that starts like a request of ours and is none."""

    comment: Comment
    start_column: int
    message: str


def parse(comment: Comment) -> tuple[Directive | Refusal, ...]:
    """Every request in one comment; prose that merely mentions the words is none."""
    own = (_parse_own(comment, match) for match in _OWN.finditer(comment.text))
    bandit = (_parse_foreign(comment, match, Form.NOSEC) for match in _NOSEC.finditer(comment.text))
    ruff = (_parse_foreign(comment, match, Form.NOQA) for match in _NOQA.finditer(comment.text))
    return (*own, *bandit, *(item for item in ruff if item.names))


def _parse_own(comment: Comment, head: re.Match[str]) -> Directive | Refusal:
    following = _NEXT.search(comment.text, head.end())
    end = following.start() if following else len(comment.text)
    match = _REQUEST.match(comment.text, head.end(), end)
    column = comment.column + head.start()
    if match is None or match["verb"] not in _VERBS:
        return Refusal(comment, column, f"the comment is no suppression: {_WRITE}")
    form = _VERBS[match["verb"]]
    names = _names(comment, match.start("names"), match["names"] or "")
    if not names:
        return Refusal(comment, column, f"the suppression names no rule: {_WRITE.replace('ignore', form.value)}")
    if form in {Form.START, Form.END} and not comment.alone:
        return Refusal(comment, column, f"`{form.value}` stands behind code: write it on a line of its own")
    columns = column, comment.column + len(comment.text[:end].rstrip())
    if form is Form.END:
        return Directive(comment, names, match["reason"].strip(), form, columns)
    untils = list(_UNTIL.finditer(comment.text, match.start("reason"), end))
    mistake = _mistake(untils)
    if mistake:
        return Refusal(comment, column, mistake)
    return _limited(Directive(comment, names, match["reason"].strip(), form, columns), match, untils)


def _mistake(untils: list[re.Match[str]]) -> str:
    if len(untils) > 1:
        return "the suppression has more than one `until`"
    said = untils[0]["date"] if untils else ""
    if untils and not _is_date(said):
        shown = said if len(said) <= len("2026-12-31") else f"{said[:10]}…"
        return f"`until={shown}` is no date: write `until=2026-12-31`"
    return ""


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _limited(directive: Directive, match: re.Match[str], untils: list[re.Match[str]]) -> Directive:
    if not untils:
        return directive
    (until,) = untils
    before, after = match.string[match.start("reason") : until.start()], match.string[until.end() : match.end()]
    first = directive.comment.column
    return replace(
        directive,
        reason=" ".join(filter(None, (before.strip(), after.strip()))),
        until=until["date"],
        until_columns=(first + until.start(), first + until.end("date")),
    )


def _parse_foreign(comment: Comment, match: re.Match[str], form: Form) -> Directive:
    names = _names(comment, match.start("names"), match["names"])
    if form is Form.NOQA:
        names = tuple(name for name in names if _RUFF_CODE.fullmatch(name.text))
    columns = comment.column + match.start(), comment.column + match.start() + len(match[0].rstrip())
    return Directive(comment, names, match["reason"].strip(" \t:-"), form, columns)


def _names(comment: Comment, start: int, listed: str) -> tuple[Name, ...]:
    return tuple(_each_name(comment.column + start, listed))


def _each_name(first: int, listed: str) -> Iterator[Name]:
    for word in re.finditer(r"[^\s,]+", listed):
        yield Name(word.group(), first + word.start(), first + word.end())
