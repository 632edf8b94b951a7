"""Code, lowered, and shown without places."""

from __future__ import annotations

from textwrap import dedent

from mlsec_lint.findings import Span
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.cst_tree import CstTree
from mlsec_lint.syntax.module import Chunk, Module
from mlsec_lint.syntax.outline import parse
from mlsec_lint.syntax.walk import walk


def shape(node: object) -> object:
    """A node as nested tuples: its type's name and its fields, places left out."""
    if isinstance(node, ex.Place):
        return "place"
    if isinstance(node, tuple):
        return tuple(shape(item) for item in node)
    names = getattr(type(node), "__dataclass_fields__", None)
    if names is None:
        return node
    fields = [shape(getattr(node, name)) for name in names if name != "place"]
    return (type(node).__name__, *fields)


def statements(code: str) -> st.Body:
    """The lowered statements of a module; both parsers give the same."""
    text = dedent(code)
    chunks = Module(text).chunks
    try:
        parse(text)
    except SyntaxError:
        return tuple(item for chunk in chunks for item in chunk.body)
    for chunk in chunks:
        assert_same(chunk)
    return tuple(item for chunk in chunks for item in chunk.body)


def assert_same(chunk: Chunk) -> None:
    """What is lowered from `ast` is what is lowered from LibCST, places included."""
    assert chunk.body == exact_tree(chunk).body


def exact_tree(chunk: Chunk) -> CstTree:
    """LibCST's tree of a chunk; both parsers number its nodes alike."""
    assert chunk.body is not None
    tree = chunk._exact_tree
    assert tree is not None, "LibCST counts other nodes"
    return tree


def expression(code: str) -> object:
    """The shape of an expression."""
    (statement,) = statements(code)
    assert isinstance(statement, st.Evaluate)
    return shape(statement.value)


def spans(text: str, kind: type) -> list[tuple[str, Span]]:
    """Every node of a type: the text that its span cuts out (of its first line), and the span."""
    module = Module(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = []
    for chunk in module.chunks:
        for visit in walk(chunk.body):
            if isinstance(visit.node, kind):
                span = module.span(visit.node.place)  # type: ignore[attr-defined]
                end = span.end_column - 1 if span.end_line == span.start_line else None
                found.append((lines[span.start_line - 1][span.start_column - 1 : end], span))
    return found
