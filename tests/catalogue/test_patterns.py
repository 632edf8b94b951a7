from __future__ import annotations

import re
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsec_lint.catalogue.patterns import PatternError, check_pattern

HARMLESS = [
    r"(?i)(password|passwd|pwd)$",
    r"(?P<secret>sk-ant-(?:api|admin)\d\d-[\w-]{93}AA)",
    r"(?:[a-z]+\.)+",
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+",
    r"(?:,\s*\w+)*",
    r"(?:[A-Z0-9]{4}){2,8}",
    r"(?:a+)?",
    r"(?:foo|bar|baz)+",
    r'"(?:[^"\\]|\\.)*"',
    r"[^:]+://(?:[^:@]+:)?[^@]+@",
    r"^(?=.*a)(?:b|c)+$",
    r"(?:é+x)*",
]

HARMFUL = [
    r"(a+)+",
    r"(a|a)*",
    r"(?:a|ab)*",
    r"(?:ab|a.)*",
    r"(a*ba*)*",
    r"(?:a*a*b)*",
    r"(?:a+){2,9}",
    r"(?i:(?:a+A)*)",
    r"(\w+\s?)*",
    r"(?:(?!x)a|a)*",
    r"(?:a*\ba*x)*",
    r"(?:a|b|)*",
    r"(x)(?:\1y?)+",
    r"(?:世+[^a])*",
    r"(?:\s+[^\S\n])*",
]


@pytest.mark.parametrize("pattern", HARMLESS)
def test_accepted(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize("pattern", HARMFUL)
def test_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="nested quantifiers may take exponential time"):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(", "a{99999999999999999999}", "(?:\\1)+", "(" * 5_000 + ")" * 5_000])
def test_no_pattern(pattern: str) -> None:
    with pytest.raises(PatternError, match="no regular expression: "):
        check_pattern(pattern)


def test_the_error_shows_no_control_characters() -> None:
    with pytest.raises(PatternError) as caught:
        check_pattern("[z-\x1b]")
    assert str(caught.value) == r"no regular expression: bad character range z-\x1b at position 1"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="possessive quantifiers came with Python 3.11")
def test_possessive_quantifiers_are_judged_as_others() -> None:
    check_pattern("a++b")
    with pytest.raises(PatternError, match="nested quantifiers"):
        check_pattern("(a++)+")


ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\w", "ab", "a?", "b*", "a+", "(?:a|b)", "(?:a|bb)", "(?:ab|b)"]
)
BODIES = st.lists(ATOMS, min_size=1, max_size=3).map("".join)
PATTERNS = st.tuples(BODIES, BODIES, st.sampled_from(["*", "+", "{2,}"])).map(
    lambda t: f"(?:{t[0]}(?:{t[1]}){t[2]}){t[2]}!"
)


@given(PATTERNS)
@settings(deadline=None)
def test_what_is_accepted_takes_no_exponential_time(pattern: str) -> None:
    try:
        check_pattern(pattern)
    except PatternError:
        return
    compiled = re.compile(pattern)
    for text in ("a" * 40, "b" * 40, "ab" * 20, "aab" * 13, "abb" * 13):
        start = time.perf_counter()
        assert compiled.match(text) is None
        assert time.perf_counter() - start < 2
