from __future__ import annotations

import pytest

from mlsec_lint.findings import Confidence, Finding, Location, Profile, Severity, Span
from mlsec_lint.suppressions.apply import Outcome, apply
from mlsec_lint.suppressions.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    ids={
        "MLS103": "MLS103",
        "unsafe-torch-load": "MLS103",
        "MLS501": "MLS501",
        "system-prompt-injection": "MLS501",
        "B614": "B614",
        "MLS901": "MLS901",
    },
    active=frozenset({"MLS103", "MLS501", "B614", "MLS991", "MLS992"}),
    refines={"MLS103": frozenset({"B614"}), "MLS501": frozenset()},
)


def locate(span: Span) -> Location:
    return Location("a.py", span)


def finding(rule: str, first: int, last: int | None = None) -> Finding:
    place = locate(Span(first, 1, first, 2))
    return Finding(rule, "m", Severity.HIGH, Confidence.HIGH, place, statement=(first, last or first))


def run(text: str, *findings: Finding) -> Outcome:
    return apply(findings, text, locate, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("load(p)  # mlsec: ignore[MLS103] ours", 1, 1),
        ("load(p)  # mlsec:ignore[unsafe-torch-load] ours", 1, 1),
        ("load(p)  # mlsec: ignore[MLS501, MLS103] ours", 1, 1),
        ("load(p)  # type: ignore  # mlsec: ignore[MLS103] ours", 1, 1),
        ("# mlsec: ignore[MLS103] ours\nload(p)", 2, 2),
        ("# mlsec: ignore[MLS103] ours\n# and this is why\nload(p)", 3, 3),
        ("load(\n  p,\n)  # mlsec: ignore[MLS103] ours", 1, 3),
        ("load(\n  # mlsec: ignore[MLS103] ours\n  p,\n)", 1, 4),
        ("# mlsec: ignore[MLS103] ours\n@app.get('/',\n  x=1)\n# more\n@b\ndef f(a=load(p)):\n  pass", 6, 6),
        ("@app.get('/')  # mlsec: ignore[MLS103] ours\ndef f(a=load(p)):\n  pass", 2, 2),
    ],
)
def test_a_comment_silences_the_statement_that_it_belongs_to(text: str, first: int, last: int) -> None:
    outcome = run(text, finding("MLS103", first, last))
    assert outcome.kept == ()
    assert [(s.finding.rule, s.reason) for s in outcome.suppressed] == [("MLS103", "ours")]
    assert [own.rule for own in outcome.own if "MLS103" in own.message] == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("load(p)  # mlsec: ignore[MLS501] other rule", 1),
        ("x = 1  # mlsec: ignore[MLS103] trailing on the statement above\nload(p)", 2),
        ("# mlsec: ignore[MLS103] a blank line in between\n\nload(p)", 3),
        ("load(p)\n# mlsec: ignore[MLS103] below", 1),
        ("load('# mlsec: ignore[MLS103] in a string')", 1),
        ("load(p)  # mlsec: ignore", 1),
        ("load(p)  # see mlsec: ignore[MLS103]", 1),
        ("load(p)  # mlsec: ignore[mls103]", 1),
    ],
)
def test_any_other_comment_does_not(text: str, line: int) -> None:
    outcome = run(text, finding("MLS103", line))
    assert [kept.rule for kept in outcome.kept] == ["MLS103"]
    assert outcome.suppressed == ()


@pytest.mark.parametrize(
    ("comment", "silenced"),
    [
        ("# nosec", ["MLS103"]),
        ("# nosec B614", ["MLS103"]),
        ("# nosec: B101, B614 trusted", ["MLS103"]),
        ("# nosec we trust it", ["MLS103"]),
        ("# nosec B101", []),
        ("# nosecure B614", []),
    ],
)
def test_nosec_speaks_for_the_rules_that_refine_bandits_check(comment: str, silenced: list[str]) -> None:
    findings = (finding("MLS103", 1), finding("MLS501", 1), finding("B614", 1))
    outcome = run(f"load(p)  {comment}", *findings)
    assert [s.finding.rule for s in outcome.suppressed] == silenced
    assert [kept.rule for kept in outcome.kept] == [f.rule for f in findings if f.rule not in silenced]
    assert outcome.own == ()


def test_our_comment_silences_bandits_findings_too() -> None:
    outcome = run("load(p)  # mlsec: ignore[B614] ours", finding("B614", 1))
    assert [s.finding.rule for s in outcome.suppressed] == ["B614"]


def test_an_unknown_name_is_a_finding_at_the_name_with_a_suggestion() -> None:
    (own,) = run("load(p)  # mlsec: ignore[unsafe-torch-laod] x").own
    assert (own.rule, own.profile) == ("MLS992", Profile.DEFAULT)
    assert own.location.span == Span(1, 26, 1, 43)
    assert own.remedy == "Did you mean `unsafe-torch-load`?"


@pytest.mark.parametrize(
    "comment", ["# mlsec: ignore", "# mlsec: ignore[]", "# mlsec: ignore MLS103", "# mlsec: off[MLS103]"]
)
def test_a_blanket_suppression_is_refused(comment: str) -> None:
    outcome = run(f"load(p)  {comment}", finding("MLS103", 1))
    assert [own.rule for own in outcome.own] == ["MLS992"]
    assert [kept.rule for kept in outcome.kept] == ["MLS103"]


def test_an_unused_name_is_a_finding_of_the_strict_profile() -> None:
    outcome = run("load(p)  # mlsec: ignore[MLS103,MLS501] ours", finding("MLS103", 1))
    (own,) = outcome.own
    assert (own.rule, own.profile, own.location.span) == ("MLS991", Profile.STRICT, Span(1, 33, 1, 39))


def test_a_name_of_a_rule_that_did_not_run_is_not_called_unused() -> None:
    assert run("x  # mlsec: ignore[MLS901] only in audit").own == ()


def test_what_the_run_does_not_look_for_is_not_said() -> None:
    silent = Vocabulary(VOCABULARY.ids, frozenset({"MLS103"}), VOCABULARY.refines)
    assert apply((), "x  # mlsec: ignore[MLS103,MLS999]", locate, silent).own == ()


def test_a_reason_may_mention_an_issue_and_ends_before_the_next_tool() -> None:
    outcome = run("x  # mlsec: ignore[MLS103] see #12  # noqa: S301", finding("MLS103", 1))
    assert [s.reason for s in outcome.suppressed] == ["see #12"]


def test_two_comments_on_one_statement_are_both_used() -> None:
    text = "# mlsec: ignore[MLS103] above\nload(p)  # mlsec: ignore[MLS103] behind"
    outcome = run(text, finding("MLS103", 2))
    assert (outcome.own, [s.reason for s in outcome.suppressed]) == ((), ["above"])


def test_long_comments_cost_time_in_proportion_to_their_length() -> None:
    spaces = run(f"load(p)  # mlsec: ignore[MLS103] a{' ' * 200_000}b", finding("MLS103", 1))
    assert [item.reason[0] for item in spaces.suppressed] == ["a"]
    block = run("# mlsec: ignore[MLS103] a\n" * 5_000 + "load(p)", *[finding("MLS103", 5_001)] * 2_000)
    assert len(block.suppressed) == 2_000


def test_only_the_first_unknown_names_get_a_correction() -> None:
    names = ",".join(f"unsafe-torch-lod{index}" for index in range(30))
    remedies = [item.remedy for item in run(f"x = 1  # mlsec: ignore[{names}] why").own]
    assert sum("Did you mean" in remedy for remedy in remedies) == 20
    assert len(remedies) == 30
