"""The variables of an imported module: each is evaluated when somebody asks for it, and only what it needs."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from mlsec_lint.flow import definition as de
from mlsec_lint.flow.evaluation import Evaluation, Frame
from mlsec_lint.flow.purity import Purity
from mlsec_lint.flow.scope import Scope, Variables
from mlsec_lint.flow.value import Value
from mlsec_lint.imports.library import ProjectModule
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.bounds import BoundExceeded
from mlsec_lint.syntax.walk import walk

_Chunks = tuple[int, ...]


class ModuleScope(Scope):
    """The module level of a module that is evaluated piece by piece."""

    def __init__(self, module: ProjectModule, at: Evaluation, purity: Purity) -> None:
        super().__init__()
        self._module, self._at, self._purity = module, at, purity
        self._loaded: dict[_Chunks, Variables | None] = {}
        """By the statements that set them; None while they are evaluated."""
        self._now: Hashable = None
        """What `variables` belong to: the statements, or outside of these the function, that is being evaluated."""

    def own(self, name: str) -> Value | None:
        """The value of a name of the module, whether its own statements set it or a `from m import *`; None if nothing does."""
        found = self.here(name)
        if found is not None or self._at.program is None:
            return found
        stars = self._purity.library.stars(self._module)
        return self._at.program.from_stars(stars, self._module.file, name) if stars else None

    def here(self, name: str) -> Value | None:
        """The value of a name, evaluated with the statements of the module that set it; None if none does."""
        if name in self.variables:
            self._purity.touch(self._now)
            return self.variables[name]
        chunks = self._purity.library.chunks(self._module, name)
        if not chunks:
            return None
        key = (self._module.file, chunks)
        if chunks not in self._loaded:
            self._loaded[chunks] = None
            with self._purity.watch(key, lambda: self._loaded.pop(chunks, None)):
                self._loaded[chunks] = self._evaluate(chunks, name)
        loaded = self._loaded.get(chunks)
        self._purity.touch(key)
        return loaded.get(name) if loaded is not None else None

    @contextmanager
    def apart(self, key: Hashable) -> Iterator[None]:
        """Around a function: what it assigns to a `global` is seen while it is evaluated, and forgotten with that."""
        if self._now is not None:
            yield
            return
        self._now = key
        try:
            yield
        finally:
            self._now, self.variables = None, {}

    def _evaluate(self, chunks: _Chunks, name: str) -> Variables:
        at = self._at
        outer_frame, outer_variables, outer_now = at.frame, self.variables, self._now
        self._now = (self._module.file, chunks)
        at.frame, self.variables = Frame(self), {}
        try:
            for index in chunks:
                body, nodes = self._module.body(index)
                if at.program is not None:
                    at.program.nodes += nodes
                at.execute(body)
                self._set_by_functions(body, name)
        except BoundExceeded:
            pass  # what was evaluated so far counts
        finally:
            found = self.variables
            at.frame, self.variables, self._now = outer_frame, outer_variables, outer_now
        return found

    def _set_by_functions(self, body: st.Body, name: str) -> None:
        """A name that functions declare `global` holds what they assign."""
        for item in body:
            known = self._at.definitions.get(item.place) if isinstance(item, st.Function) else None
            if not isinstance(known, de.FunctionDefinition) or known.name == name or not _declares(item, name):
                continue
            if self._at.program is not None:
                if self._at.summaries.get(item.place) is not None:
                    del self._at.summaries[item.place]
                self._at.program.summary(known)


def _declares(item: st.Statement, name: str) -> bool:
    return any(isinstance(visit.node, st.Scope) and name in visit.node.names for visit in walk((item,)))
