"""The `ast` tree of one chunk: its code as values, and where each of its nodes stands."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cached_property

from mlsec_lint.findings import Span
from mlsec_lint.syntax.expression import Place
from mlsec_lint.syntax.lines import with_ends
from mlsec_lint.syntax.lower_ast import AstLowering
from mlsec_lint.syntax.outline import first_line_of, parse

_NAME = re.compile(r"\w*")
_TELLS_PLACES_IN_F_STRINGS = sys.version_info >= (3, 12)
"""Before PEP 701 `ast` places what stands in an f-string at its start, or guesses."""


class AstTree:
    """Parses a chunk. Raises SyntaxError, and `BoundExceeded` for code that nests too deep."""

    def __init__(self, text: str, chunk: int, first_line: int, file: str = "") -> None:
        self._text, self._shift = text, first_line - 1
        self._lowering = AstLowering(chunk, file)
        self._module = parse(text)
        self.body = self._lowering.body(self._module.body)

    @property
    def size(self) -> int:
        """How many nodes a place may name."""
        return len(self._lowering.nodes)

    def span(self, place: Place) -> Span:
        """Where a node stands in the file; of a parameter its name."""
        node = self._lowering.nodes[place.node]
        line, offset = node.lineno, node.col_offset  # type: ignore[attr-defined]  # only such nodes are numbered
        start = self._column(line, offset)
        if isinstance(node, ast.arg):
            name = _NAME.match(self._lines[line - 1], start - 1)
            return Span(line + self._shift, start, line + self._shift, name.end() + 1 if name else start)
        last = node.end_lineno  # type: ignore[attr-defined]
        return Span(line + self._shift, start, last + self._shift, self._column(last, node.end_col_offset))  # type: ignore[attr-defined]

    def statement_lines(self, place: Place) -> tuple[int, int]:
        """The lines on which a comment speaks for a statement: all of a simple one, the header of a compound one."""
        node, span = self._lowering.nodes[place.node], self.span(place)
        if isinstance(node, ast.Match):
            return span.start_line, (node.subject.end_lineno or node.lineno) + self._shift
        body = getattr(node, "body", None)
        last = self._header_end(body[0]) + self._shift if isinstance(body, list) else span.end_line
        return span.start_line, last

    def is_in_doubt(self, place: Place) -> bool:
        """Whether the place is only nearly known."""
        return not _TELLS_PLACES_IN_F_STRINGS and not self.may_change(place)

    def may_change(self, place: Place) -> bool:
        """Whether the code of a node can be replaced by other code: not in an f-string, where quotes would be in the way."""
        return self._lowering.nodes[place.node] not in self._in_f_strings

    @cached_property
    def _in_f_strings(self) -> frozenset[ast.AST]:
        outer = (node for node in ast.walk(self._module) if isinstance(node, ast.JoinedStr))
        return frozenset(inner for node in outer for inner in _below(node))

    def _header_end(self, first: ast.stmt) -> int:
        """The line with the colon: the last with code before a block's first statement, or the one that both share."""
        line = first_line_of(first)
        if self._lines[line - 1][: self._column(line, first.col_offset) - 1].strip():
            return line
        while line > 1 and _is_bare(self._lines[line - 2]):
            line -= 1
        return line - 1

    @cached_property
    def _lines(self) -> list[str]:
        return with_ends(self._text)

    def _column(self, line: int, offset: int) -> int:
        """From bytes of UTF-8, from 0, to characters, from 1."""
        text = self._lines[line - 1]
        if text.isascii():
            return offset + 1
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "surrogatepass")) + 1


def _below(node: ast.AST) -> Iterator[ast.AST]:
    return (inner for child in ast.iter_child_nodes(node) for inner in ast.walk(child))


def _is_bare(line: str) -> bool:
    code = line.strip()
    return not code or code.startswith("#")
