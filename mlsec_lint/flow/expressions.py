"""What each kind of expression may be; calls and texts have files of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mlsec_lint.flow import definition as de
from mlsec_lint.flow import segments
from mlsec_lint.flow.clean_types import is_clean_type
from mlsec_lint.flow.endings import PARENTS, shortened
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.exceptions import HANDLED
from mlsec_lint.flow.guards import refine
from mlsec_lint.flow.keywords import KEYWORDS
from mlsec_lint.flow.model_fields import validated
from mlsec_lint.flow.paths import extend
from mlsec_lint.flow.scope import part_name
from mlsec_lint.flow.texts import SCORES
from mlsec_lint.flow.value import (
    NO_ORIGINS,
    UNKNOWN,
    Origin,
    Origins,
    Value,
    capped,
    constant,
    join,
    join_all,
)
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex

SAFE_ATTRIBUTES = frozenset(
    {"__class__", "__name__", "__qualname__", "__module__", "status_code", "errno", "returncode", "lineno"}
    | {"shape", "dtype", "size", "ndim", "device", "is_valid", "content_type", "method"}
)
"""Attributes that hold no free text and no score, whatever they are taken from."""


def name(node: ex.Name, at: Evaluation) -> Value:
    """A variable; one that nobody sets is a builtin."""
    found = variable(node.id, at)
    if found is not None:
        return found
    if node.id == "__file__":
        return Value(marks=frozenset({"package-file"}))
    return _with_sources(Value(paths=(at.facts.canonical(node.id),)), node, at)


def variable(id_: str, at: Evaluation) -> Value | None:
    """The value of a variable, imports looked up; None when nobody sets it."""
    found = at.frame.scope.find(id_)
    if at.program is None:
        return found
    if found is None:
        return at.program.from_stars(at.stars, at.file, id_) if at.stars else None
    return at.program.resolved(found) if found.definitions else found


def literal(node: ex.Constant, at: Evaluation) -> Value:
    """A constant."""
    return constant(node.value)


def attribute(node: ex.Attribute, at: Evaluation) -> Value:
    """`value.attr`: a member of a project class, a longer API path, and what flows out of the object."""
    proved = at.frame.scope.variables.get(part_name(node))
    if proved is not None:
        return proved
    return attribute_of(at.value(node.value), node, at)


def attribute_of(base: Value, node: ex.Attribute, at: Evaluation) -> Value:
    """The same with the object already evaluated: a chain of calls is evaluated once a link, not twice."""
    own = member(base, node.attr, at)
    given = base.field(node.attr) if base.paths or base.definitions else None
    if given is not None:
        own = given if own is None else join(own, given)
    paths = _attribute_paths(base, node, own, at)
    origins = NO_ORIGINS if node.attr in SAFE_ATTRIBUTES else base.origins
    if node.attr in PARENTS:
        origins = shortened(origins)
    marks = base.marks - {"unpacked", KEYWORDS, segments.FIXED_ENDING}
    if own is not None:
        origins = validated(base, node.attr, origins)
        joined = own.origins | _by_type(own, origins) | carried((node.attr,), base)
        return replace(own, paths=own.paths or paths, origins=joined, marks=own.marks | marks)
    return _with_sources(Value(paths=paths, origins=origins, marks=marks), node, at)


def carried(names: Iterable[str], base: Value) -> Origins:
    """The constructor arguments that these attributes of a handled error hold."""
    if not any(HANDLED in item.traits for item in base.origins):
        return NO_ORIGINS
    owners = [item.of for item in base.definitions if isinstance(item, de.Instance)]
    return NO_ORIGINS.union(*(owner.given_to(name) for owner in owners for name in names))


def _by_type(own: Value, origins: Origins) -> Origins:
    """What an object's data can be in a field of this type: a number holds no text, but it may be a score.

    What a handled error holds in the field is known from its constructor.
    """
    if is_clean_type(own):
        return frozenset(item for item in origins if item.kind in SCORES)
    return frozenset(item for item in origins if HANDLED not in item.traits)


def _attribute_paths(base: Value, node: ex.Attribute, own: Value | None, at: Evaluation) -> tuple[str, ...]:
    attr = node.attr
    if base.paths:
        return tuple(at.facts.canonical(extend(path, attr)) for path in base.paths)
    return () if own is not None else (f"?.{ex.last_name(node.value)}.{attr}".replace("..", "."),)


def member(base: Value, attr: str, at: Evaluation) -> Value | None:
    """What a module or class of the project, or an object of it, has under this name."""
    for item in base.definitions:
        if isinstance(item, de.ModuleDefinition) and at.program is not None:
            return at.program.member(item.module, attr)
        if isinstance(item, de.Instance) and at.program is not None:
            at.program.complete(item.of)
        owner = item.of if isinstance(item, de.Instance) else item
        if not isinstance(owner, de.ClassDefinition):
            continue
        found = owner.find(attr)
        if found is not None:
            is_object = isinstance(item, de.Instance)
            return replace(found, definitions=tuple(_bound(one, base, is_object) for one in found.definitions))
    return None


def _bound(item: de.Definition, receiver: Value, is_object: bool) -> de.Definition:
    """A method taken from an object, or a class method taken from either, will get it as its first argument."""
    if not isinstance(item, de.FunctionDefinition) or item.owner is None or item.is_decorated("staticmethod"):
        return item
    return de.Method(item, receiver) if is_object or item.is_decorated("classmethod") else item


def _with_sources(value: Value, node: ex.Name | ex.Attribute | ex.Subscript, at: Evaluation) -> Value:
    """Add the origins of API values that are data (`flask.request.args`); drop what an attribute stops (`result.label`)."""
    for _, barrier in at.facts.barriers.at_any(value.paths):
        if barrier.stops and not barrier.for_sinks:
            value = replace(value, origins=_let_through(value.origins, barrier.stops))
    found = at.facts.sources.at_any(value.paths)
    if not found:
        return value
    origins = [
        Origin(source.kind, path.removeprefix("?."), node.place, frozenset(source.traits))
        for path, source in found
        if not source.where
    ]
    return replace(value, origins=value.origins.union(origins))


def _let_through(origins: Origins, stops: tuple[str, ...]) -> Origins:
    """What is left of data; what a parameter is given is stopped when it is known."""
    marks = [f"stopped:{kind}" for kind in stops]
    left = (item for item in origins if item.kind not in stops)
    return capped(item.with_traits(marks) if item.kind == "parameter" else item for item in left)


def subscript(node: ex.Subscript, at: Evaluation) -> Value:
    """`value[index]`: the member if it is known, else anything that is inside."""
    proved = at.frame.scope.variables.get(part_name(node))
    if proved is not None:
        return proved
    base, index = at.value(node.value), at.value(node.index)
    keys = index.constants if index.exact else ()
    if len(keys) == 1 and base.fields is not None and (found := base.field(keys[0])) is not None:
        return found.map_origins(found.origins | base.origins)
    if (
        len(keys) == 1
        and base.items is not None
        and type(keys[0]) is int
        and -len(base.items) <= keys[0] < len(base.items)
    ):
        found = base.items[keys[0]]
        return segments.item(found.map_origins(found.origins | base.origins), base, keys[0])
    inside = join_all(base.members()) if node.index is not None else UNKNOWN
    value = Value(origins=base.origins | inside.all_origins(), marks=base.marks - {KEYWORDS, segments.FIXED_ENDING})
    if len(keys) == 1:
        value = segments.item(value, base, keys[0])
    if base.items is not None or base.fields is not None:
        value = replace(value, constants=inside.constants, fields=inside.fields, items=inside.items, open=True)
        return replace(value, definitions=inside.definitions)
    subscripted = tuple(f"{path}[]" for path in base.paths if not path.startswith("?"))
    if len(keys) == 1 and isinstance(keys[0], str) and keys[0].isidentifier():
        subscripted = (*subscripted, f"?.{ex.last_name(node.value)}.{keys[0]}".replace("..", "."))
    return _with_sources(replace(value, paths=subscripted), node, at) if subscripted else value


def boolean(node: ex.Boolean, at: Evaluation) -> Value:
    """`a or b` is one of them; what follows an `and` is evaluated under its condition."""
    scope = at.frame.scope
    before, outer = scope.variables, scope.start_walrus()
    values = []
    for operand in node.operands:
        values.append(at.value(operand))
        scope.variables = refine(operand, node.operator == "and", at)
    scope.variables = before
    scope.keep_walrus(outer)
    if node.operator == "or":
        values = [_without_empty(item) for item in values[:-1]] + values[-1:]
    return join_all(values)


def _without_empty(value: Value) -> Value:
    if value.constants and value.exact:
        kept = tuple(item for item in value.constants if item)
        return replace(value, constants=kept, exact=bool(kept))
    return value


def unary(node: ex.Unary, at: Evaluation) -> Value:
    """`not x` is a truth value and carries nothing."""
    operand = at.value(node.operand)
    return UNKNOWN if node.operator == "not" else Value(origins=operand.origins)


def compare(node: ex.Compare, at: Evaluation) -> Value:
    """A truth value carries nothing; an array comparison only decisions."""
    at.value(node.left)
    for right in node.rights:
        at.value(right)
    return UNKNOWN


def conditional(node: ex.Conditional, at: Evaluation) -> Value:
    """Either branch, each under its condition."""
    scope = at.frame.scope
    outer = scope.start_walrus()
    at.value(node.test)
    before = scope.variables
    scope.variables = refine(node.test, True, at)
    body = at.value(node.body)
    scope.variables = before
    scope.variables = refine(node.test, False, at)
    orelse = at.value(node.orelse)
    scope.variables = before
    scope.keep_walrus(outer)
    return join(body, orelse)


def lambda_(node: ex.Lambda, at: Evaluation) -> Value:
    """A function without a name."""
    known = at.definitions.get(node.place)
    if known is None:
        qualname = f"{at.frame.qualname}.<lambda>".lstrip(".")
        known = at.definitions[node.place] = de.FunctionDefinition(node, at.frame.scope, qualname, at)
    assert isinstance(known, de.FunctionDefinition)
    known.scope = at.frame.scope
    at.queue.setdefault(node.place, known)
    return Value(definitions=(known,))


def await_(node: ex.Await, at: Evaluation) -> Value:
    """Transparent."""
    return at.value(node.value)


def yield_(node: ex.Yield, at: Evaluation) -> Value:
    """What is yielded leaves the function as what is returned does."""
    at.frame.returns.append(at.value(node.value))
    return UNKNOWN


def walrus(node: ex.Walrus, at: Evaluation) -> Value:
    """Assigns and is the value."""
    value = at.value(node.value)
    at.frame.scope.set_walrus(node.target.id, value)
    return value


EXPRESSIONS: dict[type, Callable[..., Value]] = {
    ex.Name: name, ex.Constant: literal, ex.Attribute: attribute, ex.Subscript: subscript, ex.Boolean: boolean,
    ex.Unary: unary, ex.Compare: compare, ex.Conditional: conditional, ex.Lambda: lambda_, ex.Await: await_,
    ex.Yield: yield_, ex.Walrus: walrus,
}  # fmt: skip
