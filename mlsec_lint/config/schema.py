"""The configuration as JSON Schema, for editors: made from the keys that the program itself reads.

Draft 7, because the TOML editors (taplo and what is built on it) and SchemaStore know no newer one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TypeAlias

from mlsec_lint.config import values
from mlsec_lint.config.keys import KEYS, field_name
from mlsec_lint.config.plain import plain
from mlsec_lint.config.settings import FORMATS, Settings
from mlsec_lint.findings import Confidence, Profile, Severity

Schema: TypeAlias = Mapping[str, object]

ADDRESS = "https://raw.githubusercontent.com/mlsec-lint/mlsec-lint/main/docs/config.schema.json"
"""Where it is published; its `$id`."""

_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_SIZE = r"^\s*[0-9]{1,15}\s*[KMGTkmgt]?[Ii]?[Bb]?\s*$"


def _names(words: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(words)}


def _labels(kind: Iterable[Profile | Severity | Confidence]) -> Schema:
    return _names(member.label for member in kind)


_SHAPES: Mapping[Callable[[object], object], Schema] = {
    values.text: _TEXT,
    values.name: _TEXT,
    values.texts: _TEXTS,
    values.flag: {"type": "boolean"},
    values.PROFILE: _labels(Profile),
    values.SEVERITY: _labels(Severity),
    values.CONFIDENCE: _labels(Confidence),
    values.threshold: _names((*(member.label for member in Severity), values.NEVER)),
    values.output_format: _names(FORMATS),
    values.size: {
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": values.MOST_BYTES},
            {"type": "string", "pattern": _SIZE},
        ]
    },
    values.seconds: {
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0, "maximum": values.MOST_SECONDS},
            _TEXT,
        ]
    },
    values.patterns: _TEXTS,
    values.hosts: _TEXTS,
    values.version_table: {"type": "object", "additionalProperties": _TEXT},
    values.severity_table: {"type": "object", "additionalProperties": _labels(Severity)},
    values.pattern_table: {"type": "object", "additionalProperties": _TEXTS},
}
"""How each reader's values look."""


def config_schema(excludes: Iterable[str]) -> Schema:
    """What `mlsec-lint.toml` and `[tool.mlsec-lint]` may say; `excludes` are the built-in ones."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ADDRESS,
        "title": "Configuration of mlsec-lint",
        "description": "The table [tool.mlsec-lint] of pyproject.toml, and the whole of mlsec-lint.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _property(key, sorted(excludes)) for key in sorted(KEYS)},
    }


def _property(key: str, excludes: list[str]) -> Schema:
    about = {"description": _LINK.sub(r"\1", KEYS[key].says), **_SHAPES[KEYS[key].read]}
    default = excludes if key == "exclude" else plain(field_name(key), _DEFAULTS.get(field_name(key)))
    return {**about, "default": default} if default not in (None, [], {}) else about


_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
_DEFAULTS = {item.name: getattr(Settings(Path()), item.name) for item in fields(Settings)}
