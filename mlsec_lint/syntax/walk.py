"""Every node of lowered code, with the statement and the definition around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st

_STATEMENTS = (
    st.Import, st.Assign, st.Augment, st.Evaluate, st.Return, st.Raise, st.Assert, st.Delete, st.Scope, st.Jump, st.If,
    st.For, st.While, st.With, st.Try, st.Match, st.Function, st.Class,
)  # fmt: skip


class Visit(NamedTuple):
    """One node on the walk."""

    node: object
    statement: ex.Place
    qualname: str
    in_class: bool
    """Directly in the body of a class: an assignment is a field."""
    alone: bool = False
    """An expression that is a statement of its own."""
    call: str = ""
    """The last name of the function that it is handed to, directly or inside other expressions."""


def walk(body: st.Body) -> Iterator[Visit]:
    """Every node in source order, without recursion."""
    pending: list[Visit] = [Visit(item, item.place, "", False) for item in reversed(body)]
    while pending:
        visit = pending.pop()
        yield visit
        pending.extend(reversed(list(_inner(visit))))


def _inner(visit: Visit) -> Iterator[Visit]:
    node, statement, qualname, in_class, _, call = visit
    if isinstance(node, _STATEMENTS):
        statement, call = node.place, ""
    if isinstance(node, st.Function | st.Class):
        qualname = f"{qualname}.{node.name}".lstrip(".")
        in_class = isinstance(node, st.Class)
    if isinstance(node, ex.Call):
        call = ex.last_name(node.func)
    alone = isinstance(node, st.Evaluate)
    for child in children(node):
        yield Visit(child, statement, qualname, in_class, alone, call)


def children(node: object) -> Iterator[object]:
    """The nodes directly inside."""
    for name in getattr(type(node), "__slots__", ()):
        value = getattr(node, name)
        if isinstance(value, tuple) and not isinstance(value, ex.Place):
            for item in value:
                yield from item if type(item) is tuple else (item,)
        elif hasattr(type(value), "__slots__") and not isinstance(value, ex.Place):
            yield value


def telling_names(node: object) -> list[str]:
    """The names, attributes and constant keys of an expression, in order."""
    found, pending = list[str](), [node]
    while pending:
        item = pending.pop()
        match item:
            case ex.Name(id=name) | ex.Attribute(attr=name) | ex.Subscript(index=ex.Constant(value=str(name))):
                found.append(name)
        pending.extend(children(item))
    return found
