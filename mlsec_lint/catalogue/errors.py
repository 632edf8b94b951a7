"""What was wrong with a rule pack, in words that let its author mend it."""

from __future__ import annotations

from collections.abc import Iterable

from mlsec_lint.mistake import Mistake


class RuleError(Mistake):
    """One mistake in one file of a pack: `rules/x.toml: match.call[1].wher: unknown key; did you mean 'where'?`."""


class PackError(Exception):
    """Everything that was wrong with a pack, in the order of its files."""

    def __init__(self, errors: tuple[RuleError, ...]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        """One line an error."""
        return "\n".join(str(error) for error in self.errors)


class UnknownSelector(Exception):
    """A selector that names no rule, no prefix of one, and no tag."""

    def __init__(self, selector: str, suggestion: str = "") -> None:
        super().__init__(selector, suggestion)
        self.selector = selector
        self.suggestion = suggestion

    def __str__(self) -> str:
        """One line for people."""
        step = self.suggestion or "`mlsec-lint rules` lists ids, names and tags"
        return f"unknown rule selector {quoted(self.selector)}; {step}"


def did_you_mean(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """`did you mean 'where'?` for the nearest known word, or an empty text when none is near (1.0: the same)."""
    from difflib import SequenceMatcher, get_close_matches  # nobody needs it who types well

    def rank(item: str) -> tuple[float, int]:
        return round(SequenceMatcher(None, word[:80], item).ratio(), 6), _shared(word, item)

    best = max(get_close_matches(word[:80], sorted(known), n=5, cutoff=likeness), key=rank, default="")
    return f"did you mean '{best}'?" if best else ""


def _shared(word: str, known: str) -> int:
    """How many characters two words begin with in common."""
    return next((i for i, (one, other) in enumerate(zip(word, known, strict=False)) if one != other), len(known))


_SHOWN = 60


def quoted(text: str) -> str:
    """A text from a pack as an error may show it: short, on one line, control characters escaped."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
