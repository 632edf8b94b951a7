"""What was carried over from another tool, and what was not."""

from __future__ import annotations

from collections.abc import Mapping

from mlsec_lint.config.toml import as_toml
from mlsec_lint.record import dataclass

Value = str | tuple[str, ...] | Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Carried:
    """Settings of ours, and a sentence on everything that has none or means something else here."""

    values: Mapping[str, Value]
    """By key of our table."""
    remarks: tuple[str, ...]

    def as_toml(self) -> dict[str, str]:
        """The values as TOML writes them."""
        return {key: as_toml(value) for key, value in self.values.items()}
