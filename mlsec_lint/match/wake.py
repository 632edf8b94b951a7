"""The funnel: which rules can apply to a file at all, and which of its statements can matter to them.

Everything here over-approximates: an API can only be used where its last name and its library's name occur, a flow
only where something of its source and of its sink occurs. Derived from rules and models, never declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import or_

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.spellings import Need, Spellings
from mlsec_lint.findings import Profile
from mlsec_lint.flow.conversation import CONVERSATION
from mlsec_lint.flow.named_scores import KIND as NAMED_SCORE
from mlsec_lint.flow.named_scores import NAME as SCORE_NAME
from mlsec_lint.flow.text_parameters import KIND as TEXT_PARAMETER
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.stories import Ends, Stories, stories
from mlsec_lint.syntax.outline import Outline

MAX_NAMES = 200_000
"""Names of which it is remembered whether they speak of secrets or scores."""

EXCEPTIONS = frozenset({"exception", "narrow-exception"})
"""Source kinds that the language itself gives: `except … as e`."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a file imports from its project."""

    kinds: Mapping[str, int] = field(default_factory=dict)
    """For every imported name the kinds that it can lead to, as bits."""
    libraries: frozenset[str] = frozenset()
    """Top-level packages that the imported modules import."""
    words: frozenset[str] = frozenset()
    """The words of the imported modules."""


ALONE = Neighbours()


@dataclass(frozen=True, slots=True)
class Live:
    """What is awake for one file."""

    words: frozenset[str]
    """A statement that has one of these words, in whatever place, may matter."""
    names: frozenset[str]
    """A statement that has one of these names may matter."""
    literal_names: frozenset[str]
    """Names whose constants may matter."""
    keywords: tuple[str, ...]
    """Lower-case parts of texts that may be secrets."""
    stories: Stories

    @property
    def anything(self) -> bool:
        """Whether anything of the file can matter."""
        return bool(self.words or self.names or self.stories.roots or self.literal_names or self.keywords)


class Funnel:
    """The triggers of all running rules, filed by word; made once a run."""

    def __init__(self, rules: RuleIndex, profile: Profile = Profile.AUDIT) -> None:
        """What `profile` hides is looked for as well, to be counted, but not through several files."""
        self.rules = rules
        self._plain_words = frozenset(_plain_words(rules))
        self._calls: dict[str, list[Need]] = {}
        self._kinds: dict[str, list[tuple[int, Need]]] = {}
        self._bits: dict[str, int] = {}
        self._file_triggers(Spellings(rules.all_facts))
        self._exceptions = sum(self._bit(f"source:{kind}") for kind in sorted(EXCEPTIONS))
        self._scores = self._bit(f"source:{NAMED_SCORE}")
        self._conversation = reduce(or_, (self._bit(f"sink:{sink.kind}") for sink in CONVERSATION))
        self._flows = tuple(self._ends(rule, match, profile) for rule, match in rules.flows)
        literals = _union([match.name for _, match in rules.literals])
        self._may_be_secret = lru_cache(MAX_NAMES)(lambda name: literals is not None and bool(literals.search(name)))
        self._keywords = tuple({word.lower() for item in rules.formats for word in item.keyword}) if rules.texts else ()

    def _file_triggers(self, spellings: Spellings) -> None:
        for api in _plain_apis(self.rules):
            need = spellings.need(api.replace("[]", ""))
            for word in need.last:
                self._calls.setdefault(word, []).append(need)
        for kind, api in _ends_of_facts(self.rules.all_facts):
            need = spellings.need(api.replace("[]", ""))
            for word in need.last:
                self._kinds.setdefault(word, []).append((self._bit(kind), need))

    def _bit(self, kind: str) -> int:
        return self._bits.setdefault(kind, 1 << len(self._bits))

    def _ends(self, rule: model.Rule, match: model.FlowMatch, profile: Profile) -> Ends:
        return Ends(
            reduce(or_, (self._bit(f"source:{kind}") for kind in match.source), 0),
            reduce(or_, (self._bit(f"sink:{kind}") for kind in match.sink), 0),
            TEXT_PARAMETER in match.source,
            match.one_file or shown_from(rule, match) > profile,
        )

    def kind_names(self, kinds: int) -> frozenset[str]:
        """Bits as names: `source:request`, `sink:shell`."""
        return frozenset(name for name, bit in self._bits.items() if bit & kinds)

    def kinds_by_name(
        self, words: AbstractSet[str], around: AbstractSet[str], nearby: AbstractSet[str]
    ) -> dict[str, int]:
        """For the names of a module the kinds of sources and sinks that they may be, as bits.

        `around` has the names of libraries that the module may speak of, `nearby` all other words of its surroundings.
        """
        found: dict[str, int] = {}
        met: dict[Need, bool] = {}
        for word in self._kinds.keys() & words:
            bits = 0
            for bit, need in self._kinds[word]:
                if bits & bit:
                    continue
                if need not in met:
                    met[need] = need.is_met(around, nearby)
                if met[need]:
                    bits |= bit
            if bits:
                found[word] = bits
        return found

    def kinds_in(self, outline: Outline, by_name: Mapping[str, int]) -> int:
        """The kinds of sources and sinks that a statement may have, as bits."""
        found = 0
        for name in by_name.keys() & outline.names:
            found |= by_name[name]
        if "except" in outline.words:
            found |= self._exceptions
        if "messages" in outline.words:
            found |= self._conversation
        if not found & self._scores and any(map(_says_score, outline.words)):
            found |= self._scores
        return found

    def live_for(
        self, text: str, words: AbstractSet[str], outlines: Sequence[Outline], near: Neighbours = ALONE
    ) -> Live:
        """What can apply to a file of which the words (identifiers, also inside texts) are known."""
        around, nearby = words | near.libraries, words | near.words
        names = frozenset().union(*(outline.names for outline in outlines))
        calls = {
            word
            for word in self._calls.keys() & names
            if any(need.is_met(around, nearby) for need in self._calls[word])
        }
        by_name = self.kinds_by_name(names, around, nearby)
        own = [self.kinds_in(outline, by_name) for outline in outlines]
        given = frozenset(name for outline in outlines for name, _ in outline.texts if name)
        lowered = text.lower() if self._keywords else ""
        return Live(
            self._plain_words & words,
            frozenset(calls),
            frozenset(filter(self._may_be_secret, given)),
            tuple(sorted(word for word in self._keywords if word in lowered)),
            stories(outlines, own, near.kinds, self._flows),
        )


