"""The hosts that a call names."""

from __future__ import annotations

from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.predicates import host_of


def hosts_in(event: CallEvent) -> tuple[str, ...]:
    """The hosts of the constant addresses among the arguments."""
    texts = [text for given in event.arguments.all() for text in given.value.constants if isinstance(text, str)]
    return tuple(dict.fromkeys(host for text in texts if "://" in text and (host := host_of(text))))
