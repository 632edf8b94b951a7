"""Names that say what the text is that somebody gives them."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=200_000)
def is_named(pattern: str, but_not: str, name: str) -> bool:
    """Whether a name fits a pattern (searched, case ignored) and not another."""
    return bool(_pattern(pattern).search(name)) and not (but_not and _pattern(but_not).search(name))


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)
