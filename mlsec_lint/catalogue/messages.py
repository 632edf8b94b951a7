"""Messages and remedies: one sentence with placeholders."""

from __future__ import annotations

import re

from mlsec_lint.catalogue.errors import did_you_mean, quoted
from mlsec_lint.catalogue.shapes import TEXT, Place, Shape
from mlsec_lint.catalogue.vocabulary import PLACEHOLDERS

_BRACED = re.compile(r"\{(\w+)\}")


def _read_message(value: object, place: Place) -> str:
    text = TEXT.read(value, place)
    for name in _BRACED.findall(text):
        near = "" if name in PLACEHOLDERS else did_you_mean(name, PLACEHOLDERS, likeness=0.8)
        if near:  # any other word in braces is code that the sentence quotes
            place.error(f"unknown placeholder {quoted('{' + name + '}')}", near)
    return text


MESSAGE: Shape[str] = Shape(
    _read_message,
    "",
    {**TEXT.schema, "description": f"placeholders: {', '.join(f'{{{name}}}' for name in sorted(PLACEHOLDERS))}"},
)
