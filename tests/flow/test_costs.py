"""Code that is written to take long: the work is counted, and what holds too much is only known by its origins."""

from __future__ import annotations

import pytest

from mlsec_lint.flow.texts import specifications
from mlsec_lint.flow.value import MAX_DEPTH, MAX_SIZE, constant
from mlsec_lint.syntax.bounds import BoundExceeded
from tests.flow.programs import evaluated


def program(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "f = partial(f, f)",
        "f = partial(f, 1) if c else partial(f, 2)",
        "f = Holder(a=f, b=f).method",
    ],
)
def test_functions_inside_functions_are_bounded(line: str) -> None:
    start = program(
        "from functools import partial",
        "class Holder:",
        "    def method(self, a): return sink(a)",
        "def g(a): return sink(a)",
    )
    events = evaluated(program(start, "for x in y:", "    f = g", *[f"    {line}"] * 40, "    last = f"))
    (last,) = [event.value for event in events.stores.values() if event.name == "last"]
    assert last.depth <= MAX_DEPTH
    assert last.size <= MAX_SIZE


def test_a_short_chain_of_partials_is_followed() -> None:
    events = evaluated("""
        from functools import partial
        def g(a, b): return app.sink(b)
        f = partial(partial(g, 1))
        f(source())
    """)
    assert [hit.sink for hit in events.hits.values()] == ["shell"]


@pytest.mark.parametrize(
    "statement",
    ["if v{0}: y = v{0}", "for _ in z:\n        if v{0}: break", "match x:\n        case {0}: y = v{0}"],
)
def test_many_ways_over_many_variables_are_counted(statement: str) -> None:
    variables = [f"    v{index} = x" for index in range(4_500)]
    ways = [f"    {statement.format(index)}" for index in range(4_500)]
    with pytest.raises(BoundExceeded):
        evaluated(program("def f(x):", *variables, *ways))


def test_format_texts_are_read_in_linear_time() -> None:
    events = evaluated(f"""
        a = "%{"0" * 50_000}!" % source()
        b = f"{"{x}" * 20_000}"
    """)
    assert {event.name for event in events.stores.values()} == {"a", "b"}
    assert specifications(constant("{" * 10_000)) == {}
