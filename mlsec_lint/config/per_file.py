"""What a configuration says of single files: `per-file-select` and `per-file-ignores`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mlsec_lint.sources.patterns import Patterns

Table = Iterable[tuple[str, tuple[str, ...]]]


class PerFile:
    """A table of patterns and selectors."""

    def __init__(self, table: Table, base: Path) -> None:
        """`base` is the directory that the patterns start from."""
        self._entries = [(Patterns([glob]), names) for glob, names in table]
        self._base = base

    def __bool__(self) -> bool:
        """Whether the table says anything at all."""
        return bool(self._entries)

    def selectors(self, file: Path) -> tuple[str, ...] | None:
        """The selectors of all patterns that match a file; None when none does."""
        if not self._entries or not file.is_relative_to(self._base):
            return None
        shown = file.relative_to(self._base).as_posix()
        found = [names for patterns, names in self._entries if patterns.decide(shown, folder=False)]
        return tuple(dict.fromkeys(name for names in found for name in names)) if found else None
