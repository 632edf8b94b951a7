"""Writes sarif-om objects as JSON.

The library's own writer leaves out what equals a default of the schema, so that a `level` of "warning" under a rule whose
default is "error" turns into an error (SARIF 2.1.0, section 3.27.10), and takes 23 s for 25,000 results.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attr

from mlsec_lint.report.escape import json_without_commands

Plain: TypeAlias = str | int | float | bool | Sequence["Plain"] | Mapping[str, "Plain"]
"""What property bags hold."""

SarifObject: TypeAlias = object
"""An instance of one of sarif-om's classes, which have no type information."""

# Results are written in batches of this size: held all at once, 25,000 of them keep the garbage collector busy for a second.
_BATCH = 20


def write(log: SarifObject, run: SarifObject, results: Iterable[SarifObject]) -> str:
    """Return the log with its one run and the results of that run as compact JSON in ASCII."""
    written = ",".join(_json(batch)[1:-1] for batch in _batches(results))
    return f'{_json(log)[:-1]},"runs":[{_json(run)[:-1]},"results":[{written}]}}]}}\n'


def _batches(results: Iterable[SarifObject]) -> Iterator[list[SarifObject]]:
    source = iter(results)
    while batch := list(itertools.islice(source, _BATCH)):
        yield batch


class _Names(dict[type, dict[str, str]]):
    """The names in SARIF of the attributes of each class; looked up once a class."""

    def __missing__(self, kind: type) -> dict[str, str]:
        self[kind] = {field.name: field.metadata["schema_property_name"] for field in attr.fields(kind)}
        return self[kind]


_NAMES = _Names()
_NUMBERS = frozenset({int, float})


def _properties(value: SarifObject) -> dict[str, object]:
    """Return the properties of an object by their names in SARIF, where None and -1 both mean that one is absent."""
    names = _NAMES[type(value)]
    return {
        names[attribute]: item
        for attribute, item in vars(value).items()
        if item is not None and (type(item) not in _NUMBERS or item != -1)
    }


_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_properties).encode


def _json(tree: object) -> str:
    return json_without_commands(_ENCODE(tree))
