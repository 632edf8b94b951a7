"""A file as chunks: top-level statements that are parsed with LibCST only when somebody asks for them."""

from __future__ import annotations

import ast
import re

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from mlsec_lint.findings import Span
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.bounds import check_brackets
from mlsec_lint.syntax.expression import Place
from mlsec_lint.syntax.lower import Lowering
from mlsec_lint.syntax.outline import Outline, outlines, parse

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_WORD = re.compile(r"[^\W\d]\w*")


class Unparsable(Exception):
    """Neither Python's parser nor LibCST accepts the text; line and column count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


class Chunk:
    """One top-level statement: its outline, and on demand its code."""

    def __init__(self, index: int, outline: Outline, text: str) -> None:
        self.index, self.outline, self._text = index, outline, text
        self._tree: cst.Module | None = None
        self._lowering = Lowering(index)
        self._body: st.Body | None = None
        self._positions: dict[cst.CSTNode, Span] = {}

    @property
    def body(self) -> st.Body:
        """The lowered statements. Raises `Unparsable`."""
        if self._body is None:
            self._tree = parse_tree(self._text, self.outline.first_line)
            self._body = self._lowering.body(self._tree)
        return self._body

    def node(self, place: Place) -> cst.CSTNode:
        """The LibCST node of a place in this chunk."""
        return self._lowering.nodes[place.node]

    def span(self, node: cst.CSTNode) -> Span:
        """Where a LibCST node of this chunk stands in the file; positions are computed once a chunk."""
        return self._resolved()[node]

    def has(self, node: cst.CSTNode) -> bool:
        """Whether a LibCST node has a position; white space has none."""
        return node in self._resolved()

    def _resolved(self) -> dict[cst.CSTNode, Span]:
        if not self._positions:
            assert self._tree is not None
            wrapper = MetadataWrapper(self._tree, unsafe_skip_copy=True)
            shift = self.outline.first_line - 1
            for found, range_ in wrapper.resolve(PositionProvider).items():
                start, end = range_.start, range_.end
                self._positions[found] = Span(start.line + shift, start.column + 1, end.line + shift, end.column + 1)
        return self._positions


class Module:
    """A file that is being analysed. Raises `Unparsable` and `BoundExceeded` when it cannot be."""

    def __init__(self, text: str) -> None:
        check_brackets(text)
        self.tree, rejected = _scout(text)
        lines = _LINE.findall(text)
        found = outlines(self.tree) if self.tree is not None else (_whole(text, len(lines)),)
        self.chunks = tuple(
            Chunk(index, item, "".join(lines[item.first_line - 1 : item.last_line])) for index, item in enumerate(found)
        )
        if rejected is not None:
            _let_libcst_decide(self.chunks[0], rejected)

    @property
    def imports(self) -> frozenset[str]:
        """Top-level packages that the file imports anywhere; every word of it when there is no outline."""
        return frozenset().union(*(chunk.outline.imports for chunk in self.chunks))

    def span(self, place: Place) -> Span:
        """Where a place stands in the text."""
        chunk = self.chunks[place.chunk]
        return chunk.span(chunk.node(place))


def _scout(text: str) -> tuple[ast.Module | None, SyntaxError | None]:
    try:
        return parse(text), None
    except SyntaxError as error:
        return None, error


def _whole(text: str, lines: int) -> Outline:
    words = frozenset(_WORD.findall(text))
    return Outline(1, lines, words, words, words, (("", text),), words, lonely=True)


def _let_libcst_decide(chunk: Chunk, rejected: SyntaxError) -> None:
    try:
        _ = chunk.body
    except Unparsable as error:
        line, column = rejected.lineno or error.line, rejected.offset or 1
        raise Unparsable(rejected.msg or error.message, line, max(1, column)) from None


def parse_tree(text: str, first_line: int) -> cst.Module:
    """Parse with LibCST. Raises `Unparsable`, without LibCST's own context (it can be a million lines long)."""
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        line, column = error.raw_line + first_line - 1, error.raw_column + 1
    except RecursionError:
        line, column = first_line, 1
    raise Unparsable("the code cannot be parsed", line, column)
