"""A file as chunks: top-level statements that are lowered, and located, only when somebody asks for them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from mlsec_lint.findings import Span
from mlsec_lint.syntax.bounds import BoundExceeded, check_brackets
from mlsec_lint.syntax.constant_texts import constant_texts
from mlsec_lint.syntax.lines import end_of, with_ends
from mlsec_lint.syntax.outline import MethodBody, Outline, outline_of, parse, statements, without_bodies
from mlsec_lint.syntax.unparsable import Unparsable

if TYPE_CHECKING:
    from mlsec_lint.syntax import statement as st
    from mlsec_lint.syntax.ast_tree import AstTree
    from mlsec_lint.syntax.cst_tree import CstTree
    from mlsec_lint.syntax.expression import Place

_WORD = re.compile(r"[^\W\d]\w*")


class Stretch(NamedTuple):
    """A part of a text; the text itself is kept once."""

    source: str
    start: int
    end: int


class Chunk:
    """One top-level statement: its outline, and on demand its code."""

    def __init__(
        self,
        index: int,
        outline: Outline,
        text: Stretch,
        file: str,
        nodes: Sequence[ast.stmt] | None = None,
    ) -> None:
        """`nodes` are those of the whole file's tree, as long as somebody keeps it."""
        self.index, self.outline, self._file = index, outline, file
        self._stretch = text
        self._nodes = nodes
        self._tree: CstTree | AstTree | None = None
        self._body: st.Body | None = None
        self.size = 0
        """How many nodes `body` has, as soon as somebody has asked for it."""

    @property
    def text(self) -> str:
        """Its lines."""
        return self._stretch.source[self._stretch.start : self._stretch.end]

    @property
    def body(self) -> st.Body:
        """The lowered statements. Raises `Unparsable` and `BoundExceeded`."""
        if self._body is None:
            self._body, self.size = self._lowered()
        return self._body

    def span(self, place: Place) -> Span:
        """Where a node of `body` stands in the file."""
        return self._tree_for(place).span(place)

    def statement_lines(self, place: Place) -> tuple[int, int]:
        """First and last line on which a comment speaks for a statement of `body`."""
        return self._tree_for(place).statement_lines(place)

    def may_change(self, place: Place) -> bool:
        """Whether the code of a node can be replaced by other code."""
        return self._tree_for(place).may_change(place)

    def _tree_for(self, place: Place) -> CstTree | AstTree:
        """What knows the place: LibCST, if `ast` rejects the code, or is in doubt and both number its nodes alike."""
        if self._tree is None:
            assert self.body is not None
            try:
                self._tree = self._ast_tree()
            except SyntaxError:
                self._tree = self._cst_tree()
        if self._tree.is_in_doubt(place):
            return self._exact_tree or self._tree
        return self._tree

    @cached_property
    def _exact_tree(self) -> CstTree | None:
        try:
            tree = self._cst_tree()
        except Unparsable:
            return None
        return tree if tree.size == self.size else None

    def _lowered(self) -> tuple[st.Body, int]:
        """The code and how many nodes it has; LibCST's where `ast` rejects it, as it does a newer Python's."""
        if self._nodes is not None:
            from mlsec_lint.syntax.lower_ast import AstLowering  # of most files nothing is evaluated

            lowering = AstLowering(self.index, self._file)
            return lowering.body(self._nodes), len(lowering.nodes)
        try:
            tree: AstTree | CstTree = self._ast_tree()
        except SyntaxError:
            tree = self._cst_tree()
        return tree.body, tree.size

    def _ast_tree(self) -> AstTree:
        from mlsec_lint.syntax.ast_tree import AstTree  # likewise

        return AstTree(self.text, self.index, self.outline.first_line, self._file)

    def _cst_tree(self) -> CstTree:
        from mlsec_lint.syntax.cst_tree import CstTree  # libcst takes 0.25 s to import, and most files need none of it

        return CstTree(self.text, self.index, self.outline.first_line, self._file)

    def leave_out(self, bodies: Iterable[MethodBody]) -> None:
        """Do without the bodies of some methods, from now on; every other line stays where it is."""
        lines, gone = with_ends(self.text), set[int]()
        for body in bodies:
            first, last = body.first - self.outline.first_line, body.last - self.outline.first_line
            start = lines[first]
            bare = start.lstrip(" \t\f")
            if body.column not in (-1, len(start) - len(bare)):
                continue  # it stands in the line of its `def`
            lines[first] = f"{start[: len(start) - len(bare)]}pass{end_of(start)}"
            lines[first + 1 : last + 1] = [end_of(line) for line in lines[first + 1 : last + 1]]
            gone.add(body.first)
        text = "".join(lines)
        self._stretch = Stretch(text, 0, len(text))
        self._nodes = without_bodies(self._nodes, gone) if self._nodes is not None else None
        self._tree = self._body = None
        self.__dict__.pop("_exact_tree", None)

    def forget_nodes(self) -> None:
        """Let go of the whole file's tree."""
        self._nodes = None


