"""What a condition proves where it dominates: membership, equality, type, a checked signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.scope import OPTED_IN, Variables, part_name
from mlsec_lint.flow.value import NO_ORIGINS, UNKNOWN, Value
from mlsec_lint.syntax import expression as ex

UNTOUCHED = frozenset({"exception", "narrow-exception", "traceback", "score", "logits", "secret"})
"""Kinds that a test on the value does not make harmless."""

_DIGEST = re.compile(r"(?i)(digest|sha\d|md5|checksum|hash|signature|hmac|fingerprint)")
_CHECKER = re.compile(r"(?i)^(?:_*)(?:is_|has_)?(?:valid|safe|allow|verif|check|trusted|permitted|authoriz|sanitiz|whitelist|ensure)")
_SWITCH = re.compile(r"(?i)(?:^|_)(?:allow|trust|unsafe|insecure|dangerous|enable_pickle)")
_TEXT_TESTS = frozenset({"isdigit", "isalnum", "isidentifier", "isnumeric", "isdecimal", "isalpha"})
_NUMERIC = frozenset({"int", "float", "bool", "complex", "decimal.Decimal", "uuid.UUID", "enum.Enum"})


def refine(test: ex.Expression, truth: bool, at: Evaluation) -> Variables:
    """The variables where the test came out so."""
    if truth and _is_switch(test):
        return {**_refined(test, truth, at), OPTED_IN: UNKNOWN}
    return _refined(test, truth, at)


def _is_switch(test: ex.Expression) -> bool:
    """`allow_pickle`, `self.trust_remote_code`, `os.environ.get("ALLOW_UNSAFE")`: set by somebody on purpose."""
    match test:
        case ex.Name(id=name) | ex.Attribute(attr=name) | ex.Constant(value=str(name)):
            return bool(_SWITCH.search(name))
        case ex.Call():
            return any(_is_switch(argument.value) for argument in test.arguments[:1]) or _is_switch(test.func)
        case ex.Subscript(index=ex.Constant() as index):
            return _is_switch(index)
        case ex.Compare():
            return test.operators in (("==",), ("is",), ("in",)) and _is_switch(test.left)
    return False


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
        case ex.Compare() if len(test.operators) == 1:
            return _compared(test, truth, at)
        case ex.Call():
            return _called(test, truth, at)
        case ex.Name() if not truth:
            return _falsy(test.id, variables)
    return dict(variables)


def _compared(test: ex.Compare, truth: bool, at: Evaluation) -> Variables:
    operator, right = test.operators[0], test.rights[0]
    proves = (operator in ("in", "==", "is") and truth) or (operator in ("not in", "!=", "is not") and not truth)
    variables = dict(at.frame.scope.variables)
    if not proves:
        return variables
    if operator in ("==", "!=") and (_is_digest(test.left) or _is_digest(right)):
        return _mark(variables, [*names_in(test.left), *names_in(right)], "verified")
    against = at.value(right)
    if operator in ("in", "not in", "==", "!=") and not against.all_origins():
        return _clean_part(_clean(variables, _tested(test.left)), test.left, at)
    return variables


def _clean_part(variables: Variables, node: ex.Expression, at: Evaluation) -> Variables:
    """What was proved of `job.model` or `job["model"]` is kept under that name."""
    name = part_name(node)
    if name:
        variables[name] = _cleaned(at.value(node))
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
    if not truth:
        return variables
    names = [name for argument in test.arguments for name in names_in(argument.value)]
    paths = at.value(test.func).paths
    if paths == ("isinstance",) and len(test.arguments) == 2:  # noqa: PLR2004 - object and types
        kinds = at.value(test.arguments[1].value)
        types = kinds.items if kinds.items is not None else (kinds,)
        numeric = all(set(item.paths) & _NUMERIC for item in types)
        return _clean(variables, names) if numeric else variables
    if isinstance(test.func, ex.Attribute) and test.func.attr in _TEXT_TESTS and isinstance(test.func.value, ex.Name):
        return _clean(variables, [test.func.value.id])
    if at.facts.guards.at_any(paths):
        return _mark(_clean(variables, names), names, "verified")
    last = paths[0].rsplit(".", 1)[-1] if paths else ""
    if last == "compare_digest" or _DIGEST.search(last):
        return _mark(variables, names, "verified")
    return _clean(variables, names) if _CHECKER.search(last) else variables


def _is_digest(node: ex.Expression) -> bool:
    match node:
        case ex.Call():
            return _is_digest(node.func)
        case ex.Attribute():
            return bool(_DIGEST.search(node.attr))
        case ex.Name():
            return bool(_DIGEST.search(node.id))
    return False


def names_in(node: ex.Expression) -> Iterator[str]:
    """The variables that an expression is made of."""
    match node:
        case ex.Name():
            yield node.id
        case ex.Walrus():
            yield node.target.id
        case ex.Attribute() | ex.Subscript() | ex.Await() | ex.Formatted():
            yield from names_in(node.value)
        case ex.Call():
            yield from names_in(node.func)
            for argument in node.arguments:
                yield from names_in(argument.value)
        case ex.Operation():
            for operand in node.operands:
                yield from names_in(operand)


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
