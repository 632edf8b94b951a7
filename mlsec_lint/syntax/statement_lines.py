"""The lines on which a comment speaks for a statement: all of a simple one, the header of a compound one."""

from __future__ import annotations

import libcst as cst

from mlsec_lint.syntax.expression import Place
from mlsec_lint.syntax.module import Module

_BLOCKS = frozenset({"body", "orelse", "handlers", "finalbody", "cases", "leading_lines", "lines_after_decorators"})
_COMPOUND = (cst.If, cst.For, cst.While, cst.With, cst.Try, cst.TryStar, cst.Match, cst.FunctionDef, cst.ClassDef)


def statement_lines(module: Module, place: Place) -> tuple[int, int]:
    """First and last line, in the text of the module."""
    chunk = module.chunks[place.chunk]
    node = chunk.node(place)
    span = chunk.span(node)
    if not isinstance(node, (*_COMPOUND, cst.ExceptHandler, cst.ExceptStarHandler)):
        return span.start_line, span.end_line
    ends = [span.start_line]
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if name in _BLOCKS:
            continue
        children = value if isinstance(value, list | tuple) else (value,)
        ends.extend(chunk.span(child).end_line for child in children if isinstance(child, cst.CSTNode) and chunk.has(child))
    return span.start_line, max(ends)
