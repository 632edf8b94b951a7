"""Edits of the arguments of a call, as stretches of its own text: everything that an edit does not name stays as it is.

They are made from Python's tokens and checked by `ast`: LibCST takes a quarter second to import, which every run with a
finding that has a fix would pay.
"""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
import warnings
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlsec_lint.record import dataclass
from mlsec_lint.syntax.expression import Literal
from mlsec_lint.syntax.lines import with_ends

_QUIET = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT})
_DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_BLANK = " \t\f"
_LINE_END = re.compile(r"\r\n|\r|\n")


class TextEdit(NamedTuple):
    """Replace what stands from offset `start` to `end` by `text`."""

    start: int
    end: int
    text: str


class _Token(NamedTuple):
    kind: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One argument of a call: offsets in the call's text."""

    start: int
    end: int
    keyword: str
    value: int
    """Where its value starts."""
    star: str
    comma: int
    """Where the comma behind it stands; -1 if there is none."""


class CallText:
    """A call as its author wrote it. Raises ValueError for a text that is no call."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._call = _parsed(text)
        tokens = _tokens(text)
        self._open = _opening(tokens)
        self._tokens = [token for token in tokens if token.start > self._open]
        self.segments = tuple(_segments(self._tokens[:-1]))
        self._close = self._tokens[-1].start
        self._newline = next(iter(_LINE_END.findall(text)), "\n")
        if len(self.segments) != len(self._call.args) + len(self._call.keywords):
            raise ValueError("a token that ast does not know")

    def find(self, name: str) -> Segment | None:
        """The keyword argument of a name."""
        return next((item for item in self.segments if item.keyword == name), None)

    @property
    def spreads(self) -> bool:
        """Whether `*` or `**` hands over arguments that the text does not name."""
        return any(item.star for item in self.segments)

    def with_keywords(
        self, given: Iterable[tuple[str, Literal]], dropped: Iterable[str] = (), callee: str = ""
    ) -> tuple[TextEdit, ...]:
        """Edits that set keyword arguments to constants, drop some, and call the last name of the callee differently.

        None at all when there is nothing to do, or when the result would not be exactly the call that is wanted.
        """
        given = tuple(given)
        drops = [found for name in dropped if (found := self.find(name)) is not None]
        new = ", ".join(f"{name}={written(value)}" for name, value in given if self.find(name) is None)
        edits = [edit for name, value in given if (edit := self._replaced(name, value)) is not None]
        if new and drops:
            edits.append(TextEdit(drops[0].start, drops[0].end, new))
        elif new:
            edits += self._appended(new)
        edits += [edit for item in drops[bool(new) :] for edit in self._without(item)]
        if callee and (edit := self._renamed(callee)) is not None:
            edits.append(edit)
        wanted = _wanted(self.text, dict(given), {item.keyword for item in drops}, callee)
        ordered = tuple(sorted(edits, key=lambda edit: edit[:2]))
        return ordered if edits and _same(applied(self.text, ordered), wanted) else ()

    def _replaced(self, name: str, value: Literal) -> TextEdit | None:
        found = self.find(name)
        if found is None or self.text[found.value : found.end] == written(value):
            return None
        return TextEdit(found.value, found.end, written(value))

    def _renamed(self, callee: str) -> TextEdit | None:
        """The last name before the opening bracket."""
        match = re.search(r"(\w+)\s*\Z", self.text[: self._open])
        if match is None or match[1] == callee:
            return None
        return TextEdit(match.start(1), match.end(1), callee)

    def _appended(self, argument: str) -> list[TextEdit]:
        """An argument behind the last one, in the style of the call."""
        if not self.segments:
            return [TextEdit(self._open + 1, self._open + 1, argument)]
        last = self.segments[-1]
        indent = self._own_line(last)
        if last.comma < 0:
            return self._with_comma(last.end, argument, indent)
        after = last.comma + 1
        if not _LINE_END.search(self.text, after, self._close):
            return [TextEdit(after, self._close, f" {argument}")]
        if indent is None:
            return [TextEdit(after, after, f" {argument},")]
        behind = self._behind_comment(after)
        return [TextEdit(behind, behind, f"{self._newline}{indent}{argument},")]

    def _with_comma(self, at: int, argument: str, indent: str | None) -> list[TextEdit]:
        """An argument behind one that has no comma yet; its comment stays behind it."""
        if indent is None:
            return [TextEdit(at, at, f", {argument}")]
        behind, added = self._behind_comment(at), f"{self._newline}{indent}{argument}"
        if behind == at:
            return [TextEdit(at, at, f",{added}")]
        return [TextEdit(at, at, ","), TextEdit(behind, behind, added)]

    def _without(self, item: Segment) -> list[TextEdit]:
        """The argument away, with its comma and, where it stands alone there, its lines."""
        end = item.comma + 1 if item.comma >= 0 else item.end
        line = self._whole_lines(item.start, end)
        if line is not None:
            return [TextEdit(*line, "")]
        index = self.segments.index(item)
        following = self.segments[index + 1].start if index + 1 < len(self.segments) else -1
        if following >= 0 and self._is_blank(end, following):
            return [TextEdit(item.start, following, "")]
        before = self.segments[index - 1] if index else None
        if following < 0 and before is not None and self._is_empty(before.comma + 1, item.start):
            start = before.comma if item.comma < 0 else before.comma + 1
            return [TextEdit(start, end, "")]
        return [TextEdit(item.start, end, "")]

    def _own_line(self, item: Segment) -> str | None:
        """What stands before an argument that is the first thing on a line of the call; None for others."""
        start = max(self.text.rfind("\n", 0, item.start), self.text.rfind("\r", 0, item.start)) + 1
        indent = self.text[start : item.start]
        return indent if start and not indent.strip(_BLANK) else None

    def _whole_lines(self, start: int, end: int) -> tuple[int, int] | None:
        """The lines of a stretch that has them for itself."""
        first = max(self.text.rfind("\n", 0, start), self.text.rfind("\r", 0, start)) + 1
        rest = re.compile(r"[ \t\f]*(?:\r\n|\r|\n)").match(self.text, end)
        if not first or rest is None or self.text[first:start].strip(_BLANK):
            return None
        return first, rest.end()

    def _is_blank(self, start: int, end: int) -> bool:
        return not self.text[start:end].strip(_BLANK)

    def _is_empty(self, start: int, end: int) -> bool:
        return not self.text[start:end].strip(_BLANK + "\r\n")

    def _behind_comment(self, at: int) -> int:
        """The end of the comment that follows on the same line, or the place itself."""
        found = re.compile(r"[ \t\f]*#[^\r\n]*").match(self.text, at)
        return found.end() if found else at


def call_text(text: str) -> CallText | None:
    """The call that a text is; None for anything else."""
    try:
        return CallText(text)
    except (ValueError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError):
        return None


def written(value: Literal) -> str:
    """A constant as code, texts in double quotes."""
    if not isinstance(value, str):
        return repr(value)
    plain = repr(value)
    return f'"{plain[1:-1]}"' if plain[0] == "'" and '"' not in plain else plain


def applied(text: str, edits: Sequence[TextEdit]) -> str:
    """The text with edits that lie in order and do not overlap; those at one place in their order."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def _parsed(text: str) -> ast.Call:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = ast.parse(f"({text}\n)", mode="eval").body
    if not isinstance(body, ast.Call):
        raise ValueError("no call")  # noqa: TRY004  # the text is wrong, not its type
    return body


