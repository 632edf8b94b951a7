"""Which results may be kept for the files that are checked next: those that depend on the code alone.

What is asked for while it is being evaluated (a recursion, imports in a circle) is unknown at that moment. A result that
rests on such an answer depends on where the evaluation began; it holds for the file that is being checked and is then
forgotten. So what is found in a file never depends on the files that were checked before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mlsec_lint.flow.budget import Budget

MAX_IMPURE = 30_000
"""Steps spent, for one checked file, on results that are forgotten; after that functions in circles are unknown."""


@dataclass(slots=True)
class Watched:
    """What became of an evaluation."""

    is_impure: bool = False


@dataclass(slots=True)
class Purity:
    """Counts the answers that depend on where the evaluation began."""

    budget: Budget
    _impure: int = 0
    _spent: int = 0
    _forget: list[Callable[[], object]] = field(default_factory=list)

    def spoil(self) -> None:
        """Whatever is being evaluated rests on an answer that depends on where the evaluation began."""
        self._impure += 1

    @property
    def is_exhausted(self) -> bool:
        """Whether no more is spent on results that will be forgotten."""
        return self._spent > MAX_IMPURE

    @contextmanager
    def watch(self, forget: Callable[[], object]) -> Iterator[Watched]:
        """Around the evaluation of one thing, whose steps are counted by themselves; `forget` is called if it is impure."""
        impure, spent, self.budget.spent = self._impure, self.budget.spent, 0
        watched = Watched()
        try:
            yield watched
        except BaseException:  # it was cut short: what it leaves behind says nothing
            self.spoil()
            raise
        finally:
            own, self.budget.spent = self.budget.spent, spent
            if self._impure != impure:
                watched.is_impure = True
                self._spent += own
                self._forget.append(forget)

    def forget(self) -> None:
        """Begin with another file."""
        for forget in self._forget:
            forget()
        self._forget.clear()
        self._impure = self._spent = 0
