from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.findings import Frame, Span
from mlsec_lint.report.fingerprints import identities, line_hashes
from tests.report.samples import FLOW, LOAD

LOREM = "Lorem ipsum dolor sit amet.\n" * 10


def test_published_vectors() -> None:
    # github/codeql-action, src/fingerprints.test.ts
    assert line_hashes("") == ["c129715d7a2bc9a3:1"]
    assert line_hashes(" a\nb\n  \t\tc\n d") == [
        "271789c17abda88f:1",
        "54703d4cd895b18:1",
        "180aee12dab6264:1",
        "a23a3dc5e078b07b:1",
    ]
    assert line_hashes(LOREM)[:7] == [*(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)), "a7f2ff1481e87703:1"]


def test_line_ends_do_not_matter() -> None:
    assert line_hashes(LOREM) == line_hashes(LOREM.replace("\n", "\r\n")) == line_hashes(LOREM.replace("\n", "\r"))


def rolling(raw: str) -> list[str]:
    """The same hash the way it is specified: one window that moves on unit by unit."""
    data = raw.encode("utf-16-le", "surrogatepass")
    units = [int.from_bytes(data[index : index + 2], "little") for index in range(0, len(data), 2)]
    window, starts, index, value = [0] * 100, [False] * 100, 0, 0
    counts: dict[str, int] = {}
    found: list[str] = []

    def push(unit: int, *, start: bool) -> None:
        nonlocal index, value
        if starts[index]:
            text = f"{value:x}"
            counts[text] = counts.get(text, 0) + 1
            found.append(f"{text}:{counts[text]}")
        starts[index] = start
        value = (value * 37 + unit - window[index] * pow(37, 100)) % (1 << 64)
        window[index] = unit
        index = (index + 1) % 100

    line_start, after_return = True, False
    for unit in units:
        if unit in (32, 9) or (after_return and unit == 10):
            after_return = False
            continue
        after_return = unit == 13
        kept = 10 if after_return else unit
        push(kept, start=line_start)
        line_start = kept == 10
    push(0xFFFF, start=line_start)
    for _ in range(100):
        push(0, start=False)
    return found


@given(st.text(st.sampled_from("ab \t\r\n\ufeff€😀\udcff"), max_size=250))
def test_equals_the_rolling_hash(raw: str) -> None:
    assert line_hashes(raw) == rolling(raw)


def test_identity_survives_moves_and_spacing_and_tells_twins_apart() -> None:
    assert LOAD.frame is not None
    moved = replace(
        LOAD,
        location=replace(LOAD.location, span=Span(30, 13, 30, 23)),
        frame=Frame(30, ("  model =  torch.load(path)",), Span(30, 12, 30, 22)),
    )
    assert identities([LOAD]) == identities([moved])
    first, second, other = identities([LOAD, moved, FLOW])
    assert len({first, second, other}) == 3
    assert identities([LOAD]) != identities([replace(LOAD, qualname="Other.load")])
    assert identities([LOAD]) != identities([replace(LOAD, rule="MLS104")])
    assert identities([replace(LOAD, frame=None)]) != identities([LOAD])


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span(3, 2, 3, 4), "bc"),
        (Span(3, 3, 4, 2), "cd\ne"),
        (Span(2, 1, 3, 3), "ab"),
        (Span(4, 2, 9, 1), "fg"),
        (Span(9, 1, 9, 2), ""),
    ],
)
def test_marked_stretch_of_a_frame(span: Span, text: str) -> None:
    assert Frame(3, ("abcd", "efg"), span).marked == text
