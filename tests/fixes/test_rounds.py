"""Fixes in rounds: what does not do what it promises leaves the file as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mlsec_lint.findings import Confidence, Edit, Finding, Fix, Location, Problem, Report, Safety, Severity, Span
from mlsec_lint.fixes.choice import chosen
from mlsec_lint.fixes.document import Document, UnchangeableError
from mlsec_lint.fixes.rounds import MOST_ROUNDS, Outcome, mend
from mlsec_lint.fixes.summary import summary
from mlsec_lint.fixes.writing import readable, write

BOTH = frozenset(Safety)


def finding(column: int, text: str = "b", rule: str = "MLS103", **given: object) -> Finding:
    """At one character of the first line, with a fix that replaces it."""
    span = Span(1, column, 1, column + 1)
    fix = Fix("mend it", (Edit(span, text),), Safety.UNSAFE)
    found = Finding(rule, "bad", Severity.HIGH, Confidence.HIGH, Location("app.py", span), fix=fix)
    return replace(found, **given)  # type: ignore[arg-type]  # fields of a finding


def every(text: str) -> Report:
    """A finding at each `a`, fixed by a `b`."""
    return Report("/", tuple(finding(index + 1) for index, sign in enumerate(text) if sign == "a"))


def mended(text: str, before: Report, after: Report | None = None) -> Outcome:
    def recheck(contents: Mapping[str, bytes]) -> Report:
        return every(contents["app.py"].decode()) if after is None else after

    return mend(before, BOTH, lambda _: text.encode(), recheck)


def test_what_touches_waits_for_the_next_round() -> None:
    report = every("aaxa")
    first, edits = chosen(report.findings, BOTH)
    assert [item.location.span.start_column for item in first] == [1, 4]
    assert len(edits) == 2
    (file,) = mended("aaxa", report).files
    assert (file.after, len(file.fixed)) == (b"bbxb", 3)


def test_only_what_was_asked_for_is_taken() -> None:
    assert chosen(every("a").findings, {Safety.SAFE}) == ((), ())


def test_lines_that_several_need_are_added_once() -> None:
    shared = Edit(Span(1, 1, 1, 1), "import yaml\n")
    both = [
        replace(item, fix=Fix("", (shared, Edit(item.location.span, "b")), Safety.UNSAFE))
        for item in every("xaxa").findings
    ]
    assert chosen(both, BOTH)[1].count(shared) == 1
    assert len(chosen(both, BOTH)[0]) == 2


AFTER = {
    "MLS103 is still found after its fix": Report("/", (finding(1),)),
    "MLS601 would be found there after the fix": Report("/", (finding(1, rule="MLS601"),)),
    "its fixed text could not be checked: no Python": Report("/", problems=(Problem("syntax", "app.py", "no Python"),)),
}


@pytest.mark.parametrize("why", AFTER)
def test_a_fix_that_breaks_its_promise_leaves_the_file(why: str) -> None:
    outcome = mended("ax", every("ax"), AFTER[why])
    assert (outcome.files, outcome.refused) == ((), {"app.py": why})
    assert outcome.report.findings == every("ax").findings
    assert outcome.report.notes == (f"app.py is left as it was: {why}",)


def test_what_spoke_for_another_rule_lets_it_speak() -> None:
    before = Report("/", (finding(1, also=("MLS601",)),))
    outcome = mended("ax", before, Report("/", (finding(1, rule="MLS601", fix=None),)))
    assert outcome.refused == {}
    assert [item.rule for item in outcome.report.findings] == ["MLS601"]


def test_the_same_rule_may_say_something_less_bad() -> None:
    milder = finding(1, severity=Severity.LOW, fix=None)
    assert mended("ax", every("ax"), Report("/", (milder,))).report.findings == (milder,)


def test_fixes_that_never_end_are_stopped() -> None:
    rounds = 0

    def recheck(_contents: Mapping[str, bytes]) -> Report:
        nonlocal rounds
        rounds += 1
        left = 100 - rounds
        return Report("/", tuple(finding(column + 1) for column in range(0, left * 2, 2)))

    first = Report("/", tuple(finding(column + 1) for column in range(0, 200, 2)))
    mend(first, BOTH, lambda _: b"a" * 300, recheck)
    assert rounds <= MOST_ROUNDS


def test_a_fix_for_another_text_is_not_applied() -> None:
    stale = replace(finding(1), fix=Fix("", (Edit(Span(1, 1, 1, 2), "b"),), Safety.SAFE, None, "0" * 64))
    outcome = mended("ax", Report("/", (stale,)))
    assert outcome.refused == {"app.py": "it has changed since it was checked; run it again"}


def test_a_file_that_changes_before_it_is_written_stays(tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    file.write_bytes(b"new")
    with pytest.raises(UnchangeableError, match="changed since"):
        write(tmp_path, "app.py", b"old", b"fixed")
    assert file.read_bytes() == b"new"
    write(tmp_path, "app.py", b"new", b"fixed")
    assert file.read_bytes() == b"fixed"


def test_files_outside_and_links_are_not_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
    (outside / "app.py").write_bytes(b"x")
    (inside / "linked").symlink_to(outside)
    (inside / "app.py").symlink_to(outside / "app.py")
    for path, why in (("../outside/app.py", "outside"), ("linked/app.py", "outside"), ("app.py", "symbolic link")):
        with pytest.raises(UnchangeableError, match=why):
            readable(inside, path)
    with pytest.raises(UnchangeableError, match="cannot be read"):
        readable(inside, "gone.py")


def test_bytes_that_text_would_not_give_back_are_left_alone() -> None:
    with pytest.raises(UnchangeableError):
        Document.of(b"\xff\xfe", "app.py")
    with pytest.raises(UnchangeableError, match="cannot spell"):
        Document.of(b"# coding: ascii\nx\n", "app.py").with_edits([Edit(Span(2, 1, 2, 2), "\u00e9")])


def test_the_summary_counts_what_more_there_is() -> None:
    report = Report("/", (finding(1), finding(3)))
    nothing = mend(report, {Safety.SAFE}, lambda _: b"axa", lambda _: report)
    assert summary(nothing, {Safety.SAFE}) == "fixed 0 findings; 2 more with --unsafe-fixes"
    assert summary(mended("axa", report), BOTH, would=True) == "would fix 2 findings in 1 file"
