"""Where a result stands: Bandit's lines, and a span that counts code points."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from mlsec_lint.bandit.strings import may_name_secret
from mlsec_lint.findings import Span
from mlsec_lint.sources.lines import split_lines

_POINTED = frozenset({"debug", "verify", "shell", "ssl_version", "method"})
"""Keyword arguments that plugins report on the line of."""
_BODIES = frozenset({"body", "orelse", "handlers", "finalbody"})


class Lines:
    """The lines of a text as Python's grammar counts them (a form feed ends none)."""

    __slots__ = ("_lines",)

    def __init__(self, text: str) -> None:
        self._lines = split_lines(text)

    def column(self, line: int, offset: int) -> int:
        """Turn an offset in UTF-8 bytes into a column in code points, from 1, that lies on the line."""
        text = self._text(line)
        if text.isascii():
            return min(offset, len(text)) + 1
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore")) + 1

    def end(self, line: int) -> int:
        """The column behind the last visible character of a line."""
        return len(self._text(line).rstrip()) + 1

    def _text(self, line: int) -> str:
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""


def line_range(node: ast.AST) -> tuple[int, int]:
    """The first and last line on which Bandit lets a comment concern the node."""
    first: int | None = getattr(node, "lineno", None)
    if first is not None:
        return first, getattr(node, "end_lineno", None) or first
    starts = list(_start_lines(node))
    return (min(starts), max(starts)) if starts else (0, 1)


def _start_lines(node: ast.AST) -> Iterable[int]:
    pending = [child for name, child in ast.iter_fields(node) if name not in _BODIES]
    while pending:
        child = pending.pop()
        if isinstance(child, list):
            pending += child
        elif isinstance(child, ast.AST):
            if hasattr(child, "lineno"):
                yield child.lineno
            pending += [value for _, value in ast.iter_fields(child)]


def span_of(node: ast.AST, reported: int | None, lines: Lines) -> Span:
    """The stretch to mark: on one line, the argument that the plugin points at or else the called name.

    `reported` is the line that the plugin itself names, if it names one.
    """
    start = stop = node
    if isinstance(node, ast.Call):
        keyword = _keyword_on(reported, node.keywords)
        start, stop = (keyword, keyword) if keyword else (node, node.func)
    line: int = getattr(start, "lineno", 1)
    left = lines.column(line, getattr(start, "col_offset", 0))
    whole = getattr(stop, "end_lineno", None) == line
    right = lines.column(line, getattr(stop, "end_col_offset", 0)) if whole else lines.end(line)
    return Span(line, left, line, max(left, right))


def _keyword_on(line: int | None, keywords: Sequence[ast.keyword]) -> ast.AST | None:
    for keyword in keywords:
        named = keyword.arg is not None and (keyword.arg in _POINTED or may_name_secret(keyword.arg))
        if named and keyword.value.lineno == line:
            return keyword if keyword.lineno == line else keyword.value
    return None


def character_span(text: str, line: int, column: int) -> Span:
    """One character that Bandit counted with `str.splitlines`, which ends lines at more characters than Python does."""
    before = text.splitlines(keepends=True)[: line - 1]
    offset = sum(map(len, before)) + column - 1
    start = split_lines(text[:offset])
    return Span(len(start), len(start[-1]) + 1, len(start), len(start[-1]) + 2)
