"""Which rules a suppression can name, and which of them ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.record import dataclass

if TYPE_CHECKING:
    from mlsec_lint.catalogue.model import BanditCheck, Rule

UNUSED = "MLS991"
UNKNOWN = "MLS992"
EXPIRED = "MLS993"
UNEXPLAINED = "MLS994"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What suppressions are judged by."""

    ids: Mapping[str, str]
    """Every id and every name of a rule or of one of Bandit's checks, selected or not, with the id it means."""
    active: frozenset[str]
    """The ids that this run looks for; a suppression of another one cannot be called unused."""
    refines: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Our ids with the ids of the Bandit checks that they replace."""

    def refining(self, bandit: frozenset[str]) -> frozenset[str]:
        """Our ids that refine one of the given checks, or any check when none is given."""
        return frozenset(rule for rule, checks in self.refines.items() if (checks & bandit if bandit else checks))

    def nearest(self, name: str) -> str:
        """The known id or name that was probably meant; empty when nothing comes close."""
        import difflib  # nobody needs it who types well

        close = difflib.get_close_matches(name.lower(), [known.lower() for known in self.ids], n=1, cutoff=0.75)
        return next((known for known in self.ids if close and known.lower() == close[0]), "")


@lru_cache(maxsize=8)
def vocabulary_of(catalogue: Catalogue) -> Vocabulary:
    """What suppressions can name by a catalogue: its rules and Bandit's checks, those that do not run included."""
    known: list[Rule | BanditCheck] = [*catalogue.pack.rules, *catalogue.bandit.values()]
    return Vocabulary(
        ids={word: item.id for item in known for word in (item.name, item.id)},
        active=catalogue.active_bandit | {rule.id for rule in catalogue.rules},
        refines={rule.id: frozenset(rule.refines) for rule in catalogue.pack.rules if rule.refines},
    )
