"""The running rules, filed by what they look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.notebook_tables import CommandMatch, StoredMatch
from mlsec_lint.flow.facts import Facts
from mlsec_lint.flow.paths import PathIndex
from mlsec_lint.match.text_formats import TextFormats

M = TypeVar("M", bound=model.Match)


class RuleIndex:
    """Rules with their match tables by kind, and the facts, indexed once a run."""

    def __init__(
        self, rules: Iterable[model.Rule], facts: Iterable[model.Fact], kinds: Iterable[model.Kind] = ()
    ) -> None:
        self.rules = tuple(rules)
        self.all_facts = tuple(facts)
        self.facts = Facts(self.all_facts)
        self.meanings = {item.name: item.meaning.split(":")[0] for item in kinds}
        """What a trace says of a kind."""
        self.calls = PathIndex((api, pair) for pair in self._of(model.CallMatch) for api in pair[1].api)
        self.targets = PathIndex((api, pair) for pair in self._of(model.AssignMatch) for api in pair[1].target)
        self.keywords: dict[str, list[tuple[model.Rule, model.KeywordMatch]]] = {}
        for rule, match in self._of(model.KeywordMatch):
            self.keywords.setdefault(match.keyword, []).append((rule, match))
        self.environments: dict[str, list[tuple[model.Rule, model.EnvironmentMatch]]] = {}
        for rule, environment in self._of(model.EnvironmentMatch):
            for variable in environment.variable:
                self.environments.setdefault(variable, []).append((rule, environment))
        self.texts = tuple(self._of(model.TextMatch))
        self.literals = tuple(self._of(model.LiteralMatch))
        self.flows = tuple(self._of(model.FlowMatch))
        self.commands = tuple(self._of(CommandMatch))
        self.stored = tuple(self._of(StoredMatch))
        self.formats = tuple(item for item in self.all_facts if isinstance(item, model.TextFormat))
        self.text_formats = TextFormats(self.formats if self.texts else ())

    def _of(self, kind: type[M]) -> Iterator[tuple[model.Rule, M]]:
        for rule in self.rules:
            for match in rule.matches:
                if isinstance(match, kind):
                    yield rule, match
