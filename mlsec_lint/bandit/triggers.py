"""Which files can be skipped: those without the words that a selected check needs before it reports anything."""

from __future__ import annotations

import functools
import hashlib
import json
import unicodedata
from collections.abc import Set as AbstractSet

from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings
from mlsec_lint.catalogue.contents import NOTHING_KEPT, Kept, kept_or_derived
from mlsec_lint.record import dataclass
from mlsec_lint.syntax.words import words_of


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a file has when a check can report something in it."""

    words: frozenset[str] = frozenset()
    """All of these are identifiers or keywords in its code."""
    texts: tuple[str, ...] = ()
    """One of these stands somewhere in it; empty: nothing is asked."""

    def fits(self, words: AbstractSet[str], text: str) -> bool:
        """Whether a file is like that."""
        return self.words <= words and (not self.texts or any(part in text for part in self.texts))


_ALWAYS = (Trigger(),)


@dataclass(frozen=True, slots=True)
class Triggers:
    """Those of some checks, as plain values, which can be kept: Bandit need not be imported to ask them."""

    looks_for_bidi: bool
    """A check looks for characters that change the direction of text, wherever they stand."""
    rows: tuple[Trigger, ...]

    def fit(self, text: str) -> bool:
        """Whether any of the checks can report something in a file."""
        if self.rows == _ALWAYS or (self.looks_for_bidi and _holds_bidi(text)):
            return True
        words = words_of(text)
        folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
        return any(trigger.fits(words, folded) for trigger in self.rows)

    def written(self) -> str:
        """As JSON."""
        return json.dumps([self.looks_for_bidi, [(sorted(row.words), row.texts) for row in self.rows]])

    @classmethod
    def read(cls, text: str) -> Triggers:
        """What `written` wrote. Raises ValueError for anything else."""
        try:
            looks_for_bidi, rows = json.loads(text)
            found = tuple(Trigger(frozenset(words), tuple(texts)) for words, texts in rows)
        except (TypeError, RecursionError) as error:
            raise ValueError("no triggers") from error
        return cls(bool(looks_for_bidi), found)


def _holds_bidi(text: str) -> bool:
    if text.isascii():
        return False
    from mlsec_lint.bandit.visit import holds_bidi  # brings Bandit along

    return holds_bidi(text)


def may_report(
    text: str, tests: frozenset[str], settings: BanditSettings = DEFAULTS, kept: Kept = NOTHING_KEPT
) -> bool:
    """Say whether `run_checks` can find anything in a file; without false noes, and no parsing."""
    return _triggers(tests, settings, kept).fit(text)


@functools.lru_cache(maxsize=8)
def _triggers(tests: frozenset[str], settings: BanditSettings, kept: Kept) -> Triggers:
    def derive() -> Triggers:
        from mlsec_lint.bandit.trigger_derivation import derived  # brings Bandit along

        return derived(tests, settings)

    checks = hashlib.sha256("\0".join([settings.said(), *sorted(tests)]).encode("utf-8", "surrogatepass")).hexdigest()
    name = f"what concerns Bandit's checks {checks}"
    return kept_or_derived(kept, name, Triggers.read, derive, Triggers.written)
