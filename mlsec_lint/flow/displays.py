"""Lists, dicts and comprehensions that are written down, and what a loop over a value sees."""

from __future__ import annotations

from collections.abc import Callable

from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.guards import refine
from mlsec_lint.flow.named_scores import by_label, with_score
from mlsec_lint.flow.scope import Scope
from mlsec_lint.flow.segments import MARKS
from mlsec_lint.flow.targets import bind, element
from mlsec_lint.flow.value import MAX_MEMBERS, UNKNOWN, Origin, Value, capped
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax.walk import telling_names


def collection(node: ex.Collection, at: Evaluation) -> Value:
    """A list with its members; a spread of known members is unfolded."""
    items: list[Value] = []
    opened = False
    loose: set[Origin] = set()
    for item in node.items:
        if not isinstance(item, ex.Starred):
            items.append(at.value(item))
            continue
        spread = at.value(item.value)
        items.extend(spread.items or ())
        loose |= spread.origins
        opened = opened or spread.items is None or spread.open
    return Value(items=tuple(items), open=opened, origins=capped(frozenset(loose)))


def mapping(node: ex.Mapping, at: Evaluation) -> Value:
    """A dict; members under keys that are not constant flow out of it by any key."""
    fields: dict[ex.Literal, Value] = {}
    loose: set[Origin] = set()
    opened = False
    for key_node, value_node in node.items:
        key, value = at.value(key_node), at.value(value_node)
        if key_node is None:
            fields.update(value.fields or ())
            loose |= value.origins
            opened = opened or value.fields is None or value.open
        elif len(key.constants) == 1 and key.exact and len(fields) < MAX_MEMBERS:
            fields[key.constants[0]] = with_score(key.constants[0], value, node.place)
        else:
            loose |= value.all_origins() | key.all_origins()
            opened = True
    return Value(fields=tuple(fields.items()), open=opened, origins=frozenset(loose))


def starred(node: ex.Starred, at: Evaluation) -> Value:
    """`*value` by itself."""
    return at.value(node.value)


def comprehension(node: ex.Comprehension, at: Evaluation) -> Value:
    """A collection whose members are all alike."""
    outer = at.frame.scope
    at.frame.scope = Scope(outer, is_comprehension=True)
    for generator in node.generators:
        bind(generator.target, element(at.value(generator.iterable)), at)
        for condition in generator.conditions:
            at.value(condition)
            at.frame.scope.variables = refine(condition, True, at)
    item = at.value(node.element)
    key = at.value(node.key) if node.key is not None else UNKNOWN
    at.frame.scope = outer
    if node.kind == "dict":
        item = by_label(_key_names(node), item, node.place)
        return Value(origins=key.all_origins() | item.all_origins(), open=True, fields=())
    return Value(items=(item,), open=True, marks=item.marks & MARKS)


def _key_names(node: ex.Comprehension) -> list[str]:
    """What the keys of a dict comprehension are called, and what they are taken from."""
    taken = [name for generator in node.generators for name in telling_names(generator.iterable)]
    return [*(telling_names(node.key) if node.key is not None else ()), *taken]


DISPLAYS: dict[type, Callable[..., Value]] = {
    ex.Collection: collection, ex.Mapping: mapping, ex.Starred: starred, ex.Comprehension: comprehension,
}  # fmt: skip
