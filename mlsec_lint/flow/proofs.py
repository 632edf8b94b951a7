"""What is left of variables of which a condition has proved something."""

from __future__ import annotations

from mlsec_lint.flow.charsets import kept, pattern_of
from mlsec_lint.flow.endings import ended, is_fixed
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.scope import Variables, part_name
from mlsec_lint.flow.segments import FIXED_ENDING
from mlsec_lint.flow.value import NO_ORIGINS, Origin, Value
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex

UNTOUCHED = frozenset(
    {"exception", "narrow-exception", "traceback", "score", "logits", "named-score", "model-output", "secret"}
)
"""Kinds that a test on the value does not make harmless."""

_PATHS = ("Path", "PurePath", "PurePosixPath")


def clean(variables: Variables, names: list[str]) -> Variables:
    """What the names hold does no harm."""
    for name in names:
        value = variables.get(name)
        if value is not None and value.origins:
            variables[name] = cleaned(value)
    return variables


def cleaned(value: Value) -> Value:
    """A value of which no data is left but what a test does not make harmless."""
    kept = frozenset(item for item in value.origins if item.kind in UNTOUCHED)
    return value.map_origins(kept or NO_ORIGINS)


def mark(variables: Variables, names: list[str], mark: str) -> Variables:
    """The names hold something of which this was proved."""
    for name in names:
        value = variables.get(name)
        if value is not None:
            variables[name] = replace(value, marks=value.marks | {mark})
    return variables


def falsy(name: str, variables: Variables) -> Variables:
    """A variable that is false holds no text."""
    value = variables.get(name)
    if value is None:
        return dict(variables)
    return {**variables, name: value.map_origins(NO_ORIGINS)}


def without_uploads(variables: Variables, names: list[str]) -> Variables:
    """The names hold nothing that was uploaded."""
    for name in names:
        value = variables.get(name)
        if value is not None:
            kept = (item for item in value.origins if item.kind != "upload")
            marked = (item.with_traits(("stopped:upload",)) if item.kind == "parameter" else item for item in kept)
            variables[name] = value.map_origins(frozenset(marked))
    return variables


def fitting(test: ex.Call, variables: Variables, at: Evaluation) -> Variables:
    """`re.match("^[a-z]+$", name)`: the names of what fits hold what the pattern allows."""
    if not isinstance(test.func, ex.Attribute) or test.func.attr not in ("match", "fullmatch", "search"):
        return variables
    values = [item.value for item in test.arguments]
    if at.value(test.func).paths in (("re.match",), ("re.search",)) and len(values) > 1:
        given = at.value(values[0])
        pattern, subject = given.constants[0] if given.exact else None, values[1]
    elif values:
        pattern, subject = pattern_of(at.value(test.func.value)), values[0]
    else:
        return variables
    for name in tested(subject):
        value = variables.get(name)
        if value is not None and pattern is not None:
            untouched = frozenset(item for item in value.origins if item.kind in UNTOUCHED)
            variables[name] = value.map_origins(kept(pattern, value.origins) | untouched)
    return variables


def ending(test: ex.Call, variables: Variables, at: Evaluation) -> Variables:
    """`name.endswith(".docx")`: what the name leads to ends so."""
    func, given = test.func, [at.value(item.value) for item in test.arguments]
    if not isinstance(func, ex.Attribute) or func.attr != "endswith" or len(given) != 1:
        return variables
    known = given[0].items if given[0].items and not given[0].open else (given[0],)
    return with_ending(variables, func.value, at) if all(map(is_fixed, known)) else variables


def with_ending(variables: Variables, node: ex.Expression, at: Evaluation) -> Variables:
    """The variable or attribute holds a text that ends in one of some constant texts."""
    while isinstance(node, ex.Call) and isinstance(node.func, ex.Attribute) and not node.arguments:
        node = node.func.value
    name = node.id if isinstance(node, ex.Name) else part_name(node)
    if name:
        value = at.value(node)
        marks = value.marks | {FIXED_ENDING}
        variables[name] = replace(value, marks=marks, origins=ended(value.origins))
        if not isinstance(node, ex.Name):
            at.frame.scope.parts.setdefault(name.partition(".")[0], set()).add(name)
    return variables


def ending_of(node: ex.Expression) -> ex.Expression | None:
    """What a part of a name is the ending of: `os.path.splitext(name)[1]`, `Path(name).suffix.lower()`."""
    while isinstance(node, ex.Call) and isinstance(node.func, ex.Attribute) and not node.arguments:
        node = node.func.value
    match node:
        case ex.Subscript(value=ex.Call() as call, index=ex.Constant(value=(1 | -1))) if (
            ex.last_name(call.func) == "splitext" and call.arguments
        ):
            return call.arguments[0].value
        case ex.Attribute(attr="suffix", value=ex.Call() as call) if ex.last_name(call.func) in _PATHS:
            return call.arguments[0].value if call.arguments else None
        case ex.Attribute(attr="suffix"):
            return node.value
    return None


def narrowed(variables: Variables, names: list[str]) -> Variables:
    """The names hold, of errors, only such as have an author who chose their words."""
    for name in names:
        value = variables.get(name)
        if value is not None:
            variables[name] = value.map_origins(frozenset(map(_narrow, value.origins)))
    return variables


def _narrow(origin: Origin) -> Origin:
    if origin.kind == "parameter":
        return origin.with_traits(("stopped:exception",))
    return replace(origin, kind="narrow-exception") if origin.kind == "exception" else origin


def is_none(node: ex.Expression) -> bool:
    """Whether an expression is `None`."""
    return isinstance(node, ex.Constant) and node.value is None


def tested(node: ex.Expression) -> list[str]:
    """The variable that a comparison is about: `x`, `x.lower()`, `x.strip()`."""
    while isinstance(node, ex.Call) and isinstance(node.func, ex.Attribute) and not node.arguments:
        node = node.func.value
    if isinstance(node, ex.Walrus):
        node = node.target
    return [node.id] if isinstance(node, ex.Name) else []
