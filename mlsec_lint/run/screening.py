"""Which findings are shown, and which option shows the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.selection import specificity
from mlsec_lint.config.settings import Settings
from mlsec_lint.findings import Finding, Profile, Severity

_ID_PREFIX = re.compile(r"B\d*", re.ASCII)


if TYPE_CHECKING:
    from mlsec_lint.config.per_file import PerFile


class Screen:
    """Screens the findings of the files that share their settings."""

    def __init__(self, settings: Settings, catalogue: Catalogue, root: Path) -> None:
        """`root` is the directory that the findings' paths start from."""
        self._settings = settings
        self._root = root
        self._asked_for = catalogue.named | _prefixed(settings, catalogue)
        self._known = {candidate.id: candidate for candidate in catalogue.candidates}
        self._selects = _per_file(settings.per_file_select, settings.base)
        self._ignores = _per_file(settings.per_file_ignores, settings.base)
        self.kept_back: list[tuple[Finding, str]] = []
        """The findings that were kept back so far, each with the option that shows it."""

    def shown(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings that pass; the others are added to `kept_back`."""
        passed = []
        for finding in map(self._weighed, findings):
            option = self._option(finding)
            if option:
                self.kept_back.append((finding, option))
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

    def _weighed(self, finding: Finding) -> Finding:
        """The finding as severe as the configuration says."""
        table = self._settings.severity
        candidate = self._known.get(finding.rule) if table else None
        if candidate is None:
            return finding
        fit, severity = max(((specificity(name, candidate), severity) for name, severity in table), key=_FIT)
        return finding if fit < 0 else replace(finding, severity=severity)

    def _is_ignored(self, finding: Finding) -> bool:
        if not (self._selects or self._ignores):
            return False
        path = self._root / finding.location.path
        selected = self._selects.selectors(path) if self._selects else None
        ignored = self._ignores.selectors(path) if self._ignores else None
        wanted = selected is None or self._is_one_of(finding, (*selected, *self._settings.extend_select))
        return not wanted or self._is_one_of(finding, ignored or ())

    def _is_one_of(self, finding: Finding, names: Iterable[str]) -> bool:
        candidate = self._known.get(finding.rule)
        return candidate is not None and any(specificity(name, candidate) >= 0 for name in names)


_FIT = itemgetter(0)


def _per_file(table: Iterable[tuple[str, tuple[str, ...]]], base: Path) -> PerFile | None:
    if not table:
        return None
    from mlsec_lint.config.per_file import PerFile  # few projects need it

    return PerFile(table, base)


def needed_profile(finding: Finding) -> Profile:
    """The first profile that shows a finding; what is merely worth knowing never shows in `default`."""
    return max(finding.profile, Profile.STRICT) if finding.severity == Severity.INFO else finding.profile


def _prefixed(settings: Settings, catalogue: Catalogue) -> frozenset[str]:
    """Bandit's checks selected by a beginning such as `B` or `B6`: whoever asks so wants what Bandit itself would say."""
    given = [name for name in (*settings.select, *settings.extend_select) if _ID_PREFIX.fullmatch(name)]
    return frozenset(check for check in catalogue.active_bandit if any(map(check.startswith, given)))
