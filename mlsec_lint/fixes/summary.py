"""One sentence on what fixes have done, and on what more there is."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from mlsec_lint.findings import Safety
from mlsec_lint.fixes.rounds import Outcome
from mlsec_lint.quantity import count


def summary(outcome: Outcome, safeties: AbstractSet[Safety], *, would: bool = False) -> str:
    """`fixed 3 findings in 2 files; 4 more with --unsafe-fixes`."""
    number = sum(len(file.fixed) for file in outcome.files)
    said = f"{'would fix' if would else 'fixed'} {count(number, 'finding')}"
    if outcome.files:
        said += f" in {count(len(outcome.files), 'file')}"
    left = [item for item in outcome.report.findings if item.fix is not None and item.fix.safety not in safeties]
    return f"{said}; {len(left):,} more with --unsafe-fixes" if left else said
