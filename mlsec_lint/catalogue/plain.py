"""Packs as plain values, which JSON can say, and back: reading them so takes a sixth of the time of reading TOML."""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Mapping
from typing import Any

from mlsec_lint.catalogue import model, notebook_tables
from mlsec_lint.catalogue.taxonomies import Taxonomies
from mlsec_lint.findings import Confidence, Profile, Safety, Severity

_KIND = ""
"""The key under which a table says what it is."""

_RECORDS: tuple[type, ...] = (
    *(model.Pack, model.Rule, model.BanditCheck, model.Kind, model.Opinion, model.When, model.Test, model.FixRecipe),
    *(model.CallMatch, model.KeywordMatch, model.AssignMatch, model.EnvironmentMatch, model.TextMatch),
    *(model.LiteralMatch, model.FlowMatch, notebook_tables.CommandMatch, notebook_tables.StoredMatch, Taxonomies),
    *(model.Signature, model.Source, model.Sink, model.Barrier, model.Guard, model.Passes, model.Alias),
    *(model.Instance, model.Handler, model.TextFormat),
)
_LEVELS: tuple[type[enum.Enum], ...] = (Severity, Confidence, Profile, Safety)
_MAKERS: Mapping[str, Any] = {
    **{kind.__name__: kind for kind in _RECORDS},
    **{kind.__name__: (lambda name, kind=kind: kind[name]) for kind in _LEVELS},
}


def written(pack: model.Pack) -> str:
    """A pack as JSON; fields that have their default are left out."""
    return json.dumps(_plain(pack), ensure_ascii=True, separators=(",", ":"))


def read(text: str) -> model.Pack:
    """The pack that `written` wrote. Raises ValueError for anything else."""
    try:
        found = json.loads(text, object_hook=_made)
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError("no pack") from error
    if isinstance(found, model.Pack):
        return found
    raise ValueError("no pack")


def _plain(value: object) -> object:
    if isinstance(value, enum.Enum):
        return {_KIND: type(value).__name__, "name": value.name}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if type(value) not in _RECORDS:
        return value
    given = ((item, getattr(value, item.name)) for item in dataclasses.fields(value))  # type: ignore[arg-type]  # a record
    said = {item.name: _plain(own) for item, own in given if own != item.default or type(own) is not type(item.default)}
    return {_KIND: type(value).__name__, **said}


def _made(table: dict[str, Any]) -> object:
    kind = table.pop(_KIND, None)
    if kind is None:
        return table
    for name, value in table.items():
        if type(value) is list:
            table[name] = tuple([_tuple(item) if type(item) is list else item for item in value])
    return _MAKERS[kind](**table)


def _tuple(items: list[object]) -> tuple[object, ...]:
    return tuple([_tuple(item) if isinstance(item, list) else item for item in items])
