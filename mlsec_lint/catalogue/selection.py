"""Which rules and Bandit checks run: selectors, as a command line or a configuration gives them.

A selector is an id (`MLS103`), a name (`unsafe-torch-load`), the beginning of ids (`MLS1`, `B3`, `MLS`), a tag
(`deserialization`, `pytorch`) or `ALL`. The most specific selector that fits a rule decides, in this order:
id or name, longer beginning, beginning with one digit or tag, letters alone, `ALL`; of two equal ones, ignoring wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mlsec_lint.catalogue.errors import UnknownSelector, did_you_mean
from mlsec_lint.findings import Profile
from mlsec_lint.record import dataclass

if TYPE_CHECKING:
    from mlsec_lint.catalogue.model import BanditCheck, Rule

ALL = "ALL"

_EVERYTHING, _LETTERS, _TAG, _EXACT = 0, 1, 2, 100
_PREFIX = re.compile(r"([A-Z]+)(\d*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What selection needs to know of a rule or of one of Bandit's checks."""

    id: str
    name: str
    tags: tuple[str, ...]
    profile: Profile
    """The lowest profile in which it can show anything."""
    foreign: bool = False
    """Bandit's: selecting by its ids asks for all of them, whatever their profile."""


def candidate_of_rule(rule: Rule) -> Candidate:
    """A rule as selection sees it: it is needed as soon as one of its matches is."""
    own = [match.opinion.profile for match in rule.matches]
    profiles = [rule.profile if profile is None else profile for profile in own]
    return Candidate(rule.id, rule.name, rule.tags, min(profiles, default=rule.profile))


def candidate_of_check(check: BanditCheck) -> Candidate:
    """One of Bandit's checks as selection sees it."""
    return Candidate(check.id, check.name, (check.family,), check.profile, foreign=True)


@dataclass(frozen=True, slots=True)
class Selection:
    """The selectors of one run."""

    select: tuple[str, ...] = ()
    """Instead of everything; empty: everything that the profile shows."""
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    profile: Profile = Profile.DEFAULT

    def takes(self, candidate: Candidate) -> bool:
        """Whether a rule or check runs."""
        chosen = (*(self.select or (ALL,)), *self.extend_select)
        wanted = max((specificity(selector, candidate) for selector in chosen), default=-1)
        refused = max((specificity(selector, candidate) for selector in self.ignore), default=-1)
        if wanted <= refused:
            return False
        return candidate.profile <= self.profile or self.names(candidate) or self._asks_for_all(candidate)

    def names(self, candidate: Candidate) -> bool:
        """Whether a selector picks it by id or name, which overrides its profile."""
        return any(specificity(selector, candidate) == _EXACT for selector in (*self.select, *self.extend_select))

    def _asks_for_all(self, candidate: Candidate) -> bool:
        chosen = (*self.select, *self.extend_select)
        return candidate.foreign and any(_is_prefix(selector, candidate) for selector in chosen)

    def check(self, candidates: Sequence[Candidate]) -> None:
        """Raises UnknownSelector for the first selector that fits nothing."""
        for selector in (*self.select, *self.ignore, *self.extend_select):
            if selector != ALL and all(specificity(selector, candidate) < 0 for candidate in candidates):
                raise UnknownSelector(selector, _hint(selector, candidates))


def specificity(selector: str, candidate: Candidate) -> int:
    """How closely a selector fits; -1: not at all."""
    if selector in {candidate.id, candidate.name}:
        return _EXACT
    if selector == ALL:
        return _EVERYTHING
    if _is_prefix(selector, candidate):
        return _LETTERS + sum(character.isdigit() for character in selector)
    return _TAG if selector in candidate.tags else -1


def _is_prefix(selector: str, candidate: Candidate) -> bool:
    given, own = _PREFIX.fullmatch(selector), _PREFIX.fullmatch(candidate.id)
    return given is not None and own is not None and given[1] == own[1] and own[2].startswith(given[2])


def _hint(selector: str, candidates: Sequence[Candidate]) -> str:
    """What was probably meant; empty when nothing is near."""
    if len(selector.split()) > 1:
        return "separate several with commas"
    if any(specificity(selector.upper(), candidate) >= 0 for candidate in candidates):
        return f"did you mean '{selector.upper()}'?"
    return did_you_mean(selector, _known(candidates))


def _known(candidates: Iterable[Candidate]) -> set[str]:
    words = {ALL}
    for candidate in candidates:
        words.update((candidate.id, candidate.name, *candidate.tags))
    return words
