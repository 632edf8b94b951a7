"""Finds the comments and the decorators of a text.

`tokenize` gives up on files that Python rejects, and those of CPython 3.10 and 3.11 do not know the nested quotes of
3.12's f-strings. This scanner knows strings, f-strings, brackets and comments only, goes once over the text and never
fails.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import field
from functools import lru_cache

from mlsec_lint.record import dataclass
from mlsec_lint.sources.lines import line_starts

_FORMATTED_PREFIXES = frozenset(("f", "t", "fr", "rf", "tr", "rt"))
_SPECIFICATION = "}"
"""Stands for the quote of a format specification, which is literal text up to the brace."""

_IN_CODE = re.compile(
    r"(?P<comment>\#[^\r\n]*)|(?P<quote>'''|\"\"\"|'|\")|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<escape>\\(?:\r\n|.))|(?P<newline>\r\n|\r|\n)|(?P<colon>:)",
    re.DOTALL,
)
# A set of characters is looked for ten times as fast as alternatives.
_QUOTE_OR_COMMENT = re.compile(r"[#'\"\\]")
_END_OF_LINE = re.compile(r"[\r\n]")
_IN_PLAIN = {
    "'''": re.compile(r"[\\']"),
    '"""': re.compile(r"[\\\"]"),
    "'": re.compile(r"[\\'\r\n]"),
    '"': re.compile(r"[\\\"\r\n]"),
}
_IN_STRING = {
    quote: re.compile(
        rf"(?P<escape>\\(?:\r\n|.))|(?P<end>{quote})|(?P<newline>\r\n|\r|\n)|(?P<brace>\{{\{{?|\}})", re.DOTALL
    )
    for quote in ("'''", '"""', "'", '"')
}
_DECORATOR = re.compile(r"[ \t\f]*@")
_STATEMENT = re.compile(r"[ \t\f]*(?=[^\s#])")
_TAB = 8
"""Columns from one tab stop to the next, as Python counts them."""
_WORD_BEFORE = re.compile(r"\w{0,3}\Z")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment: its text from the `#` on, and where it stands; line and column count from 1."""

    line: int
    column: int
    text: str
    alone: bool
    """Nothing but white space stands before it on its line."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The comments of a text, the first and last lines of its decorators, and where its logical lines begin."""

    comments: tuple[Comment, ...]
    decorators: tuple[tuple[int, int], ...]
    statements: tuple[tuple[int, int], ...] = ()
    """Line and indentation of each logical line with code in it."""


def indentation(before: str) -> int:
    """How deep the white space at the beginning of a line indents it."""
    return len(before.replace("\f", "").expandtabs(_TAB))


@lru_cache(maxsize=1)
def scan(text: str) -> Layout:
    """The comments and decorators of Python text, also of text that Python rejects; the time is linear in its length."""
    scanner = _Scanner(text)
    scanner.scan()
    scanner.end()
    return Layout(tuple(scanner.comments), tuple(scanner.decorators), tuple(scanner.statements))


@lru_cache(maxsize=1)
def comments_of(text: str) -> tuple[Comment, ...]:
    """The comments of `scan` in a fifth of its time."""
    if "#" not in text:
        return ()
    scanner = _Scanner(text, only_comments=True)
    scanner.scan()
    return tuple(scanner.comments)


@dataclass(slots=True)
class _Literal:
    """A string, or a format specification, that the scanner is inside of."""

    quote: str
    formatted: bool


@dataclass(slots=True)
class _Field:
    """A replacement field of an f-string that the scanner is inside of."""

    depth: int = 0


