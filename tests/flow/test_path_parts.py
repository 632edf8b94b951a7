from __future__ import annotations

import pytest

from mlsec_lint.flow.charsets import kept
from mlsec_lint.flow.segments import FIXED_ENDING, WITHIN_NAME, places_in_name
from mlsec_lint.flow.value import Origin
from mlsec_lint.syntax.expression import Place

REQUEST = frozenset({Origin("request", "name", Place(0, 0))})


@pytest.mark.parametrize(
    "pattern",
    ["^[a-z]+$", "^[A-Za-z0-9_-]{1,64}$", r"\A[0-9a-f]{40}\Z", "^(cat|dog)$", "^[a-zA-Z][a-zA-Z0-9_-]*$", r"^[\w\-]+$"],
)
def test_a_pattern_without_separators_and_dots_leaves_nothing(pattern: str) -> None:
    assert not kept(pattern, REQUEST)


@pytest.mark.parametrize("pattern", [r"^[\w.-]+$", r"^v\d+\.\d+$", r"^[\w-]+(\.[\w-]+)*$"])
def test_a_pattern_with_dots_leaves_one_part_of_a_path(pattern: str) -> None:
    assert {item.traits for item in kept(pattern, REQUEST)} == {frozenset({"one-segment"})}


@pytest.mark.parametrize(
    "pattern",
    [
        "[a-z]+",
        "^[a-z]+",
        "[a-z]+$",
        "^.+$",
        "^[^/]+$",
        "^[+-9]+$",
        "^[a-z/]+$",
        "^a|b$",
        r"^\S+$",
        r"^[\W]+$",
        "^" + "a" * 300 + "$",
    ],
)
def test_any_other_pattern_proves_nothing(pattern: str) -> None:
    assert kept(pattern, REQUEST) == REQUEST


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([None, ".json"], (WITHIN_NAME, FIXED_ENDING)),
        ([None, "/config.json"], (FIXED_ENDING,)),
        ([None, "/"], ()),
        (["models/", None], ()),
        (["models/run-", None], (WITHIN_NAME,)),
        ([None, "..", None], ()),
        ([None, None, ".zip"], (FIXED_ENDING,)),
    ],
)
def test_what_stands_around_a_part_of_a_text(texts: list[str | None], said: tuple[str, ...]) -> None:
    assert list(places_in_name(list(texts)))[texts.index(None)] == said
