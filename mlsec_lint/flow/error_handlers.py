"""Error handlers of web frameworks: what they were registered for, and which errors they show to the client."""

from __future__ import annotations

from collections.abc import Iterator

from mlsec_lint.flow.definition import ClassDefinition, FunctionDefinition, Instance
from mlsec_lint.flow.effects import Destination, report
from mlsec_lint.flow.evaluation import ALL, Evaluation, Frame
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.exceptions import HANDLED
from mlsec_lint.flow.handlers import is_exception
from mlsec_lint.flow.value import Value
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st

_SHOWN = ("response", "response-error")


def handled_types(definition: FunctionDefinition, at: Evaluation) -> tuple[Value, ...]:
    """What a function was registered for: `@app.exception_handler(NotFound)`, `app.add_exception_handler(500, f)`."""
    decorators = definition.node.decorators if isinstance(definition.node, st.Function) else ()
    events = (at.events.calls.get(item.place) for item in decorators if isinstance(item, ex.Call))
    decorated = [given.value for event in events if event is not None for given in event.arguments.positional]
    return tuple(one for value in (*decorated, *at.handled.get(definition.node.place, ())) for one in _each(value))


def _each(value: Value) -> tuple[Value, ...]:
    return value.items or (value,)


def as_own_error(value: Value, parameter: ex.Parameter, handled: tuple[Value, ...], frame: Frame) -> Value:
    """A parameter that is an error of the project's own is an object of its class, known member by member."""
    if not any(handler.exception_parameter for handler in frame.handlers) or not is_exception(parameter, value):
        return value
    owners = tuple(item for one in handled for item in one.definitions if isinstance(item, ClassDefinition))
    if not handled:
        owners = tuple(item.of for item in value.definitions if isinstance(item, Instance))
    if not owners:
        return value
    frame.handles = owners
    origins = frozenset(item.with_traits((HANDLED,)) if item.kind == "parameter" else item for item in value.origins)
    return replace(value, origins=origins, definitions=tuple(Instance(item) for item in owners))


def note_shown(frame: Frame, at: Evaluation) -> None:
    """Remember which arguments of the handled errors the evaluated function of `frame` sends to the client."""
    if frame.function is None or not frame.handles:
        return
    reached = [hit.origin for hit in frame.hits if hit.sink in _SHOWN]
    if any(handler.returns in _SHOWN for handler in frame.handlers if handler.exception_parameter):
        reached.extend(origin for value in frame.returns for origin in value.all_origins())
    own = {parameter.place for parameter in frame.function.node.parameters}
    for owner in frame.handles:
        whole = any(HANDLED in item.traits and item.place in own for item in reached)
        given = {parameter.place: parameter.name for parameter in _parameters(owner)}
        names = frozenset(given[item.place] for item in reached if item.kind == "parameter" and item.place in given)
        at.shown.setdefault(owner, {})[frame.function.node.place] = ALL if whole else names


def report_raised(node: st.Raise, at: Evaluation) -> None:
    """`raise OwnError(500, f"failed: {error}")`: what an error handler of this file shows reaches the client."""
    event = at.events.calls.get(node.value.place) if isinstance(node.value, ex.Call) else None
    if event is None or not at.shown:
        return
    for owner in event.callee.definitions:
        if isinstance(owner, ClassDefinition):
            for value in _shown_arguments(owner, event, at):
                to = Destination("response-error", owner.node.name, event.node.func.place, value.weight)
                for origin in sorted(value.all_origins(), key=lambda item: item.rank):
                    report(origin, to, at)


def _shown_arguments(owner: ClassDefinition, event: CallEvent, at: Evaluation) -> Iterator[Value]:
    names = frozenset().union(*at.shown.get(_shown_class(owner, at), {}).values())
    if ALL.issubset(names):
        yield from (given.value for given in event.arguments.all())
        return
    parameters = [item.name for item in _parameters(owner) if not item.star and not item.keyword_only]
    for name, given in (*zip(parameters, event.arguments.positional, strict=False), *event.arguments.keywords):
        if name in names:
            yield given.value


def _shown_class(owner: ClassDefinition, at: Evaluation) -> ClassDefinition:
    """The class itself, or the one that it inherits its constructor from and for which a handler is registered."""
    pending = [owner]
    while pending:
        current = pending.pop(0)
        if current in at.shown:
            return current
        if "__init__" not in current.members:
            pending.extend(current.base_classes())
    return owner


def _parameters(owner: ClassDefinition) -> tuple[ex.Parameter, ...]:
    """What its constructor takes; nothing if it has none of its own."""
    constructor = owner.find("__init__")
    definitions = constructor.definitions if constructor is not None else ()
    found = next((item for item in definitions if isinstance(item, FunctionDefinition)), None)
    return tuple(found.node.parameters[1:]) if found is not None else ()
