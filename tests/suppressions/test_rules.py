from __future__ import annotations

import pytest

from mlsec_lint.catalogue.catalogue import catalogue_of
from mlsec_lint.catalogue.load import load_bundled
from mlsec_lint.findings import Location, Profile
from mlsec_lint.suppressions.apply import apply
from mlsec_lint.suppressions.vocabulary import UNKNOWN, UNUSED, vocabulary_of

PACK = load_bundled()


@pytest.mark.parametrize("comment", ["# mlsec: ignore[MLS992] x", "# mlsec: ignore[nonsense] x"])
def test_findings_are_as_severe_and_as_visible_as_their_rule_says(comment: str) -> None:
    catalogue = catalogue_of(PACK).select(profile=Profile.STRICT)
    outcome = apply((), f"x = 1  {comment}", lambda span: Location("a.py", span), vocabulary_of(catalogue))
    (own,) = outcome.own
    rule = catalogue.rule(own.rule)
    assert rule is not None
    assert (own.severity, own.confidence, own.profile) == (rule.severity, rule.confidence, rule.profile)


def test_an_ignored_rule_about_suppressions_is_silent() -> None:
    catalogue = catalogue_of(PACK).select(ignore=[UNKNOWN, UNUSED], profile=Profile.AUDIT)
    vocabulary = vocabulary_of(catalogue)
    assert apply((), "x = 1  # mlsec: ignore[nonsense]", lambda span: Location("a.py", span), vocabulary).own == ()


def test_the_vocabulary_knows_rules_that_do_not_run_and_bandits_checks_by_id_and_name() -> None:
    vocabulary = vocabulary_of(catalogue_of(PACK))
    assert vocabulary.ids["unused-suppression"] == UNUSED
    assert UNUSED not in vocabulary.active
    assert {check.id for check in PACK.bandit.values()} <= set(vocabulary.ids)
    assert {check.name for check in PACK.bandit.values()} <= set(vocabulary.ids)
