"""Which findings are shown, and which option shows the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.selection import candidate_of_check, candidate_of_rule, specificity
from mlsec_lint.config.settings import Settings
from mlsec_lint.findings import Finding, Profile, Severity
from mlsec_lint.sources.patterns import Patterns

_ID_PREFIX = re.compile(r"B\d*", re.ASCII)


class Screen:
    """Screens the findings of the files that share their settings."""

    def __init__(self, settings: Settings, catalogue: Catalogue, root: Path) -> None:
        """`root` is the directory that the findings' paths start from."""
        self._settings = settings
        self._root = root
        self._asked_for = catalogue.named | _prefixed(settings, catalogue)
        self._ignores = [(Patterns([glob]), _ids(names, catalogue)) for glob, names in settings.per_file_ignores]
        self.hidden: Counter[str] = Counter()
        """How many findings were kept back so far, by the option that shows them."""

    def shown(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings that pass; the others are counted in `hidden`."""
        passed = []
        for finding in findings:
            option = self._option(finding)
            if option:
                self.hidden[option] += 1
            else:
                passed.append(finding)
        return tuple(passed)

    def _option(self, finding: Finding) -> str:
        """The option that shows a finding which is kept back; empty for one that is shown."""
        if self._is_ignored(finding):
            return "--isolated"
        needed = needed_profile(finding)
        if needed > self._settings.profile and finding.rule not in self._asked_for:
            return f"--profile {needed.label}"
        if finding.severity < self._settings.min_severity:
            return f"--min-severity {finding.severity.label}"
        if finding.confidence < self._settings.min_confidence:
            return f"--min-confidence {finding.confidence.label}"
        return ""

    def _is_ignored(self, finding: Finding) -> bool:
        if not self._ignores:
            return False
        path = self._root / finding.location.path
        if not path.is_relative_to(self._settings.base):
            return False
        shown = path.relative_to(self._settings.base).as_posix()
        return any(finding.rule in ids and patterns.decide(shown, folder=False) for patterns, ids in self._ignores)


def needed_profile(finding: Finding) -> Profile:
    """The first profile that shows a finding; what is merely worth knowing never shows in `default`."""
    return max(finding.profile, Profile.STRICT) if finding.severity == Severity.INFO else finding.profile


def _prefixed(settings: Settings, catalogue: Catalogue) -> frozenset[str]:
    """Bandit's checks selected by a beginning such as `B` or `B6`: whoever asks so wants what Bandit itself would say."""
    given = [name for name in (*settings.select, *settings.extend_select) if _ID_PREFIX.fullmatch(name)]
    return frozenset(check for check in catalogue.active_bandit if any(map(check.startswith, given)))


def _ids(names: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    """The ids that selectors of `per-file-ignores` mean."""
    rules = map(candidate_of_rule, catalogue.pack.rules)
    known = [*rules, *map(candidate_of_check, catalogue.bandit.values())]
    return frozenset(candidate.id for candidate in known for name in names if specificity(name, candidate) >= 0)
