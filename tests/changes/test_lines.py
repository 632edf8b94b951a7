"""Which lines of a text have changed: against every pair of small texts, and in bounded time for large ones."""

from __future__ import annotations

import time
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.changes.lines import WHOLE, ChangedLines, carried, changed, lines_of, matched

TEXTS = st.lists(st.sampled_from([b"", b"a", b"b", b"c", b"def f():", b"    return 1"]), max_size=14)


@given(TEXTS, TEXTS)
def test_matches_are_equal_lines_in_one_order(old: list[bytes], new: list[bytes]) -> None:
    pairs = sorted(matched(old, new))
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(pairs))


@given(TEXTS)
def test_nothing_has_changed_in_the_same_text(text: list[bytes]) -> None:
    assert changed(text, text) == ChangedLines(frozenset())


@given(TEXTS, TEXTS, TEXTS)
def test_added_lines_and_no_others_have_changed(before: list[bytes], added: list[bytes], after: list[bytes]) -> None:
    lines = changed([*before, *after], [*before, *added, *after])
    assert lines.numbers is not None
    assert len(lines.numbers) == len(added)
    unique = [b"%d" % number for number in range(len(before))]
    assert changed(unique, [*unique, b"new"]).numbers == frozenset({len(before) + 1})


def test_deleted_lines_change_no_other_line() -> None:
    assert changed([b"a", b"b", b"c"], [b"a", b"c"]) == ChangedLines(frozenset())


def test_moved_code_is_changed_in_one_of_its_places_only() -> None:
    old = [b"one", b"two", b"three", b"four", b"five"]
    assert changed(old, [b"four", b"five", b"one", b"two", b"three"]).numbers == frozenset({1, 2})


def test_of_two_equal_functions_the_lower_one_is_new() -> None:
    old = [b"import torch", b"def load():", b"    return 1", b""]
    new = [b"# first", *old, b"def again():", b"    return 1", b""]
    assert changed(old, new).numbers == frozenset({1, 6, 7, 8})


def test_line_ends_and_byte_order_marks_do_not_count() -> None:
    assert lines_of(b"\xef\xbb\xbfa\r\nb\rc\n") == lines_of(b"a\nb\nc\n") == [b"a", b"b", b"c", b""]
    assert lines_of(b"a\x0cb\x85c") == [b"a\x0cb\x85c"]


def test_lines_are_carried_into_another_state() -> None:
    staged, now = [b"a", b"new", b"c"], [b"x", b"a", b"new", b"c"]
    assert carried(ChangedLines(frozenset({2})), matched(staged, now)).numbers == frozenset({3})
    assert carried(WHOLE, matched(staged, now)).numbers == frozenset({2, 3, 4})
    assert carried(ChangedLines(frozenset({2})), matched(staged, [b"a", b"c"])).numbers == frozenset()


def test_what_lines_touch() -> None:
    lines = ChangedLines(frozenset({3}))
    assert [lines.touch(first, last) for first, last in ((1, 2), (1, 3), (3, 3), (4, 9))] == [False, True, True, False]
    assert WHOLE.touch(1, 1)


def test_large_texts_take_no_long_time() -> None:
    some, others = [b"%d" % number for number in range(60_000)], [b"x%d" % number for number in range(60_000)]
    cases = [(some, others), ([b"same"] * 60_000, [b"same", b"other"] * 30_000), (some, some[::-1]), (some[::2], some)]
    cases.append(([b"a", b"b"] * 3_000, [b"b", b"a", b"c"] * 3_000))
    start = time.process_time()
    found = [changed(old, new) for old, new in cases]
    assert time.process_time() - start < 30
    assert found[0].numbers == frozenset(range(1, 60_001))
    assert found[3].numbers == frozenset(range(2, 60_001, 2))


def test_lines_of_many_stretches_between_anchors_are_compared_for_a_few_only() -> None:
    def text(seed: int) -> list[bytes]:
        drawn = Random(seed)
        stretches = ([b"anchor %d" % part, *drawn.choices(words, k=490)] for part in range(20))
        return [line for stretch in stretches for line in stretch]

    words = [b"%d" % number for number in range(100)]
    numbers = changed(text(1), text(2)).numbers
    assert numbers is not None
    whole = [part for part in range(20) if numbers >= set(range(491 * part + 2, 491 * part + 492))]
    assert 14 <= len(whole) <= 16  # a stretch takes 240,100 cells of about a million that there are for these lines
    assert not numbers & set(range(1, 9_820, 491))
