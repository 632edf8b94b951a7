from __future__ import annotations

from dataclasses import replace

import pytest

from mlsec_lint.catalogue.model import CallMatch, Opinion, Rule, When
from mlsec_lint.findings import Confidence, Profile, Severity
from mlsec_lint.flow.event import Context
from mlsec_lint.flow.verdict import YES, Verdict
from mlsec_lint.match.conclusion import Conclusion, conclude, filled
from mlsec_lint.match.grouping import grouped
from mlsec_lint.match.matched import Matched
from mlsec_lint.syntax.expression import Place

HERE, THERE = Place(0, 1), Place(0, 2)
MAYBE = Verdict.maybe("`x` is not known")


def rule(id_: str = "TST001", severity: Severity = Severity.HIGH, opinion: Opinion = Opinion()) -> Rule:  # noqa: B008
    return Rule(
        id_,
        "test",
        "a test",
        severity,
        "`{api}` of {library} {version}",
        "use {name}",
        "",
        matches=(CallMatch(("a",), opinion=opinion),),
    )


def matched(opinion: Opinion = Opinion(), verdict: Verdict = YES, **fields: object) -> Matched:  # noqa: B008
    found = Matched(rule(opinion=opinion), opinion, HERE, Context(HERE, ""), verdict, {"api": "a.b"})
    return replace(found, **fields)  # type: ignore[arg-type]


def concluded(item: Matched, answer: bool | None = None, *, is_test: bool = False) -> Conclusion | None:
    return conclude(item, lambda _library, _specifier: answer, frozenset({"flask"}), is_test=is_test)


def sure(item: Matched, answer: bool | None = None, *, is_test: bool = False) -> Conclusion:
    found = concluded(item, answer, is_test=is_test)
    assert found is not None
    return found


def test_a_match_says_what_its_rule_says() -> None:
    found = sure(matched())
    assert (found.severity, found.confidence, found.profile) == (Severity.HIGH, Confidence.HIGH, Profile.DEFAULT)
    assert (found.message, found.remedy, found.reasons) == ("`a.b` of … …", "use …", ())


def test_a_match_table_overrides_its_rule() -> None:
    opinion = Opinion("other {name}", "do", Severity.LOW, Confidence.LOW, Profile.AUDIT)
    found = sure(matched(opinion, words={"name": "n"}))
    assert (found.severity, found.confidence, found.profile) == (Severity.LOW, Confidence.LOW, Profile.AUDIT)
    assert (found.message, found.remedy) == ("other n", "do")


def test_what_cannot_be_decided_is_less_sure_and_shown_later() -> None:
    found = sure(matched(verdict=MAYBE))
    assert (found.confidence, found.profile, found.reasons) == (Confidence.MEDIUM, Profile.STRICT, MAYBE.reasons)


def test_nobody_may_want_to_hear_of_it() -> None:
    assert concluded(matched(Opinion(maybe=None), MAYBE)) is None
    assert concluded(matched(Opinion(maybe=None), YES)) is not None


def test_a_profile_never_sinks_for_a_doubt() -> None:
    assert sure(matched(Opinion(profile=Profile.AUDIT), MAYBE)).profile == Profile.AUDIT


WHEN = Opinion(when=(When("torch", "<2.6"),))


@pytest.mark.parametrize(
    ("admitted", "unknown", "confidence"),
    [
        (True, "maybe", Confidence.HIGH),
        (False, "maybe", None),
        (None, "maybe", Confidence.MEDIUM),
        (None, "yes", Confidence.HIGH),
        (None, "no", None),
        (True, "no", Confidence.HIGH),
    ],
)
def test_versions_decide(admitted: bool | None, unknown: str, confidence: Confidence | None) -> None:
    found = concluded(matched(replace(WHEN, when_unknown=unknown)), admitted)
    assert (found.confidence if found else None) == confidence
    if found is not None:
        assert found.message == "`a.b` of torch <2.6"
        assert bool(found.reasons) == (confidence is Confidence.MEDIUM)


def test_every_doubt_counts_and_confidence_ends_at_low() -> None:
    assert sure(matched(WHEN, MAYBE)).confidence == Confidence.LOW
    assert sure(matched(replace(WHEN, confidence=Confidence.LOW), MAYBE)).confidence == Confidence.LOW


@pytest.mark.parametrize(
    ("severity", "lowered"),
    [
        (Severity.CRITICAL, Severity.HIGH),
        (Severity.HIGH, Severity.MEDIUM),
        (Severity.LOW, Severity.LOW),
        (Severity.INFO, Severity.INFO),
    ],
)
def test_a_test_lowers_the_severity(severity: Severity, lowered: Severity) -> None:
    assert sure(matched(Opinion(severity=severity)), is_test=True).severity == lowered
    assert sure(matched(Opinion(severity=severity))).severity == severity


def test_an_import_may_be_asked_for() -> None:
    assert concluded(matched(Opinion(imports=("flask", "quart")))) is not None
    assert concluded(matched(Opinion(imports=("quart",)))) is None


def test_placeholders_are_filled_in() -> None:
    assert (
        filled("{api} {name} {value} {source} {sink} {other}", {"api": "a", "value": "{name}"})
        == "a … {name} … … {other}"
    )


def said(
    id_: str, severity: Severity = Severity.HIGH, profile: Profile = Profile.DEFAULT, place: Place = HERE
) -> Conclusion:
    opinion = Opinion(severity=severity, profile=profile)
    return sure(matched(opinion, rule=rule(id_, opinion=opinion), place=place))


def test_the_worst_speaks_and_names_the_others() -> None:
    (group,) = grouped([said("TST002"), said("TST003", Severity.CRITICAL), said("TST001")], Profile.DEFAULT)
    assert group.speaker.matched.rule.id == "TST003"
    assert group.also == ("TST001", "TST002")


def test_what_is_hidden_does_not_speak_for_what_is_shown() -> None:
    (group,) = grouped(
        [said("TST001", Severity.CRITICAL, Profile.AUDIT), said("TST002", Severity.LOW)], Profile.DEFAULT
    )
    assert (group.speaker.matched.rule.id, group.also) == ("TST002", ())


def test_a_rule_is_no_company_for_itself() -> None:
    (group,) = grouped([said("TST001"), said("TST001", Severity.LOW)], Profile.DEFAULT)
    assert group.also == ()


def test_groups_stand_in_source_order() -> None:
    groups = grouped([said("TST001", place=THERE), said("TST002", place=HERE)], Profile.DEFAULT)
    assert [group.speaker.matched.place for group in groups] == [HERE, THERE]


def test_the_order_of_matches_does_not_matter() -> None:
    items = [said("TST002"), said("TST001"), said("TST003", Severity.LOW)]
    assert grouped(items, Profile.DEFAULT) == grouped(items[::-1], Profile.DEFAULT)
