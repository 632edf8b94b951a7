"""Texts that by their names are the developer's instructions to a model: `SYSTEM_PROMPT = "You are …"`."""

from __future__ import annotations

from mlsec_lint.flow.value import Origin, Value
from mlsec_lint.record import replace
from mlsec_lint.syntax.expression import Place

KIND = "system-prompt-text"

NAMES = frozenset(
    "SYSTEM_PROMPT system_prompt DEFAULT_SYSTEM_PROMPT default_system_prompt BASE_SYSTEM_PROMPT SYSTEM_MESSAGE"
    " system_message SYSTEM_INSTRUCTIONS system_instructions SYSTEM_INSTRUCTION system_instruction".split()
)
"""The same names as in the model of that source kind, which wakes a file."""


def with_prompt(name: object, value: Value, place: Place) -> Value:
    """The value with the origin that its name gives it, if it is a text that the developer wrote."""
    if name not in NAMES or not value.weight or any(origin.kind == KIND for origin in value.origins):
        return value
    return replace(value, origins=value.origins | {Origin(KIND, f"`{name}`", place)})
