"""Which rules and facts can apply to a file, told by the words in it: derived from what they match, never declared.

A *word* is an identifier of the file, also one inside a constant string (`getattr(torch, "load")`, `os.environ["X"]`),
folded as Python folds names. Names that reach a file through other files of the project bring the words of those files
with them: whoever asks puts them in. Every answer is an over-approximation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.apis import segments
from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.spellings import Segments, Spellings

SYNTAX_KINDS = frozenset({"exception", "narrow-exception", "package-file", "secret"})
"""Source kinds that no API is needed for: an `except` clause, `__file__`, a constant."""

Need = tuple[str, ...]
"""Words that must all occur; the most telling one first."""


def words_of(api: str) -> frozenset[str]:
    """The words that a file must contain to name an API path by this spelling: its last name and its first."""
    return frozenset(_need(segments(api)))


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
        self._facts = catalogue.facts
        self._by_word: _Index = _Index()
        self._facts_by_word: _Index = _Index()
        for number, (_, match) in enumerate(self._matches):
            self._by_word.file(number, _needs_of_match(match, spellings))
        for number, fact in enumerate(self._facts):
            self._facts_by_word.file(number, _needs_of_fact(fact, spellings))
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

    def facts(self, words: AbstractSet[str]) -> tuple[model.Fact, ...]:
        """The facts that can matter in a file with these words."""
        live = self._facts_by_word.live(words)
        return tuple([fact for number, fact in enumerate(self._facts) if number in live])

    def _live_kinds(self, words: AbstractSet[str]) -> tuple[set[str], set[str]]:
        sources, sinks = set(self._always_in), set(self._always_out)
        for fact in self.facts(words):
            sources.update(_source_kinds(fact))
            sinks.update(_sink_kinds(fact))
        return sources, sinks


class _Index:
    """Numbers filed under the words that they need."""

    def __init__(self) -> None:
        self._always: set[int] = set()
        self._by_word: dict[str, list[tuple[int, Need]]] = {}

    def file(self, number: int, needs: Iterable[Need] | None) -> None:
        """Files a number under each of its needs; None: it needs nothing."""
        if needs is None:
            self._always.add(number)
            return
        for need in set(needs):
            self._by_word.setdefault(need[0], []).append((number, need[1:]))

    def live(self, words: AbstractSet[str]) -> set[int]:
        """The numbers of which one need is met."""
        found = set(self._always)
        for word in self._by_word.keys() & words:
            found.update(number for number, rest in self._by_word[word] if all(other in words for other in rest))
        return found


def _can_flow(match: model.FlowMatch, sources: AbstractSet[str], sinks: AbstractSet[str]) -> bool:
    return not sources.isdisjoint(match.source) and not sinks.isdisjoint(match.sink)


def _needs_of_match(match: model.Match, spellings: Spellings) -> list[Need] | None:
    if isinstance(match, model.CallMatch):
        return _needs(match.api, spellings)
    if isinstance(match, model.AssignMatch):
        return _needs(match.target, spellings)
    if isinstance(match, model.KeywordMatch):
        return [(match.keyword,)]
    if isinstance(match, model.EnvironmentMatch):
        return [(variable,) for variable in match.variable]
    return None


def _needs_of_fact(fact: model.Fact, spellings: Spellings) -> list[Need] | None:
    if isinstance(fact, (model.Alias, model.TextFormat)):
        return None
    if isinstance(fact, model.Handler):
        return _needs(fact.decorator + fact.callback + fact.base, spellings)
    return _needs(fact.api, spellings)


def _needs(apis: Iterable[str], spellings: Spellings) -> list[Need] | None:
    needs: list[Need] = []
    for api in apis:
        written = spellings.of(api)
        if written is None:
            return None
        needs += map(_need, written)
    return needs


def _need(path: Segments) -> Need:
    names = [name for name in path if name not in {"?", "*"}]
    if path[0] == "?" or len(names) == 1:
        return (names[-1],)
    return (names[-1], names[0])


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
