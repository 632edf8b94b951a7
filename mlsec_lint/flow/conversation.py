"""The messages that a chat API takes: who speaks in each, what it says, and which sinks that makes."""

from __future__ import annotations

from collections.abc import Iterator

from mlsec_lint.catalogue.model import Sink
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.value import Origin, Value
from mlsec_lint.syntax import expression as ex

MESSAGE_LIST = "message-list"
"""The sink kind that takes the list itself, not what stands in its messages."""

INSTRUCTING = ("system", "developer")
"""Roles of the messages in which a developer instructs the model."""

CONVERSATION = (
    Sink("system-prompt", (), ("messages",), roles=INSTRUCTING),
    Sink("prompt", (), ("messages",), roles=("user", "human")),
)
"""What the parts of a conversation are, in every chat API."""


RECORDS = ("Event", "Response", "Snapshot", "State", "Result")
"""How classes end that hold a conversation for somebody else than a model."""


def chat_sinks(event: CallEvent) -> Iterator[Sink]:
    """A list of messages handed over as `messages=` is a conversation, whoever takes it."""
    given = event.arguments.find("messages")
    if ex.last_name(event.node.func).endswith(RECORDS):
        return
    if given is not None and any(role_of(message) for message in messages_of(given.value)):
        yield from CONVERSATION


def messages_of(value: Value) -> Iterator[Value]:
    """The messages of a list, and those of lists inside it."""
    for item in value.items or ():
        yield item
        yield from (inner for inner in item.items or () if inner.fields is not None)


def role_of(message: Value) -> str:
    """Who speaks: a dictionary's `role` or `type`, the first of a pair; empty when that is not known."""
    role = message.field("role") or message.field("type")
    if role is None and message.items is not None and len(message.items) == 2:  # noqa: PLR2004 - ("system", "text")
        role = message.items[0]
    if role is None:
        return ""
    known = role.constants[0] if role.constants else None
    spelled = role.paths[0].rsplit(".", 1)[-1] if role.paths else ""
    return known if isinstance(known, str) else spelled.lower()


def content_of(message: Value) -> Value:
    """What is said."""
    found = message.field("content") or message.field("parts")
    if found is None and message.items is not None and len(message.items) == 2:  # noqa: PLR2004 - ("system", "text")
        return message.items[1]
    return found if found is not None else Value()


def list_origins(value: Value) -> Iterator[Origin]:
    """Data that can be whole messages, or the role of one."""
    yield from value.origins
    for item in value.items or ():
        role = item.field("role")
        if role is not None:
            yield from role.all_origins()
        elif item.fields is None and item.items is None and not item.paths and not item.weight:
            yield from item.origins
