"""Evaluating a function once: what it returns and reaches, in terms of its parameters."""

from __future__ import annotations

from mlsec_lint.flow.annotations import annotated, metadata
from mlsec_lint.flow.charsets import constrained
from mlsec_lint.flow.clean_types import is_clean_type
from mlsec_lint.flow.definition import FunctionDefinition, Instance
from mlsec_lint.flow.effects import Destination, report
from mlsec_lint.flow.error_handlers import as_own_error, handled_types, note_shown
from mlsec_lint.flow.evaluation import Evaluation, Frame, Summary
from mlsec_lint.flow.event import Context, FunctionEvent
from mlsec_lint.flow.handlers import handlers_of, parameter_origins
from mlsec_lint.flow.keywords import KEYWORDS
from mlsec_lint.flow.routes import from_route
from mlsec_lint.flow.scope import Scope
from mlsec_lint.flow.text_parameters import KIND as TEXT_PARAMETER
from mlsec_lint.flow.text_parameters import is_text_parameter
from mlsec_lint.flow.value import UNKNOWN, Left, Origin, Value, join, join_all
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.expression import Place

MAX_CALL_DEPTH = 60
"""Functions evaluated inside functions; deeper calls are unknown."""


def summarise(definition: FunctionDefinition) -> Summary:
    """What a function does, in terms of its parameters; evaluated once a pass, or a run for another module. Raises `BoundExceeded`."""
    place, at = definition.node.place, definition.home
    if at.module is not None and at.program is not None:
        return at.program.remembered(definition)
    if place in at.summaries:
        return at.summaries[place] or Summary(UNKNOWN)
    if at.depth.calls > MAX_CALL_DEPTH:
        return Summary(UNKNOWN)
    at.summaries[place] = None
    summary = at.summaries[place] = evaluated(definition)
    return summary


def evaluated(definition: FunctionDefinition) -> Summary:
    """The summary of a function of which nothing is known yet. Raises `BoundExceeded`."""
    at = definition.home
    at.begun.add(definition.node.place)
    at.depth.calls += 1
    outer, at.frame = at.frame, _frame(definition, at)
    try:
        _bind_parameters(definition, at)
        _evaluate_body(definition, at)
        note_shown(at.frame, at)
        return Summary(join_all(at.frame.returns), tuple(at.frame.hits), at.frame.left)
    finally:
        at.frame = outer
        at.depth.calls -= 1


def _frame(definition: FunctionDefinition, at: Evaluation) -> Frame:
    handlers = handlers_of(definition, at)
    frame = Frame(Scope(definition.scope), definition.qualname, definition, definition.owner, handlers)
    frame.statement = definition.node.place
    if definition.owner is None:
        frame.owner = at.frame.owner if definition.scope is at.frame.scope else None
    return frame


def _evaluate_body(definition: FunctionDefinition, at: Evaluation) -> None:
    node = definition.node
    if isinstance(node, st.Function):
        at.events.functions[node.place] = FunctionEvent(definition, at.context)
        at.execute(node.body)
        return
    value = at.value(node.body)
    at.frame.returns.append(value)
    leave(value, node.body.place, at)


def _bind_parameters(definition: FunctionDefinition, at: Evaluation) -> None:
    frame = at.frame
    for index, parameter in enumerate(definition.node.parameters):
        receiver = _receiver(definition, index)
        value = receiver if receiver is not None else _parameter(parameter, frame, at)
        frame.scope.variables[parameter.name] = value


def _receiver(definition: FunctionDefinition, index: int) -> Value | None:
    """`self` or `cls`."""
    owner = definition.owner
    if owner is None or index > 0 or definition.is_decorated("staticmethod"):
        return None
    if definition.is_decorated("classmethod"):
        return Value(paths=owner.base_paths(), definitions=(owner,))
    return Value(paths=tuple(f"{path}()" for path in owner.base_paths()), definitions=(Instance(owner),))


def _parameter(parameter: ex.Parameter, frame: Frame, at: Evaluation) -> Value:
    typed = annotated(parameter.annotation, at) if parameter.annotation is not None else UNKNOWN
    default = at.value(parameter.default)
    value = replace(typed, constants=default.constants, exact=False, fields=None)
    if parameter.star == "**":
        value = Value(open=True, marks=frozenset({KEYWORDS}))
    handled = handled_types(frame.function, at) if frame.handlers and frame.function is not None else ()
    beside = join(default, metadata(parameter.annotation, at)) if frame.handlers else default
    origins = set(parameter_origins(parameter, typed, beside, frame.handlers, handled))
    if frame.function is not None and frame.handlers:
        origins = from_route(origins, parameter.name, frame.function)
        origins = set(constrained((parameter.annotation, parameter.default), frozenset(origins)))
    if not is_clean_type(typed):
        origins.add(Origin("parameter", parameter.name, parameter.place))
        if not origins_from(frame) and is_text_parameter(parameter.name, typed.paths):
            origins.add(Origin(TEXT_PARAMETER, f"parameter `{parameter.name}`", parameter.place))
    return as_own_error(value.map_origins(frozenset(origins)), parameter, handled, frame)


def origins_from(frame: Frame) -> bool:
    """Whether a framework fills the parameters, so that what they hold is known."""
    return any(handler.parameters for handler in frame.handlers)


def leave(value: Value, place: Place, at: Evaluation) -> None:
    """A value is returned, yielded or sent: from a framework's function it reaches the framework's client.

    What another function of the project has made, and this one only hands on, is reported where it was made.
    """
    here = Left(place, at.frame.qualname)
    for origin, whole in _leaving(value):
        left = origin.left if whole and origin.left is not None else here
        at.frame.left.setdefault(origin, left)
        for handler in at.frame.handlers if origin.kind != "parameter" else ():
            if handler.returns:
                label = f"the result of `{at.frame.qualname.rsplit('.', 1)[-1]}`"
                to = Destination(handler.returns, label, left.place, value.weight)
                report(
                    _told_until(origin, left.place),
                    to,
                    at,
                    Context(left.place, left.qualname) if left is not here else None,
                )


def _leaving(value: Value) -> list[tuple[Origin, bool]]:
    """What leaves with a value, and whether it is in a part that was made elsewhere; a tuple's parts count by themselves."""
    parts = [value] if value.whole or not value.items else [replace(value, items=None), *value.items]
    found = {origin: part.whole for part in reversed(parts) for origin in part.all_origins()}
    return sorted(found.items(), key=lambda item: item[0].rank)


def _told_until(origin: Origin, place: Place) -> Origin:
    """The story up to a place, which will be told as its end."""
    places = [step for step, _ in origin.steps]
    return replace(origin, steps=origin.steps[: places.index(place)]) if place in places else origin
