"""What a condition proves where it dominates: membership, equality, type, a checked signature."""

from __future__ import annotations

from mlsec_lint.flow.conversation import INSTRUCTING
from mlsec_lint.flow.debugging import is_asked_for, seen_by_developers
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.evidence import (
    CHECKER,
    DIGEST,
    NUMERIC,
    REJECTER,
    TEXT_TESTS,
    address_of,
    asks_for_read,
    contained,
    is_debugging,
    is_digest,
    is_opt_in,
    names_in,
)
from mlsec_lint.flow.exceptions import kind_of
from mlsec_lint.flow.proofs import (
    clean,
    cleaned,
    ending,
    ending_of,
    falsy,
    fitting,
    is_none,
    mark,
    narrowed,
    tested,
    with_ending,
    without_uploads,
)
from mlsec_lint.flow.scope import DEBUGGING, OPTED_IN, Variables, part_name
from mlsec_lint.flow.targets import bind, element
from mlsec_lint.flow.value import UNKNOWN, Value
from mlsec_lint.syntax import expression as ex


def refine(test: ex.Expression, truth: bool, at: Evaluation) -> Variables:
    """The variables where the test came out so."""
    at.charge_variables()
    if is_opt_in(test, truth):
        return {**_refined(test, truth, at), OPTED_IN: UNKNOWN}
    if is_debugging(test, truth):
        if is_asked_for(test, at):
            return _refined(test, truth, at)
        return seen_by_developers({**_refined(test, truth, at), DEBUGGING: UNKNOWN})
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
        case ex.Boolean():
            return _either(test, truth, at)
        case ex.Call(
            func=ex.Name(id=("any" | "all") as name), arguments=(ex.Argument(value=ex.Comprehension() as each),)
        ):
            return _quantified(each, name, truth, at)
    return _simple(test, truth, at)


def _either(test: ex.Boolean, truth: bool, at: Evaluation) -> Variables:
    """Where `a or b` is true either is, where `a and b` is false either is not; those before it have come out otherwise."""
    scope, before = at.frame.scope, at.frame.scope.variables
    merged: Variables | None = None
    for operand in test.operands:
        way = refine(operand, truth, at)
        merged = way if merged is None else at.meet(merged, way)
        scope.variables = refine(operand, not truth, at)
    scope.variables = before
    return merged if merged is not None else dict(before)


def _quantified(each: ex.Comprehension, name: str, truth: bool, at: Evaluation) -> Variables:
    """`any(path.is_relative_to(root) for root in ROOTS)`; `all(sign in ALLOWED for sign in name)` proves it of `name`."""
    scope, before = at.frame.scope, at.frame.scope.variables
    if len(each.generators) != 1 or each.generators[0].conditions:
        return dict(before)
    target, iterable = each.generators[0].target, each.generators[0].iterable
    scope.variables = dict(before)
    bind(target, element(at.value(iterable)), at)
    bound = [(item, scope.variables.get(item)) for item in names_in(target)]
    refined = refine(each.element, truth, at)
    scope.variables = before
    of_all = truth == (name == "all")
    proved = of_all and (_all_clean(bound, refined) or _is_parent(each.element, target, truth, at))
    for item, _ in bound:
        refined.pop(item, None)
        if item in before:
            refined[item] = before[item]
    if of_all:  # nothing is known of the others where there is nothing to go through
        refined = dict(before)
    return clean(refined, _gone_through(iterable)) if proved else refined


def _all_clean(bound: list[tuple[str, Value | None]], refined: Variables) -> bool:
    held = [(item, value) for item, value in bound if value is not None and value.origins]
    return bool(held) and all(not refined[item].origins for item, _ in held)


def _is_parent(test: ex.Expression, target: ex.Expression, truth: bool, at: Evaluation) -> bool:
    """`part == ".."` and `part in ("..", "")` that are false, or `part != ".."` that is true, of the loop's own variable."""
    if (
        not isinstance(test, ex.Compare)
        or len(test.operators) != 1
        or not set(names_in(test.left)) & set(names_in(target))
    ):
        return False
    refuses = not truth if test.operators[0] in ("==", "in") else truth and test.operators[0] in ("!=", "not in")
    right = at.value(test.rights[0])
    return refuses and any(".." in item.constants for item in (right, *right.members()))


