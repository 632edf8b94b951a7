from __future__ import annotations

import pytest
from linters import Reported
from rows import Package, Place, Sink, Site
from scoring import Score, is_about, judge, on_sink, score

PACKAGE = Package("some", "1.0", "wheel")


def site(line: int = 10, also: tuple[int, ...] = (), cell: int | None = None, *, bad: bool = True) -> Site:
    place = Place(PACKAGE, "some/module.py", line, also, cell)
    return Site("UL-1", "unsafe-load", bad, place, "pickle.load", "call", "a reason")


def hit(one: Site, *findings: Reported) -> bool:
    return bool(judge("mlsec-lint", one, findings).by)


@pytest.mark.parametrize(
    ("linter", "family", "rule", "about"),
    [
        ("mlsec-lint", "unsafe-load", "MLS101", True),
        ("mlsec-lint", "unsafe-load", "MLS207", True),
        ("mlsec-lint", "unpinned-download", "MLS207", True),
        ("mlsec-lint", "unsafe-load", "MLS201", False),
        ("mlsec-lint", "unsafe-load", "B301", True),
        ("mlsec-lint", "unsafe-load", "S301", False),
        ("mlsec-lint", "prompt-concat", "MLS502", True),
        ("mlsec-lint", "llm-output-exec", "MLS502", True),
        ("mlsec-lint", "llm-output-exec", "MLS501", False),
        ("mlsec-lint", "credentials", "MLS001", True),
        ("mlsec-lint", "credentials", "MLS003", False),
        ("mlsec-lint", "error-leak", "MLS605", True),
        ("mlsec-lint", "error-leak", "MLS606", False),
        ("mlsec-lint", "serving-exposure", "MLS603", True),
        ("bandit", "unsafe-load", "B301", True),
        ("bandit", "unsafe-load", "MLS101", False),
        ("bandit", "unpinned-download", "B615", True),
        ("bandit", "confidence", "B105", False),
        ("ruff", "credentials", "S105", True),
        ("ruff", "unpinned-download", "S615", False),
        ("semgrep", "unsafe-load", "pickles-in-numpy", True),
        ("semgrep", "unsafe-load", "avoid-pickle-but-not", False),
        ("semgrep", "serving-exposure", "wildcard-cors", True),
    ],
)
def test_rules_belong_to_families(linter: str, family: str, rule: str, about: bool) -> None:
    assert is_about(linter, family, rule) is about


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(7, 7, False), (8, 8, True), (10, 10, True), (12, 12, True), (13, 13, False), (1, 10, True), (1, 9, False)],
)
def test_a_bad_site_is_hit_within_two_lines_or_when_spanned(first: int, last: int, expected: bool) -> None:
    assert hit(site(), Reported("MLS101", first, last)) is expected


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(9, 9, False), (11, 11, False), (10, 10, True), (9, 10, True), (10, 14, True)]
)
def test_a_look_alike_is_an_alarm_only_on_its_own_lines(first: int, last: int, expected: bool) -> None:
    assert hit(site(bad=False), Reported("MLS101", first, last)) is expected


def test_other_lines_of_the_site_count() -> None:
    assert hit(site(also=(30,)), Reported("MLS101", 32, 32))
    assert not hit(site(also=(30,)), Reported("MLS101", 20, 20))
    assert hit(site(also=(30,), bad=False), Reported("MLS101", 30, 30))


def test_a_rule_of_another_family_does_not_count() -> None:
    assert not hit(site(), Reported("MLS601", 10, 10))


def test_in_a_notebook_the_cell_must_be_the_same() -> None:
    found = Reported("MLS101", 10, 10, cell=3)
    assert hit(site(cell=3), found)
    assert not hit(site(cell=4), found)
    assert not hit(site(), found)


def test_the_score_counts_sites_not_findings() -> None:
    twice = (Reported("MLS101", 10, 10), Reported("MLS102", 11, 11))
    verdicts = [
        judge("mlsec-lint", site(), twice),
        judge("mlsec-lint", site(), ()),
        judge("mlsec-lint", site(bad=False), twice),
        judge("mlsec-lint", site(bad=False), ()),
        judge("mlsec-lint", site(bad=False), ()),
    ]
    assert score(verdicts) == Score(hits=1, bad=2, alarms=1, ok=3)
    assert score(verdicts).recall == 0.5
    assert score(verdicts).precision == 0.5


def test_shares_of_nothing_are_unknown() -> None:
    assert score([]).recall is None
    assert score([]).precision is None


def sink() -> Sink:
    place = Place(PACKAGE, "some/module.py", 10)
    onpoint = {"bandit": frozenset({"B301"}), "ruff": frozenset({"S301"}), "semgrep": frozenset({"avoid-pickle"})}
    return Sink("CVE-1", "deserialization", "call", "pickle.load", place, place, "guarded", "a reason", onpoint)


@pytest.mark.parametrize(
    ("linter", "rule", "line", "expected"),
    [
        ("mlsec-lint", "MLS901", 13, True),
        ("mlsec-lint", "MLS901", 14, False),
        ("mlsec-lint", "B301", 7, True),
        ("mlsec-lint", "B101", 10, False),
        ("bandit", "B301", 10, True),
        ("bandit", "B102", 10, False),
        ("ruff", "S301", 10, True),
        ("ruff", "S101", 10, False),
        ("semgrep", "avoid-pickle", 10, True),
    ],
)
def test_a_vulnerability_counts_within_three_lines_for_rules_on_point(
    linter: str, rule: str, line: int, expected: bool
) -> None:
    assert bool(on_sink(linter, sink(), sink().vulnerable, [Reported(rule, line, line)])) is expected
