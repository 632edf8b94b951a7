"""Secrets that are known by their shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from mlsec_lint.catalogue.model import TextFormat
from mlsec_lint.flow.credentials import entropy, is_placeholder

LONGEST = 2_000
"""Characters of a constant that are searched."""


class Secret(NamedTuple):
    """A secret found in a text."""

    format: TextFormat
    text: str


def secrets_in(text: str, formats: Iterable[TextFormat]) -> Iterator[Secret]:
    """The secrets of known formats that a text holds; placeholders and low entropy are none."""
    lowered = text.lower()
    for item in formats:
        if not any(keyword.lower() in lowered for keyword in item.keyword):
            continue
        if item.near and not any(word.lower() in lowered for word in item.near):
            continue
        for found in _pattern(item.pattern).finditer(text):
            secret = found.groupdict().get("secret") or found.group()
            if entropy(secret) >= item.entropy and not is_placeholder(secret):
                yield Secret(item, secret)


def formats_for(text: str, formats: Iterable[TextFormat]) -> tuple[TextFormat, ...]:
    """The formats of which a file has a word at all."""
    lowered = text.lower()
    return tuple(item for item in formats if any(keyword.lower() in lowered for keyword in item.keyword))


def holds_secret(text: str, formats: Iterable[TextFormat]) -> bool:
    """Whether a constant holds a secret of one of these formats, in the part that is looked at."""
    return next(secrets_in(text[:LONGEST], formats), None) is not None


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
