"""What a command tells programs."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlsec_lint.report.escape import json_without_commands, well_formed


def document(said: Mapping[str, object]) -> str:
    """Plain values as JSON on several lines, in ASCII; names of files may hold what is no text."""
    return json_without_commands(json.dumps(_well_formed(said), indent=2))


def _well_formed(value: object) -> object:
    match value:
        case str():
            return well_formed(value)
        case list() | tuple():
            return list(map(_well_formed, value))
        case dict():
            return {_well_formed(key): _well_formed(item) for key, item in value.items()}
    return value
