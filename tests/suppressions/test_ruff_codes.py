"""Ruff's codes mirror Bandit's ids: checked against all 73 codes that Ruff 0.17.5 gives its flake8-bandit rules.

`ruff rule --all --output-format json` prints them; https://docs.astral.sh/ruff/rules/#flake8-bandit-s shows them.
"""

from __future__ import annotations

import pytest

from mlsec_lint.catalogue.catalogue import catalogue_of
from mlsec_lint.catalogue.load import load_bundled
from mlsec_lint.findings import Confidence, Finding, Location, Severity, Span
from mlsec_lint.suppressions.apply import apply
from mlsec_lint.suppressions.vocabulary import vocabulary_of

RUFF = (
    "101 102 103 104 105 106 107 108 110 112 113 201 202 301 302 303 304 305 306 307 308 310 311 312 313 314 315 316 317 "
    "318 319 320 321 323 324 401 402 403 404 405 406 407 408 409 410 411 412 413 415 501 502 503 504 505 506 507 508 509 "
    "601 602 603 604 605 606 607 608 609 610 611 612 701 702 704"
).split()
GONE = {"320", "410"}
"""About lxml; Bandit has dropped them."""
PACK = load_bundled()
VOCABULARY = vocabulary_of(catalogue_of(PACK))


@pytest.mark.parametrize("code", RUFF)
def test_each_code_of_ruffs_silences_the_check_of_its_number_and_nothing_else_of_bandits(code: str) -> None:
    checks = sorted(PACK.bandit)
    place = Location("a.py", Span(1, 1, 1, 2))
    findings = [Finding(id_, "m", Severity.LOW, Confidence.LOW, place, statement=(1, 1)) for id_ in checks]
    outcome = apply(findings, f"x  # noqa: S{code}", lambda span: Location("a.py", span), VOCABULARY)
    expected = [] if code in GONE else [f"B{code}"]
    assert [item.finding.rule for item in outcome.suppressed] == expected


def test_what_ruff_does_not_have_is_named_as_flake8_bandit_names_it() -> None:
    assert {check[1:] for check in PACK.bandit} - set(RUFF) == {"613", "614", "615", "703"}