def _wanted(text: str, given: dict[str, Literal], dropped: set[str], callee: str) -> ast.Call:
    call = _parsed(text)
    kept = [item for item in call.keywords if item.arg not in dropped]
    names = {item.arg for item in kept}
    for item in kept:
        if item.arg in given:
            item.value = ast.parse(written(given[item.arg]), mode="eval").body
    new = [
        ast.keyword(name, ast.parse(written(value), mode="eval").body)
        for name, value in given.items()
        if name not in names
    ]
    call.keywords = [*kept, *new]
    if callee and isinstance(call.func, ast.Attribute):
        call.func.attr = callee
    elif callee and isinstance(call.func, ast.Name):
        call.func.id = callee
    return call


def _same(text: str, wanted: ast.Call) -> bool:
    try:
        return _shape(_parsed(text)) == _shape(wanted)
    except (SyntaxError, ValueError):
        return False


def _shape(call: ast.Call) -> str:
    """The call with its keywords in any order: what is added are constants."""
    call.keywords.sort(key=lambda item: item.arg or "")
    return ast.dump(call)


def _tokens(text: str) -> list[_Token]:
    """Those that say something, with offsets; the brackets around the call are not among them."""
    starts, at = [], 0
    lines = with_ends(f"({text}\n)")
    for line in lines:
        starts.append(at)
        at += len(line)
    read = tokenize.generate_tokens(io.StringIO("".join(lines), newline="").readline)
    found = [
        _Token(
            token.type,
            token.string,
            starts[token.start[0] - 1] + token.start[1] - 1,
            starts[token.end[0] - 1] + token.end[1] - 1,
        )
        for token in read
        if token.type not in _QUIET and token.string
    ]
    return found[1:-1]


def _opening(tokens: Sequence[_Token]) -> int:
    """Where the bracket opens that the last token closes."""
    depth = 0
    for token in reversed(tokens):
        depth -= _DEPTH.get(token.text, 0) if token.kind == tokenize.OP else 0
        if depth == 0:
            return token.start
    raise ValueError("no call")


def _segments(tokens: Sequence[_Token]) -> Iterable[Segment]:
    depth, part = 0, list[_Token]()
    lambdas = list[int]()
    for token in tokens:
        operator = token.text if token.kind == tokenize.OP else ""
        if operator == "," and depth == 0 and not lambdas:
            yield _segment(part, token.start)
            part = []
            continue
        if token.text == "lambda":
            lambdas.append(depth)
        elif operator == ":" and lambdas[-1:] == [depth]:
            lambdas.pop()
        depth += _DEPTH.get(operator, 0)
        part.append(token)
    if part:
        yield _segment(part, -1)


def _segment(part: Sequence[_Token], comma: int) -> Segment:
    if not part:
        raise ValueError("a comma without an argument")
    first = part[0]
    named = len(part) > 2 and part[1].text == "=" and not keyword.iskeyword(first.text)  # noqa: PLR2004  # name, sign, value
    value = part[2] if named else first
    star = first.text if first.text in ("*", "**") else ""
    return Segment(first.start, part[-1].end, first.text if named else "", value.start, star, comma)
