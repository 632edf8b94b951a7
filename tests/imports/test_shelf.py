"""What is kept while there is room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from mlsec_lint.imports.shelf import Shelf


def test_what_was_not_used_longest_goes_first() -> None:
    shelf: Shelf[str, int] = Shelf(2)
    shelf.put("a", 1, 1)
    shelf.put("b", 2, 1)
    assert shelf.get("a") == 1
    shelf.put("c", 3, 1)
    assert [shelf.get(key) for key in "abc"] == [1, None, 3]


def test_what_is_larger_than_the_shelf_is_kept_alone() -> None:
    shelf: Shelf[str, int] = Shelf(2)
    shelf.put("a", 1, 1)
    shelf.put("b", 2, 9)
    assert [key in shelf for key in "ab"] == [False, True]


def test_none_is_a_value() -> None:
    shelf: Shelf[str, int | None] = Shelf(2)
    shelf.put("a", None, 0)
    assert "a" in shelf


@given(some.lists(some.tuples(some.integers(0, 9), some.integers(0, 5)), max_size=60))
def test_it_never_holds_more_than_its_room_but_for_the_last(puts: list[tuple[int, int]]) -> None:
    shelf: Shelf[int, int] = Shelf(6)
    sizes: dict[int, int] = {}
    for key, size in puts:
        shelf.put(key, size, size)
        sizes[key] = size
        kept = [item for item in sizes if item in shelf]
        assert key in kept
        assert sum(sizes[item] for item in kept) <= 6
