from __future__ import annotations

from mlsec_lint.run.stretches import Stretches
from mlsec_lint.run.task import Task


def task(path: str, size: int = 10) -> Task:
    return Task(path=path, shown=path, size=size)


def taken(stretches: Stretches, seat: int) -> str | None:
    item = stretches.take(seat)
    return item[1].path if item else None


def test_files_of_a_folder_stay_together() -> None:
    stretches = Stretches([task(path) for path in ("b/1", "a/1", "b/2", "a/2")], 2)
    assert [taken(stretches, seat) for seat in (0, 1, 0, 1)] == ["a/1", "b/1", "a/2", "b/2"]
    assert taken(stretches, 0) is None
    assert taken(stretches, 1) is None


def test_who_is_done_takes_from_the_end_of_the_longest() -> None:
    stretches = Stretches([task(path) for path in ("a", "b", "c", "d", "e", "f")], 3)
    assert [taken(stretches, 0) for _ in range(4)] == ["a", "b", "d", "f"]
    assert [taken(stretches, 1) for _ in range(3)] == ["c", "e", None]


def test_places_are_those_of_the_run() -> None:
    stretches = Stretches([task("b"), task("a")], 1)
    assert [item[0] for _ in range(2) if (item := stretches.take(0))] == [1, 0]


def test_what_is_given_back_is_taken_by_another() -> None:
    stretches = Stretches([task("a"), task("b")], 2)
    item = stretches.take(1)
    assert item is not None
    stretches.give_back(item)
    assert [taken(stretches, 0) for _ in range(3)] == ["b", "a", None]


def test_empty_files_are_shared_out() -> None:
    stretches = Stretches([task("a", 0), task("b", 0)], 2)
    assert {taken(stretches, 0), taken(stretches, 1)} == {"a", "b"}
