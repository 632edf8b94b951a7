from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some

from mlsec_lint.flow.value import (
    MAX_DEPTH,
    MAX_MEMBERS,
    MAX_ORIGINS,
    MAX_SIZE,
    UNKNOWN,
    Origin,
    Value,
    capped,
    constant,
    join,
)
from mlsec_lint.syntax.expression import Place

ORIGINS = some.builds(
    Origin, some.sampled_from(["request", "chat"]), some.sampled_from(["a", "b"]), some.builds(Place, some.integers(0, 3), some.integers(0, 9)),
    some.sets(some.sampled_from(["lead-in", "rounded"])).map(frozenset),
)  # fmt: skip
LEAVES = some.builds(
    Value,
    paths=some.lists(some.sampled_from(["a", "b", "c()"]), max_size=3, unique=True).map(tuple),
    constants=some.lists(some.sampled_from(["a", 1, True, None]), max_size=2, unique_by=repr).map(tuple),
    exact=some.booleans(),
    origins=some.sets(ORIGINS, max_size=4).map(frozenset),
)
VALUES = some.recursive(
    LEAVES,
    lambda inner: (
        some.builds(Value, items=some.lists(inner, max_size=3).map(tuple))
        | some.builds(
            Value,
            fields=some.lists(
                some.tuples(some.sampled_from(["k", "l"]), inner), max_size=2, unique_by=lambda pair: pair[0]
            ).map(tuple),
        )
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES, VALUES)
def test_joining_loses_nothing(left: Value, right: Value) -> None:
    joined = join(left, right)
    assert (
        joined.all_origins() >= capped(left.all_origins() | right.all_origins())
        or len(joined.all_origins()) >= MAX_ORIGINS
    )
    assert set(joined.paths) == set(left.paths) | set(right.paths)
    assert {repr(item) for item in joined.constants} == {repr(item) for item in (*left.constants, *right.constants)}
    assert joined.exact == (left.exact and right.exact)


@settings(deadline=None)
@given(VALUES)
def test_joining_with_itself_changes_nothing(value: Value) -> None:
    assert join(value, value) == value


@given(some.sets(ORIGINS, max_size=40))
def test_the_origins_that_stay_do_not_hang_on_their_order(origins: set[Origin]) -> None:
    ordered = sorted(origins, key=lambda item: item.rank)
    assert capped(ordered) == capped(ordered[::-1]) == capped(frozenset(origins))
    assert len(capped(ordered)) <= MAX_ORIGINS


def test_of_equal_origins_the_shortest_story_stays() -> None:
    short = Origin("request", "a", Place(0, 0))
    long = short.with_step(Place(0, 1), "kept")
    assert [next(iter(capped(pair))).steps for pair in ([short, long], [long, short])] == [(), ()]


def test_members_beyond_the_bounds_stay_as_origins() -> None:
    data = Value(origins=frozenset({Origin("request", "a", Place(0, 0))}))
    deep = data
    for _ in range(MAX_DEPTH + 20):
        deep = Value(items=(deep,))
    wide = Value(items=(*[constant(1)] * 200, data))
    doubled = data
    for _ in range(200):
        doubled = Value(items=(doubled, doubled))
    for value in (deep, wide, doubled):
        assert value.all_origins() == data.origins
        assert value.depth <= MAX_DEPTH
        assert value.size <= MAX_SIZE
        assert len(value.items or ()) <= MAX_MEMBERS


def test_an_unknown_value_has_nothing() -> None:
    assert (UNKNOWN.all_origins(), list(UNKNOWN.members()), UNKNOWN.field("a")) == (frozenset(), [], None)
