"""The constant texts of lowered code, for a file of which only LibCST made a tree: one of a newer Python."""

from __future__ import annotations

from collections.abc import Iterator

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.walk import children, walk


def named_texts(body: st.Body) -> Iterator[tuple[str, str]]:
    """Each text with an empty name and with the names that it may be given to, as `Outline.texts` has them."""
    for visit in walk(body):
        if isinstance(visit.node, ex.Constant):
            yield from (("", text) for text in _texts(visit.node))
        for name, value in _given(visit.node):
            yield from ((name, text) for text in _texts(value))


def _given(node: object) -> Iterator[tuple[str, object]]:
    match node:
        case st.Assign():
            yield from ((_name(target), node.value) for target in node.targets)
        case ex.Parameter():
            yield node.name, node.default
        case ex.Argument():
            yield node.keyword, node.value
        case ex.Mapping():
            yield from ((text, value) for key, value in node.items for text in _texts(key))
        case ex.Call():
            keys = [
                text.lstrip("-").replace("-", "_") for argument in node.arguments for text in _texts(argument.value)
            ]
            yield from ((key, argument.value) for key in keys for argument in node.arguments)


def _name(target: ex.Expression) -> str:
    match target:
        case ex.Name(id=name) | ex.Attribute(attr=name) | ex.Subscript(index=ex.Constant(value=str(name))):
            return name
    return ""


def _texts(node: object) -> Iterator[str]:
    """The constant texts inside of an expression."""
    pending = [node]
    while pending:
        item = pending.pop()
        value = item.value if isinstance(item, ex.Constant) else None
        if isinstance(value, str | bytes) and value:
            yield value if isinstance(value, str) else value.decode("latin-1")
        pending.extend(children(item))
