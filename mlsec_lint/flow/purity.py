"""Which results may be kept: those that depend on the code alone, and not on where the evaluation began.

What is asked for while it is being evaluated (a recursion, imports in a circle) is unknown at that moment. A result that
rests on such an answer holds only inside the evaluation that was asked for: it is used there, and forgotten when that
ends. So is what was read of a statement that was half evaluated, and what a class holds after a file has handed one of its
methods to a framework. The result of that evaluation itself rests on nothing around it and is kept. So what is found in a file never
depends on the files that were checked before it. (In a graph of calls these are the roots of Tarjan's components.)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import field

from mlsec_lint.flow.budget import Budget
from mlsec_lint.imports.grounds import NOTHING, Grounds
from mlsec_lint.imports.library import Library
from mlsec_lint.record import dataclass

MAX_CIRCLE = 10_000
"""Steps inside one circle, for one way to enter it; what it calls after that is unknown."""

_FILE = -1
"""Stands below all evaluations: what rests on it is forgotten with the checked file."""


@dataclass(slots=True)
class Watched:
    """What became of an evaluation."""

    depth: int
    rests_on: int
    """The depth of the outermost evaluation that was asked for while it was under way; its own if there is none."""
    steps: int = 0
    """Steps of the evaluations inside it whose results will be forgotten with it."""

    @property
    def is_impure(self) -> bool:
        """Whether the result will be forgotten."""
        return self.rests_on < self.depth


@dataclass(slots=True)
class Purity:
    """Follows the answers that depend on where the evaluation began."""

    budget: Budget
    library: Library
    _grounds: dict[Hashable, Grounds] = field(default_factory=dict)
    """What each result rests on in other modules."""
    _under_way: list[Watched] = field(default_factory=list)
    _depths: dict[Hashable, int] = field(default_factory=dict)
    """Of what is being evaluated, and of what the impure results that are still kept rest on."""
    _forget: list[tuple[Hashable, Callable[[], object]]] = field(default_factory=list)

    def touch(self, key: Hashable) -> None:
        """A result is used, or asked for while it is being evaluated."""
        self.library.inquiry.add(self._grounds.get(key, NOTHING))
        depth = self._depths.get(key)
        if depth is not None:
            self._rest_on(depth)

    def spoil(self) -> None:
        """Whatever is being evaluated rests on an answer that holds for the checked file only."""
        self._rest_on(_FILE)

    def hold(self, key: Hashable, forget: Callable[[], object]) -> None:
        """A result was changed by the checked file: it is forgotten with it, and so is what rests on it."""
        self._depths[key] = _FILE
        self._forget.append((key, forget))

    @property
    def is_exhausted(self) -> bool:
        """Whether a circle that is being evaluated has taken all the steps that it may take."""
        return any(watched.steps > MAX_CIRCLE for watched in self._under_way)

    def _rest_on(self, depth: int) -> None:
        if self._under_way:
            self._under_way[-1].rests_on = min(self._under_way[-1].rests_on, depth)

    @contextmanager
    def watch(self, key: Hashable, forget: Callable[[], object]) -> Iterator[Watched]:
        """Around the evaluation of one thing, whose steps are counted by themselves; `forget` drops its result."""
        spent, self.budget.spent = self.budget.spent, 0
        asked = self.library.inquiry.begin()
        depth, before = len(self._under_way), len(self._forget)
        watched = Watched(depth, depth)
        self._under_way.append(watched)
        self._depths[key] = depth
        try:
            yield watched
        except BaseException:  # it was cut short: what it leaves behind says nothing
            self.spoil()
            raise
        finally:
            own, self.budget.spent = self.budget.spent, spent
            grounds = self._grounds[key] = self.library.inquiry.end(asked)
            self.library.inquiry.add(grounds)
            self._under_way.pop()
            if watched.is_impure:
                self._depths[key] = watched.rests_on
                self._forget.append((key, forget))
                self._rest_on(watched.rests_on)
                if self._under_way:
                    self._under_way[-1].steps += own + watched.steps
            else:
                del self._depths[key]
                self._forget_from(before)

    def _forget_from(self, index: int) -> None:
        for key, forget in self._forget[index:]:
            self._depths.pop(key, None)
            self._grounds.pop(key, None)
            forget()
        del self._forget[index:]

    def begin(self) -> None:
        """Begin with another file."""
        self._under_way.clear()
        self._forget_from(0)

    def forget_all(self) -> None:
        """Nothing is kept any more."""
        self.begin()
        self._grounds.clear()
        self._depths.clear()
