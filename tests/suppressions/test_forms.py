"""Suppressions of a file, of a range and until a day, and what is said of them when they are wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.findings import Confidence, Finding, Location, Profile, Severity, Span
from mlsec_lint.suppressions.apply import Outcome, Terms, apply
from mlsec_lint.suppressions.vocabulary import Vocabulary
from tests.growth import grows_in_proportion

VOCABULARY = Vocabulary(
    ids={name: name for name in ("MLS101", "MLS103", "B301", "B614", "MLS901")},
    active=frozenset({"MLS101", "MLS103", "B301", "B614", "MLS991", "MLS992", "MLS993", "MLS994"}),
    refines={"MLS103": frozenset({"B614"}), "MLS101": frozenset({"B301", "B302"})},
)
TODAY = Terms("2026-06-15")


def locate(span: Span) -> Location:
    return Location("a.py", span)


def finding(rule: str, line: int) -> Finding:
    place = locate(Span(line, 1, line, 2))
    return Finding(rule, "m", Severity.HIGH, Confidence.HIGH, place, statement=(line, line))


def run(text: str, *findings: Finding, terms: Terms = TODAY) -> Outcome:
    return apply(findings, text, locate, VOCABULARY, terms)


def silenced(text: str, rule: str = "MLS101") -> list[int]:
    """The lines with `load` on which a finding of the rule is silenced."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.lstrip().startswith("load")]
    outcome = run(text, *(finding(rule, line) for line in lines))
    return [item.finding.location.span.start_line for item in outcome.suppressed]


def told(outcome: Outcome) -> list[tuple[str, int]]:
    return [(own.rule, own.location.span.start_line) for own in outcome.own]


@pytest.mark.parametrize(
    "top",
    [
        "# mlsec: ignore-file[MLS101] ours\n",
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n# mlsec: ignore-file[MLS101, MLS103] ours\n",
        '"""What it does.\n\nMore.\n"""\n\n# mlsec: ignore-file[MLS101] ours\nimport os\n',
    ],
)
def test_a_comment_above_the_code_speaks_for_the_file(top: str) -> None:
    text = f"{top}load(a)\ndef f():\n    load(b)\n"
    assert len(silenced(text)) == 2
    outcome = run(text, finding("MLS101", 40), finding("B614", 40))
    assert [(item.finding.rule, item.reason) for item in outcome.suppressed] == [("MLS101", "ours")]
    assert [item.rule for item in outcome.kept] == ["B614"]


@pytest.mark.parametrize(
    "text",
    [
        "import os\n# mlsec: ignore-file[MLS101] below code\nload(a)\n",
        "load(a)  # mlsec: ignore-file[MLS101] behind code\n",
        '"""doc"""  # mlsec: ignore-file[MLS101] behind a docstring\nload(a)\n',
        '"""doc"""\n"""no doc"""\n# mlsec: ignore-file[MLS101] below code\nload(a)\n',
    ],
)
def test_a_comment_for_the_file_that_stands_elsewhere_is_told_and_does_nothing(text: str) -> None:
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "mlsec" in line)
    outcome = run(text, finding("MLS101", len(text.splitlines())))
    assert (len(outcome.kept), outcome.suppressed, told(outcome)) == (1, (), [("MLS992", line)])


def test_a_range_holds_from_its_comment_to_its_end() -> None:
    text = "load(a)\n# mlsec: disable[MLS101] ours\nload(b)\nload(c)\n# mlsec: enable[MLS101]\nload(d)\n"
    assert silenced(text) == [3, 4]
    assert silenced(text, "MLS103") == []
    assert told(run(text, finding("MLS101", 3))) == []
    assert told(run(text, finding("MLS101", 1))) == [("MLS991", 2)]


def test_a_range_that_nothing_closes_ends_with_its_block_and_is_told() -> None:
    text = "def f():\n    # mlsec: disable[MLS101] ours\n    load(a)\n    if b:\n        load(c)\n\n# note\nload(d)\n"
    assert silenced(text) == [3, 5]
    assert told(run(text, finding("MLS101", 3))) == [("MLS992", 2)]
    assert silenced("# mlsec: disable[MLS101] ours\nload(a)\ndef f():\n    load(b)") == [2, 4]


def test_an_end_in_another_block_closes_nothing() -> None:
    text = "if a:\n    # mlsec: disable[MLS101] x\n    load(a)\nelse:\n    load(b)\n    # mlsec: enable[MLS101]\n"
    assert silenced(text) == [3]
    assert told(run(text, finding("MLS101", 3))) == [("MLS992", 2), ("MLS992", 6)]


def test_lines_inside_strings_and_brackets_end_no_block() -> None:
    text = 'if a:\n    # mlsec: disable[MLS101] x\n    s = """\nno code\n"""\n    f(\n1)\n    load(a)\n    # mlsec: enable[MLS101]\n'
    assert silenced(text) == [8]
    assert told(run(text, finding("MLS101", 8))) == []


