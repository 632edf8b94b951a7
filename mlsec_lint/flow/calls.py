"""What a call gives: a project function's summary, a class's object, what models say, or what its arguments carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mlsec_lint.catalogue.model import Passes
from mlsec_lint.flow import definition as de
from mlsec_lint.flow.arguments import Arguments, Given
from mlsec_lint.flow.builtin_calls import builtin_call
from mlsec_lint.flow.conditions import hold
from mlsec_lint.flow.debugging import debugged
from mlsec_lint.flow.effects import note_written, register_callbacks, report_sinks
from mlsec_lint.flow.endings import as_path
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.evidence import RESOLVERS
from mlsec_lint.flow.expressions import attribute_of, carried
from mlsec_lint.flow.keywords import KEYWORDS
from mlsec_lint.flow.methods import method_call
from mlsec_lint.flow.named_scores import as_output
from mlsec_lint.flow.substitution import call_function
from mlsec_lint.flow.value import (
    INHERITED,
    MAX_PATHS,
    UNKNOWN,
    Origin,
    Value,
    capped,
    join,
    join_all,
)
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.walk import walk


def call(node: ex.Call, at: Evaluation) -> Value:
    """`func(arguments)`."""
    if isinstance(node.func, ex.Attribute):
        receiver = at.value(node.func.value)
        callee = attribute_of(receiver, node.func, at)
    else:
        receiver, callee = UNKNOWN, at.value(node.func)
    if not callee.paths and not callee.definitions and (known_as := ex.last_name(node.func)):
        callee = replace(callee, paths=(f"?.{known_as}",))
    arguments = given_arguments(node, callee.paths, at)
    event = CallEvent(node, callee.paths, arguments, receiver, at.context, callee, at.frame.function)
    at.events.calls[node.place] = event
    register_callbacks(event, at)
    report_sinks(event, at)
    note_written(event, at)
    special = builtin_call(event, at)
    if special is not None:
        return special
    return result(event, at)


def given_arguments(node: ex.Call, paths: tuple[str, ...], at: Evaluation) -> Arguments:
    """Evaluate the arguments; spreads of known members are unfolded."""
    positional: list[Given] = []
    keywords: dict[str, Given] = {}
    more_positional: Value | None = None
    more_keywords: Value | None = None
    for argument in node.arguments:
        value = at.value(argument.value)
        given = Given(value, argument.value.place)
        if argument.star == "*":
            if value.items is not None and not value.open:
                positional.extend(Given(item, argument.value.place) for item in value.items)
            else:
                more_positional = value
        elif argument.star == "**":
            unfolded = {str(key): Given(item, argument.value.place) for key, item in value.fields or ()}
            keywords = {**unfolded, **keywords}
            more_keywords = value if value.fields is None or value.open else more_keywords
        elif argument.keyword:
            keywords[argument.keyword] = given
        else:
            positional.append(given)
    found = at.facts.signatures.at_any(paths)
    names = found[0][1].parameters if found else ()
    return Arguments(tuple(positional), tuple(keywords.items()), more_positional, more_keywords, names)


def result(event: CallEvent, at: Evaluation) -> Value:
    """What the call gives, from the most telling knowledge to the least."""
    values = [_own(item, event, at) for item in event.callee.definitions]
    own = join_all(item for item in values if item is not None) if values else None
    display = method_call(event, at) if _is_display(event.receiver) else None
    known = display or _modelled(event, own, at)
    if known is not None:
        value = as_path(known, event)
    elif own is not None:
        value = as_output(ex.last_name(event.node.func), own, event.node.place)
    else:
        value = method_call(event, at) or _unknown(event, at)
    paths = tuple(f"{path}()" for path in event.paths[:MAX_PATHS])
    instances = (item for _, item in at.facts.instances.at_any(event.paths) if hold(item.where, event))
    paths = tuple(item.is_a for item in instances) or paths
    producer = event.paths[0] if event.paths else ""
    last = producer.rsplit(".", 1)[-1]
    if last == "dumps" or last in RESOLVERS:
        value = replace(value, marks=value.marks | {"self-made" if last == "dumps" else "resolved"})
    return replace(value, paths=value.paths or paths, producer=value.producer or producer)


def _is_display(value: Value) -> bool:
    """Whether it is a list or dict that the program has written down, or `**kwargs`: its methods are those of lists and dicts."""
    return KEYWORDS in value.marks or not (
        value.paths or value.definitions or (value.items is None and value.fields is None)
    )


def _own(item: de.Definition, event: CallEvent, at: Evaluation) -> Value | None:
    match item:
        case de.FunctionDefinition():
            return call_function(item, event, None, at)
        case de.Method():
            value = call_function(item.function, event, item.receiver, at)
            return value and value.map_origins(value.origins | carried(_read_attributes(item.function), item.receiver))
        case de.ClassDefinition():
            return _instance(item, event, at)
        case de.Instance():
            return _called_object(item, event, at)
        case de.Prepared():
            return _prepared(item, event, at)
    return None


def _read_attributes(function: de.FunctionDefinition) -> Iterator[str]:
    """The attributes that a method names."""
    body = function.node.body if isinstance(function.node, st.Function) else ()
    return (visit.node.attr for visit in walk(body) if isinstance(visit.node, ex.Attribute))


def _called_object(item: de.Instance, event: CallEvent, at: Evaluation) -> Value | None:
    """`pipeline(text)`: an object of the project that is called does what its class says in `__call__`."""
    if at.program is not None:
        at.program.complete(item.of)
    method = item.of.find("__call__")
    known = [one for one in method.definitions if isinstance(one, de.FunctionDefinition)] if method is not None else []
    this = replace(event.callee, definitions=(item,))
    values = [value for one in known if (value := call_function(one, event, this, at)) is not None]
    return join_all(values) if values else None


def _prepared(item: de.Prepared, event: CallEvent, at: Evaluation) -> Value:
    """The call that `functools.partial` prepared, judged with the arguments of both."""
    arguments = event.arguments.behind(item.arguments)
    whole = replace(event, paths=item.target.paths, callee=item.target, arguments=arguments)
    at.events.calls[event.node.place] = whole
    report_sinks(whole, at)
    return result(whole, at)


def _instance(owner: de.ClassDefinition, event: CallEvent, at: Evaluation) -> Value:
    """An object; what its constructor was given stays inside it, by name where the name is known."""
    known_as = dict.fromkeys(
        (*event.paths, *owner.base_paths())
    )  # an import's own name: a framework that is checked itself
    paths = tuple(f"{path}()" for path in known_as)[:MAX_PATHS]
    this = Value(paths=paths, definitions=(de.Instance(owner),))
    constructor = owner.find("__init__")
    for item in constructor.definitions if constructor is not None else ():
        if isinstance(item, de.FunctionDefinition):
            call_function(item, event, this, at)
    fields: tuple[tuple[ex.Literal, Value], ...] = tuple((key, given.value) for key, given in event.arguments.keywords)
    loose = join_all(given.value for given in event.arguments.positional).all_origins()
    return replace(this, fields=fields, open=True, origins=loose)


def _modelled(event: CallEvent, own: Value | None, at: Evaluation) -> Value | None:
    """What models say of the called API: a source's data, a barrier's clean value, arguments passed on.

    A function of the project (`own` is what it gives) that only has such a name hands on what its code says.
    """
    sources = [(path, item) for path, item in at.facts.sources.at_any(event.paths) if hold(item.where, event)]
    barriers = [item for _, item in at.facts.barriers.at_any(event.paths) if hold(item.where, event)]
    known = at.facts.passes
    passes = known.at_any(event.paths) if own is None else known.exactly(event.paths)
    if not (sources or barriers or passes):
        return None
    carried: list[Origin] = [] if own is None or barriers else list(own.all_origins())
    for _, item in passes:
        given = [event.arguments.everything()] if "*" in item.arguments else _chosen(item.arguments, event)
        carried.extend(origin.with_traits(item.traits) for value in given for origin in value.all_origins())
    if barriers and not passes:
        carried.extend(event.arguments.everything().all_origins() | event.receiver.origins)
    for barrier in barriers:
        carried = [kept for item in carried if (kept := _behind(item, barrier.stops, barrier.adds, barrier.for_sinks))]
    if own is not None and barriers:
        carried.extend(_fetched(own, event))
    for path, source in sources:
        label = path.removeprefix("?.") + "()"
        origin = Origin(source.kind, label, event.node.place, frozenset(source.traits))
        carried.append(debugged(origin) if event.context.debugging else origin)
    base = own if own is not None and not barriers else UNKNOWN
    constants = _passed_constant(event, passes) if passes and not barriers else UNKNOWN
    return replace(join(base, constants) if base is not UNKNOWN else constants, origins=capped(carried))


def _behind(origin: Origin, stops: tuple[str, ...], adds: tuple[str, ...], sinks: tuple[str, ...]) -> Origin | None:
    """An origin behind a barrier; None when it is stopped for good."""
    if stops and origin.kind != "parameter" and origin.kind not in stops and "*" not in stops:
        return origin
    if sinks:
        return origin.with_traits(f"clean:{sink}" for sink in sinks)
    if adds:
        return origin.with_traits(adds)
    if origin.kind == "parameter" and "*" not in stops:
        return origin.with_traits(f"stopped:{kind}" for kind in stops)
    return None


def _chosen(names: tuple[str, ...], event: CallEvent) -> list[Value]:
    found = [event.arguments.find(name) for name in names if name != "receiver"]
    values = [item.value for item in found if item is not None]
    return [*values, event.receiver] if "receiver" in names else values


def _passed_constant(event: CallEvent, passes: Sequence[tuple[str, Passes]]) -> Value:
    """The one argument of a passing call keeps what else is known of it: `str(x)`, `Path(x)`."""
    given = [item.value for item in event.arguments.all()]
    read = event.receiver.marks if any("receiver" in item.arguments for _, item in passes) else frozenset[str]()
    inherited = read.union(*(item.marks for item in given)) & INHERITED
    if len(event.arguments.positional) != 1:
        return Value(marks=inherited)
    value = replace(given[0], marks=given[0].marks | inherited)
    return Value(
        constants=value.constants, exact=value.exact, weight=value.weight, marks=value.marks, items=value.items
    )


def _unknown(event: CallEvent, at: Evaluation) -> Value:
    """A call of which nothing is known: a class keeps what it is given, a function may do anything with it."""
    fields: tuple[tuple[ex.Literal, Value], ...] = tuple((key, given.value) for key, given in event.arguments.keywords)
    last = event.paths[0].rsplit(".", 1)[-1] if event.paths else ""
    given = event.arguments.everything()
    if last[:1].isupper() or last in ("cls", "dict"):
        loose = (
            join_all(item.value for item in event.arguments.positional).all_origins()
            | event.arguments.hidden().all_origins()
        )
        return Value(fields=fields, open=True, origins=capped(loose))
    through = [item.with_traits(("unknown-call",)) for item in given.all_origins()]
    marks = (event.receiver.marks | given.marks) & INHERITED
    return Value(origins=capped([*event.receiver.origins, *through]), marks=marks)


CALLS: dict[type, Callable[..., Value]] = {ex.Call: call}


def _fetched(own: Value, event: CallEvent) -> Iterator[Origin]:
    """What a function of the project has from elsewhere than its arguments: a barrier of that name never saw it."""
    given = {(item.kind, item.place) for item in event.arguments.everything().all_origins() | event.receiver.origins}
    return (item for item in own.all_origins() if (item.kind, item.place) not in given)
