"""Assigning to names, tuples, attributes and items."""

from __future__ import annotations

from mlsec_lint.flow import definition as de
from mlsec_lint.flow import segments
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.event import StoreEvent
from mlsec_lint.flow.keywords import KEYWORDS, names_of
from mlsec_lint.flow.named_scores import by_label, unpacking, unpacking_known, with_score
from mlsec_lint.flow.paths import extend
from mlsec_lint.flow.value import MAX_MEMBERS, UNKNOWN, Value, capped, constant, join_all
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax.expression import Place
from mlsec_lint.syntax.walk import telling_names


def bind(target: ex.Expression, value: Value, at: Evaluation) -> None:
    """Assign a value to a target of an assignment, loop, `with` or comprehension."""
    match target:
        case ex.Name():
            at.frame.scope.set(target.id, with_score(target.id, value, target.place))
        case ex.Starred():
            bind(target.value, Value(origins=value.all_origins()), at)
        case ex.Collection():
            _unpack(target, value, at)
        case ex.Attribute():
            _set_attribute(target, value, at)
        case ex.Subscript():
            _set_item(target, value, at)


def store(target: ex.Expression, value: Value, at: Evaluation, given: Place | None = None) -> None:
    """Assign as a statement does: with a step in the story of the data, and an event for the rules.

    `given` is where the value stands, if it stands anywhere.
    """
    name = target_name(target)
    if value.origins and name:
        steps = (origin.with_step(at.frame.statement, f"kept as `{name}`") for origin in value.origins)
        value = value.map_origins(capped(steps))
    bind(target, value, at)
    if name:
        paths, key = _target_paths(target, at)
        event = StoreEvent(given or target.place, name, paths, key, value, at.context)
        at.events.stores[target.place, name] = event


def target_name(target: ex.Expression) -> str:
    """The name that a reader would use for a target; empty for a tuple."""
    match target:
        case ex.Name():
            return target.id
        case ex.Attribute():
            return target.attr
        case ex.Subscript(index=ex.Constant(value=str(key))):
            return key
        case ex.Subscript():
            return target_name(target.value)
    return ""


def _target_paths(target: ex.Expression, at: Evaluation) -> tuple[tuple[str, ...], Value | None]:
    match target:
        case ex.Attribute():
            return tuple(at.facts.canonical(extend(path, target.attr)) for path in at.value(target.value).paths), None
        case ex.Subscript():
            return tuple(f"{path}[]" for path in at.value(target.value).paths), at.value(target.index)
        case ex.Name() if at.frame.scope.parent is None:
            return (target.id,), None
    return (), None


def _unpack(target: ex.Collection, value: Value, at: Evaluation) -> None:
    items = value.items
    starred = any(isinstance(item, ex.Starred) for item in target.items)
    exact = items is not None and len(items) == len(target.items) and not value.open
    for index, item in enumerate(target.items):
        if exact and items is not None:
            member = items[index]
            marks = member.marks | unpacking_known(value)
            bind(item, replace(member, origins=member.origins | value.origins, marks=marks), at)
        else:
            known = Value(origins=value.all_origins(), marks=value.marks | unpacking(value))
            bind(item, known if starred else segments.item(known, value, index), at)


def _set_attribute(target: ex.Attribute, value: Value, at: Evaluation) -> None:
    base = at.value(target.value)
    for item in base.definitions:
        if isinstance(item, de.Instance) and (item.of.home is at or item.of.home.module is not None is not at.module):
            _remember(item.of, target.attr, value)
            if at.frame.function is not None and at.frame.function.name == "__init__":
                given = frozenset(origin for origin in value.all_origins() if origin.kind == "parameter")
                item.of.store_given(target.attr, given)
    if isinstance(target.value, ex.Name) and not base.definitions and value.all_origins():
        at.frame.scope.set(target.value.id, _with_field(base, target.attr, value))


def _remember(owner: de.ClassDefinition, attr: str, value: Value) -> None:
    """Keep what `self.attr` may be; a parameter says nothing outside of its function, its default does."""
    outside = frozenset(item for item in value.origins if item.kind != "parameter")
    owner.store(attr, replace(value, origins=outside, exact=value.exact and not value.definitions))


def _set_item(target: ex.Subscript, value: Value, at: Evaluation) -> None:
    """`x[key] = value`, and the same in a member: `x["scores"][label] = value`."""
    owner = target.value
    if isinstance(owner, ex.Name):
        base = at.frame.scope.find(owner.id) or UNKNOWN
    elif isinstance(owner, ex.Subscript):
        base = at.value(owner)
    else:
        return
    keys = at.value(target.index)
    if len(keys.constants) == 1 and keys.exact:
        updated = _with_field(base, keys.constants[0], with_score(keys.constants[0], value, target.place))
    else:
        kept = by_label(telling_names(target.index), value, target.place)
        updated = replace(base, origins=capped(base.origins | kept.all_origins()), open=True)
    if isinstance(owner, ex.Name):
        at.frame.scope.set(owner.id, updated)
    else:
        _set_item(owner, updated, at)


def _with_field(base: Value, key: ex.Literal, value: Value) -> Value:
    fields = dict(base.fields or ())
    if len(fields) < MAX_MEMBERS:
        fields[key] = value
    return replace(base, fields=tuple(fields.items()), open=base.open or base.fields is None)


def element(iterable: Value) -> Value:
    """What a loop over the value sees."""
    if iterable.items:
        member_ = join_all(iterable.items)
        return member_.map_origins(member_.origins | iterable.origins)
    if iterable.fields:
        keys = [constant(key) for key, _ in iterable.fields]
        return join_all(keys).map_origins(iterable.origins)
    if KEYWORDS in iterable.marks:
        return names_of(iterable)
    return Value(origins=iterable.origins, marks=iterable.marks)
