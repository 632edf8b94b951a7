from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from mlsec_lint.project.versions import overlap


@pytest.mark.parametrize(
    ("allowed", "asked", "expected"),
    [
        (">=2.0", "<2.6", True),
        (">=2.6", "<2.6", False),
        (">2.6", "<=2.6", False),
        ("==2.6.0", "<2.6", False),
        ("==2.5.*", "<2.6", True),
        ("==2.6.*", "<2.6", False),
        ("~=2.5", "<2.6", True),
        ("~=2.6", "<2.6", False),
        ("~=2.5.1", ">=2.6", False),
        ("", "<2.6", True),
        ("<2", ">=2", False),
        ("!=2.5.*,>=2.5", "<2.6", False),
        ("!=2.5.*,>=2.5", "<2.7", True),
        ("!=2.5.0,>=2.5", "<2.6", True),
        (">2.5,<2.6", ">=2", True),
        ("==2.1.0+cu118", "<2.6", True),
        ("==2.6.0rc1", ">=2.6", False),
        ("==2.6.0rc1", ">=2.6.0rc1", True),
        ("==2024.1.5", "<2024.2", True),
        ("==1!1.0", "<2", False),
        (">=2.6 || ==1.13.1", "<2.6", True),
        (">=2.6 || ==2.7", "<2.6", False),
        ("===odd", "<2.6", False),
        ("not a specifier", "<2.6", True),
    ],
)
def test_overlap(allowed: str, asked: str, expected: bool) -> None:
    assert overlap(allowed, asked) is expected


def test_a_question_that_is_no_specifier_is_an_error() -> None:
    with pytest.raises(ValueError, match="specifier"):
        overlap(">=1", "about 2")


GRID = [".".join(map(str, parts)) for parts in product(range(3), range(4), range(3))]
operators = st.sampled_from([">=", "<=", "<", ">", "==", "!=", "~="])
numbers = st.lists(st.integers(0, 3), min_size=2, max_size=3).map(lambda parts: ".".join(map(str, parts)))
clauses = st.tuples(operators, numbers).map("".join) | st.tuples(st.sampled_from(["==", "!="]), numbers).map(
    lambda clause: f"{clause[0]}{clause[1]}.*"
)
sets = st.lists(clauses, max_size=4).map(",".join)


@given(sets, sets)
def test_a_version_in_both_is_never_missed(allowed: str, asked: str) -> None:
    both = SpecifierSet(allowed) & SpecifierSet(asked)
    if any(both.contains(version, prereleases=True) for version in GRID):
        assert overlap(allowed, asked)
