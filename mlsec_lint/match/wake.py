"""The funnel: which rules can apply to a file at all, and which of its statements can matter to them.

Everything here over-approximates: an API can only be used where its last name and its library's name occur, a flow
only where something of its source and of its sink occurs. Derived from rules and models, never declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from mlsec_lint.findings import Profile
from mlsec_lint.match.funnel_tables import FunnelTables
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
from mlsec_lint.match.stories import CALL, stories
from mlsec_lint.match.telling_names import is_named
from mlsec_lint.match.triggers import Triggers
from mlsec_lint.record import dataclass
from mlsec_lint.syntax.outline import MethodBody, Outline

if TYPE_CHECKING:
    from mlsec_lint.match.rule_index import RuleIndex
    from mlsec_lint.match.text_formats import TextFormats

MAX_NAMES = 200_000
"""Names of which it is remembered whether they speak of secrets or scores."""


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

    def __init__(self, tables: FunnelTables, rules: Callable[[], RuleIndex]) -> None:
        """`rules` are asked for when a file may concern one of them."""
        self._rules = rules
        self.tables = tables
        self._words = tables.words
        self._bits = {kind: CALL << (number + 1) for number, kind in enumerate(tables.kinds)}
        self._triggers = Triggers(tables.triggers)
        self._exceptions, self._scores, self._conversation = tables.exceptions, tables.scores, tables.conversation
        self._flows = tables.flows

    @classmethod
    def of(cls, rules: RuleIndex, profile: Profile = Profile.AUDIT) -> Funnel:
        """That of some rules; what `profile` hides is looked for as well, to be counted, but not through several files."""
        from mlsec_lint.match.funnel_derivation import derived  # half of the rules' machinery

        return cls(derived(rules, profile), lambda: rules)

    @property
    def rules(self) -> RuleIndex:
        """The running rules."""
        return self._rules()

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
        if not found & self._scores and any(_says(self.tables.score_name, word) for word in outline.words):
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
        formats = self._formats_in(text)
        for index, piece in enumerate(pieces):
            if any(
                self._may_match(name, value) if name else formats is not None and formats.hold(value)
                for name, value in piece.outline.texts
            ):
                yield index

    def _formats_in(self, text: str) -> TextFormats | None:
        """The formats of secrets of which a file has a word."""
        lowered = text.lower()
        has_words = any(word in lowered for word in self.tables.format_words)
        return self.rules.text_formats.narrowed(text) if has_words else None

    def _may_match(self, name: str, value: str) -> bool:
        """Whether a text given to a name can concern a rule."""
        if not any(is_named(*names, name) for names in self.tables.literal_names):
            return False
        from mlsec_lint.match.literals import may_match  # brings the evaluation along

        return may_match(name, value, self.rules.literals)


def _own_package(outline: Outline, package: str) -> frozenset[str]:
    is_relative = any(path.startswith(".") for _, path in outline.imported)
    return frozenset(package.split(".")) if is_relative else frozenset()


@lru_cache(MAX_NAMES)
def _says(pattern: str, word: str) -> bool:
    return re.search(pattern, word) is not None