def test_ranges_with_other_names_may_cross() -> None:
    text = (
        "# mlsec: disable[MLS101] one\nload(a)\n# mlsec: disable[MLS103] two\nload(b)\n"
        "# mlsec: enable[MLS101]\nload(c)\n# mlsec: enable[MLS103]\nload(d)\n"
    )
    assert (silenced(text), silenced(text, "MLS103")) == ([2, 4], [4, 6])


def test_the_innermost_of_several_ranges_answers_and_the_outer_one_goes_on_behind_it() -> None:
    text = (
        "# mlsec: disable[MLS101] outer\nload(a)\n# mlsec: disable[MLS101] inner\nload(b)\n"
        "# mlsec: enable[MLS101]\nload(c)\n# mlsec: enable[MLS101]\nload(d)\n"
    )
    outcome = run(text, *(finding("MLS101", line) for line in (2, 4, 6, 8)))
    assert [item.reason for item in outcome.suppressed] == ["outer", "inner", "outer"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("load(a)\n# mlsec: enable[MLS101]\n", 2),
        ("# mlsec: disable[MLS101] x\nload(a)\n# mlsec: enable[MLS103]\n", 3),
        ("load(a)  # mlsec: disable[MLS101] x\n", 1),
        ("# mlsec: disable[] all\nload(a)\n", 1),
        ("# mlsec: disable all\nload(a)\n", 1),
        ("# mlsec: ignore-file\nload(a)\n", 1),
        ("# mlsec: ignore-files[MLS101] x\nload(a)\n", 1),
        ("load(a)  # mlsec: ignore[MLS1] a prefix\n", 1),
    ],
)
def test_a_form_that_is_none_is_told(text: str, line: int) -> None:
    assert ("MLS992", line) in told(run(text, finding("MLS101", 1)))


@pytest.mark.parametrize(
    ("until", "silences"), [("2026-06-14", False), ("2026-06-15", True), ("2026-06-16", True), ("2025-12-31", False)]
)
def test_a_suppression_holds_up_to_its_last_day_and_that_day_too(until: str, silences: bool) -> None:
    for text in (
        f"load(a)  # mlsec: ignore[MLS101] until={until} ours",
        f"load(a)  # mlsec: ignore[MLS101] ours, until={until}",
        f"# mlsec: ignore-file[MLS101] until={until} ours\nload(a)",
        f"# mlsec: disable[MLS101] until={until} ours\nload(a)\n# mlsec: enable[MLS101]",
    ):
        line = 1 + text.count("\nload")
        outcome = run(text, finding("MLS101", line))
        assert (len(outcome.suppressed), len(outcome.kept)) == (silences, not silences)
        assert [own.rule for own in outcome.own] == ([] if silences else ["MLS993"])
        assert [item.reason.rstrip(",") for item in outcome.suppressed] == ["ours"] * silences
        assert outcome.days == (until,)
        column = text.splitlines()[0].index("until") + 1
        assert all(own.location.span == Span(1, column, 1, column + 16) for own in outcome.own)


def test_without_a_day_nothing_expires() -> None:
    outcome = run("load(a)  # mlsec: ignore[MLS101] until=1999-01-01 x", finding("MLS101", 1), terms=Terms())
    assert (len(outcome.suppressed), outcome.own) == (1, ())


@pytest.mark.parametrize(
    "until", ["", "soon", "2026-13-01", "2026-02-30", "20261231", "2026-1-1", "٢٠٢٦-١٢-٣١", "x" * 999]
)
def test_a_day_that_is_none_is_refused(until: str) -> None:
    outcome = run(f"load(a)  # mlsec: ignore[MLS101] until={until}", finding("MLS101", 1))
    (own,) = outcome.own
    assert (own.rule, len(outcome.kept)) == ("MLS992", 1)
    assert "is no date: write `until=2026-12-31`" in own.message
    assert len(own.message) < 80


def test_two_days_are_one_too_many() -> None:
    text = "load(a)  # mlsec: ignore[MLS101] until=2026-12-31 until=2027-12-31"
    assert told(run(text, finding("MLS101", 1))) == [("MLS992", 1)]


