"""The catalogue's facts, indexed by the API path that they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from mlsec_lint.catalogue import model
from mlsec_lint.flow.paths import PathIndex

F = TypeVar(
    "F",
    bound=model.Signature | model.Source | model.Sink | model.Barrier | model.Guard | model.Passes | model.Instance,
)


class Facts:
    """Every fact of the live models, to be asked by API path."""

    def __init__(self, facts: Iterable[model.Fact]) -> None:
        facts = tuple(facts)
        self.signatures = PathIndex(_filed(facts, model.Signature))
        self.sources = PathIndex(_filed(facts, model.Source))
        self.sinks = PathIndex(_filed(facts, model.Sink))
        self.barriers = PathIndex(_filed(facts, model.Barrier))
        self.guards = PathIndex(_filed(facts, model.Guard))
        self.passes = PathIndex(_filed(facts, model.Passes))
        self.instances = PathIndex(_filed(facts, model.Instance))
        handlers = [item for item in facts if isinstance(item, model.Handler)]
        self.decorators = PathIndex((api, item) for item in handlers for api in item.decorator)
        self.callbacks = PathIndex((api, item) for item in handlers for api in item.callback)
        self.bases = PathIndex((api, item) for item in handlers for api in item.base)
        self.annotations = PathIndex((api, item) for item in handlers for api in item.annotation)
        self._aliases = {item.name: item.same_as for item in facts if isinstance(item, model.Alias)}

    def canonical(self, path: str) -> str:
        """The spelling that models use: `tensorflow.keras` is `keras`. Aliases may lead to aliases, a few times."""
        for _ in range(4):
            replaced = self._aliases.get(path)
            if replaced is None:
                return path
            path = replaced
        return path

    def canonical_import(self, path: str) -> str:
        """The same for a whole dotted path, segment by segment."""
        segments = path.split(".")
        current = self.canonical(segments[0])
        for segment in segments[1:]:
            current = self.canonical(f"{current}.{segment}")
        return current


def _filed(facts: Iterable[model.Fact], kind: type[F]) -> Iterator[tuple[str, F]]:
    for item in facts:
        if isinstance(item, kind):
            yield from ((api, item) for api in item.api)
