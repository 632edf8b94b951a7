"""The modules around the checked one: what an import means, evaluated as far as the checked module asks for it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial

from mlsec_lint.flow import definition as de
from mlsec_lint.flow.budget import Budget
from mlsec_lint.flow.evaluation import Depth, Evaluation, Summary
from mlsec_lint.flow.functions import MAX_CALL_DEPTH, evaluated, summarise
from mlsec_lint.flow.module_scope import ModuleScope
from mlsec_lint.flow.purity import Purity
from mlsec_lint.flow.value import MAX_PATHS, UNKNOWN, Value, join, join_all
from mlsec_lint.imports import dotted
from mlsec_lint.imports.library import Library, ProjectModule
from mlsec_lint.record import replace
from mlsec_lint.syntax.bounds import BoundExceeded

MAX_RESOLVING = 200
"""Imports that are looked up for one another, one inside the other: names that are handed on from file to file."""

MAX_NODES = 250_000
"""Nodes of other modules' code that are kept, each with what is known of it: 350 bytes, over projects of all kinds."""

Make = Callable[[ProjectModule, Budget], Evaluation]
Matters = Callable[[ProjectModule, str], bool]


class Program:
    """The other modules of the project: each is evaluated once while there is room, in terms that hold for all files."""

    def __init__(self, library: Library, make: Make, matters: Matters) -> None:
        """`make` starts the evaluation of a module; `matters` tells whether a name of a module can lead to a source or sink."""
        self._library, self._make, self._matters = library, make, matters
        self._wanted = matters
        self._purity = Purity(Budget(), library)
        self._scopes: dict[str, ModuleScope] = {}
        self._resolved: dict[tuple[str, str], Value | None] = {}
        self._completed: dict[de.ClassDefinition, bool] = {}
        """Classes whose attributes are known (False: are being found out)."""
        self._completing: list[de.ClassDefinition] = []
        self._resolving: set[tuple[str, str]] = set()
        self._depth = Depth()
        self.nodes = 0
        """Those of all code that was evaluated."""

    def begin(self, wanted: Matters) -> None:
        """Begin with a file; `wanted` tells whether a name of a module can lead to what is of interest for it."""
        self._wanted = wanted
        self._purity.begin()
        self._resolving.clear()
        self._completing.clear()
        if self.nodes > MAX_NODES:
            self._forget_all()

    def _forget_all(self) -> None:
        """Begin anew: values hold definitions, and these the modules they stand in, so that no part can go alone."""
        self.nodes = 0
        self._scopes.clear()
        self._resolved.clear()
        self._completed.clear()
        self._purity.forget_all()
        gc.collect()  # they also hold each other, and Python rarely looks for such circles

    def imported(self, path: str, importer: str) -> tuple[de.Definition, ...]:
        """What stands for an import (`service.predict`, `.model`) until somebody uses it; nothing if it is not ours."""
        parent, _ = dotted.split(path)
        ours = bool(parent) and self._library.has(parent, importer)
        return (de.Imported(path, importer),) if ours or self._library.has(path, importer) else ()

    def resolve(self, item: de.Imported) -> Value | None:
        """What an import is; None when nothing of the project's says."""
        key = (item.path, item.importer)
        if key in self._resolved:
            self._purity.touch(key)
            return self._resolved[key]
        if key in self._resolving:  # imports that go round in a circle
            self._purity.touch(key)
            return None
        if len(self._resolving) >= MAX_RESOLVING:
            self._purity.spoil()
            return None
        self._resolving.add(key)
        with self._purity.watch(key, lambda: None) as watched:
            found = self._find(item)
        self._resolving.discard(key)
        if not watched.is_impure:
            self._resolved[key] = found
        return found

    def _find(self, item: de.Imported) -> Value | None:
        parent, name = dotted.split(item.path)
        owner = self._library.find(parent, item.importer) if parent else None
        if owner is not None and owner.file == item.importer:  # `from . import model` in the package itself
            inner = self._library.find(item.path, item.importer)
            if inner is not None:
                return _module(inner)
        if owner is not None and (self._library.binds(owner, name) or self._library.stars(owner)):
            found = self.member(owner, name)
            if found is not None:
                return found
        module = self._library.find(item.path, item.importer)
        return _module(module) if module is not None else None

    def member(self, module: ProjectModule, name: str) -> Value | None:
        """A name of a module: what its code sets, or a module inside it."""
        found = self._scope(module).own(name)
        if found is not None:
            return self.resolved(found)
        return self._inner(module, name)

    def _inner(self, module: ProjectModule, name: str) -> Value | None:
        inner = self._library.find(f".{name}", module.file) if module.is_package else None
        return _module(inner) if inner is not None else None

    def resolved(self, value: Value) -> Value:
        """A value with what its imports mean."""
        imports = [item for item in value.definitions if isinstance(item, de.Imported)]
        if not imports:
            return value
        rest = tuple(item for item in value.definitions if not isinstance(item, de.Imported))
        bare = replace(value, definitions=rest)
        meant = [found for item in imports if (found := self.resolve(item)) is not None]
        if not meant:
            return bare
        known = join_all(meant)
        if not any(isinstance(item, de.FunctionDefinition) for item in known.definitions):
            known = replace(known, paths=tuple(dict.fromkeys((*value.paths, *known.paths)))[:MAX_PATHS])
        return known if bare == Value(paths=value.paths) else join(bare, known)

    def from_stars(self, stars: tuple[str, ...], importer: str, name: str) -> Value | None:
        """A name that comes by a `from m import *`, `m` being as the file `importer` names it; the last that has it counts."""
        for source in self._library.behind_stars(stars, importer):
            found = None
            if not name.startswith("_") or self._library.binds(source, "__all__"):
                binds = self._library.binds(source, name)
                found = self._scope(source).here(name) if binds else self._inner(source, name)
            if found is not None:
                return self.resolved(found)
        return None

    def _scope(self, module: ProjectModule) -> ModuleScope:
        """The variables of a module; nothing of it is evaluated yet."""
        if module.file not in self._scopes:
            at = self._make(module, self._purity.budget)
            at.program, at.depth = self, self._depth
            at.frame.scope = self._scopes[module.file] = ModuleScope(module, at, self._purity)
        return self._scopes[module.file]

    def summary(self, definition: de.FunctionDefinition) -> Summary:
        """What a function does, in terms of its parameters. Raises `BoundExceeded` for one of the checked file."""
        if definition.home.module is not None and definition.owner is not None:
            self.complete(definition.owner)
        return summarise(definition)

    def remembered(self, definition: de.FunctionDefinition) -> Summary:
        """What a function of another module does, evaluated if nobody has asked before."""
        place, at = definition.node.place, definition.home
        if place not in at.summaries:
            return self._evaluated(definition)
        self._purity.touch((at.file, place))
        return at.summaries[place] or Summary(UNKNOWN)

    def _evaluated(self, definition: de.FunctionDefinition) -> Summary:
        place, at = definition.node.place, definition.home
        if at.depth.calls > MAX_CALL_DEPTH:
            self._purity.spoil()
            return Summary(UNKNOWN)
        if self._purity.is_exhausted:
            return Summary(UNKNOWN)
        at.summaries[place] = None
        with self._purity.watch((at.file, place), lambda: at.summaries.pop(place, None)):
            try:
                with self._scopes[at.file].apart((at.file, place)):
                    summary = at.summaries[place] = evaluated(definition)
            except BoundExceeded:
                summary = at.summaries[place] = Summary(UNKNOWN)
        return summary

    def matters(self, definition: de.FunctionDefinition, at: Evaluation) -> bool:
        """Whether a function of another module can lead to a source or a sink, whatever it is given.

        Seen from the checked file, to one of interest for it.
        """
        module = definition.home.module
        ask = self._wanted if at.module is None else self._matters
        return module is not None and ask(module, definition.qualname.partition(".")[0])

    def complete(self, owner: de.ClassDefinition) -> None:
        """Find out what the attributes of a class of another module hold: its methods that set any, in order, once."""
        if owner.home.module is None:
            for base in owner.ancestors():
                if base.home.module is not None:
                    self.complete(base)
            return
        done = self._completed.get(owner)
        if done or (done is False and self._completing[-1] is not owner):  # a class that needs one that needs it
            self._purity.touch(owner)
        if done is not None:
            return
        self._completed[owner] = False
        self._completing.append(owner)
        with self._purity.watch(owner, lambda: self._forget(owner)):
            for base in owner.base_classes():
                self.complete(base)
            for method in owner.setters():
                self.summary(method)
        self._completing.pop()
        self._completed[owner] = True

    def changed(self, owner: de.ClassDefinition) -> None:
        """A function of a class was evaluated as the checked file registers it: what it stored is forgotten with the file."""
        for one in (owner, *owner.ancestors()):
            if one.home.module is not None:
                self._purity.hold(one, partial(self._forget, one))

    def _forget(self, owner: de.ClassDefinition) -> None:
        self._completed.pop(owner, None)
        owner.attributes.clear()
        for method in owner.setters():
            owner.home.summaries.pop(method.node.place, None)


def _module(module: ProjectModule) -> Value:
    return Value(definitions=(de.ModuleDefinition(module),))
