from __future__ import annotations

import logging
import warnings

from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.bandit.nosec import read_nosec

WORDS = st.sampled_from(
    [
        "nosec",
        "nosec:",
        "#",
        "# nosec",
        "#nosec",
        "B101",
        "B404,B101",
        "B999",
        "b101",
        "assert_used",
        "eval",
        ",",
        "why",
        "é",
    ]
)


with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # about how Bandit calls stevedore
    from bandit.core.manager import _parse_nosec_comment

logging.getLogger("bandit").setLevel(logging.CRITICAL)


@given(st.lists(WORDS, max_size=6), st.sampled_from(["", " ", "  "]))
def test_a_comment_means_what_it_means_to_bandit(words: list[str], gap: str) -> None:
    comment = "# " + (gap or " ").join(words) + gap
    expected = _parse_nosec_comment(comment)
    assert read_nosec(f"x = 1  {comment}\n") == ({} if expected is None else {1: expected})


def test_text_in_strings_is_no_comment() -> None:
    assert read_nosec('x = "# nosec"\ny = """\n# nosec\n"""\n') == {}


def test_lines_before_a_place_that_cannot_be_tokenized_count() -> None:
    assert read_nosec("x = 1  # nosec B101\ny = (\n") == {1: {"B101"}}


def test_an_empty_set_silences_all() -> None:
    assert read_nosec("x = 1  # nosec\ny = 2  # nosec since it is fine\n") == {1: frozenset(), 2: frozenset()}
