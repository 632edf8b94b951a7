"""What was carried over from another tool, and what was not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

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
        return {key: _toml(value) for key, value in self.values.items()}


def _toml(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_toml, value))}]"
    return f"{{ {', '.join(f'{_toml(key)} = {_toml(item)}' for key, item in value.items())} }}"
