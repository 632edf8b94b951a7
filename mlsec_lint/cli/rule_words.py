"""The words that mean rules: ids, names, beginnings of ids, tags."""

from __future__ import annotations

from mlsec_lint.catalogue.families import FAMILIES
from mlsec_lint.catalogue.selection import ALL
from mlsec_lint.cli.failure import Failure
from mlsec_lint.cli.packs import known_rules


def rule_words(*, several: bool) -> dict[str, str]:
    """Each word with what it means in a few words, in the order in which a shell shows them.

    `several`: also words that mean more than one rule. Empty when the rules cannot be read: a shell shows no errors.
    """
    try:
        catalogue = known_rules(())
    except Failure:
        return {}
    rules = {rule.id: rule for rule in catalogue.pack.rules}
    words = {ALL: "every rule and check"} if several else {}
    if several:
        words |= {f"MLS{number}": family.replace("-", " ") for number, family in enumerate(FAMILIES)}
        words |= {"B": "all of Bandit's checks"}
    words |= {rule.id: rule.name for rule in rules.values()}
    words |= {check.id: check.name for check in catalogue.bandit.values()}
    words |= {rule.name: rule.id for rule in rules.values()}
    words |= {check.name: check.id for check in catalogue.bandit.values()}
    if several:
        words |= {tag: "rules about it" for rule in rules.values() for tag in rule.tags}
    return words
