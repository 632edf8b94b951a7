"""What a call does besides giving a value: it feeds sinks, and hands functions to frameworks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mlsec_lint.catalogue.model import Handler, Sink
from mlsec_lint.flow import definition as de
from mlsec_lint.flow.conditions import argument, hold
from mlsec_lint.flow.conversation import (
    INSTRUCTING,
    MESSAGE_LIST,
    chat_sinks,
    content_of,
    list_origins,
    messages_of,
    role_of,
)
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.event import CallEvent, Context, Hit
from mlsec_lint.flow.value import NO_ORIGINS, Origin, Origins, Value
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax.expression import Place


def report_sinks(event: CallEvent, at: Evaluation) -> None:
    """Report the data that reaches a dangerous argument of the called API."""
    shown = event.paths[0] if event.paths else "messages"
    known = at.facts.sinks.at_any(event.paths)
    for path, sink in known or ((shown, sink) for sink in chat_sinks(event)):
        if not hold(sink.where, event):
            continue
        for value in _dangerous(sink, event):
            if "verified" in value.marks:
                continue
            for origin, weight in sorted(_reaching(sink, value), key=lambda pair: pair[0].rank):
                report(origin, Destination(sink.kind, path.removeprefix("?."), event.node.func.place, weight), at)


class Destination(NamedTuple):
    """Where data arrives: sink kind, API as a message names it, what to point at, and the constant words around it."""

    kind: str
    api: str
    place: Place
    weight: int


def report(origin: Origin, to: Destination, at: Evaluation, context: Context | None = None) -> None:
    """Report data at a sink, unless something on its way made it clean for this sink; `context` if it is not here."""
    if f"clean:{to.kind}" not in origin.traits:
        at.add_hit(Hit(origin, to.kind, to.api, to.place, context or at.context, to.weight))


def _dangerous(sink: Sink, event: CallEvent) -> Iterator[Value]:
    if "*" in sink.arguments:
        yield event.arguments.everything()
        return
    for name in sink.arguments:
        value = argument(name, event)
        if value is not None:
            yield value


def _reaching(sink: Sink, value: Value) -> Iterable[tuple[Origin, int]]:
    """The origins that count for a sink, with the constant words around them."""
    if sink.kind == MESSAGE_LIST:
        beside = ("instructions",) if any(role_of(message) in INSTRUCTING for message in messages_of(value)) else ()
        return [(origin.with_traits(beside), 0) for origin in list_origins(value)]
    if sink.roles:
        found = [message for message in messages_of(value) if role_of(message) in sink.roles]
        return [(origin, content_of(item).weight) for item in found for origin in content_of(item).all_origins()]
    return [(origin, value.weight) for origin in value.all_origins()]


def note_written(event: CallEvent, at: Evaluation) -> None:
    """`dump(x, buffer)` fills a buffer of the program's own making; a download into a named file is that file's data."""
    if event.paths and event.paths[0].rsplit(".", 1)[-1] in ("dump", "save"):
        for argument_ in event.node.arguments[1:2]:
            _remark(argument_.value, at, marks=frozenset({"self-made"}))
    if isinstance(event.node.func, ex.Attribute) and event.node.func.attr == "save_pretrained":
        for argument_ in event.node.arguments[:1]:
            _remark(argument_.value, at, marks=frozenset({"local"}))
    for path, source in at.facts.sources.at_any(event.paths):
        for name in source.gives:
            given = next((item for item in event.node.arguments if _is_argument(item, name, event)), None)
            if given is not None:
                origin = Origin(source.kind, path.removeprefix("?.") + "()", event.node.place, frozenset(source.traits))
                _remark(given.value, at, origins=frozenset({origin}))


def _is_argument(item: ex.Argument, name: str, event: CallEvent) -> bool:
    given = event.arguments.find(name)
    return given is not None and given.place == item.place


def _remark(
    node: ex.Expression, at: Evaluation, *, marks: frozenset[str] = frozenset(), origins: Origins = NO_ORIGINS
) -> None:
    """Add to what is known of a variable."""
    if isinstance(node, ex.Name):
        value = at.value(node)
        at.frame.scope.set(node.id, replace(value, marks=value.marks | marks, origins=value.origins | origins))


def register_callbacks(event: CallEvent, at: Evaluation) -> None:
    """Remember which functions a call hands to a framework, and re-queue those already evaluated."""
    for handler, given in _handed_over(event, at):
        for function in _functions(given):
            place = function.node.place
            if handler.exception_parameter:
                types = tuple(dict.fromkeys((*at.handled.get(place, ()), *registered_for(event, at))))
                at.settled = at.settled and (place not in at.begun or at.handled.get(place) == types)
                at.handled[place] = types
            known = at.callbacks.get(place, ())
            if handler not in known:
                at.settled = at.settled and place not in at.begun
                at.callbacks[place] = (*known, handler)
                at.summaries.pop(place, None)
            if at.module is None and (handler not in known or function.home is not at):
                at.queue[place] = function


def _handed_over(event: CallEvent, at: Evaluation) -> Iterator[tuple[Handler, Value | None]]:
    """By an argument, or to a decorator that stands nowhere: `app.exception_handler(KeyError)(self.answer)`."""
    for _, handler in at.facts.callbacks.at_any(event.paths):
        yield from ((handler, argument(name, event)) for name in handler.argument)
    for _, handler in at.facts.decorators.at_any(tuple(path.removesuffix("()") for path in event.paths)):
        yield handler, argument("0", event)


def registered_for(event: CallEvent, at: Evaluation) -> tuple[Value, ...]:
    """What a call registers an error handler for: its first argument, or those of `app.exception_handler(500)` in `…(f)`."""
    func = event.node.func
    if isinstance(func, ex.Call):
        inner = at.events.calls.get(func.place)
        return tuple(given.value for given in inner.arguments.positional) if inner is not None else ()
    given = event.arguments.find("0")
    return (given.value,) if given is not None else ()


def _functions(value: Value | None) -> Iterator[de.FunctionDefinition]:
    if value is None:
        return
    for item in value.definitions:
        if isinstance(item, de.Method):
            yield item.function
        elif isinstance(item, de.FunctionDefinition):
            yield item
    for inner in value.items or ():
        yield from _functions(inner)