@dataclass(slots=True)
class _Scanner:
    text: str
    only_comments: bool = False
    position: int = 0
    logical_start: int = 0
    depth: int = 0
    inside: list[_Literal | _Field] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    decorators: list[tuple[int, int]] = field(default_factory=list)
    statements: list[tuple[int, int]] = field(default_factory=list)

    def end(self) -> None:
        """Note the last logical line, which no newline may end."""
        if self.logical_start < len(self.text):
            self._statement()

    def scan(self) -> None:
        while self.position < len(self.text):
            innermost = self.inside[-1] if self.inside else None
            if isinstance(innermost, _Literal):
                self._step_in_string(innermost)
            elif innermost is None and self.only_comments:
                self._step_to_comment()
            else:
                self._step_in_code(innermost)

    def _step_to_comment(self) -> None:
        text, match = self.text, _QUOTE_OR_COMMENT.search(self.text, self.position)
        start = match.start() if match else len(text)
        self.position = start + 1
        if match is None or text[start] == "\\":
            self.position = _after_escape(text, start)
        elif text[start] == "#":
            end = _END_OF_LINE.search(text, start)
            self.position = end.start() if end else len(text)
            self._comment(start, text[start : self.position])
        else:
            quote = text[start] * (3 if text.startswith(text[start] * 3, start) else 1)
            self.position = start + len(quote)
            if self._is_formatted(start):
                self.inside.append(_Literal(quote, formatted=True))
            else:
                self._skip_plain(quote)

    def _skip_plain(self, quote: str) -> None:
        """Leave a string that is no f-string behind; one that is never closed ends with its line, or the text."""
        text, signs = self.text, _IN_PLAIN[quote]
        while (match := signs.search(text, self.position)) is not None:
            start = match.start()
            if text[start] == "\\":
                self.position = _after_escape(text, start)
            elif len(quote) == 1 or text.startswith(quote, start):
                self.position = start + len(quote)
                return
            else:
                self.position = start + 1
        self.position = len(text)

    def _step_in_code(self, inside: _Field | None) -> None:
        match = _IN_CODE.search(self.text, self.position)
        if match is None:
            self.position = len(self.text)
            return
        self.position = match.end()
        kind, found = match.lastgroup, match.group()
        if kind == "comment":
            self._comment(match.start(), found)
        elif kind == "newline":
            self._end_logical_line()
        elif kind == "quote":
            self.inside.append(_Literal(found, self._is_formatted(match.start())))
        elif inside is None:
            self.depth = max(0, self.depth + (kind == "open") - (kind == "close"))
        elif kind != "escape":
            self._step_in_field(inside, kind)

    def _step_in_field(self, inside: _Field, kind: str | None) -> None:
        if kind == "open":
            inside.depth += 1
        elif kind == "close" and inside.depth:
            inside.depth -= 1
        elif kind == "close":
            self.inside.pop()
        elif not inside.depth:
            self.inside[-1] = _Literal(_SPECIFICATION, formatted=True)

    def _step_in_string(self, literal: _Literal) -> None:
        quote = self._quote_around(literal)
        match = _IN_STRING[quote].search(self.text, self.position)
        if match is None:
            self.position = len(self.text)
            return
        self.position = match.end()
        kind, found = match.lastgroup, match.group()
        if kind == "newline":
            self._unless_it_may_span_lines(quote)
        elif kind == "end":
            self._leave_string()
        elif literal.formatted:
            self._brace(literal, found)

    def _is_formatted(self, start: int) -> bool:
        """Whether the word before the quote makes it an f-string or a t-string."""
        if not start or self.text[start - 1] not in "fFtTrR":
            return False
        match = _WORD_BEFORE.search(self.text[max(0, start - 3) : start])
        return match is not None and match.group().lower() in _FORMATTED_PREFIXES

    def _quote_around(self, literal: _Literal) -> str:
        if literal.quote != _SPECIFICATION:
            return literal.quote
        strings = (item.quote for item in reversed(self.inside) if isinstance(item, _Literal))
        return next(quote for quote in strings if quote != _SPECIFICATION)

    def _brace(self, literal: _Literal, found: str) -> None:
        if found == "}":
            if literal.quote == _SPECIFICATION:
                self.inside.pop()
        elif found == "{" or literal.quote == _SPECIFICATION:
            self.position -= len(found) - 1
            self.inside.append(_Field())

    def _unless_it_may_span_lines(self, quote: str) -> None:
        """Leave a string that is never closed: Python rejects it, and the next line is code again."""
        if len(quote) == 1:
            self._leave_string()
            self._end_logical_line()

    def _leave_string(self) -> None:
        """Leave the innermost string; a format specification inside it ends with it."""
        while self.inside:
            left = self.inside.pop()
            if isinstance(left, _Literal) and left.quote != _SPECIFICATION:
                return

    def _comment(self, start: int, found: str) -> None:
        line = self._line(start)
        line_start = line_starts(self.text)[line - 1]
        alone = not self.text[line_start:start].strip(" \t\f")
        self.comments.append(Comment(line, start - line_start + 1, found, alone))

    def _line(self, offset: int) -> int:
        return bisect_right(line_starts(self.text), offset)

    def _end_logical_line(self) -> None:
        if self.depth or self.inside:
            return
        if _DECORATOR.match(self.text, self.logical_start):
            self.decorators.append((self._line(self.logical_start), self._line(self.position - 1)))
        self._statement()
        self.logical_start = self.position

    def _statement(self) -> None:
        if match := _STATEMENT.match(self.text, self.logical_start):
            self.statements.append((self._line(self.logical_start), indentation(match[0])))


def _after_escape(text: str, start: int) -> int:
    """Behind a backslash and what it stands before; where that is all of a text, behind it."""
    return start + (3 if text.startswith("\r\n", start + 1) else 2)
