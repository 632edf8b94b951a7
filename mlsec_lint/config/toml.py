"""Values as TOML writes them."""

from __future__ import annotations

import json


def as_toml(value: object) -> str:
    """A text, a number, a truth value, a list or a table of them, on one line."""
    match value:
        case list() | tuple():
            return f"[{', '.join(map(as_toml, value))}]"
        case dict():
            inside = ", ".join(f"{as_toml(key)} = {as_toml(item)}" for key, item in value.items())
            return f"{{ {inside} }}" if inside else "{}"
    return json.dumps(value, ensure_ascii=False)
