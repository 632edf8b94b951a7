"""Where a name of another module can lead: the kinds of sources and sinks in the code that stands behind it.

Over-approximates like the funnel, by words alone: nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache, partial, reduce
from operator import or_

from mlsec_lint.imports import dotted
from mlsec_lint.imports.grounds import Grounds, together
from mlsec_lint.imports.library import Library, ProjectModule
from mlsec_lint.imports.questions import MENTIONED, MENTIONS, REACH, WORDS, answer
from mlsec_lint.match.pieces import pieces_of, successors
from mlsec_lint.match.stories import CALL
from mlsec_lint.match.wake import Funnel, Neighbours
from mlsec_lint.syntax.outline import Outline

MAX_NAMES = 200
"""Names of modules that are followed from one import; a story that leads further is none that anybody follows."""

MAX_HOPS = 3
"""Files that a story goes through after the first."""

Node = tuple[str, str]
"""A file, absolute, and a name of the module in it; answers are kept longer than there is room for modules."""

Used = tuple[ProjectModule, str]
"""A module and a name of it."""

Words = Callable[[], frozenset[str]]

Mentioned = Callable[[ProjectModule], list[str]]
"""Which names of a module are mentioned, sorted."""


class Reach:
    """What imports can lead to; answers are remembered as long as the library lives."""

    def __init__(self, library: Library, funnel: Funnel) -> None:
        self._library, self._funnel = library, funnel
        self._kinds: dict[Node, tuple[int, Grounds]] = {}
        """The kinds behind a name, and what this rests on."""
        self._steps: dict[Node, tuple[int, tuple[Node, ...], Grounds]] = {}
        """What a name says itself, the names that it uses, and what this rests on."""
        self._own: dict[str, list[int]] = {}
        self._words: dict[str, int] = {}

    def kinds_of(self, module: ProjectModule, name: str) -> int:
        """The kinds of sources and sinks behind a name, as bits."""
        node = (module.file, name)
        if node not in self._kinds:
            self._kinds[node] = self._follow(node)
        kinds, grounds = self._kinds[node]
        self._library.inquiry.add(grounds)
        return kinds & ~CALL

    def neighbours(self, outlines: Sequence[Outline], file: str, through: Collection[str] = ()) -> Neighbours:
        """What a file imports from the project; of interest is what comes from the files of `through`, if there are any."""
        words = cache(lambda: _words(outlines))

        def mentioned(module: ProjectModule) -> list[str]:
            return sorted(self._library.names(module) & words())

        kinds: dict[str, int] = {}
        around: dict[str, int] = {}
        for bound, path in (item for outline in outlines for item in outline.imported):
            for other in self._modules(path, file):
                around[bound] = around.get(bound, 0) | self._around(other)
            for module, name in self._targets(path, file, mentioned, star=bound == "*"):
                shown = name if bound == "*" else bound
                if not through or module.file in through:
                    kinds[shown] = kinds.get(shown, 0) | self.kinds_of(module, name)
                around[shown] = around.get(shown, 0) | self._around(module.file)
        return Neighbours({name: found for name, found in kinds.items() if found}, around, bool(through))

    def _modules(self, path: str, file: str) -> Iterator[str]:
        """The files of the project that an import speaks of: what it names, and where that stands."""
        for name in dotted.readings(path):
            found = self._library.locate(name, file)
            if found is not None:
                yield found

    def answer(self, file: str, question: str) -> str:
        """What a module says to one of the `questions`, as it is now. Raises KeyError for any other."""
        kind, _, name = question.partition(" ")
        if kind == WORDS:
            return format(self._bits_around(file), "x")
        module = self._library.open(file)
        if module is None or kind not in {REACH, MENTIONS, MENTIONED}:
            return answer(module, question)
        if kind == REACH:
            return _said(*self._behind_name(module, name, self._chunks(module, name)))
        name, _, path = name.partition(" ")
        other = self._library.open(self._library.file_of(path))
        if other is None:
            return ""
        by, of = (module, other) if kind == MENTIONS else (other, module)
        return " ".join(sorted(of.binders.keys() & _words_of(by, self._chunks(by, name))))

    def _around(self, file: str) -> int:
        self._library.inquiry.note(file, WORDS, lambda: format(self._bits_around(file), "x"))
        return self._bits_around(file)

    def _bits_around(self, file: str) -> int:
        if file not in self._words:
            self._words[file] = self._funnel.around(self._library.words(file))
        return self._words[file]

    def _follow(self, start: Node) -> tuple[int, Grounds]:
        kinds = 0
        rests_on: list[Grounds] = []
        seen = {start}
        layer = [start]
        for _ in range(MAX_HOPS + 1):
            inner: dict[Node, None] = {}
            for node in layer:
                found, leads_to, grounds = self._step(node)
                kinds |= found
                rests_on.append(grounds)
                inner.update(dict.fromkeys(leads_to))
            layer = [node for node in inner if node not in seen][: MAX_NAMES - len(seen)]
            seen.update(layer)
        return kinds, together(rests_on)

    def _step(self, node: Node) -> tuple[int, tuple[Node, ...], Grounds]:
        """The kinds in the statements behind a name, and the names of other modules that these use."""
        if node not in self._steps:
            outer = self._library.inquiry.begin()
            kinds, leads_to = self._read(*node)
            self._steps[node] = kinds, leads_to, self._library.inquiry.end(outer)
        return self._steps[node]

    def _read(self, file: str, name: str) -> tuple[int, tuple[Node, ...]]:
        module = self._library.open(file)
        if module is None:
            return 0, ()
        chunks = self._chunks(module, name)
        kinds, imported = self._behind_name(module, name, chunks)
        self._library.inquiry.note(file, f"{REACH} {name}", lambda: _said(kinds, imported))
        words = cache(partial(_words_of, module, chunks))
        mentioned = partial(self._mentioned_behind, module, name, words)
        uses = self._used(imported, module, name, mentioned)
        return kinds, tuple(dict.fromkeys((other.file, used) for other, used in uses))

    def _behind_name(
        self, module: ProjectModule, name: str, chunks: Sequence[int]
    ) -> tuple[int, list[tuple[str, str]]]:
        """Of the statements behind a name: the kinds of sources and sinks, and what they import and use."""
        own = self._kinds_in(module)
        kinds = reduce(or_, (own[index] for index in chunks), 0)
        outlines = [module.outlines[index] for index in chunks]
        imported = [item for outline in outlines for item in outline.imported]
        used = frozenset((name, "*")).union(*(outline.loads for outline in outlines)) if imported else frozenset()
        return kinds, [(bound, path) for bound, path in imported if bound in used]

    def _chunks(self, module: ProjectModule, name: str) -> list[int]:
        """The statements behind a name of a module: those that set it, and those that set what they read."""
        outlines = module.outlines
        chosen = set(module.binders.get(name, ()))
        pending, known = list(chosen), {name}
        while pending:
            loads = outlines[pending.pop()].loads & module.binders.keys()
            for load in loads - known:
                new = set(module.binders[load]) - chosen
                chosen |= new
                pending.extend(new)
            known |= loads
        return sorted(chosen)

    def _kinds_in(self, module: ProjectModule) -> list[int]:
        """What each statement of a module mentions itself."""
        if module.file not in self._own:
            outlines = module.outlines
            words = self._bits_around(module.file)
            imported = {
                bound: words for item in outlines for bound, path in item.imported if self._is_ours(path, module)
            }
            pieces = pieces_of(outlines)
            own = self._own[module.file] = [0] * len(outlines)
            for piece, meaning in zip(
                pieces, self._funnel.meanings(pieces, successors(pieces), imported, module.package), strict=True
            ):
                own[piece.chunk] |= meaning
        module.slim()
        return self._own[module.file]

    def _is_ours(self, path: str, module: ProjectModule) -> bool:
        """Whether an import leads to another file of the project; nothing is read."""
        parent, _ = dotted.split(path)
        return path.startswith(".") or self._library.has(parent or path, module.file)

    def _used(
        self, imported: Iterable[tuple[str, str]], module: ProjectModule, name: str, mentioned: Mentioned
    ) -> Iterator[Used]:
        """The names of other modules that the imports behind a name give."""
        for bound, path in imported:
            handed_on = bound == name and self._library.find(path, module.file)
            if handed_on:  # a module that whoever asks will name things of
                yield from ((handed_on, item) for item in sorted(self._library.names(handed_on)))
            else:
                yield from self._targets(path, module.file, mentioned, star=bound == "*")

    def _mentioned_behind(self, module: ProjectModule, name: str, words: Words, other: ProjectModule) -> list[str]:
        """The names of another module that are mentioned behind a name; either module can change that."""
        found = sorted(other.binders.keys() & words())
        self._library.inquiry.note(module.file, f"{MENTIONS} {name} {other.path}", lambda: " ".join(found))
        self._library.inquiry.note(other.file, f"{MENTIONED} {name} {module.path}", lambda: " ".join(found))
        return found

    def _targets(self, path: str, importer: str, mentioned: Mentioned, *, star: bool) -> Iterator[Used]:
        """What an import gives: a name, or of a whole module the names that are mentioned beside it."""
        parent, name = dotted.split(path)
        owner = self._library.find(parent, importer) if parent and not star else None
        is_own = owner is not None and owner.file == importer and self._library.has(path, importer)
        if owner is not None and self._library.binds(owner, name) and not is_own:
            yield owner, name
            return
        if owner is not None:
            yield from ((source, name) for source in self._behind(owner) if self._library.binds(source, name))
        module = self._library.find(path, importer)
        if module is not None:
            for source in (module, *self._behind(module)):
                yield from ((source, item) for item in mentioned(source))

    def _behind(self, module: ProjectModule) -> Iterator[ProjectModule]:
        """The modules of which a module hands on every name."""
        return (
            source
            for source in self._library.behind_stars(self._library.stars(module), module.file)
            if source is not module
        )


def _said(kinds: int, imported: Iterable[tuple[str, str]]) -> str:
    """The answer to `REACH`."""
    return "\n".join((format(kinds, "x"), *(f"{bound} {path}" for bound, path in imported)))


def _words_of(module: ProjectModule, chunks: Sequence[int]) -> frozenset[str]:
    return _words([module.outlines[index] for index in chunks])


def _words(outlines: Iterable[Outline]) -> frozenset[str]:
    return frozenset[str]().union(*(outline.words for outline in outlines))
