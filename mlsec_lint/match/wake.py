"""The funnel: which rules can apply to a file at all, and which of its statements can matter to them.

Everything here over-approximates: an API can only be used where its last name and its library's name occur, a flow
only where something of its source and of its sink occurs. Derived from rules and models, never declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.spellings import Spellings
from mlsec_lint.findings import Profile
from mlsec_lint.flow.conversation import CONVERSATION
from mlsec_lint.flow.named_scores import KIND as NAMED_SCORE
from mlsec_lint.flow.named_scores import NAME as SCORE_NAME
from mlsec_lint.flow.text_parameters import KIND as TEXT_PARAMETER
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.syntax.outline import Outline

_Index: TypeAlias = dict[str, list[frozenset[str]]]
"""For every last word of an API the first words of which a file must have one; none: no more is asked."""

EXCEPTIONS = frozenset({"exception", "narrow-exception"})
"""Source kinds that the language itself gives: `except … as e`."""


NOWHERE: Mapping[str, frozenset[str]] = MappingProxyType({})
"""The reach of a file that imports nothing of its project."""


@dataclass(frozen=True, slots=True)
class Live:
    """What is awake for one file."""

    words: frozenset[str]
    """A statement that has one of these words may matter."""
    literal_names: re.Pattern[str] | None
    """Names whose constants may matter."""
    keywords: tuple[str, ...]
    """Lower-case parts of texts that may be secrets."""
    wanted: frozenset[str] = frozenset()
    """Kinds that, in another file of the project, would be the other end of a flow: `source:score`, `sink:shell`."""

    @property
    def anything(self) -> bool:
        """Whether anything of the file can matter."""
        return bool(self.words or self.literal_names is not None or self.keywords)


class Funnel:
    """The triggers of all running rules, filed by word; made once a run."""

    def __init__(self, rules: RuleIndex, profile: Profile = Profile.AUDIT) -> None:
        """What `profile` hides is looked for as well, to be counted, but not through several files."""
        self.rules, self._profile = rules, profile
        self._spellings = Spellings(rules.all_facts)
        self._plain: _Index = {}
        for api in _plain_apis(rules):
            self._file(self._plain, api)
        self._sources = self._by_kind(_source_apis(rules.all_facts))
        self._sinks = self._by_kind(_sink_apis(rules.all_facts))
        for sink in CONVERSATION:
            self._file(self._sinks.setdefault(sink.kind, {}), "messages")
        self._kinds: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for side, indexes in (("source", self._sources), ("sink", self._sinks)):
            for kind, index in indexes.items():
                for word, needs in index.items():
                    self._kinds.setdefault(word, []).extend((f"{side}:{kind}", roots) for roots in needs)
        self._names = _union([match.name for _, match in rules.literals])
        self._keywords = tuple({word.lower() for item in rules.formats for word in item.keyword}) if rules.texts else ()

    def kinds_in(self, words: AbstractSet[str], around: AbstractSet[str]) -> frozenset[str]:
        """The kinds of sources and sinks that a piece of code may have: `source:request`, `sink:shell`.

        `around` are the words of the whole module, where the names of libraries stand.
        """
        found = {
            kind
            for word in self._kinds.keys() & words
            for kind, roots in self._kinds[word]
            if not roots or not roots.isdisjoint(around)
        }
        if "except" in words:
            found.update(f"source:{kind}" for kind in EXCEPTIONS)
        if any(SCORE_NAME.search(word) for word in words):
            found.add(f"source:{NAMED_SCORE}")
        return frozenset(found)

    def live_for(
        self,
        text: str,
        words: AbstractSet[str],
        reach: Mapping[str, frozenset[str]] = NOWHERE,
        imports: AbstractSet[str] = frozenset(),
    ) -> Live:
        """What can apply to a file of which the words (identifiers, also inside texts) are known.

        `reach` tells which kinds the names that it imports from its project can lead to, `imports` which libraries the
        modules import that define them.
        """
        around = words | imports
        awake = set(self._awake(self._plain, words, around))
        wanted: set[str] = set()
        for rule, match in self.rules.flows:
            sources = self._words_of(self._sources, match.source, words, around)
            sinks = self._words_of(self._sinks, match.sink, words, around)
            starts = bool(sources) or _has_own_source(match.source, words)
            if sinks and (starts or TEXT_PARAMETER in match.source):
                awake |= sinks | sources
            if match.one_file or shown_from(rule, match) > self._profile:
                continue
            ends = _other_ends(match, sources=bool(sinks), sinks=starts)
            wanted |= ends
            if any(not ends.isdisjoint(kinds) for kinds in reach.values()):
                awake |= sinks | sources
        awake |= {name for name, kinds in reach.items() if not wanted.isdisjoint(kinds)}
        names = self._names if self._names is not None and self._names.search("\n".join(words)) else None
        lowered = text.lower() if self._keywords else ""
        keywords = tuple(sorted(word for word in self._keywords if word in lowered))
        return Live(frozenset(awake), names, keywords, frozenset(wanted))

    def _words_of(
        self, indexes: dict[str, _Index], kinds: Iterable[str], words: AbstractSet[str], around: AbstractSet[str]
    ) -> set[str]:
        return {word for kind in kinds for word in self._awake(indexes.get(kind, {}), words, around)}

    def _file(self, index: _Index, api: str) -> None:
        need = self._spellings.need(api.replace("[]", ""))
        for word in need.last:
            index.setdefault(word, []).append(need.first)

    def _by_kind(self, entries: Iterable[tuple[str, str]]) -> dict[str, _Index]:
        found: dict[str, _Index] = {}
        for kind, api in entries:
            self._file(found.setdefault(kind, {}), api)
        return found

    @staticmethod
    def _awake(index: _Index, words: AbstractSet[str], around: AbstractSet[str]) -> Iterator[str]:
        for word in index.keys() & words:
            if any(not roots or not roots.isdisjoint(around) for roots in index[word]):
                yield word


def _has_own_source(kinds: Iterable[str], words: AbstractSet[str]) -> bool:
    """Whether the language itself can give data of one of these kinds: a caught exception, a name that says score."""
    if "except" in words and not EXCEPTIONS.isdisjoint(kinds):
        return True
    return NAMED_SCORE in kinds and any(SCORE_NAME.search(word) for word in words)


def _other_ends(match: model.FlowMatch, *, sources: bool, sinks: bool) -> set[str]:
    """The kinds that complete a flow elsewhere: sources of one that ends here, sinks of one that starts here."""
    found = {f"source:{kind}" for kind in match.source if sources}
    return found | {f"sink:{kind}" for kind in match.sink if sinks}


def shown_from(rule: model.Rule, match: model.FlowMatch) -> Profile:
    """The first profile that shows what a table of a rule finds."""
    return match.opinion.profile if match.opinion.profile is not None else rule.profile


def mentions(outline: Outline, live: Live) -> bool:
    """Whether a statement names something that is awake."""
    return not live.words.isdisjoint(outline.words)


def holds_text(outline: Outline, live: Live) -> bool:
    """Whether a constant of a statement can be a secret."""
    if live.literal_names is not None and any(name and live.literal_names.search(name) for name, _ in outline.texts):
        return True
    return bool(live.keywords) and any(word in text.lower() for _, text in outline.texts for word in live.keywords)


def needed(outlines: tuple[Outline, ...], live: Live) -> list[int]:
    """The statements that matter, in order.

    Those that name what is awake, those that use another name of it (`from torch import load as read`), those that hold
    a text that can be a secret; and whatever binds the names that they use, and so on.
    """
    stars = {index for index, item in enumerate(outlines) if any(name == "*" for name, _ in item.imported)}
    readers = _filed(item.loads for item in outlines)
    binders = _filed(item.binds for item in outlines)
    named = {index for index, item in enumerate(outlines) if mentions(item, live)}
    _spread(named, readers, lambda index: outlines[index].aliases)
    chosen = named | {index for index, item in enumerate(outlines) if holds_text(item, live)}
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
            match match:
                case model.CallMatch():
                    yield from match.api
                case model.KeywordMatch():
                    yield match.keyword
                case model.AssignMatch():
                    yield from match.target
                case model.EnvironmentMatch():
                    yield from match.variable


def _source_apis(facts: Iterable[model.Fact]) -> Iterator[tuple[str, str]]:
    for fact in facts:
        if isinstance(fact, model.Source):
            yield from ((fact.kind, api) for api in fact.api)
        if isinstance(fact, model.Handler):
            kind = "exception" if fact.exception_parameter else fact.parameters
            yield from ((kind, api) for api in _handler_apis(fact) if kind)


def _sink_apis(facts: Iterable[model.Fact]) -> Iterator[tuple[str, str]]:
    for fact in facts:
        if isinstance(fact, model.Sink):
            yield from ((fact.kind, api) for api in fact.api)
        if isinstance(fact, model.Handler) and fact.returns:
            yield from ((fact.returns, api) for api in _handler_apis(fact))


def _handler_apis(handler: model.Handler) -> tuple[str, ...]:
    return (*handler.decorator, *handler.callback, *handler.base)


def _union(patterns: list[str]) -> re.Pattern[str] | None:
    bare = sorted({pattern.replace("(?i)", "") for pattern in patterns})
    return re.compile("|".join(f"(?:{item})" for item in bare), re.IGNORECASE | re.MULTILINE) if bare else None
