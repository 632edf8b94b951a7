"""Calls that Python itself gives a meaning: `getattr`, `partial`, `super`, containers, `type`, `print`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlsec_lint.flow import definition as de
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.named_scores import by_label
from mlsec_lint.flow.paths import extend
from mlsec_lint.flow.value import NO_ORIGINS, UNKNOWN, Value, join_all
from mlsec_lint.record import replace
from mlsec_lint.syntax.expression import Literal
from mlsec_lint.syntax.walk import telling_names


def builtin_call(event: CallEvent, at: Evaluation) -> Value | None:
    """The result of one of these calls; None for any other."""
    if len(event.paths) != 1 or event.callee.definitions:
        return None
    found = BUILTINS.get(event.paths[0])
    return found(event, at) if found is not None else None


def _getattr(event: CallEvent, at: Evaluation) -> Value | None:
    """`getattr(pickle, "loads")` is `pickle.loads`."""
    given = event.arguments.positional
    if len(given) < 2 or not given[1].value.exact:  # noqa: PLR2004 - object and name
        return None
    base, name = given[0].value, given[1].value.constants[0]
    default = join_all(item.value for item in given[2:])
    paths = tuple(at.facts.canonical(extend(path, str(name))) for path in base.paths)
    return Value(paths=paths, origins=base.origins, constants=default.constants)


def _partial(event: CallEvent, at: Evaluation) -> Value | None:
    """`functools.partial(torch.load, weights_only=False)` is judged as the call that it prepares."""
    if not event.arguments.positional:
        return None
    target = event.arguments.positional[0].value
    prepared = replace(event.arguments, positional=event.arguments.positional[1:])
    signature = at.facts.signatures.at_any(target.paths)
    names = signature[0][1].parameters if signature else ()
    prepared = replace(prepared, names=names)
    judged = replace(prepared, more_keywords=prepared.more_keywords or UNKNOWN)
    at.events.calls[event.node.place] = replace(event, paths=target.paths, arguments=judged, callee=target)
    return Value(definitions=(de.Prepared(target, prepared),))


def _super(event: CallEvent, at: Evaluation) -> Value | None:
    owner = at.frame.owner
    if owner is None:
        return None
    bases = tuple(item for base in owner.bases for item in base.definitions if isinstance(item, de.ClassDefinition))
    paths = tuple(f"{path}()" for path in owner.base_paths())
    return Value(paths=paths, definitions=tuple(de.Instance(item) for item in bases))


def _dict(event: CallEvent, at: Evaluation) -> Value | None:
    """`dict(a=1, **other)`."""
    base = event.arguments.positional[0].value if event.arguments.positional else Value(fields=())
    fields: dict[Literal, Value] = dict(base.fields or ())
    fields.update((key, item.value) for key, item in event.arguments.keywords)
    hidden = event.arguments.more_keywords
    opened = base.open or base.fields is None or hidden is not None
    loose = base.origins | (hidden.all_origins() if hidden is not None else NO_ORIGINS)
    if base.items:
        loose |= by_label(telling_names(event.node.arguments[0].value), base, event.node.place).all_origins()
    return Value(fields=tuple(fields.items()), open=opened, origins=loose)


def _same_members(event: CallEvent, at: Evaluation) -> Value | None:
    """`list(xs)`, `sorted(xs)`, `reversed(xs)`: the same members, perhaps in another order."""
    if not event.arguments.positional:
        return Value(items=())
    value = event.arguments.positional[0].value
    return Value(items=value.items, open=value.open or value.items is None, origins=value.origins, marks=value.marks)


def _itself(event: CallEvent, at: Evaluation) -> Value | None:
    """`asyncio.run(answer())`: what the coroutine gives, member by member."""
    return event.arguments.positional[0].value if event.arguments.positional else None


def _cast(event: CallEvent, at: Evaluation) -> Value | None:
    """`typing.cast(Reply, value)` is the value."""
    given = event.arguments.find("1")
    return given.value if given is not None else None


def _zip(event: CallEvent, at: Evaluation) -> Value | None:
    columns = [
        join_all(item.value.items or ()).map_origins(item.value.all_origins()) for item in event.arguments.positional
    ]
    return Value(items=(Value(items=tuple(columns)),), open=True)


def _enumerate(event: CallEvent, at: Evaluation) -> Value | None:
    if not event.arguments.positional:
        return None
    value = event.arguments.positional[0].value
    inside = join_all(value.items or ()).map_origins(value.all_origins())
    return Value(items=(Value(items=(UNKNOWN, inside)),), open=True)


def _map(event: CallEvent, at: Evaluation) -> Value | None:
    return Value(origins=join_all(item.value for item in event.arguments.positional[1:]).all_origins())


def _nothing(event: CallEvent, at: Evaluation) -> Value | None:
    """A result that carries nothing of its arguments."""
    return UNKNOWN


def _compile(event: CallEvent, at: Evaluation) -> Value | None:
    """`re.compile(pattern)` knows its pattern."""
    given = event.arguments.positional
    return Value(paths=("re.compile()",), fields=(("pattern", given[0].value),), open=True) if given else None


_SAME = ("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter")
_LOOPS = ("get_event_loop", "new_event_loop", "get_running_loop")
_ITSELF = (
    *("asyncio.run", "asyncio.wait_for", "asyncio.shield", "asyncio.create_task", "asyncio.ensure_future"),
    *(f"asyncio.{loop}().{method}" for loop in _LOOPS for method in ("run_until_complete", "create_task")),
    *("copy.copy", "copy.deepcopy"),
)
_NOTHING = (
    "len",
    "type",
    "isinstance",
    "issubclass",
    "hasattr",
    "callable",
    "id",
    "hash",
    "bool",
    "print",
    "range",
    "ord",
)

BUILTINS: Mapping[str, Callable[[CallEvent, Evaluation], Value | None]] = {
    "getattr": _getattr,
    "functools.partial": _partial,
    "super": _super,
    "dict": _dict,
    "collections.OrderedDict": _dict,
    "zip": _zip,
    "enumerate": _enumerate,
    "map": _map,
    "typing.cast": _cast,
    "re.compile": _compile,
    **dict.fromkeys(_ITSELF, _itself),
    **dict.fromkeys(_SAME, _same_members),
    **dict.fromkeys(_NOTHING, _nothing),
}
