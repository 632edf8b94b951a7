"""The catalogue of a run: the rules that run, and all facts that they may need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mlsec_lint.catalogue.contents import NOTHING_KEPT, Contents, Kept, Knowledge, Loaded
from mlsec_lint.catalogue.selection import Candidate, Selection
from mlsec_lint.findings import Profile

if TYPE_CHECKING:
    from mlsec_lint.catalogue.model import BanditCheck, Fact, Kind, Pack, Rule


def load_catalogue(packs: Sequence[Path] = (), *, bundled: bool = True) -> Catalogue:
    """The catalogue of the bundled pack and others, selected as a run without options does.

    Without `bundled`, the one pack given stands alone. Raises PackError.
    """
    from mlsec_lint.catalogue.load import load_pack, load_packs  # runs that know what packs say do not read them

    if bundled:
        return catalogue_of(load_packs(packs))
    (only,) = packs
    return catalogue_of(load_pack(only))


def catalogue_of(pack: Pack) -> Catalogue:
    """The catalogue of a pack, selected as a run without options does."""
    return Catalogue(Loaded(pack), Selection())


class Catalogue:
    """Rules and facts, as values that a worker process can be sent; they are read when somebody asks for them."""

    def __init__(self, knowledge: Knowledge, selection: Selection, kept: Kept = NOTHING_KEPT) -> None:
        """Raises UnknownSelector for a selector that fits no rule and no check."""
        candidates = knowledge.contents.candidates
        selection.check(candidates)
        taken = [candidate for candidate in candidates if selection.takes(candidate)]
        self._knowledge = knowledge
        self.kept = kept
        """What was derived from a catalogue, by its digest."""
        self.rule_ids = tuple(candidate.id for candidate in taken if not candidate.foreign)
        """The rules that run, in order."""
        self.active_bandit = frozenset(candidate.id for candidate in taken if candidate.foreign)
        """The ids of Bandit's checks that run."""
        self.named = frozenset(candidate.id for candidate in taken if selection.names(candidate))
        """Ids that were selected one by one, by id or name: whatever they find is shown, in any profile."""
        self.profile = selection.profile
        self.digest = _digest(knowledge.contents, taken, self.named, selection.profile)
        """SHA-256, in hexadecimal, over everything here: two catalogues with one digest say the same."""

    @property
    def pack(self) -> Pack:
        """Everything that is known, running or not."""
        return self._knowledge.pack

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that run, by id."""
        known = {rule.id: rule for rule in self.pack.rules}
        return tuple(known[id_] for id_ in self.rule_ids)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All rules and checks, running or not, as selectors see them."""
        return self._knowledge.contents.candidates

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What APIs are; independent of the selection."""
        return self.pack.facts

    @property
    def libraries(self) -> frozenset[str]:
        """The top-level names of the libraries that the facts speak of."""
        return self._knowledge.contents.libraries

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The vocabulary of flows."""
        return self.pack.kinds

    @property
    def bandit(self) -> Mapping[str, BanditCheck]:
        """What we say about each of Bandit's checks, running or not, by id."""
        return self.pack.bandit

    def rule(self, id_or_name: str) -> Rule | None:
        """A rule, running or not; None when there is none of that id or name."""
        return next((rule for rule in self.pack.rules if id_or_name in {rule.id, rule.name}), None)

    def select(
        self,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        extend_select: Sequence[str] = (),
        profile: Profile = Profile.DEFAULT,
    ) -> Catalogue:
        """The same knowledge with another selection, which replaces this one.

        Raises UnknownSelector for a selector that fits no rule and no check.
        """
        selection = Selection(tuple(select), tuple(ignore), tuple(extend_select), profile)
        return Catalogue(self._knowledge, selection, self.kept)


def _digest(contents: Contents, taken: Sequence[Candidate], named: frozenset[str], profile: Profile) -> str:
    ids = sorted(candidate.id for candidate in taken)
    text = "\0".join([contents.digest, profile.label, *ids, "named", *sorted(named)])
    return hashlib.sha256(text.encode()).hexdigest()
