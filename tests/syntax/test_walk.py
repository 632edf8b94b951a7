"""The walk over lowered code leaves no node out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.walk import children, walk

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").rglob("*.py"))


def below(value: object) -> Iterator[object]:
    """Every node inside a value, by the fields that dataclasses say that they have."""
    if isinstance(value, tuple) and not isinstance(value, ex.Place):
        for item in value:
            yield from below(item)
    elif dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from below(getattr(value, field.name))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_every_node_is_visited_once(path: Path) -> None:
    for chunk in Module(path.read_text(encoding="utf-8")).chunks:
        assert [id(visit.node) for visit in walk(chunk.body)] == [id(node) for node in below(chunk.body)]


def test_names_and_places_are_no_nodes() -> None:
    (statement,) = Module("x: int = a.b < c").chunks[0].body
    assert [type(node).__name__ for node in children(statement)] == ["Name", "Compare", "Name"]