def _gone_through(iterable: ex.Expression) -> list[str]:
    """The variables that a loop goes through all of: `name`, `path.parts`, `name.split("/")`."""
    match iterable:
        case ex.Name(id=name):
            return [name]
        case ex.Attribute(attr="parts") | ex.Call(func=ex.Attribute(attr="split")):
            return list(names_in(iterable))
    return []


def _simple(test: ex.Expression, truth: bool, at: Evaluation) -> Variables:
    match test:
        case ex.Compare() if len(test.operators) == 1:
            return _compared(test, truth, at)
        case ex.Call():
            return _called(test, truth, at)
        case ex.Name() if not truth:
            return falsy(test.id, at.frame.scope.variables)
    return dict(at.frame.scope.variables)


def _rejects(test: ex.Expression) -> bool:
    """`not is_allowed(url, domains)`, `not url.startswith(…)`: what follows a setting, `if self.domains and not …: raise`."""
    return isinstance(test, ex.Unary) and test.operator == "not" and isinstance(test.operand, ex.Call)


def _compared(test: ex.Compare, truth: bool, at: Evaluation) -> Variables:
    operator, right = test.operators[0], test.rights[0]
    proves = (operator in ("in", "==", "is") and truth) or (operator in ("not in", "!=", "is not") and not truth)
    variables = clean(dict(at.frame.scope.variables), contained(test, truth))
    if is_none(right) and operator in ("is", "is not", "==", "!="):
        return _none(test.left, proves, variables, at)
    if not proves:
        return variables
    if operator in ("==", "!=") and (is_digest(test.left) or is_digest(right)):
        return mark(variables, [*names_in(test.left), *names_in(right)], "verified")
    if _is_instructing_role(test.left, right):
        return {**variables, **dict.fromkeys(_of_message(test.left, variables, at), UNKNOWN)}
    if isinstance(right, ex.Constant) and right.value == ".py":
        variables = mark(variables, _of_same(test.left, variables, at), "local")
    against = at.value(right)
    if operator in ("in", "not in", "==", "!=") and not against.all_origins():
        variables = clean(variables, _of_host(test.left, variables, at))
        if (subject := ending_of(test.left)) is not None:
            variables = with_ending(variables, subject, at)
        return _clean_part(clean(variables, tested(test.left)), test.left, at)
    return variables


def _none(node: ex.Expression, is_none: bool, variables: Variables, at: Evaluation) -> Variables:
    """A variable that is `None` holds nothing; a match that is `None` is none."""
    if isinstance(node, ex.Call):
        return fitting(node, variables, at) if not is_none else variables
    return clean(variables, [node.id]) if is_none and isinstance(node, ex.Name) else variables


def _is_instructing_role(node: ex.Expression, role: ex.Expression) -> bool:
    """Whether a test says that a message is the developer's: `message.role == "system"`, `role == "system"`."""
    match node:
        case ex.Attribute(attr="role") | ex.Subscript(index=ex.Constant(value="role")) | ex.Name(id="role"):
            return isinstance(role, ex.Constant) and role.value in INSTRUCTING
        case ex.Call(func=ex.Attribute(attr="get"), arguments=(ex.Argument(value=ex.Constant(value="role")), *_)):
            return isinstance(role, ex.Constant) and role.value in INSTRUCTING
    return False


def _of_message(role: ex.Expression, variables: Variables, at: Evaluation) -> list[str]:
    """The variables that hold a message, or parts of it, of which the role was tested."""
    if not isinstance(role, ex.Name):
        return [name for name in names_in(role) if name in variables]
    sources = {item.place for item in at.value(role).all_origins()}
    return [name for name, value in variables.items() if sources & {item.place for item in value.all_origins()}]


def _of_host(node: ex.Expression, variables: Variables, at: Evaluation) -> list[str]:
    """The variables that hold an address, and nothing else, of which a comparison names the host."""
    address = address_of(node)
    if address is None:
        return []
    origins = at.value(address).all_origins()
    return [name for name, value in variables.items() if value.origins and value.origins <= origins]


