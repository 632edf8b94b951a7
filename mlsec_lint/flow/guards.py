"""What a condition proves where it dominates: membership, equality, type, a checked signature."""

from __future__ import annotations

from dataclasses import replace

from mlsec_lint.flow.conversation import INSTRUCTING
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.evidence import (
    CHECKER,
    DIGEST,
    NUMERIC,
    REJECTER,
    TEXT_TESTS,
    address_of,
    contained,
    is_debugging,
    is_digest,
    is_opt_in,
    names_in,
)
from mlsec_lint.flow.scope import DEBUGGING, OPTED_IN, Variables, part_name
from mlsec_lint.flow.value import NO_ORIGINS, UNKNOWN, Value
from mlsec_lint.syntax import expression as ex

UNTOUCHED = frozenset(
    {"exception", "narrow-exception", "traceback", "score", "logits", "named-score", "model-output", "secret"}
)
"""Kinds that a test on the value does not make harmless."""


def refine(test: ex.Expression, truth: bool, at: Evaluation) -> Variables:
    """The variables where the test came out so."""
    at.charge_variables()
    if is_opt_in(test, truth):
        return {**_refined(test, truth, at), OPTED_IN: UNKNOWN}
    if is_debugging(test, truth):
        return {**_refined(test, truth, at), DEBUGGING: UNKNOWN}
    return _refined(test, truth, at)


def _refined(test: ex.Expression, truth: bool, at: Evaluation) -> Variables:
    variables = at.frame.scope.variables
    match test:
        case ex.Unary(operator="not"):
            return refine(test.operand, not truth, at)
        case ex.Boolean() if (test.operator == "and") == truth:
            for operand in test.operands:
                at.frame.scope.variables = refine(operand, truth, at)
            refined, at.frame.scope.variables = at.frame.scope.variables, variables
            return refined
        case ex.Boolean(operator="and", operands=(ex.Name() | ex.Attribute(), last)) if _rejects(last):
            return refine(last, truth, at)
    return _simple(test, truth, at)


def _simple(test: ex.Expression, truth: bool, at: Evaluation) -> Variables:
    match test:
        case ex.Compare() if len(test.operators) == 1:
            return _compared(test, truth, at)
        case ex.Call():
            return _called(test, truth, at)
        case ex.Name() if not truth:
            return _falsy(test.id, at.frame.scope.variables)
    return dict(at.frame.scope.variables)


def _rejects(test: ex.Expression) -> bool:
    """`not is_allowed(url, domains)`, `not url.startswith(…)`: what follows a setting, `if self.domains and not …: raise`."""
    return isinstance(test, ex.Unary) and test.operator == "not" and isinstance(test.operand, ex.Call)


def _compared(test: ex.Compare, truth: bool, at: Evaluation) -> Variables:
    operator, right = test.operators[0], test.rights[0]
    proves = (operator in ("in", "==", "is") and truth) or (operator in ("not in", "!=", "is not") and not truth)
    variables = _clean(dict(at.frame.scope.variables), contained(test, truth))
    if not proves:
        return variables
    if operator in ("==", "!=") and (is_digest(test.left) or is_digest(right)):
        return _mark(variables, [*names_in(test.left), *names_in(right)], "verified")
    if _is_instructing_role(test.left, right):
        return {**variables, **{name: UNKNOWN for name in names_in(test.left) if name in variables}}
    against = at.value(right)
    if operator in ("in", "not in", "==", "!=") and not against.all_origins():
        variables = _clean(variables, _of_host(test.left, variables, at))
        return _clean_part(_clean(variables, _tested(test.left)), test.left, at)
    return variables


def _is_instructing_role(node: ex.Expression, role: ex.Expression) -> bool:
    """Whether a test says that a message is the developer's: `message.role == "system"`, `message["role"] == "system"`."""
    match node:
        case ex.Attribute(attr="role") | ex.Subscript(index=ex.Constant(value="role")):
            return isinstance(role, ex.Constant) and role.value in INSTRUCTING
    return False


def _of_host(node: ex.Expression, variables: Variables, at: Evaluation) -> list[str]:
    """The variables that hold an address, and nothing else, of which a comparison names the host."""
    address = address_of(node)
    if address is None:
        return []
    origins = at.value(address).all_origins()
    return [name for name, value in variables.items() if value.origins and value.origins <= origins]


def _clean_part(variables: Variables, node: ex.Expression, at: Evaluation) -> Variables:
    """What was proved of `job.model` or `job["model"]` is kept under that name."""
    name = part_name(node)
    if name:
        variables[name] = _cleaned(at.value(node))
        at.frame.scope.parts.setdefault(name.partition(".")[0], set()).add(name)
    return variables


