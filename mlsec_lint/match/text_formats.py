"""Secrets that are known by their shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
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
        if not any(keyword in lowered for keyword in item.keyword):
            continue
        if item.near and not any(word.lower() in lowered for word in item.near):
            continue
        for found in _pattern(item.pattern).finditer(text):
            secret = found.groupdict().get("secret") or found.group()
            if entropy(secret) >= item.entropy and not is_placeholder(secret):
                yield Secret(item, secret)


class TextFormats:
    """Several formats at once; nearly every text has no word of any, which one search tells."""

    def __init__(self, formats: Iterable[TextFormat]) -> None:
        self._formats = tuple(formats)
        self.words = tuple(dict.fromkeys(word for item in self._formats for word in item.keyword))
        """Lower-case texts of which one occurs in every text with such a secret."""

    @cached_property
    def _word(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.words)) or "(?!)")

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._formats)

    def secrets_in(self, text: str) -> Iterator[Secret]:
        """As the function does."""
        return secrets_in(text, self._formats if self._word.search(text.lower()) else ())

    def narrowed(self, text: str) -> TextFormats:
        """The formats of which a file has a word at all."""
        lowered = text.lower()
        there = {word for word in self.words if word in lowered}  # in a long text twice as fast as one pattern
        return (
            TextFormats(item for item in self._formats if not there.isdisjoint(item.keyword)) if there else NO_FORMATS
        )

    def hold(self, text: str) -> bool:
        """Whether a constant holds a secret of one of these formats, in the part that is looked at."""
        return next(self.secrets_in(text[:LONGEST]), None) is not None


NO_FORMATS = TextFormats(())


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
