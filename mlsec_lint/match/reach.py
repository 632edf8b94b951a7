"""Where a name of another module can lead: the kinds of sources and sinks in the code that stands behind it.

Over-approximates like the funnel, by words alone: nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlsec_lint.imports.library import Library, ProjectModule
from mlsec_lint.match.wake import Funnel
from mlsec_lint.syntax.outline import Outline

MAX_NAMES = 200
"""Names of modules that are followed from one import; a story that leads further is none that anybody follows."""

MAX_HOPS = 3
"""Files that a story goes through after the first."""

Node = tuple[ProjectModule, str]
"""A name of a module."""


class Reach:
    """What imports can lead to; answers are remembered as long as the library lives."""

    def __init__(self, library: Library, funnel: Funnel) -> None:
        self._library, self._funnel = library, funnel
        self._kinds: dict[tuple[str, str], frozenset[str]] = {}
        self._own: dict[tuple[str, int], frozenset[str]] = {}

    def kinds_of(self, module: ProjectModule, name: str) -> frozenset[str]:
        """The kinds behind a name: `source:request`, `sink:shell`."""
        key = (module.file, name)
        if key not in self._kinds:
            self._kinds[key] = self._follow([(module, name)])
        return self._kinds[key]

    def imported(self, outlines: Iterable[Outline], file: str) -> dict[str, frozenset[str]]:
        """For every name that a file imports from the project the kinds behind it, where there are any."""
        found: dict[str, frozenset[str]] = {}
        outlines = tuple(outlines)
        words = frozenset[str]().union(*(outline.words for outline in outlines))
        for bound, path in (item for outline in outlines for item in outline.imported):
            for module, name in self._targets(path, file, words, star=bound == "*"):
                kinds = self.kinds_of(module, name)
                if kinds:
                    shown = name if bound == "*" else bound
                    found[shown] = found.get(shown, frozenset()) | kinds
        return found

    def libraries(self, outlines: Iterable[Outline], file: str) -> frozenset[str]:
        """The top-level packages that the modules import from which a file imports."""
        found: set[str] = set()
        for _, path in (item for outline in outlines for item in outline.imported):
            head = path.rpartition(".")[0]
            for name in (path, head or path[: len(path) - len(path.lstrip("."))]):
                module = self._library.find(name, file) if name else None
                if module is not None:
                    found |= module.module.imports
        return frozenset(found)

    def _follow(self, start: list[Node]) -> frozenset[str]:
        kinds: set[str] = set()
        seen: set[tuple[str, str]] = set()
        layer = start
        for _ in range(MAX_HOPS + 1):
            inner: list[Node] = []
            for module, name in layer:
                if (module.file, name) not in seen and len(seen) < MAX_NAMES:
                    seen.add((module.file, name))
                    chunks = self._chunks(module, name)
                    kinds.update(*(self._kinds_in(module, index) for index in chunks))
                    inner.extend(self._imports_of(module, name, [module.outlines[index] for index in chunks]))
            layer = inner
        return frozenset(kinds)

    def _chunks(self, module: ProjectModule, name: str) -> list[int]:
        """The statements behind a name of a module: those that set it, and those that set what they read."""
        outlines = module.outlines
        chosen = set(module.binders.get(name, ()))
        pending = list(chosen)
        while pending:
            for load in outlines[pending.pop()].loads:
                new = set(module.binders.get(load, ())) - chosen
                chosen |= new
                pending.extend(new)
        return sorted(chosen)

    def _kinds_in(self, module: ProjectModule, index: int) -> frozenset[str]:
        key = (module.file, index)
        if key not in self._own:
            self._own[key] = self._funnel.kinds_in(module.outlines[index].words, module.words)
        return self._own[key]

    def _imports_of(self, module: ProjectModule, name: str, outlines: list[Outline]) -> Iterator[Node]:
        used = frozenset((name, "*")).union(*(outline.loads for outline in outlines))
        words = frozenset[str]().union(*(outline.words for outline in outlines))
        for bound, path in (item for outline in outlines for item in outline.imported):
            if bound in used:
                yield from self._targets(path, module.file, words, star=bound == "*")

    def _targets(self, path: str, importer: str, words: frozenset[str], *, star: bool) -> Iterator[Node]:
        """What an import gives: a name, or of a whole module the names that are mentioned beside it."""
        bare = path.lstrip(".")
        head, _, name = bare.rpartition(".")
        parent = path[: len(path) - len(bare)] + head
        owner = self._library.find(parent, importer) if parent and not star else None
        is_own = owner is not None and owner.file == importer and self._library.has(path, importer)
        if owner is not None and name in owner.binders and not is_own:
            yield owner, name
            return
        if owner is not None:
            yield from ((source, name) for star_ in owner.stars if (source := self._library.find(star_, owner.file)))
        module = self._library.find(path, importer)
        if module is not None:
            names = module.binders.keys() & words
            yield from ((module, item) for item in sorted(names))