def _tested(node: ex.Expression) -> list[str]:
    """The variable that a comparison is about: `x`, `x.lower()`, `x.strip()`."""
    while isinstance(node, ex.Call) and isinstance(node.func, ex.Attribute) and not node.arguments:
        node = node.func.value
    if isinstance(node, ex.Walrus):
        node = node.target
    return [node.id] if isinstance(node, ex.Name) else []


def _called(test: ex.Call, truth: bool, at: Evaluation) -> Variables:
    variables = dict(at.frame.scope.variables)
    names = [name for argument in test.arguments for name in names_in(argument.value)]
    names += [name for argument in test.arguments for name in _of_host(argument.value, variables, at)]
    if not truth:
        return _refused(test, names, variables)
    paths = at.value(test.func).paths
    if paths == ("isinstance",) and len(test.arguments) == 2:  # noqa: PLR2004 - object and types
        kinds = at.value(test.arguments[1].value)
        types = kinds.items if kinds.items is not None else (kinds,)
        numeric = all(set(item.paths) & NUMERIC for item in types)
        return _clean(variables, names) if numeric else variables
    if isinstance(test.func, ex.Attribute) and (test.func.attr in TEXT_TESTS or _stays_below(test.func, at)):
        return _clean(variables, list(names_in(test.func.value)))
    if at.facts.guards.at_any(paths):
        return _mark(_clean(variables, names), names, "verified")
    last = paths[0].rsplit(".", 1)[-1] if paths else ex.last_name(test.func)
    if last == "compare_digest" or DIGEST.search(last):
        return _mark(variables, names, "verified")
    return _clean(variables, names) if CHECKER.search(last) else variables


def _refused(test: ex.Call, names: list[str], variables: Variables) -> Variables:
    """What the answer no says: `is_path_traversal(path)`, `hasattr(file, "read")`."""
    last = ex.last_name(test.func)
    if last == "hasattr" and _asks_for_read(test):
        return _without_uploads(variables, names)
    return _clean(variables, names) if REJECTER.search(last) else variables


def _asks_for_read(test: ex.Call) -> bool:
    """`hasattr(file, "read")`: what has no `read` is no file that somebody has uploaded."""
    asked = test.arguments[1].value if len(test.arguments) == 2 else None  # noqa: PLR2004 - object and name
    return isinstance(asked, ex.Constant) and asked.value == "read"


def _without_uploads(variables: Variables, names: list[str]) -> Variables:
    for name in names:
        value = variables.get(name)
        if value is not None:
            kept = (item for item in value.origins if item.kind != "upload")
            marked = (item.with_traits(("stopped:upload",)) if item.kind == "parameter" else item for item in kept)
            variables[name] = value.map_origins(frozenset(marked))
    return variables


def _stays_below(func: ex.Attribute, at: Evaluation) -> bool:
    """`p.is_relative_to(base)`; `p.startswith(base)` only proves it of a resolved path."""
    return func.attr == "is_relative_to" or (func.attr == "startswith" and "resolved" in at.value(func.value).marks)


def checked(call: ex.Call, at: Evaluation) -> None:
    """`validate_url(url)` as a statement raises unless its argument is fine; so does `path.relative_to(base)`."""
    last = ex.last_name(call.func)
    variables = at.frame.scope.variables
    if CHECKER.search(last):
        _clean(variables, [name for argument in call.arguments for name in names_in(argument.value)])
    elif last == "relative_to" and isinstance(call.func, ex.Attribute):
        _clean(variables, list(names_in(call.func.value)))


def _clean(variables: Variables, names: list[str]) -> Variables:
    for name in names:
        value = variables.get(name)
        if value is not None and value.origins:
            variables[name] = _cleaned(value)
    return variables


def _cleaned(value: Value) -> Value:
    kept = frozenset(item for item in value.origins if item.kind in UNTOUCHED)
    return value.map_origins(kept or NO_ORIGINS)


def _mark(variables: Variables, names: list[str], mark: str) -> Variables:
    for name in names:
        value = variables.get(name)
        if value is not None:
            variables[name] = replace(value, marks=value.marks | {mark})
    return variables


def _falsy(name: str, variables: Variables) -> Variables:
    """A variable that is false holds no text."""
    value = variables.get(name)
    if value is None:
        return dict(variables)
    return {**variables, name: value.map_origins(NO_ORIGINS)}
