"""The funnels of a run: what they know of the rules is taken from an earlier run where there was one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.contents import kept_or_derived
from mlsec_lint.imports.library import Library
from mlsec_lint.match.funnel_tables import FunnelTables
from mlsec_lint.match.reach import Reach
from mlsec_lint.match.wake import Funnel

if TYPE_CHECKING:
    from mlsec_lint.match.rule_index import RuleIndex


@lru_cache(maxsize=4)
def rules_of(catalogue: Catalogue) -> RuleIndex:
    """A catalogue's running rules, filed by what they look at."""
    from mlsec_lint.match.rule_index import RuleIndex  # for files that may concern a rule

    return RuleIndex(catalogue.rules, catalogue.facts, catalogue.kinds)


@lru_cache(maxsize=4)
def funnel_of(catalogue: Catalogue) -> Funnel:
    """The triggers of a catalogue's running rules."""
    return Funnel(_tables(catalogue), lambda: rules_of(catalogue))


def _tables(catalogue: Catalogue) -> FunnelTables:
    def derive() -> FunnelTables:
        from mlsec_lint.match.funnel_derivation import derived  # half of the rules' machinery

        return derived(rules_of(catalogue), catalogue.profile)

    name = f"funnel {catalogue.digest}"
    return kept_or_derived(catalogue.kept, name, FunnelTables.read, derive, FunnelTables.written)


@lru_cache(maxsize=4)
def reach_of(library: Library, catalogue: Catalogue) -> Reach:
    """Where the names of a project can lead for a catalogue's running rules."""
    return Reach(library, funnel_of(catalogue))
