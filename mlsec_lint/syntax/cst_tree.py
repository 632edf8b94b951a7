"""The LibCST tree of one chunk: the exact positions of its nodes, and its code as values where `ast` has none."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import CodePosition, MetadataWrapper, PositionProvider

from mlsec_lint.findings import Span
from mlsec_lint.syntax.expression import Place
from mlsec_lint.syntax.lower import Lowering
from mlsec_lint.syntax.unparsable import Unparsable

_BLOCKS = frozenset({"body", "orelse", "handlers", "finalbody", "cases", "leading_lines", "lines_after_decorators"})
_COMPOUND = (
    cst.If, cst.For, cst.While, cst.With, cst.Try, cst.TryStar, cst.Match, cst.FunctionDef, cst.ClassDef,
    cst.ExceptHandler, cst.ExceptStarHandler,
)  # fmt: skip


class CstTree:
    """Parses a chunk; raises `Unparsable`, without LibCST's own context (it can be a million lines long)."""

    def __init__(self, text: str, chunk: int, first_line: int, file: str = "") -> None:
        self._module = _parse(text, first_line)
        self._shift = first_line - 1
        self._feeds = len(text) - len(text.lstrip("\f"))  # LibCST drops them, and counts columns without
        self._lowering = Lowering(chunk, file)
        self._positions: dict[cst.CSTNode, Span] = {}
        self.body = self._lowering.body(self._module)

    @property
    def size(self) -> int:
        """How many nodes a place may name."""
        return len(self._lowering.nodes)

    def span(self, place: Place) -> Span:
        """Where a node stands in the file."""
        return self._resolved()[self._lowering.nodes[place.node]]

    def is_in_doubt(self, place: Place) -> bool:  # noqa: ARG002  # as the other kind of tree
        """Whether the place is only nearly known."""
        return False

    def may_change(self, place: Place) -> bool:  # noqa: ARG002  # as the other kind of tree
        """Whether the code of a node can be replaced by other code: not where nobody could check the result."""
        return False

    def statement_lines(self, place: Place) -> tuple[int, int]:
        """The lines on which a comment speaks for a statement: all of a simple one, the header of a compound one."""
        node, positions = self._lowering.nodes[place.node], self._resolved()
        span = positions[node]
        if not isinstance(node, _COMPOUND):
            return span.start_line, span.end_line
        ends = [span.start_line]
        for name in node.__dataclass_fields__:
            value = getattr(node, name) if name not in _BLOCKS else ()
            children = value if isinstance(value, list | tuple) else (value,)
            ends.extend(positions[child].end_line for child in children if child in positions)
        return span.start_line, max(ends)

    def _resolved(self) -> dict[cst.CSTNode, Span]:
        """Positions of all nodes, computed once; LibCST asks for the whole tree (9 times the price of the parse)."""
        if not self._positions:
            wrapper = MetadataWrapper(self._module, unsafe_skip_copy=True)
            for node, found in wrapper.resolve(PositionProvider).items():
                start, end = found.start, found.end
                first, last = start.line + self._shift, end.line + self._shift
                self._positions[node] = Span(first, self._column(start), last, self._column(end))
        return self._positions

    def _column(self, position: CodePosition) -> int:
        return position.column + 1 + (self._feeds if position.line == 1 else 0)


def _parse(text: str, first_line: int) -> cst.Module:
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        line, column = error.raw_line + first_line - 1, error.raw_column + 1
    except RecursionError:
        line, column = first_line, 1
    raise Unparsable("the code cannot be parsed", line, column)
