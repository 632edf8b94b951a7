"""How much an evaluation may do: counts, not times, so that the same code always gives the same answer."""

from __future__ import annotations

from mlsec_lint.record import dataclass
from mlsec_lint.syntax.bounds import BoundExceeded

MAX_EVALUATIONS = 300_000
"""Expressions evaluated for one file, or for one function of another file; the longest of ten thousand real files need 70,000."""


@dataclass(slots=True)
class Budget:
    """Counts steps."""

    limit: int = MAX_EVALUATIONS
    spent: int = 0

    def charge(self, steps: int) -> None:
        """Count steps. Raises `BoundExceeded`."""
        self.spent += steps
        if self.spent > self.limit:
            raise BoundExceeded(f"following the data takes more than {self.limit:,} steps")
