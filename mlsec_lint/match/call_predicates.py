"""Named questions about a whole call that rules may ask with `unless-check`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlsec_lint.flow.definition import ClassDefinition, Instance
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.predicates import is_packaged
from mlsec_lint.match.shown_secrets import shows_secret


def is_round_trip(event: CallEvent) -> bool:
    """`loads(dumps(x))`: the bytes were made a moment ago by the same program."""
    first = event.arguments.find("0")
    return first is not None and "self-made" in first.value.marks


def is_packaged_file(event: CallEvent) -> bool:
    """The file is found from `__file__` or package resources, with nothing from outside in its name."""
    first = event.arguments.find("0")
    return first is not None and is_packaged(first.value)


def has_own_unpickler(event: CallEvent) -> bool:
    """The object is of a project class that decides itself what may be loaded (`find_class`)."""
    candidates = (*event.receiver.definitions, *event.callee.definitions)
    owners = (item.of if isinstance(item, Instance) else item for item in candidates)
    return any(isinstance(item, ClassDefinition) and item.find("find_class") is not None for item in owners)


def is_verified_before(event: CallEvent) -> bool:
    """A signature or hash comparison on the same variable dominates the call."""
    values = [given.value for given in event.arguments.all()]
    return any("verified" in value.marks for value in (*values, event.receiver))


def is_opted_in(event: CallEvent) -> bool:
    """A check of a switch that somebody must have set on purpose (`allow_…`, `trust_…`) dominates the call."""
    return event.context.opted_in


def shows_no_secret(event: CallEvent) -> bool:
    """No argument shows a variable that is named like a secret, whole: what is shown was only made with its help."""
    return not shows_secret(event.node)


CALL_PREDICATES: Mapping[str, Callable[[CallEvent], bool]] = {
    "round-trip": is_round_trip,
    "packaged-file": is_packaged_file,
    "own-unpickler": has_own_unpickler,
    "verified-before": is_verified_before,
    "opted-in": is_opted_in,
    "no-secret-shown": shows_no_secret,
}
