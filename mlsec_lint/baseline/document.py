"""Baseline files: read as data that anybody may have written, and written so that they merge and compare well."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from mlsec_lint.baseline.entry import Entries, Key
from mlsec_lint.baseline.errors import BaselineError
from mlsec_lint.catalogue.errors import quoted
from mlsec_lint.sources.reading import read_bytes, reason_of

FILE = "mlsec-lint-baseline.json"
"""Where a baseline lies unless somebody says otherwise."""

VERSION = "1"

LARGEST = 32_000_000
"""Bytes: some 150,000 entries."""

MOST = 1_000_000
"""The largest count of one entry."""

_FIELDS = ("path", "rule", "qualname", "code", "count")
_RULE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
_CODE = re.compile(r"[0-9a-f]{16}", re.ASCII)
_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7})(?: |\r?$)", re.MULTILINE)
_ANEW = "make it anew with `mlsec-lint baseline create --overwrite`"


def read_baseline(file: Path) -> dict[Key, int]:
    """The entries of a file, sorted; of two with one key the larger count. Raises BaselineError."""
    found: dict[Key, int] = {}
    for number, item in enumerate(_items(file, _document(file, _data(file))), 1):
        try:
            key, count = _entry(item)
        except ValueError as error:
            raise BaselineError(f"{file}: entry {number}: {error}; {_ANEW}") from None
        found[key] = max(count, found.get(key, 0))
    return dict(sorted(found.items()))


def written(entries: Entries) -> str:
    """The text of a baseline: one entry a line, sorted, ASCII."""
    lines = ",\n".join(json.dumps(_item(key, count)) for key, count in sorted(entries.items()))
    return (
        f'{{"version": "{VERSION}", "entries": [\n{lines}\n]}}\n'
        if lines
        else f'{{"version": "{VERSION}", "entries": []}}\n'
    )


def baseline_schema() -> Mapping[str, object]:
    """The JSON Schema of a baseline; `docs/baseline.schema.json`."""
    text = {"type": "string"}
    entry = {
        "type": "object",
        "properties": {
            "path": {
                **text,
                "minLength": 1,
                "description": "From the folder of the baseline on, with forward slashes.",
            },
            "rule": {**text, "pattern": f"^{_RULE.pattern}$"},
            "qualname": {**text, "description": "The function or class around it; empty at module level."},
            "code": {**text, "pattern": f"^{_CODE.pattern}$", "description": "A digest of its code."},
            "count": {"type": "integer", "minimum": 1, "maximum": MOST, "description": "How many such findings."},
        },
        "required": list(_FIELDS),
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A baseline of mlsec-lint, version 1",
        "type": "object",
        "properties": {"version": {"const": VERSION}, "entries": {"type": "array", "items": entry}},
        "required": ["version", "entries"],
        "additionalProperties": False,
    }


def _item(key: Key, count: int) -> dict[str, object]:
    return {"path": key.path, "rule": key.rule, "qualname": key.qualname, "code": key.code, "count": count}


def _data(file: Path) -> bytes:
    if os.path.islink(file):  # noqa: PTH114  # pathlib raises what a name can do to a system call
        raise BaselineError(f"{file} is a symbolic link, and a baseline is not read through one; name its target")
    try:
        data = read_bytes(file, LARGEST)
    except FileNotFoundError as error:
        step = "make it with `mlsec-lint baseline create`, or run with --no-baseline"
        raise BaselineError(f"{file}: there is no such baseline; {step}") from error
    except (OSError, ValueError) as error:
        step = "check the name, or run with --no-baseline"
        raise BaselineError(f"{file} cannot be read: {reason_of(error)}; {step}") from error
    if len(data) > LARGEST:
        raise BaselineError(f"{file} is larger than {LARGEST:,} bytes, which no baseline is; {_ANEW}")
    if _CONFLICT.search(data):
        step = "keep the lines of both sides without the markers, then run `mlsec-lint baseline prune`"
        raise BaselineError(f"{file} holds the markers of a merge conflict; {step}")
    return data


def _document(file: Path, data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise BaselineError(f"{file} is not UTF-8 (byte {error.start}); {_ANEW}") from None
    except json.JSONDecodeError as error:
        raise BaselineError(f"{file} is no JSON (line {error.lineno}, column {error.colno}); {_ANEW}") from None
    except (ValueError, RecursionError):  # a key twice, a number of thousands of digits, nested too deeply
        raise BaselineError(f"{file} is no baseline of mlsec-lint; {_ANEW}") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _items(file: Path, document: object) -> list[object]:
    if not isinstance(document, dict) or not isinstance(version := document.get("version"), str):
        raise BaselineError(f"{file} is no baseline of mlsec-lint; {_ANEW}")
    if version != VERSION:
        step = f"this program reads version {VERSION}: use the mlsec-lint that wrote it, or {_ANEW}"
        raise BaselineError(f"{file} is a baseline of version {quoted(version)}; {step}")
    items = document.get("entries")
    if not isinstance(items, list) or len(document) != 2:  # noqa: PLR2004  # version and entries
        raise BaselineError(f"{file}: a baseline holds `version` and a list of `entries`; {_ANEW}")
    return items


def _entry(item: object) -> tuple[Key, int]:
    """Raises ValueError with what is wrong, in words that quote nothing of the file."""
    if not isinstance(item, dict) or set(item) != set(_FIELDS):
        raise ValueError(f"an entry holds {', '.join(_FIELDS)}, each once")
    path, rule, qualname, code, count = (item[name] for name in _FIELDS)
    if type(count) is not int or not 0 < count <= MOST:
        raise ValueError(f"`count` is a whole number from 1 to {MOST:,}")
    if not isinstance(path, str) or not path or "\0" in path or _is_absolute(path):
        raise ValueError("`path` starts at the folder of the baseline")
    if not isinstance(rule, str) or not _RULE.fullmatch(rule):
        raise ValueError("`rule` is the id of a rule")
    if not isinstance(qualname, str) or not isinstance(code, str) or not _CODE.fullmatch(code):
        raise ValueError("`qualname` is a text and `code` 16 hexadecimal digits")
    return Key(path, rule, qualname, code), count


def _is_absolute(path: str) -> bool:
    return PurePosixPath(path).is_absolute() or path[1:3] == ":/" or "\\" in path[:1]
