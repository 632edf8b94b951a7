from __future__ import annotations

import pytest

from mlsec_lint.bandit.plugins import load_builtins
from mlsec_lint.catalogue.families import FAMILIES
from mlsec_lint.catalogue.load import load_bundled
from mlsec_lint.catalogue.model import BanditCheck
from mlsec_lint.findings import Profile
from tests.bandit.reference import SAMPLES, bandit_findings


@pytest.fixture(scope="module")
def checks() -> dict[str, BanditCheck]:
    return dict(load_bundled().bandit)


def test_every_check_of_bandit_has_its_text(checks: dict[str, BanditCheck]) -> None:
    names = {test: name for name, test in load_builtins().names.items()}
    assert {check.id: check.name for check in checks.values()} == names
    assert {check.family for check in checks.values()} <= {*FAMILIES, "general"}


def test_profiles_follow_what_bandit_reports_at_most(checks: dict[str, BanditCheck]) -> None:
    worst = {key[1]: key[3] for key in bandit_findings(SAMPLES) if key[3] != "LOW"}
    low = {test for test, check in checks.items() if check.profile is Profile.AUDIT}
    assert low.isdisjoint(worst)
    assert {test for test in checks if test not in worst} - low == {"B613"}, (
        "B613 needs a file that no editor should show"
    )


def test_texts_are_our_own(checks: dict[str, BanditCheck]) -> None:
    builtins = load_builtins()
    theirs = {str(entry.data["message"]) for entries in builtins.denied.values() for entry in entries}
    theirs |= {plugin.run.__doc__ or "" for plugin in builtins.plugins}
    sentences = {sentence for check in checks.values() for sentence in f"{check.help} {check.summary}".split(". ")}
    telling = [sentence for sentence in sentences if len(sentence.split()) > 3]
    assert len(telling) > len(checks)
    assert not [sentence for sentence in telling if any(sentence in text for text in theirs)]
