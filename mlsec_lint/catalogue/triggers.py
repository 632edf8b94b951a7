"""Which rules can apply to a file, told by the words in it: derived from what they match, never declared.

A *word* is an identifier of the file, also one inside a constant string (`getattr(torch, "load")`, `os.environ["X"]`),
folded as Python folds names. Names that reach a file through other files of the project bring the words of those files
with them: whoever asks puts them in. Every answer is an over-approximation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.spellings import Need, Spellings

SYNTAX_KINDS = frozenset({"exception", "narrow-exception", "package-file", "secret"})
"""Source kinds that no API is needed for: an `except` clause, `__file__`, a constant."""


def live_rules(catalogue: Catalogue, words: AbstractSet[str]) -> tuple[model.Rule, ...]:
    """The running rules that can find something in a file with these words."""
    return triggers_of(catalogue).rules(words)


@lru_cache(maxsize=4)
def triggers_of(catalogue: Catalogue) -> Triggers:
    """The index for a catalogue, built once."""
    return Triggers(catalogue)


class Triggers:
    """Words, and what each of them wakes."""

    def __init__(self, catalogue: Catalogue) -> None:
        spellings = Spellings(catalogue.facts)
        self._matches = [(rule, match) for rule in catalogue.rules for match in rule.matches]
        self._by_word = _Index(_needs_of_match(match, spellings) for _, match in self._matches)
        self._facts = [fact for fact in catalogue.facts if isinstance(fact, (model.Source, model.Sink, model.Handler))]
        self._facts_by_word = _Index([spellings.need(api) for api in _apis(fact)] for fact in self._facts)
        self._always_in, self._always_out = _kinds_without_fact(catalogue)

    def rules(self, words: AbstractSet[str]) -> tuple[model.Rule, ...]:
        """The rules that can find something in a file with these words, in the catalogue's order."""
        return tuple({rule.id: rule for rule, _ in self.matches(words)}.values())

    def matches(self, words: AbstractSet[str]) -> tuple[tuple[model.Rule, model.Match], ...]:
        """The same for each match table. Those on literals always need their own look at the texts of the file."""
        live = self._by_word.live(words)
        flows = self._live_kinds(words)
        return tuple(
            [
                (rule, match)
                for number, (rule, match) in enumerate(self._matches)
                if number in live and (not isinstance(match, model.FlowMatch) or _can_flow(match, *flows))
            ]
        )

    def _live_kinds(self, words: AbstractSet[str]) -> tuple[set[str], set[str]]:
        sources, sinks = set(self._always_in), set(self._always_out)
        for number in self._facts_by_word.live(words):
            sources.update(_source_kinds(self._facts[number]))
            sinks.update(_sink_kinds(self._facts[number]))
        return sources, sinks


class _Index:
    """Numbers of things, filed under the words that these need; None: a thing needs nothing."""

    def __init__(self, needs: Iterable[list[Need] | None]) -> None:
        self._always: set[int] = set()
        self._by_word: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for number, wanted in enumerate(needs):
            if wanted is None:
                self._always.add(number)
            for need in wanted or ():
                for word in need.last:
                    self._by_word.setdefault(word, []).append((number, need.first))

    def live(self, words: AbstractSet[str]) -> set[int]:
        """The numbers of the things of which one need is met."""
        found = set(self._always)
        for word in self._by_word.keys() & words:
            found.update(number for number, first in self._by_word[word] if not first or not first.isdisjoint(words))
        return found


def _can_flow(match: model.FlowMatch, sources: AbstractSet[str], sinks: AbstractSet[str]) -> bool:
    return not sources.isdisjoint(match.source) and not sinks.isdisjoint(match.sink)


def _needs_of_match(match: model.Match, spellings: Spellings) -> list[Need] | None:
    if isinstance(match, model.CallMatch):
        return [spellings.need(api) for api in match.api]
    if isinstance(match, model.AssignMatch):
        return [spellings.need(api) for api in match.target]
    if isinstance(match, model.KeywordMatch):
        return [Need(frozenset({match.keyword}))]
    if isinstance(match, model.EnvironmentMatch):
        return [Need(frozenset(match.variable))]
    return None


def _apis(fact: model.Source | model.Sink | model.Handler) -> tuple[str, ...]:
    if isinstance(fact, model.Handler):
        return fact.decorator + fact.callback + fact.base
    return fact.api


def _source_kinds(fact: model.Fact) -> tuple[str, ...]:
    if isinstance(fact, model.Source):
        return (fact.kind,)
    return (fact.parameters,) if isinstance(fact, model.Handler) else ()


def _sink_kinds(fact: model.Fact) -> tuple[str, ...]:
    if isinstance(fact, model.Sink):
        return (fact.kind,)
    return (fact.returns,) if isinstance(fact, model.Handler) else ()


def _kinds_without_fact(catalogue: Catalogue) -> tuple[frozenset[str], frozenset[str]]:
    """Kinds of sources and sinks that no fact can prove absent."""
    sources = {kind for fact in catalogue.facts for kind in _source_kinds(fact)}
    sinks = {kind for fact in catalogue.facts for kind in _sink_kinds(fact)}
    return (
        frozenset(_names(catalogue, "source")) - sources | SYNTAX_KINDS,
        frozenset(_names(catalogue, "sink")) - sinks,
    )


def _names(catalogue: Catalogue, role: str) -> Iterator[str]:
    return (kind.name for kind in catalogue.kinds if kind.role == role)