class Module:
    """A file that is being analysed. Raises `Unparsable` and `BoundExceeded` when it cannot be."""

    def __init__(self, text: str, file: str = "") -> None:
        """`file` names the module in the places of its nodes, where it is not the checked one itself."""
        self.tree, rejected = _scout(text)
        self._text, self._file = text, file
        self._is_slim = False
        if rejected is not None:
            _let_libcst_decide(self.chunks[0], rejected)

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """Its top-level statements; Bandit's checks do without. Raises `BoundExceeded`."""
        lines = with_ends(self._text)
        starts = [0, *accumulate(map(len, lines))]
        groups = statements(self.tree, lines) if self.tree is not None else ()
        found = tuple(map(outline_of, groups)) if self.tree is not None else (_whole(self._text, len(lines)),)
        stretches = [Stretch(self._text, *_stretch(lines, starts, item)) for item in found]
        return tuple(
            Chunk(index, item, stretches[index], self._file, groups[index] if groups else None)
            for index, item in enumerate(found)
        )

    def texts(self, tells: Callable[[str], object] = bool) -> Iterator[tuple[str, str]]:
        """Its constant texts, each with an empty name and with the names that it is given to, at least those that tell something."""
        if "chunks" not in vars(self) and self.tree is not None:
            return constant_texts(self.tree, tells)
        return (item for chunk in self.chunks for item in chunk.outline.texts)

    def forget_tree(self) -> None:
        """Let go of what only the checks of a file need."""
        for chunk in self.chunks:
            chunk.forget_nodes()
        self.tree = None

    def slim(self) -> None:
        """Let go of what tells which statements have to be evaluated."""
        if not self._is_slim:
            self._is_slim = True
            for chunk in self.chunks:
                chunk.outline = chunk.outline.slimmed()

    @property
    def imports(self) -> frozenset[str]:
        """Top-level packages that the file imports anywhere; every word of it when there is no outline."""
        return frozenset().union(*(chunk.outline.imports for chunk in self.chunks))

    def span(self, place: Place) -> Span:
        """Where a place stands in the text."""
        return self.chunks[place.chunk].span(place)

    def statement_lines(self, place: Place) -> tuple[int, int]:
        """First and last line on which a comment speaks for a statement."""
        return self.chunks[place.chunk].statement_lines(place)

    def may_change(self, place: Place) -> bool:
        """Whether the code at a place can be replaced by other code."""
        return self.chunks[place.chunk].may_change(place)


def _stretch(lines: list[str], starts: list[int], outline: Outline) -> tuple[int, int]:
    """Where the lines of a chunk start and end; a backslash at their end takes the empty line behind it along."""
    last = outline.last_line
    if lines and lines[last - 1].rstrip("\r\n").endswith("\\") and last < len(lines) and not lines[last].strip():
        last += 1
    return starts[outline.first_line - 1], starts[last]


def _scout(text: str) -> tuple[ast.Module | None, SyntaxError | None]:
    """The tree, or why there is none; text that Python has parsed is within the bound for brackets, for it has the same."""
    try:
        return parse(text), None
    except BoundExceeded:
        check_brackets(text)  # says more
        raise
    except SyntaxError as error:
        check_brackets(text)
        return None, error


def _whole(text: str, lines: int) -> Outline:
    words = frozenset(_WORD.findall(text))
    return Outline(1, lines, words, words, words, words, words, words, (("", text),), words)


def _let_libcst_decide(chunk: Chunk, rejected: SyntaxError) -> None:
    from mlsec_lint.syntax.texts import named_texts  # of few files

    try:
        chunk.outline = replace(chunk.outline, texts=tuple(named_texts(chunk.body)))
    except Unparsable as error:
        line, column = rejected.lineno or error.line, rejected.offset or 1
        raise Unparsable(rejected.msg or error.message, line, max(1, column)) from None
