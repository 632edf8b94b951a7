"""`kinds.toml`: the closed vocabulary of sources, sinks and traits."""

from __future__ import annotations

from collections.abc import Mapping

from mlsec_lint.catalogue.errors import did_you_mean, quoted
from mlsec_lint.catalogue.model import Kind
from mlsec_lint.catalogue.shapes import TEXT, Place, said, text_like
from mlsec_lint.catalogue.vocabulary import ROLES

_NAME = text_like(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", "a name of lower-case words joined by hyphens")


def read_kinds(values: Mapping[str, object], place: Place) -> tuple[Kind, ...]:
    """The kinds of one file: a table for each role, of names and meanings."""
    kinds: list[Kind] = []
    for role, table in values.items():
        if role in ROLES:
            kinds += _read_role(role, table, place.at(role))
        else:
            place.at(role).error("unknown table", did_you_mean(role, ROLES) or f"one of {', '.join(ROLES)}")
    return tuple(kinds)


def _read_role(role: str, table: object, place: Place) -> list[Kind]:
    if not isinstance(table, dict):
        place.error(f"must be a table of names and meanings, not {said(table)}", f"write [{quoted(role)[1:-1]}]")
        return []
    return [_read_kind(role, name, meaning, place.at(name)) for name, meaning in table.items()]


def _read_kind(role: str, name: str, meaning: object, place: Place) -> Kind:
    return Kind(_NAME.read(name, place), role, TEXT.read(meaning, place))
