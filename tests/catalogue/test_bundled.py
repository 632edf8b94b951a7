"""The rules and models that come with the linter."""

from __future__ import annotations

import pickle

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.catalogue.families import family_of
from mlsec_lint.catalogue.load import bundled_directory, load_bundled, load_pack


def test_it_loads_with_its_patterns_checked() -> None:
    """Also what a start leaves out: every regular expression of ours runs in bounded time."""
    assert load_pack(bundled_directory()) == load_bundled()


def test_the_family_is_the_folder_and_the_first_tag() -> None:
    rules = load_bundled().rules
    assert rules
    assert [(rule.origin.split("/")[0], rule.tags[0]) for rule in rules] == [
        (family_of(rule.id),) * 2 for rule in rules
    ]


def test_a_catalogue_can_be_sent_to_a_worker() -> None:
    catalogue = load_catalogue()
    again = pickle.loads(pickle.dumps(catalogue))
    assert (again.digest, again.rules, again.facts) == (catalogue.digest, catalogue.rules, catalogue.facts)


def test_every_selector_that_the_rules_suggest_is_known() -> None:
    catalogue = load_catalogue()
    words = {word for rule in catalogue.rules for word in (rule.id, rule.name, *rule.tags)}
    assert {rule.id for rule in catalogue.select(sorted(words)).rules} >= {rule.id for rule in catalogue.rules}
