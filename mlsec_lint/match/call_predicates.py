"""Named questions about a whole call that rules may ask with `unless-check`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlsec_lint.flow.definition import ClassDefinition, Instance
from mlsec_lint.flow.event import CallEvent, Events
from mlsec_lint.flow.predicates import is_packaged
from mlsec_lint.flow.value import Value
from mlsec_lint.match.own_files import is_own_file
from mlsec_lint.match.shown_secrets import shows_secret

_UNPACKERS = frozenset({"extract", "extractall", "unpack_archive"})
_OF_NOBODY_ELSE = frozenset({"temporary-file", "parameter", "text-parameter", "package-file"})


def is_round_trip(event: CallEvent) -> bool:
    """`loads(dumps(x))`: the bytes were made a moment ago by the same program."""
    first = event.arguments.find("0")
    return first is not None and "self-made" in first.value.marks


def is_own_temporary_file(event: CallEvent, events: Events) -> bool:
    """The file lies in a temporary file or directory of the program, which has saved there itself and unpacks nothing there."""
    first = event.arguments.find("0")
    origins = first.value.all_origins() if first is not None else frozenset()
    places = {item.place for item in origins if item.kind == "temporary-file"}
    if not places or {item.kind for item in origins} - _OF_NOBODY_ELSE:
        return False
    hits = [hit for hit in events.hits.values() if hit.origin.place in places]
    filled = {hit.origin.place for hit in hits if hit.sink == "own-file"}
    unpacked = any(hit.api.rsplit(".", 1)[-1] in _UNPACKERS for hit in hits)
    return places <= filled and not unpacked


def is_packaged_file(event: CallEvent) -> bool:
    """The file is found from `__file__` or package resources, with nothing from outside in its name."""
    first = event.arguments.find("0")
    return first is not None and is_packaged(first.value)


def has_own_unpickler(event: CallEvent, events: Events) -> bool:
    """A project class decides itself what may be loaded (`find_class`): of the object, or of what is handed over as pickle module.

    Also where the program has put such a class in the place of what is called, in the same function or around it.
    """
    module = event.arguments.find("pickle_module")
    values = [event.receiver, event.callee, *([module.value] if module is not None else [])]
    return any(map(_decides_itself, values)) or _is_replaced(event, events)


def _decides_itself(value: Value) -> bool:
    """Whether it is an unpickler of the project, an object of one, or a namespace with one in it."""
    owners = [item.of if isinstance(item, Instance) else item for item in value.definitions]
    classes = [item for item in owners if isinstance(item, ClassDefinition)]
    inside = (found for item in classes if (found := item.find("Unpickler")) is not None)
    loaders = [item for found in inside for item in found.definitions if isinstance(item, ClassDefinition)]
    return any(item.find("find_class") is not None for item in (*classes, *loaders))


def _is_replaced(event: CallEvent, events: Events) -> bool:
    """`pickle.Unpickler = Restricted` in the function of the call, or in one around it."""
    called, around = set(event.paths), event.context.qualname
    return any(
        not called.isdisjoint(store.paths)
        and _decides_itself(store.value)
        and bool(store.context.qualname)
        and (around == store.context.qualname or around.startswith(f"{store.context.qualname}."))
        for store in events.stores.values()
    )


def is_verified_before(event: CallEvent) -> bool:
    """A signature or hash comparison on the same variable dominates the call."""
    values = [given.value for given in event.arguments.all()]
    return any("verified" in value.marks for value in (*values, event.receiver))


def is_opted_in(event: CallEvent) -> bool:
    """A check of a switch that somebody must have set on purpose (`allow_…`, `trust_…`) dominates the call, or what an argument was set to."""
    return event.context.opted_in or any("opted-in" in given.value.marks for given in event.arguments.all())


def is_debugging(event: CallEvent) -> bool:
    """A check that says that somebody develops or debugs (`if settings.debug:`) dominates the call."""
    return event.context.debugging


def shows_no_secret(event: CallEvent) -> bool:
    """No argument shows a variable that is named like a secret, whole: what is shown was only made with its help."""
    return not shows_secret(event.node)


CALL_PREDICATES: Mapping[str, Callable[[CallEvent], bool]] = {
    "round-trip": is_round_trip,
    "packaged-file": is_packaged_file,
    "verified-before": is_verified_before,
    "opted-in": is_opted_in,
    "debugging": is_debugging,
    "no-secret-shown": shows_no_secret,
}

_IN_THEIR_FILE: Mapping[str, Callable[[CallEvent, Events], bool]] = {
    "own-file": is_own_file,
    "own-temporary-file": is_own_temporary_file,
    "own-unpickler": has_own_unpickler,
}
"""Those that ask what else was seen in the file."""


def fulfils(name: str, event: CallEvent, events: Events) -> bool:
    """Whether a call is as the predicate of that name says; `events` is what was seen in its file."""
    if name in _IN_THEIR_FILE:
        return _IN_THEIR_FILE[name](event, events)
    return CALL_PREDICATES[name](event)
