"""Every node of lowered code, with the statement and the definition around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st

_STATEMENTS = frozenset({
    st.Import, st.Assign, st.Augment, st.Evaluate, st.Return, st.Raise, st.Assert, st.Delete, st.Scope, st.Jump, st.If,
    st.For, st.While, st.With, st.Try, st.Match, st.Function, st.Class,
})  # fmt: skip


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
        inner = _inner(visit)
        inner.reverse()
        pending += inner


def _inner(visit: Visit) -> list[Visit]:
    node, statement, qualname, in_class, _, call = visit
    kind = node.__class__
    if kind in _STATEMENTS:
        statement, call = node.place, ""  # type: ignore[attr-defined]  # every statement has one
    if isinstance(node, st.Function | st.Class):
        qualname = f"{qualname}.{node.name}".lstrip(".")
        in_class = kind is st.Class
    elif isinstance(node, ex.Call):
        call = ex.last_name(node.func)
    alone = kind is st.Evaluate
    return [Visit(child, statement, qualname, in_class, alone, call) for child in children(node)]


_LEAVES = frozenset({"Literal", "Place", "bool", "str", "tuple[Literal, ...] | None", "tuple[str, ...]"})
"""What the types of fields say that hold no nodes."""


def _node_fields(kind: type) -> tuple[str, ...]:
    return tuple(name for name in getattr(kind, "__slots__", ()) if kind.__annotations__.get(name) not in _LEAVES)


_FIELDS: dict[type, tuple[str, ...]] = {
    kind: _node_fields(kind) for module in (ex, st) for kind in vars(module).values() if isinstance(kind, type)
}
"""The fields of each kind of node that may hold nodes."""


def children(node: object) -> Iterator[object]:
    """The nodes directly inside."""
    for name in _FIELDS.get(node.__class__, ()):
        value = getattr(node, name)
        if value.__class__ is not tuple:
            if value is not None:
                yield value
            continue
        for item in value:
            if item.__class__ is tuple:
                yield from (part for part in item if part is not None)
            else:
                yield item


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
