"""Reads what a comment asks for: `# mlsec: ignore[MLS101, unsafe-torch-load] reason` or Bandit's `# nosec B614`."""

from __future__ import annotations

import re

from mlsec_lint.record import dataclass
from mlsec_lint.suppressions.comments import Comment

_OWN = re.compile(r"#\s*mlsec\s*:\s*")
_IGNORE = re.compile(r"(?P<verb>[\w-]*)\s*(?:\[(?P<names>[^\]#]*)\])?\s*(?P<reason>.*)")
_NOSEC = re.compile(r"#\s*nosec\b:?\s*(?P<names>(?:B\d{3}[\s,]*)*)(?P<reason>[^#]*)")
_NEXT = re.compile(r"#\s*(?:mlsec\s*:|nosec\b|noqa\b|type:|pragma:|pylint:)")
"""Where another tool's comment starts: the reason ends there, but not at the `#` of `see #123`."""


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
    nosec: bool = False
    """Written for Bandit: without names it speaks for every rule that refines one of Bandit's checks."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A comment that starts like a request of ours and is none."""

    comment: Comment
    start_column: int
    message: str


def parse(comment: Comment) -> tuple[Directive | Refusal, ...]:
    """Every request in one comment; prose that merely mentions the words is none."""
    own = (_parse_own(comment, match) for match in _OWN.finditer(comment.text))
    bandit = (_parse_nosec(comment, match) for match in _NOSEC.finditer(comment.text))
    return (*own, *bandit)


def _parse_own(comment: Comment, head: re.Match[str]) -> Directive | Refusal:
    following = _NEXT.search(comment.text, head.end())
    end = following.start() if following else len(comment.text)
    match = _IGNORE.match(comment.text, head.end(), end)
    column = comment.column + head.start()
    if match is None or match["verb"] != "ignore":
        return Refusal(comment, column, "the comment is no suppression: write `# mlsec: ignore[RULE] reason`")
    names = _names(comment, match.start("names"), match["names"] or "")
    if not names:
        return Refusal(comment, column, "the suppression names no rule: write `# mlsec: ignore[RULE] reason`")
    return Directive(comment, names, match["reason"].strip())


def _parse_nosec(comment: Comment, match: re.Match[str]) -> Directive:
    names = _names(comment, match.start("names"), match["names"])
    return Directive(comment, names, match["reason"].strip(), nosec=True)


def _names(comment: Comment, start: int, listed: str) -> tuple[Name, ...]:
    first = comment.column + start
    words = re.finditer(r"[^\s,]+", listed)
    return tuple(Name(word.group(), first + word.start(), first + word.end()) for word in words)
