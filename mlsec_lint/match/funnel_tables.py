"""What the funnel knows of the running rules, as plain values: derived from them once, and kept for later runs."""

from __future__ import annotations

import json
from typing import Any

from mlsec_lint.match.stories import Ends
from mlsec_lint.match.triggers import Asked, Head, TriggerTable
from mlsec_lint.record import dataclass


@dataclass(frozen=True, slots=True)
class FunnelTables:
    """Words, and what they mean; kinds of sources and sinks are bits."""

    kinds: tuple[str, ...]
    """Those of which each has a bit, from the second bit on: `source:request`, `sink:shell`."""
    words: frozenset[str]
    """Words that a rule looks at by themselves: keywords, environment variables."""
    triggers: TriggerTable
    exceptions: int
    """The kinds that the language itself gives."""
    scores: int
    conversation: int
    score_name: str
    """A pattern for words that speak of a model's scores."""
    flows: tuple[Ends, ...]
    literal_names: tuple[tuple[str, str], ...]
    """Patterns for names whose constants rules look at, each with one for names that are none of these."""
    format_words: tuple[str, ...]
    """Lower-case texts of which one occurs in every text that a secret can be known by."""

    def written(self) -> str:
        """As JSON."""
        table = self.triggers
        said = {
            **{name: getattr(self, name) for name in _PLAIN},
            "words": sorted(self.words),
            "triggers": [table.names, table.heads, table.asked, table.words],
        }
        return json.dumps(said, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> FunnelTables:
        """What `written` wrote. Raises ValueError for anything else."""
        try:
            said = json.loads(text)
            return cls(
                triggers=_triggers(*said.pop("triggers")),
                words=frozenset(said.pop("words")),
                flows=tuple(Ends(*row) for row in said.pop("flows")),
                literal_names=tuple((name, but_not) for name, but_not in said.pop("literal_names")),
                kinds=tuple(said.pop("kinds")),
                format_words=tuple(said.pop("format_words")),
                **said,
            )
        except (TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError("no tables of a funnel") from error


_PLAIN = ("kinds", "exceptions", "scores", "conversation", "score_name", "flows", "literal_names", "format_words")


def _triggers(names: list[str], heads: list[Any], asked: list[Any], words: dict[str, Any]) -> TriggerTable:
    return TriggerTable(
        tuple(names),
        tuple(tuple(Head(tuple(keys), tuple(firsts)) for keys, firsts in row) for row in heads),
        tuple(Asked(tuple(between), number) for between, number in asked),
        {word: tuple((meaning, number) for meaning, number in rows) for word, rows in words.items()},
    )
