"""What a process keeps while there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shelf(Generic[K, V]):
    """Values by key; the least recently used go first."""

    def __init__(self, room: int) -> None:
        self._room, self._taken = room, 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __contains__(self, key: K) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """A value, used just now; None if it is not here."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of a size, in the place of an earlier one; the last one is kept whatever its size."""
        self._taken -= self._kept.pop(key, (None, 0))[1]
        self._kept[key] = value, size
        self._taken += size
        while self._taken > self._room and len(self._kept) > 1:
            _, (_, gone) = self._kept.popitem(last=False)
            self._taken -= gone