def _local(test: ex.Call, names: list[str], at: Evaluation) -> list[str]:
    """The variables that are paths on this machine: `os.path.isdir(name)`, `path.exists()`, `name.endswith(".py")`."""
    func = test.func
    if not isinstance(func, ex.Attribute):
        return []
    if func.attr in ("isdir", "isfile", "exists") and names and ex.last_name(func.value) == "path":
        return [name for argument in test.arguments[:1] for name in tested(argument.value)]
    suffix = test.arguments[0].value if len(test.arguments) == 1 else None
    is_script = func.attr == "endswith" and isinstance(suffix, ex.Constant) and suffix.value == ".py"
    is_path = func.attr in ("is_dir", "is_file", "exists") and "pathlib.Path()" in at.value(func.value).paths
    return list(names_in(func.value)) if is_script or is_path else []


def _of_same(node: ex.Expression, variables: Variables, at: Evaluation) -> list[str]:
    """The variables that come from nowhere else than an expression: `name` for `os.path.splitext(name)[1]`."""
    places = {origin.place for origin in at.value(node).all_origins()}
    return [
        name for name, value in variables.items() if value.origins and {one.place for one in value.origins} <= places
    ]


def _clean_part(variables: Variables, node: ex.Expression, at: Evaluation) -> Variables:
    """What was proved of `job.model` or `job["model"]` is kept under that name."""
    name = part_name(node)
    if name:
        variables[name] = cleaned(at.value(node))
        at.frame.scope.parts.setdefault(name.partition(".")[0], set()).add(name)
    return variables


def _called(test: ex.Call, truth: bool, at: Evaluation) -> Variables:
    variables = dict(at.frame.scope.variables)
    names = [name for argument in test.arguments for name in names_in(argument.value)]
    names += [name for argument in test.arguments for name in _of_host(argument.value, variables, at)]
    if not truth:
        return _refused(test, names, variables)
    variables = mark(fitting(test, ending(test, variables, at), at), _local(test, names, at), "local")
    paths = at.value(test.func).paths
    if paths == ("isinstance",) and len(test.arguments) == 2:  # noqa: PLR2004 - object and types
        kinds = at.value(test.arguments[1].value)
        types = kinds.items if kinds.items is not None else (kinds,)
        numeric = all(set(item.paths) & NUMERIC for item in types)
        return clean(variables, names) if numeric else _of_types(variables, test.arguments[0].value, types)
    if isinstance(test.func, ex.Attribute) and (test.func.attr in TEXT_TESTS or _stays_below(test.func, at)):
        return clean(variables, list(names_in(test.func.value)))
    if at.facts.guards.at_any(paths):
        return mark(clean(variables, names), names, "verified")
    last = paths[0].rsplit(".", 1)[-1] if paths else ex.last_name(test.func)
    if last == "compare_digest" or DIGEST.search(last):
        return mark(variables, names, "verified")
    return clean(variables, names) if CHECKER.search(last) else variables


def _of_types(variables: Variables, node: ex.Expression, types: tuple[Value, ...]) -> Variables:
    """`isinstance(error, QuotaExceeded)`: an error of narrow types, or of the project's own, has an author."""
    narrow = all(item.definitions or (item.paths and kind_of(item.paths) != "exception") for item in types)
    return narrowed(variables, tested(node)) if narrow else variables


def _refused(test: ex.Call, names: list[str], variables: Variables) -> Variables:
    """What the answer no says: `is_path_traversal(path)`, `hasattr(file, "read")`."""
    last = ex.last_name(test.func)
    if last == "hasattr" and asks_for_read(test):
        return without_uploads(variables, names)
    return clean(variables, names) if REJECTER.search(last) else variables


def _stays_below(func: ex.Attribute, at: Evaluation) -> bool:
    """`p.is_relative_to(base)`; `p.startswith(base)` only proves it of a resolved path."""
    return func.attr == "is_relative_to" or (func.attr == "startswith" and "resolved" in at.value(func.value).marks)


def checked(call: ex.Call, at: Evaluation) -> None:
    """`validate_url(url)` as a statement raises unless its argument is fine; so does `path.relative_to(base)`."""
    last = ex.last_name(call.func)
    variables = at.frame.scope.variables
    if CHECKER.search(last):
        clean(variables, [name for argument in call.arguments for name in names_in(argument.value)])
    elif last == "relative_to" and isinstance(call.func, ex.Attribute):
        clean(variables, list(names_in(call.func.value)))