@lru_cache(MAX_NAMES)
def _says_score(word: str) -> bool:
    return SCORE_NAME.search(word) is not None


def shown_from(rule: model.Rule, match: model.FlowMatch) -> Profile:
    """The first profile that shows what a table of a rule finds."""
    return match.opinion.profile if match.opinion.profile is not None else rule.profile


def mentions(outline: Outline, live: Live) -> bool:
    """Whether a statement names something that is awake."""
    return not (live.words.isdisjoint(outline.words) and live.names.isdisjoint(outline.names))


def holds_text(outline: Outline, live: Live) -> bool:
    """Whether a constant of a statement can be a secret."""
    if live.literal_names and any(name in live.literal_names for name, _ in outline.texts):
        return True
    return bool(live.keywords) and any(word in text.lower() for _, text in outline.texts for word in live.keywords)


def needed(outlines: Sequence[Outline], live: Live) -> list[int]:
    """The statements that matter, in order.

    Those that name what is awake, those that use another name of it (`from torch import load as read`), those that lead
    to both ends of a flow, those that hold a text that can be a secret; and whatever binds the names that they use, and
    so on.
    """
    stars = {index for index, item in enumerate(outlines) if any(name == "*" for name, _ in item.imported)}
    readers = _filed(item.loads for item in outlines)
    binders = _filed(item.binds for item in outlines)
    named = {index for index, item in enumerate(outlines) if mentions(item, live)}
    _spread(named, readers, lambda index: outlines[index].aliases)
    chosen = named | live.stories.roots | {index for index, item in enumerate(outlines) if holds_text(item, live)}
    _spread(chosen, binders, lambda index: outlines[index].loads)
    return sorted(chosen | stars if chosen else chosen)


def _filed(names: Iterable[frozenset[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, item in enumerate(names):
        for name in item:
            found.setdefault(name, []).append(index)
    return found


def _spread(chosen: set[int], index: dict[str, list[int]], names: Callable[[int], frozenset[str]]) -> None:
    """Add what the names of the chosen lead to, and what theirs do; each name is followed once."""
    pending, known = list(chosen), set[str]()
    while pending:
        new = names(pending.pop()) - known
        known |= new
        found = {item for name in new for item in index.get(name, ())} - chosen
        chosen |= found
        pending.extend(found)


def _plain_apis(rules: RuleIndex) -> Iterator[str]:
    for rule in rules.rules:
        for match in rule.matches:
            if isinstance(match, model.CallMatch):
                yield from match.api
            elif isinstance(match, model.AssignMatch):
                yield from match.target


def _plain_words(rules: RuleIndex) -> Iterator[str]:
    for rule in rules.rules:
        for match in rule.matches:
            if isinstance(match, model.KeywordMatch):
                yield match.keyword
            elif isinstance(match, model.EnvironmentMatch):
                yield from match.variable


def _ends_of_facts(facts: Iterable[model.Fact]) -> Iterator[tuple[str, str]]:
    """Kinds of sources and sinks with the APIs that are one."""
    for fact in facts:
        if isinstance(fact, model.Source):
            yield from ((f"source:{fact.kind}", api) for api in fact.api)
        elif isinstance(fact, model.Sink):
            yield from ((f"sink:{fact.kind}", api) for api in fact.api)
        elif isinstance(fact, model.Handler):
            source = "exception" if fact.exception_parameter else fact.parameters
            yield from ((f"source:{source}", api) for api in _handler_apis(fact) if source)
            yield from ((f"sink:{fact.returns}", api) for api in _handler_apis(fact) if fact.returns)


def _handler_apis(handler: model.Handler) -> tuple[str, ...]:
    return (*handler.decorator, *handler.callback, *handler.base)


def _union(patterns: list[str]) -> re.Pattern[str] | None:
    bare = sorted({pattern.replace("(?i)", "") for pattern in patterns})
    return re.compile("|".join(f"(?:{item})" for item in bare), re.IGNORECASE | re.MULTILINE) if bare else None
