"""The funnel: which rules can apply to a file at all, and which of its statements can matter to them.

Everything here over-approximates: an API can only be used where its last name and its library's name occur, a flow
only where something of its source and of its sink occurs. Derived from rules and models, never declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from functools import lru_cache, reduce
from operator import or_

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.spellings import Spellings
from mlsec_lint.findings import Profile
from mlsec_lint.flow.conversation import CONVERSATION
from mlsec_lint.flow.named_scores import KIND as NAMED_SCORE
from mlsec_lint.flow.named_scores import NAME as SCORE_NAME
from mlsec_lint.flow.text_parameters import KIND as TEXT_PARAMETER
from mlsec_lint.match.literals import may_match
from mlsec_lint.match.pieces import (
    Piece,
    Successors,
    behind,
    methods_left_out,
    pieces_of,
    reached,
    spread,
    successors,
    with_other_names,
)
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.stories import Ends, stories
from mlsec_lint.match.triggers import Triggers
from mlsec_lint.record import dataclass
from mlsec_lint.syntax.outline import MethodBody, Outline

MAX_NAMES = 200_000
"""Names of which it is remembered whether they speak of secrets or scores."""

CALL = 1
"""The meaning of a name that a rule looks at by itself, without a flow."""

EXCEPTIONS = frozenset({"exception", "narrow-exception"})
"""Source kinds that the language itself gives: `except … as e`."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a file imports from its project, by the names that it imports."""

    kinds: Mapping[str, int] = field(default_factory=dict)
    """The kinds of sources and sinks that a name can lead to, as bits."""
    around: Mapping[str, int] = field(default_factory=dict)
    """The words of the module that a name comes from, as bits."""
    abroad: bool = False
    """Only flows through these names are of interest."""


ALONE = Neighbours()


@dataclass(frozen=True, slots=True)
class Live:
    """What has to be evaluated of a file."""

    chunks: tuple[tuple[int, tuple[MethodBody, ...]], ...]
    """Top-level statements in order, by index, each with the methods' bodies in it that need not be."""
    wanted: int
    """Kinds, as bits, that in another file are the other end of a flow."""
    has_ends: bool
    """Whether anything in the file can be a source or a sink: a flow of a file that imports it may go through it."""
    literals: frozenset[int] = frozenset()
    """Those of the statements, by index, that hold a text which can be a secret, or name what a rule looks at."""


class Funnel:
    """The triggers of all running rules, filed by word; made once a run."""

    def __init__(self, rules: RuleIndex, profile: Profile = Profile.AUDIT) -> None:
        """What `profile` hides is looked for as well, to be counted, but not through several files."""
        self.rules = rules
        self._words = frozenset(_plain_words(rules))
        self._bits: dict[str, int] = {}
        self._triggers = Triggers(Spellings(rules.all_facts))
        meanings = dict.fromkeys(_plain_apis(rules), CALL)
        for kind, api in _ends_of_facts(rules.all_facts):
            meanings[api] = meanings.get(api, 0) | self._bit(kind)
        for api, meaning in meanings.items():
            self._triggers.add(api, meaning)
        self._exceptions = reduce(or_, (self._bit(f"source:{kind}") for kind in sorted(EXCEPTIONS)))
        self._scores = self._bit(f"source:{NAMED_SCORE}")
        self._conversation = reduce(or_, (self._bit(f"sink:{sink.kind}") for sink in CONVERSATION))
        self._flows = tuple(self._ends(rule, match, profile) for rule, match in rules.flows)

    def _bit(self, kind: str) -> int:
        return self._bits.setdefault(kind, CALL << (len(self._bits) + 1))

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

    def around(self, words: AbstractSet[str]) -> int:
        """The words that matter for what others mean, as bits."""
        return self._triggers.around(words)

    def meanings(self, pieces: Sequence[Piece], linked: Successors, near: Mapping[str, int], package: str) -> list[int]:
        """What each piece mentions: kinds of sources and sinks, and `CALL`, as bits.

        A name means an API where the other words of its path stand in the piece, in what that leads to, in the modules
        that it imports from (`near`), or, for what it imports with a dot in front, in the name of the package.
        """
        beside = [
            self.around(piece.outline.words | _own_package(piece.outline, package)) | behind(piece.outline.loads, near)
            for piece in pieces
        ]
        around = spread(beside, linked)
        return [self._meaning(piece.outline, bits) for piece, bits in zip(pieces, around, strict=True)]

    def _meaning(self, outline: Outline, around: int) -> int:
        found = self._triggers.meant_by(outline.names, around)
        if not self._words.isdisjoint(outline.words):
            found |= CALL
        if "except" in outline.words:
            found |= self._exceptions
        if "messages" in outline.words:
            found |= self._conversation
        if not found & self._scores and any(map(_says_score, outline.words)):
            found |= self._scores
        return found

    def live_for(self, text: str, outlines: Sequence[Outline], package: str = "", near: Neighbours = ALONE) -> Live:
        """What has to be evaluated of a file; `package` is where its relative imports start, dotted.

        The pieces that name what a rule looks at, those that use another name of it, those that lead to both ends of a
        flow, those that hold a text that can be a secret; and whatever these lead to.
        """
        pieces = pieces_of(outlines)
        linked = successors(pieces)
        own = self.meanings(pieces, linked, near.around, package)
        beyond = [behind(piece.outline.loads, near.kinds) for piece in pieces]
        told = stories(spread(own, linked), spread(beyond, linked), self._flows, abroad=near.abroad)
        named = {index for index, meaning in enumerate(own) if meaning & CALL}
        named = with_other_names(named, {index for index in named if self._hands_on(pieces[index])}, pieces)
        others = () if near.abroad else (*named, *self._texts(text, pieces))
        chosen = reached((*told.roots, *others), linked, len(pieces))
        chunks = sorted({pieces[index].chunk for index in chosen})
        left_out: dict[int, list[MethodBody]] = {}
        for piece in methods_left_out(pieces, chosen):
            if piece.outline.body is not None:
                left_out.setdefault(piece.chunk, []).append(piece.outline.body)
        live = tuple((chunk, tuple(left_out.get(chunk, ()))) for chunk in chunks)
        has_ends = any(meaning & ~CALL for meaning in own)
        return Live(live, told.wanted, has_ends, frozenset(pieces[index].chunk for index in others))

    def _hands_on(self, piece: Piece) -> bool:
        """Whether it takes something that a rule looks at without calling it."""
        return self._triggers.speaks_of(piece.outline.handed, CALL) or not self._words.isdisjoint(piece.outline.words)

    def _texts(self, text: str, pieces: Sequence[Piece]) -> Iterator[int]:
        """The pieces that hold a text that can be a secret."""
        literals, formats = self.rules.literals, self.rules.text_formats.narrowed(text)
        for index, piece in enumerate(pieces):
            if any(
                may_match(name, value, literals) if name else bool(formats) and formats.hold(value)
                for name, value in piece.outline.texts
            ):
                yield index


def _own_package(outline: Outline, package: str) -> frozenset[str]:
    is_relative = any(path.startswith(".") for _, path in outline.imported)
    return frozenset(package.split(".")) if is_relative else frozenset()


@lru_cache(MAX_NAMES)
def _says_score(word: str) -> bool:
    return SCORE_NAME.search(word) is not None


def shown_from(rule: model.Rule, match: model.FlowMatch) -> Profile:
    """The first profile that shows what a table of a rule finds."""
    return match.opinion.profile if match.opinion.profile is not None else rule.profile


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
