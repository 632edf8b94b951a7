"""What the funnel knows, derived from the running rules and all facts: nobody declares it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import or_

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.spellings import ANY, Need, Spellings
from mlsec_lint.findings import Profile
from mlsec_lint.flow.conversation import CONVERSATION
from mlsec_lint.flow.named_scores import KIND as NAMED_SCORE
from mlsec_lint.flow.named_scores import NAME as SCORE_NAME
from mlsec_lint.flow.text_parameters import KIND as TEXT_PARAMETER
from mlsec_lint.match.funnel_tables import FunnelTables
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.stories import CALL, Ends
from mlsec_lint.match.triggers import Asked, Head, Numbers, TriggerTable

EXCEPTIONS = frozenset({"exception", "narrow-exception"})
"""Source kinds that the language itself gives: `except … as e`."""


def derived(rules: RuleIndex, profile: Profile) -> FunnelTables:
    """The tables of some rules; what `profile` hides is looked for as well, to be counted, but not through several files."""
    kinds = _Kinds()
    meanings = dict.fromkeys(_plain_apis(rules), CALL)
    for kind, api in _ends_of_facts(rules.all_facts):
        meanings[api] = meanings.get(api, 0) | kinds.bit(kind)
    return FunnelTables(
        words=frozenset(_plain_words(rules)),
        triggers=_Filing(Spellings(rules.all_facts)).table(meanings),
        exceptions=kinds.bits("source", sorted(EXCEPTIONS)),
        scores=kinds.bit(f"source:{NAMED_SCORE}"),
        conversation=kinds.bits("sink", [sink.kind for sink in CONVERSATION]),
        score_name=SCORE_NAME.pattern,
        flows=tuple(_ends(rule, match, profile, kinds) for rule, match in rules.flows),
        literal_names=tuple(dict.fromkeys((match.name, match.not_name) for _, match in rules.literals)),
        format_words=rules.text_formats.words,
        kinds=tuple(kinds.known),
    )


class _Kinds:
    """Gives each kind of sources and sinks its bit."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def bit(self, kind: str) -> int:
        return self.known.setdefault(kind, CALL << (len(self.known) + 1))

    def bits(self, role: str, names: Iterable[str]) -> int:
        return reduce(or_, (self.bit(f"{role}:{name}") for name in names), 0)


def _ends(rule: model.Rule, match: model.FlowMatch, profile: Profile, kinds: _Kinds) -> Ends:
    return Ends(
        kinds.bits("source", match.source),
        kinds.bits("sink", match.sink),
        TEXT_PARAMETER in match.source,
        match.one_file or shown_from(rule, match) > profile,
    )


def shown_from(rule: model.Rule, match: model.FlowMatch) -> Profile:
    """The first profile that shows what a table of a rule finds."""
    return match.opinion.profile if match.opinion.profile is not None else rule.profile


class _Filing:
    """Files API paths by the words that code needs to speak of them."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._names: dict[str, int] = {}
        self._heads: dict[tuple[Head, ...], int] = {}
        self._asked: dict[Asked, int] = {}
        self._words: dict[str, list[tuple[int, int]]] = {}

    def table(self, meanings: Mapping[str, int]) -> TriggerTable:
        """The paths with their meanings."""
        for api, meaning in meanings.items():
            need = self._spellings.need(api.replace("[]", ""))
            row = (meaning, self._number(need))
            for name in sorted(need.last):
                self._words.setdefault(name, []).append(row)
        words = {name: tuple(rows) for name, rows in self._words.items()}
        return TriggerTable(tuple(self._names), tuple(self._heads), tuple(self._asked), words)

    def _number(self, need: Need) -> int:
        heads = tuple(
            Head(self._numbers({key} - {ANY}), () if ANY in firsts else self._numbers(firsts))
            for key, firsts in need.heads
        )
        asked = Asked(self._numbers(need.between), self._heads.setdefault(heads, len(self._heads)))
        return self._asked.setdefault(asked, len(self._asked))

    def _numbers(self, names: Iterable[str]) -> Numbers:
        return tuple(self._names.setdefault(name, len(self._names)) for name in sorted(names))


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
    return (*handler.decorator, *handler.callback, *handler.base, *handler.annotation)
