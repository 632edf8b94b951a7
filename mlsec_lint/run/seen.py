"""What a run has looked at and found: what a baseline is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlsec_lint.findings import Finding
from mlsec_lint.record import dataclass
from mlsec_lint.run.group import Group


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run has looked at, and all that it has found there."""

    root: Path
    """Absolute; paths start there."""
    findings: tuple[Finding, ...]
    """Those that the profile and the thresholds show, by path and place."""
    kept_back: tuple[Finding, ...]
    """The others."""
    looked_at: frozenset[str]
    """The files that were wholly analysed, as reports name them."""
    groups: tuple[Group, ...]
    contents: Mapping[str, bytes]
    """What was checked in the place of what some files hold, by absolute path; standard input too."""

    @property
    def rules(self) -> frozenset[str]:
        """The ids of the rules that ran; asking reads the rules."""
        active: set[str] = set()
        for group in self.groups:
            active.update(rule.id for rule in group.catalogue.rules)
            active.update(group.catalogue.active_bandit if group.bandit else ())
        return frozenset(active)
