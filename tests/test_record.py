"""Our dataclasses behave as the standard library's, which take ten times as long to define."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from functools import cache
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlsec_lint.record import dataclass, record, replace


def _body() -> dict[str, Any]:
    """A class that nothing has decorated."""

    class Point:
        """A place."""

        x: int
        y: int = 2
        tags: list[str] = dataclasses.field(default_factory=list)
        note: str = dataclasses.field(default="", compare=False)
        seen: int = dataclasses.field(default=0, init=False)
        hidden: str = dataclasses.field(default="-", repr=False)
        count: ClassVar[int] = 7

        def sum(self) -> int:
            return self.x + self.y

    return {name: item for name, item in vars(Point).items() if name not in {"__dict__", "__weakref__"}}


@cache
def _both(*options: str) -> tuple[Any, Any]:
    """The same class, once by us and once by the standard library."""
    given = {"eq": "uncompared" not in options, "frozen": "frozen" in options, "order": "order" in options}
    bare = [type("Point", (), _body()) for _ in range(2)]
    return dataclass(slots=True, **given)(bare[0]), dataclasses.dataclass(slots=True, **given)(bare[1])


POINTS = some.tuples(some.integers(0, 2), some.integers(0, 2))


@pytest.mark.parametrize("options", [(), ("frozen",), ("frozen", "order")])
@given(first=POINTS, second=POINTS, note=some.text(max_size=1))
def test_they_compare_and_show_as_the_standard_ones(
    options: tuple[str, ...], first: tuple[int, int], second: tuple[int, int], note: str
) -> None:
    ours, standard = _both(*options)
    (one, other), (similar, unlike) = [(cls(*first, note=note), cls(*second)) for cls in (ours, standard)]
    assert (one == other) == (similar == unlike)
    assert one == ours(*first)
    assert one != similar
    assert repr(one).partition("(")[1:] == repr(similar).partition("(")[1:]
    assert (one.x, one.y, one.tags, one.note, one.seen, one.sum(), one.count) == (*first, [], note, 0, sum(first), 7)
    if "order" in options:
        assert ((one < other), (one >= other)) == ((similar < unlike), (similar >= unlike))


def test_some_are_equal_to_themselves_alone() -> None:
    ours, _ = _both("uncompared")
    assert ours(1) != ours(1)
    assert len({ours(1), ours(1)}) == 2


def test_they_tell_their_fields() -> None:
    ours, standard = _both("frozen")
    told = [
        [(item.name, item.type, item.init, item.compare) for item in dataclasses.fields(cls)]
        for cls in (ours, standard)
    ]
    assert told[0] == told[1]
    assert dataclasses.asdict(ours(1)) == dataclasses.asdict(standard(1))
    assert ours.__match_args__ == standard.__match_args__
    assert dataclasses.is_dataclass(ours) is True
    point: Any = ours(1, tags=["a"])
    assert dataclasses.replace(point, y=9) == ours(1, 9, ["a"])


def test_nobody_changes_a_frozen_one() -> None:
    point = _both("frozen")[0](1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="x"):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="x"):
        del point.x
    with pytest.raises(AttributeError):
        point.z = 2


def test_each_gets_a_list_of_its_own() -> None:
    ours, _ = _both()
    ours(1).tags.append("a")
    assert ours(1).tags == []


@pytest.mark.parametrize("given", [{}, {"x": 1, "z": 2}, {"x": 1, "seen": 2}])
def test_arguments_are_checked(given: dict[str, int]) -> None:
    for cls in _both("frozen"):
        with pytest.raises(TypeError, match="__init__"):
            cls(**given)


def test_what_can_be_changed_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(_both()[0](1))


@record
class Plain:
    """A record."""

    name: str
    size: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Sealed:
    """A frozen value."""

    name: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """A value that compares itself."""

    name: str

    def __eq__(self, other: object) -> bool:
        """Whatever the case of letters."""
        return isinstance(other, Own) and self.name.lower() == other.name.lower()

    def __hash__(self) -> int:
        """To go with it."""
        return hash(self.name.lower())


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing."""


@pytest.mark.parametrize("value", [Plain("a", 1), Sealed("a", 1), Own("a"), Empty()])
def test_they_travel(value: object) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(value, protocol)) == value  # our own
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert len({value, copy.copy(value)}) == 1


def test_a_class_keeps_its_own_comparison() -> None:
    assert Own("A") == Own("a")
    assert hash(Own("A")) == hash(Own("a"))
    assert Own("A") != Own("b")


def test_records_are_hashed_and_replaced() -> None:
    assert {Plain("a"), Plain("a"), Plain("a", 1)} == {Plain("a"), Plain("a", 1)}
    assert replace(Plain("a"), size=3) == Plain("a", 3)
    pair: object = ("a", 0)
    assert Plain("a") != pair
    with pytest.raises(TypeError, match="colour"):
        replace(Plain("a"), colour=1)


def test_order() -> None:
    assert sorted([Sealed("b"), Sealed("a", 2), Sealed("a", 1)]) == [Sealed("a", 1), Sealed("a", 2), Sealed("b")]
    with pytest.raises(TypeError):
        assert Sealed("a") < ("a", 0)  # type: ignore[operator]  # that is the test


def test_patterns_take_them_apart() -> None:
    match Plain("a", 2):
        case Plain("a", size):
            assert size == 2
        case _:
            raise AssertionError
