"""Using at a call what was learnt about a project function: the data of the arguments in place of its parameters."""

from __future__ import annotations

from mlsec_lint.flow.definition import FunctionDefinition
from mlsec_lint.flow.endings import handed_over
from mlsec_lint.flow.evaluation import Evaluation, Summary
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.functions import summarise
from mlsec_lint.flow.keywords import found_in
from mlsec_lint.flow.text_parameters import KIND as TEXT_PARAMETER
from mlsec_lint.flow.value import MAX_STEPS, UNKNOWN, Origin, Value, capped
from mlsec_lint.record import record, replace
from mlsec_lint.syntax.expression import Literal

_DEEPEST = 3
"""Members inside members of a result in which parameters are replaced."""


def call_function(
    definition: FunctionDefinition, event: CallEvent, receiver: Value | None, at: Evaluation
) -> Value | None:
    """The result of calling a project function; what its parameters reach, the arguments reach.

    None for one of another module that is not looked into.
    """
    call = _Call(definition, event, _by_parameter(definition, event, receiver))
    summary = summarise(definition) if definition.home is at else _abroad(call, at)
    if summary is None:
        return None
    for hit in summary.hits:
        for origin in call.behind(hit.origin, summary):
            if f"clean:{hit.sink}" in origin.traits:
                continue
            at.add_hit(replace(hit, origin=origin))
    return _whole(call.result(summary.returns, summary, _DEEPEST))


def _abroad(call: _Call, at: Evaluation) -> Summary | None:
    """What a function of another module does, if it can matter: it is given data, or leads to a source or a sink."""
    program = at.program
    if program is None:
        return None
    given = any(value.all_origins() for value in call.given.values())
    return program.summary(call.definition) if given or program.matters(call.definition, at) else None


def _whole(value: Value) -> Value:
    """The same as something that nobody has changed since it was returned, or a part of it if it is a tuple."""
    items = tuple(replace(item, whole=True) for item in value.items) if value.items else value.items
    return replace(value, whole=True, items=items)


@record
class _Call:
    """A call of a function with what each of its parameters is given."""

    definition: FunctionDefinition
    event: CallEvent
    given: dict[str, Value]

    def behind(self, origin: Origin, summary: Summary) -> list[Origin]:
        """The origins that stand behind one of the function: a parameter of a function around it stays what it is."""
        if origin.kind == TEXT_PARAMETER:  # the caller knows better what it hands in
            return [] if self._is_own(origin) else [origin]
        if origin.kind != "parameter":
            return [self._returned(origin, summary)]
        if not self._is_own(origin):
            return [origin]
        value = self.given.get(origin.label)
        stopped = {trait.removeprefix("stopped:") for trait in origin.traits if trait.startswith("stopped:")}
        return [self._handed_over(item, origin) for item in found_in(value, origin) if item.kind not in stopped]

    def _returned(self, origin: Origin, summary: Summary) -> Origin:
        """Data of the function's own, with where it left it."""
        left = summary.left.get(origin)
        if left is None:
            return origin
        return replace(origin.with_step(left.place, f"returned by `{self.definition.name}`"), left=left)

    def _is_own(self, origin: Origin) -> bool:
        return any(parameter.place == origin.place for parameter in self.definition.node.parameters)

    def _handed_over(self, item: Origin, origin: Origin) -> Origin:
        called = item.with_step(self.event.node.place, f"passed to `{self.definition.name}` as `{origin.label}`")
        steps = (*called.steps, *origin.steps)[:MAX_STEPS]
        return replace(handed_over(called, origin.traits), steps=steps, left=None)

    def result(self, value: Value, summary: Summary, depth: int) -> Value:
        """What the function returns, for this caller."""
        origins = capped([behind for origin in value.origins for behind in self.behind(origin, summary)])
        if depth == 0:
            return value.map_origins(origins)
        items, fields = value.items, value.fields
        if items:
            items = tuple(self.result(item, summary, depth - 1) for item in items)
        if fields:
            fields = tuple((key, self.result(item, summary, depth - 1)) for key, item in fields)
        return replace(value, origins=origins, items=items, fields=fields)


def _by_parameter(definition: FunctionDefinition, event: CallEvent, receiver: Value | None) -> dict[str, Value]:
    names = [item for item in definition.node.parameters if not item.star and not item.keyword_only]
    values = [item.value for item in event.arguments.positional]
    if receiver is not None:
        values.insert(0, receiver)
    elif definition.owner is not None and definition.name == "__init__":
        values.insert(0, UNKNOWN)
    given = {parameter.name: value for parameter, value in zip(names, values, strict=False)}
    rest = values[len(names) :]
    keywords = {key: item.value for key, item in event.arguments.keywords}
    known = {parameter.name for parameter in definition.node.parameters}
    more: dict[Literal, Value] = {key: value for key, value in keywords.items() if key not in known}
    for parameter in definition.node.parameters:
        if parameter.star == "*" and rest:
            given[parameter.name] = Value(items=tuple(rest))
        if parameter.star == "**" and more:
            given[parameter.name] = Value(fields=tuple(more.items()))
    given.update(keywords)
    hidden = event.arguments.hidden()
    if hidden.all_origins():
        for parameter in definition.node.parameters:
            given.setdefault(parameter.name, Value(origins=hidden.all_origins()))
    return given
