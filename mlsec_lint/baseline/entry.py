"""What a baseline knows of a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from mlsec_lint.baseline.code import digest
from mlsec_lint.record import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What makes findings of different runs the same: no line number is part of it."""

    path: str
    """With forward slashes, from the folder of the baseline on."""
    rule: str
    qualname: str
    """The function or class around it; empty at module level."""
    code: str
    """The digest of its code."""


Entries: TypeAlias = Mapping[Key, int]
"""How many findings of each key a baseline holds; one at least."""


def key_of(path: str, rule: str, qualname: str, code: str) -> Key:
    """The key of a finding by the text of its statement, which secrets may stand in: the key holds none of them."""
    return Key(path, rule, qualname, digest(code, rule))


def entries_of(keys: Iterable[Key]) -> dict[Key, int]:
    """The baseline of some findings, sorted."""
    return dict(sorted(Counter(keys).items()))