@pytest.mark.parametrize("form", ["ignore", "ignore-file", "disable"])
def test_a_reason_is_asked_for_where_the_configuration_does(form: str) -> None:
    bare, said = f"# mlsec: {form}[MLS101]", f"# mlsec: {form}[MLS101] ours"
    end = "\n# mlsec: enable[MLS101]" if form == "disable" else ""
    asked = Terms("2026-06-15", require_reason=True)
    assert told(run(f"{bare}\nload(a){end}", finding("MLS101", 2), terms=asked)) == [("MLS994", 1)]
    assert told(run(f"{bare} until=2026-12-31\nload(a){end}", finding("MLS101", 2), terms=asked)) == [("MLS994", 1)]
    assert told(run(f"{said}\nload(a){end}", finding("MLS101", 2), terms=asked)) == []
    assert told(run(f"{bare}\nload(a){end}", finding("MLS101", 2))) == []


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("# noqa: S301", ["B301", "MLS101"]),
        ("# noqa:S301,E501", ["B301", "MLS101"]),
        ("# NOQA : E501 S614", ["B614", "MLS103"]),
        ("# type: ignore  # noqa: S301  # more", ["B301", "MLS101"]),
        ("# noqa: S301 as B614 says", ["B301", "MLS101"]),
        ("# noqa", []),
        ("# noqa: E501", []),
        ("# noqa: S", []),
        ("# noqa: S3", []),
        ("# noqa: S3011", []),
        ("# noqa: S999", []),
        ("# noqa S301", []),
        ("# noqa: because S301", []),
        ("# see noqa: S301", []),
    ],
)
def test_ruffs_codes_silence_bandits_checks_and_the_rules_that_refine_them(comment: str, rules: list[str]) -> None:
    findings = [finding(rule, 1) for rule in ("B301", "B614", "MLS101", "MLS103")]
    outcome = run(f"load(a)  {comment}", *findings)
    assert sorted(item.finding.rule for item in outcome.suppressed) == rules
    assert outcome.own == ()


def test_ruffs_codes_speak_for_their_own_statement_only() -> None:
    above = run("# noqa: S301\nload(a)", finding("MLS101", 2))
    assert len(above.kept) == 1
    inside = apply(
        [Finding("MLS101", "m", Severity.HIGH, Confidence.HIGH, locate(Span(1, 1, 3, 2)), statement=(1, 3))],
        "load(\n  a,  # noqa: S301\n)",
        locate,
        VOCABULARY,
    )
    assert len(inside.suppressed) == 1


def test_the_profiles_of_what_is_told() -> None:
    text = "# mlsec: ignore[MLS101] until=2026-01-01\n# mlsec: ignore[MLS999, MLS103] x\nload(a)"
    outcome = run(text, terms=Terms("2026-06-15", require_reason=True))
    assert {own.rule: own.profile for own in outcome.own} == {
        "MLS991": Profile.STRICT,
        "MLS992": Profile.DEFAULT,
        "MLS993": Profile.DEFAULT,
        "MLS994": Profile.DEFAULT,
    }


PIECES = st.sampled_from(
    [
        "# mlsec: ",
        "#mlsec:",
        *("ignore", "ignore-file", "disable", "enable", "[", "]", "MLS101", "MLS1O1", ",", " ", "until=", "2026-01-01"),
        *(
            "\n",
            "\r\n",
            "\r",
            "\t",
            "    ",
            "load(a)",
            "def f():",
            "if a:",
            '"""',
            "'",
            "\\",
            "{",
            "f'",
            "\f",
            "😀",
            "\x00",
        ),
        *("# noqa: S301", "# nosec", "# nosec B301", "(", ")", "@d", ";"),
    ]
)


@given(st.lists(PIECES, max_size=40), st.lists(st.integers(1, 12), max_size=5))
def test_no_text_makes_it_fail_and_every_place_lies_in_the_text(parts: list[str], lines: list[int]) -> None:
    text = "".join(parts)
    shown = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    outcome = run(text, *(finding("MLS101", line) for line in lines), terms=Terms("2026-06-15", require_reason=True))
    assert len(outcome.kept) + len(outcome.suppressed) == len(lines)
    for own in outcome.own:
        span = own.location.span
        assert span.start_line == span.end_line
        assert 1 <= span.start_column < span.end_column <= len(shown[span.start_line - 1]) + 1
        assert shown[span.start_line - 1][span.start_column - 1 : span.end_column - 1].strip()


def test_many_ranges_cost_time_in_proportion_to_their_number() -> None:
    def work(count: int) -> Callable[[], object]:
        text = "".join(f"# mlsec: disable[MLS101] {n}\nload(a)\n" for n in range(count))
        text += "load(b)\n# mlsec: enable[MLS101]\n" * count
        findings = [finding("MLS101", line) for line in range(1, 4 * count + 1)]
        return lambda: run(text, *findings)

    assert grows_in_proportion(work, 500)


def test_blocks_that_open_ranges_cost_time_in_proportion_to_their_number() -> None:
    def work(blocks: int) -> Callable[[], object]:
        text = "# mlsec: disable[MLS103] x\n" * blocks + "if a:\n    # mlsec: disable[MLS101] x\n    pass\n" * blocks
        return lambda: run(text)

    assert len(run("# mlsec: disable[MLS103] x\nif a:\n    # mlsec: disable[MLS101] x\n    pass\n").own) == 4
    assert grows_in_proportion(work, 500)
