"""Regular expressions in packs: they must compile, and must not take exponential time on any text."""

from __future__ import annotations

import re


class PatternError(ValueError):
    """A pattern that does not compile, or that may take exponential time."""


def check_pattern(pattern: str) -> None:
    """Raises PatternError when a pattern is wrong or its repetitions may be matched in many ways."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise PatternError(f"no regular expression: {error.msg}") from error
