"""The `ast` tree of one chunk: its code as values, and places in a text that LibCST cannot parse."""

from __future__ import annotations

import ast
import re

from mlsec_lint.findings import Span
from mlsec_lint.syntax.expression import Place
from mlsec_lint.syntax.lower_ast import AstLowering
from mlsec_lint.syntax.outline import parse

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BLOCKS = frozenset({"body", "orelse", "handlers", "finalbody", "cases"})


class AstTree:
    """Parses a chunk. Raises SyntaxError, and `BoundExceeded` for code that nests too deep."""

    def __init__(self, text: str, chunk: int, first_line: int, file: str = "") -> None:
        self._text, self._shift = text, first_line - 1
        self._lowering = AstLowering(chunk, file)
        self.body = self._lowering.body(parse(text).body)

    @property
    def size(self) -> int:
        """How many nodes a place may name."""
        return len(self._lowering.nodes)

    def span(self, place: Place) -> Span:
        """Where a node stands in the file; inside f-strings nearly so before Python 3.12."""
        node = self._lowering.nodes[place.node]
        start = self._column(node.lineno, node.col_offset)  # type: ignore[attr-defined]  # only such nodes are numbered
        end = self._column(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return Span(node.lineno + self._shift, start, node.end_lineno + self._shift, end)  # type: ignore[attr-defined]

    def statement_lines(self, place: Place) -> tuple[int, int]:
        """The lines on which a comment speaks for a statement: all of a simple one, the header of a compound one."""
        node, span = self._lowering.nodes[place.node], self.span(place)
        if not any(hasattr(node, name) for name in _BLOCKS):
            return span.start_line, span.end_line
        heads = [item for name in node._fields if name not in _BLOCKS for item in _inner(getattr(node, name, None))]
        lines = [getattr(item, "end_lineno", None) or 0 for item in heads]
        return span.start_line, max([span.start_line, *(line + self._shift for line in lines)])

    def _column(self, line: int, offset: int) -> int:
        """From bytes of UTF-8, from 0, to characters, from 1."""
        text = _LINE.findall(self._text)[line - 1]
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "surrogatepass")) + 1


def _inner(value: object) -> list[ast.AST]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, ast.AST)]
