"""Which findings a baseline knows, in whatever order they come and wherever they have moved."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.baseline.entry import Key, entries_of
from mlsec_lint.baseline.matching import match

KEYS = st.builds(
    Key,
    path=st.sampled_from(("a.py", "b.py", "gone.py")),
    rule=st.sampled_from(("MLS103", "MLS201")),
    qualname=st.sampled_from(("", "f", "C.g")),
    code=st.sampled_from(("0" * 16, "1" * 16)),
)
LISTS = st.lists(KEYS, max_size=12)
HERE = Key("a.py", "MLS103", "f", "0" * 16)


def is_gone(path: str) -> bool:
    return path == "gone.py"


@given(LISTS, st.randoms(use_true_random=False))
def test_a_baseline_knows_the_findings_that_it_was_made_of_in_any_order(keys: list[Key], random: object) -> None:
    entries = entries_of(keys)
    random.shuffle(keys)  # type: ignore[attr-defined]  # a random.Random
    matching = match(entries, keys, is_gone)
    assert (list(matching.known), matching.left) == (keys, {})


@given(LISTS, LISTS)
def test_no_entry_knows_more_findings_than_it_counts(before: list[Key], now: list[Key]) -> None:
    entries = entries_of(before)
    matching = match(entries, now, is_gone)
    used = Counter(entry for entry in matching.known if entry is not None)
    assert all(used[key] <= entries[key] for key in used)
    assert used + Counter(matching.left) == Counter(entries)
    for key, entry in zip(now, matching.known, strict=True):
        assert entry is None or (entry.rule, entry.code) == (key.rule, key.code)
        assert entry is None or entry.path in {key.path, "gone.py"}


@given(LISTS, LISTS, st.randoms(use_true_random=False))
def test_how_many_of_a_kind_are_known_does_not_depend_on_the_order(
    before: list[Key], now: list[Key], random: object
) -> None:
    entries, shuffled = entries_of(before), list(now)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    one, other = match(entries, now, is_gone), match(dict(reversed(entries.items())), shuffled, is_gone)
    assert sum(entry is None for entry in one.known) == sum(entry is None for entry in other.known)
    assert one.left == other.left


@given(LISTS, KEYS)
def test_one_finding_more_is_one_new_finding(keys: list[Key], key: Key) -> None:
    matching = match(entries_of(keys), [*keys, key], is_gone)
    assert matching.known.count(None) == 1
    assert matching.left == {}


def test_of_equal_findings_the_last_ones_are_new() -> None:
    assert match({HERE: 2}, [HERE, HERE, HERE], is_gone).known == (HERE, HERE, None)


def test_code_moves_to_another_function_but_not_to_another_file() -> None:
    moved = Key("a.py", "MLS103", "g", HERE.code)
    elsewhere = Key("b.py", "MLS103", "f", HERE.code)
    assert match({HERE: 1}, [moved], is_gone).known == (HERE,)
    assert match({HERE: 1}, [elsewhere], is_gone).known == (None,)
    assert match({HERE: 1}, [moved, HERE], is_gone).known == (None, HERE)


def test_a_renamed_file_is_known_by_its_code() -> None:
    old = Key("gone.py", "MLS103", "f", HERE.code)
    other_rule = Key("a.py", "MLS201", "f", HERE.code)
    assert match({old: 1}, [other_rule, HERE, HERE], is_gone).known == (None, old, None)
