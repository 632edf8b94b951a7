"""The first phase: what the rules see in one file alone, as plain values without positions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.flow.analysis import analyse
from mlsec_lint.match.calls import match_calls
from mlsec_lint.match.flows import match_flows
from mlsec_lint.match.literals import match_literals
from mlsec_lint.match.matched import Matches
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.stores import match_stores
from mlsec_lint.match.wake import Funnel, Live, needed
from mlsec_lint.syntax.module import Module

_WORD = re.compile(r"[^\W\d]\w*")


@lru_cache(maxsize=4)
def funnel_of(catalogue: Catalogue) -> Funnel:
    """The triggers of a catalogue's running rules."""
    return Funnel(RuleIndex(catalogue.rules, catalogue.facts, catalogue.kinds))


@lru_cache(maxsize=1)
def words_of(text: str) -> frozenset[str]:
    """Every word that can be an identifier, folded as Python folds them (NFKC); those in texts and comments too.

    The last answer is kept: our rules and Bandit's checks ask it of the same file, one after the other.
    """
    return frozenset(_WORD.findall(text if text.isascii() else unicodedata.normalize("NFKC", text)))


@dataclass(frozen=True, slots=True)
class Scan:
    """What the rules see in a file."""

    module: Module
    matches: Matches


def scan(module: Module, live: Live | None, rules: RuleIndex, package: str) -> Scan:
    """Evaluate the statements that matter (all, without `live`), and ask every rule. Raises `Unparsable`."""
    found = Matches()
    outlines = tuple(chunk.outline for chunk in module.chunks)
    chosen = needed(outlines, live) if live is not None else range(len(outlines))
    bodies = [module.chunks[index].body for index in chosen]
    events = analyse(bodies, rules.facts, package)
    match_calls(events, rules, found)
    match_stores(events, rules, found)
    match_flows(events, rules, found)
    for body in bodies:
        match_literals(body, rules, found)
    return Scan(module, found)


def package_of(path: str) -> str:
    """The package that relative imports in a file start from: the folders above it, up to `src` or one that is no name."""
    above = takewhile(lambda part: part.isidentifier() and part != "src", reversed(path.split("/")[:-1]))
    return ".".join(reversed(tuple(above)))
