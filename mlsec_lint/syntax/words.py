"""The words of a file."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W\d]\w*")


@lru_cache(maxsize=1)
def words_of(text: str) -> frozenset[str]:
    """Every word that can be an identifier, folded as Python folds them (NFKC); those in texts and comments too.

    The last answer is kept: our rules and Bandit's checks ask it of the same file, one after the other.
    """
    return frozenset(_WORD.findall(text if text.isascii() else unicodedata.normalize("NFKC", text)))
