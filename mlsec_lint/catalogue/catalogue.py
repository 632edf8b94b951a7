"""The catalogue of a run: the rules that run, and all facts that they may need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlsec_lint.catalogue.load import load_pack, load_packs
from mlsec_lint.catalogue.model import Alias, BanditCheck, Fact, Handler, Kind, Pack, Rule, TextFormat
from mlsec_lint.catalogue.selection import Candidate, Selection, candidate_of_check, candidate_of_rule
from mlsec_lint.findings import Profile
from mlsec_lint.record import dataclass


def load_catalogue(packs: Sequence[Path] = (), *, bundled: bool = True) -> Catalogue:
    """The catalogue of the bundled pack and others, selected as a run without options does.

    Without `bundled`, the one pack given stands alone. Raises PackError.
    """
    if bundled:
        return catalogue_of(load_packs(packs))
    (only,) = packs
    return catalogue_of(load_pack(only))


def catalogue_of(pack: Pack) -> Catalogue:
    """The catalogue of a pack, selected as a run without options does."""
    return _select(pack, Selection())


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Rules and facts, as values that a worker process can be sent."""

    pack: Pack
    """Everything that is known, running or not."""
    rules: tuple[Rule, ...]
    """The rules that run, by id."""
    active_bandit: frozenset[str]
    """The ids of Bandit's checks that run."""
    named: frozenset[str]
    """Ids that were selected one by one, by id or name: whatever they find is shown, in any profile."""
    profile: Profile
    digest: str
    """SHA-256, in hexadecimal, over everything here: two catalogues with one digest say the same."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What APIs are; independent of the selection."""
        return self.pack.facts

    @property
    def libraries(self) -> frozenset[str]:
        """The top-level names of the libraries that the facts speak of."""
        return frozenset(path.split(".")[0].removesuffix("()") for fact in self.facts for path in _paths_of(fact))

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
        return _select(self.pack, Selection(tuple(select), tuple(ignore), tuple(extend_select), profile))


def _paths_of(fact: Fact) -> tuple[str, ...]:
    match fact:
        case Handler():
            return (*fact.decorator, *fact.callback, *fact.base)
        case Alias():
            return fact.name, fact.same_as
        case TextFormat():
            return ()
    return fact.api


def _select(pack: Pack, selection: Selection) -> Catalogue:
    rules = {candidate_of_rule(rule): rule for rule in sorted(pack.rules, key=lambda rule: rule.id)}
    checks = [candidate_of_check(check) for check in pack.bandit.values()]
    candidates = [*rules, *checks]
    selection.check(candidates)
    taken = [candidate for candidate in candidates if selection.takes(candidate)]
    named = frozenset(candidate.id for candidate in taken if selection.names(candidate))
    return Catalogue(
        pack=pack,
        rules=tuple([rules[candidate] for candidate in taken if not candidate.foreign]),
        active_bandit=frozenset(candidate.id for candidate in taken if candidate.foreign),
        named=named,
        profile=selection.profile,
        digest=_digest(pack, taken, named, selection.profile),
    )


def _digest(pack: Pack, taken: Sequence[Candidate], named: frozenset[str], profile: Profile) -> str:
    ids = sorted(candidate.id for candidate in taken)
    text = "\0".join([pack.digest, profile.label, *ids, "named", *sorted(named)])
    return hashlib.sha256(text.encode()).hexdigest()
