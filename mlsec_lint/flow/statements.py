"""What each kind of statement does to the variables; False from one means that nothing follows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from mlsec_lint.flow.annotations import annotated
from mlsec_lint.flow.debugging import debugged
from mlsec_lint.flow.defining import class_, function
from mlsec_lint.flow.error_handlers import report_raised
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.functions import leave
from mlsec_lint.flow.guards import checked, refine
from mlsec_lint.flow.quiet import kind_behind
from mlsec_lint.flow.scope import Variables
from mlsec_lint.flow.targets import bind, element, store
from mlsec_lint.flow.texts import built
from mlsec_lint.flow.value import UNKNOWN, Origin, Value, capped
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st

DOUBLED_LOOPS = 4
"""Loops inside loops that are evaluated twice; the work doubles with every level."""


def import_(node: st.Import, at: Evaluation) -> bool:
    """Names of other modules; relative ones get the package in front."""
    for binding in node.bindings:
        path = _absolute(binding.path, at.package)
        ours = at.program.imported(binding.path, at.file) if at.program is not None else ()
        at.frame.scope.set(binding.name, Value(paths=(at.facts.canonical_import(path),), definitions=ours))
    at.stars = tuple(dict.fromkeys((*at.stars, *node.stars)))
    return True


def _absolute(path: str, package: str) -> str:
    if not path.startswith("."):
        return path
    bare = path.lstrip(".")
    up = len(path) - len(bare) - 1
    parents = package.split(".") if package else []
    kept = parents[: max(0, len(parents) - up)]
    return ".".join([*kept, bare]) if kept else f"__project__.{bare}"


def assign(node: st.Assign, at: Evaluation) -> bool:
    """`a = b = value`; an annotation without value says what type the name has."""
    if node.value is None:
        if node.annotation is not None and isinstance(node.targets[0], ex.Name):
            bind(node.targets[0], annotated(node.annotation, at), at)
        return True
    value = at.value(node.value)
    if node.annotation is not None:
        typed = annotated(node.annotation, at)
        definitions = (*value.definitions, *typed.definitions)
        value = replace(value, paths=tuple(dict.fromkeys((*typed.paths, *value.paths))), definitions=definitions)
    if value.exact and at.context.opted_in:
        value = replace(value, marks=value.marks | {"opted-in"})
    for target in node.targets:
        store(target, value, at, node.value.place)
    return True


def augment(node: st.Augment, at: Evaluation) -> bool:
    """`a += b`."""
    before, added = at.value(node.target), at.value(node.value)
    if before.items is not None or added.items is not None:
        items = (*(before.items or ()), *(added.items or ()))
        opened = before.items is None or added.items is None or before.open or added.open
        value = Value(items=items, open=opened, origins=capped(before.origins | added.origins), paths=before.paths)
    elif node.operator == "|" and before.fields is not None:
        fields = {**dict(before.fields), **dict(added.fields or ())}
        value = Value(fields=tuple(fields.items()), open=True, origins=before.origins | added.origins)
    else:
        value = built([before, added], node.place)
    store(node.target, value, at)
    return True


def evaluate(node: st.Evaluate, at: Evaluation) -> bool:
    """An expression for its effect; a call that ends the program ends the way."""
    value = at.value(node.value)
    if isinstance(node.value, ex.Call):
        checked(node.value, at)
    if isinstance(node.value, ex.Yield):
        leave(at.frame.returns[-1] if at.frame.returns else UNKNOWN, node.value.place, at)
    return value.producer not in ("sys.exit", "exit", "quit", "os._exit", "os.abort", "flask.abort", "pytest.fail")


def return_(node: st.Return, at: Evaluation) -> bool:
    """Leaves the function."""
    value = at.value(node.value)
    at.frame.returns.append(value)
    if node.value is not None:
        leave(value, node.value.place, at)
    return False


def raise_(node: st.Raise, at: Evaluation) -> bool:
    """Leaves the way; an error that a handler of the file shows goes to the client."""
    at.value(node.value)
    report_raised(node, at)
    return False


def assert_(node: st.Assert, at: Evaluation) -> bool:
    """Evaluated; it proves nothing, for `python -O` drops it."""
    at.value(node.test)
    return True


def delete(node: st.Delete, at: Evaluation) -> bool:
    """Nothing that matters here."""
    return True


def scope(node: st.Scope, at: Evaluation) -> bool:
    """`global`, `nonlocal`."""
    at.frame.scope.globals.update(node.names)
    return True


def jump(node: st.Jump, at: Evaluation) -> bool:
    """Leaves the way towards the end of the loop."""
    exits, variables = at.frame.exits, at.frame.scope.variables
    exits[:] = [at.meet(exits[0], variables) if exits else variables]
    return False


def if_(node: st.If, at: Evaluation) -> bool:
    """Both branches, each under its condition."""
    at.value(node.test)
    before = at.frame.scope.variables
    at.frame.scope.variables = refine(node.test, True, at)
    body_ends = at.execute(node.body)
    after_body = at.frame.scope.variables
    at.frame.scope.variables = before
    at.frame.scope.variables = refine(node.test, False, at)
    return _meet([(body_ends, after_body), (at.execute(node.orelse), at.frame.scope.variables)], at)


def _meet(ways: Iterable[tuple[bool, Variables]], at: Evaluation) -> bool:
    """Join the ways that end; each is evaluated when its turn comes, so that only two sets of variables are kept."""
    merged: Variables | None = None
    for ends, variables in ways:
        if ends:
            merged = variables if merged is None else at.meet(merged, variables)
    if merged is None:
        return False
    at.frame.scope.variables = dict(merged)
    return True


def for_(node: st.For, at: Evaluation) -> bool:
    """The body twice: what one round leaves reaches the next."""
    iterable = at.value(node.iterable)

    def head() -> None:
        at.frame.statement = node.place
        bind(node.target, element(iterable), at)

    return _loop(head, node.body, node.orelse, at)


def while_(node: st.While, at: Evaluation) -> bool:
    """The body twice, under its condition."""

    def head() -> None:
        at.frame.statement = node.place
        at.value(node.test)
        at.frame.scope.variables = refine(node.test, True, at)

    _loop(head, node.body, node.orelse, at)
    return True


def _loop(head: Callable[[], None], body: st.Body, orelse: st.Body, at: Evaluation) -> bool:
    outer_exits, at.frame.exits = at.frame.exits, []
    frame_scope = at.frame.scope
    at.frame.loops += 1
    for _ in range(2 if at.frame.loops <= DOUBLED_LOOPS else 1):
        before = frame_scope.variables
        frame_scope.variables = dict(before)
        head()
        ends = at.execute(body)
        ways = [(True, before), (ends, frame_scope.variables), *((True, item) for item in at.frame.exits)]
        _meet(ways, at)
    at.frame.loops -= 1
    at.frame.exits = outer_exits
    return at.execute(orelse)


def with_(node: st.With, at: Evaluation) -> bool:
    """`with X() as y`: y is taken for X()."""
    for value_node, target in node.items:
        value = at.value(value_node)
        if target is not None:
            store(target, value, at)
    return at.execute(node.body)


def try_(node: st.Try, at: Evaluation) -> bool:
    """A handler starts from anywhere in the body."""
    before = at.frame.scope.variables
    at.frame.scope.variables = dict(before)
    ends = at.execute(node.body)
    after = at.frame.scope.variables

    def ways() -> Iterator[tuple[bool, Variables]]:
        if ends:
            yield at.execute(node.orelse), at.frame.scope.variables
        for handler in node.handlers:
            at.frame.scope.variables = at.meet(before, after)
            yield _handle(handler, node.body, at), at.frame.scope.variables

    alive = _meet(ways(), at)
    if not alive:
        at.frame.scope.variables = at.meet(before, after)
    return at.execute(node.final) and alive


def _handle(handler: st.ExceptHandler, body: st.Body, at: Evaluation) -> bool:
    types = at.value(handler.type)
    members = types.items or (types,)
    paths = tuple(path for item in members if not item.definitions for path in item.paths)
    named = any(item.definitions for item in members)
    shown = ", ".join(path.rsplit(".", 1)[-1] for path in paths) or (
        "any exception" if not named else "an own exception"
    )
    if handler.name:
        kind = "narrow-exception" if named and not paths else kind_behind(body, paths, at)
        caught = Origin(kind, f"the caught {shown}", handler.place)
        origins = frozenset({debugged(caught) if at.context.debugging else caught} if kind else ())
        bind(ex.Name(handler.name, handler.place), Value(origins=origins), at)
    return at.execute(handler.body)


def match(node: st.Match, at: Evaluation) -> bool:
    """Each case; a constant pattern proves what the subject is."""
    subject = at.value(node.subject)
    before = at.frame.scope.variables

    def way(case: st.Case) -> tuple[bool, Variables]:
        at.charge_variables()
        at.frame.scope.variables = dict(before)
        for name in case.captures:
            at.frame.scope.set(name, Value(origins=subject.all_origins()))
        if case.constants is not None and isinstance(node.subject, ex.Name):
            at.frame.scope.set(node.subject.id, Value(constants=case.constants, exact=True))
        at.value(case.guard)
        return at.execute(case.body), at.frame.scope.variables

    return _meet(chain([(True, before)], map(way, node.cases)), at)


STATEMENTS: dict[type, Callable[..., bool]] = {
    st.Import: import_, st.Assign: assign, st.Augment: augment, st.Evaluate: evaluate, st.Return: return_,
    st.Raise: raise_, st.Assert: assert_, st.Delete: delete, st.Scope: scope, st.Jump: jump, st.If: if_, st.For: for_,
    st.While: while_, st.With: with_, st.Try: try_, st.Match: match, st.Function: function, st.Class: class_,
}  # fmt: skip
