"""A baseline laid over what a run has found."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from mlsec_lint.baseline.code import is_secretive
from mlsec_lint.baseline.entry import Entries, Key, key_of
from mlsec_lint.baseline.errors import BaselineError
from mlsec_lint.baseline.matching import match
from mlsec_lint.catalogue.families import SUPPRESSIONS, family_of
from mlsec_lint.findings import Finding, Problem, Report
from mlsec_lint.masking import without_lengths
from mlsec_lint.quantity import count
from mlsec_lint.record import dataclass
from mlsec_lint.run.seen import Seen
from mlsec_lint.sources.discovery import shown_path
from mlsec_lint.sources.lines import split_lines
from mlsec_lint.sources.reading import read, read_text


@dataclass(frozen=True, slots=True)
class Laid:
    """A baseline beside what was found."""

    known: tuple[Key | None, ...]
    """For each finding of the run that is shown the entry that knows it."""
    keys: tuple[Key, ...]
    """The keys of those findings."""
    stale: Entries
    """What of the baseline matches nothing any more, as far as the run can tell, sorted."""
    kept: Entries
    """What stays in any case: what the run cannot judge (other files, rules that did not run, files that were not analysed),
    and what stands for findings that the profile or a threshold keeps back."""
    is_whole: bool
    """Whether every file that the baseline names was looked at, or is gone."""


def lay(entries: Entries, file: Path, seen: Seen, last: AbstractSet[Finding] = frozenset()) -> Laid:
    """Lay the entries of a baseline file over what a run has found; of findings with one key those in `last` are new first."""
    keys = Keys(file.parent, seen)
    found = [*seen.findings, *seen.kept_back]
    of_findings = tuple(map(keys.of, found))
    order = sorted(range(len(found)), key=lambda index: (index >= len(seen.findings), found[index] in last))
    matching = match(entries, [of_findings[index] for index in order], keys.is_gone)
    known: list[Key | None] = [None] * len(found)
    for index, entry in zip(order, matching.known, strict=True):
        known[index] = entry
    looked_at = frozenset(map(keys.path, seen.looked_at))
    rules = seen.rules
    stale = {
        key: number
        for key, number in matching.left.items()
        if keys.is_gone(key.path)
        or (key.path in looked_at and (key.rule in rules or family_of(key.rule) == SUPPRESSIONS))
    }
    shown = len(seen.findings)
    unseen = {key: number for key, number in matching.left.items() if key not in stale}
    kept = Counter(unseen) + Counter(entry for entry in known[shown:] if entry is not None)
    whole = all(key.path in looked_at or keys.is_gone(key.path) for key in entries)
    return Laid(tuple(known[:shown]), of_findings[:shown], stale, kept, whole)


def baselined(report: Report, file: Path, entries: Entries, seen: Seen, last: AbstractSet[Finding]) -> Report:
    """The report with what a baseline knows kept apart, and a word on entries that match nothing any more."""
    laid = lay(entries, file, seen, last)
    shown = shown_path(file, seen.root)
    pairs = list(zip(seen.findings, laid.known, strict=True))
    notes = report.notes
    if laid.is_whole and laid.stale and not report.problems:
        number = sum(laid.stale.values())
        said = f"{count(number, 'finding')} of the baseline {'is' if number == 1 else 'are'}"
        notes = (*notes, f"{said} not there any more: `mlsec-lint baseline prune` takes them out of {shown}")
    return replace(
        report,
        findings=tuple(finding for finding, entry in pairs if entry is None),
        baselined=tuple(finding for finding, entry in pairs if entry is not None),
        baseline=shown,
        notes=notes,
    )


class Keys:
    """Gives the findings of a run their keys in a baseline; each file is read once."""

    def __init__(self, folder: Path, seen: Seen) -> None:
        """`folder` is that of the baseline, absolute."""
        self._folder, self._seen = Path(os.path.realpath(folder)), seen
        self._paths: dict[str, str] = {}
        self._lines: tuple[str, tuple[str, ...]] = ("", ())
        self._gone: dict[str, bool] = {}

    def of(self, finding: Finding) -> Key:
        """The key of a finding."""
        return key_of(self.path(finding.location.path), finding.rule, finding.qualname, self._code(finding))

    def path(self, shown: str) -> str:
        """A path of a report as the baseline has it. Raises BaselineError for one on another drive."""
        if shown not in self._paths:
            real = os.path.realpath(self._seen.root)
            try:
                self._paths[shown] = Path(os.path.relpath(Path(real, shown), self._folder)).as_posix()
            except ValueError as error:  # two drives of Windows
                step = "a baseline lies on the drive of the files that it names"
                raise BaselineError(f"{shown} has no path from {self._folder}; {step}") from error
        return self._paths[shown]

    def is_gone(self, path: str) -> bool:
        """Whether nothing lies at the path of an entry."""
        if path not in self._gone:
            self._gone[path] = not os.path.lexists(self._folder / path)
        return self._gone[path]

    def _code(self, finding: Finding) -> str:
        """The statement; what may be a secret of a notebook, which need not be Python, only as reports show it."""
        first, last = finding.statement
        is_hidden = finding.location.cell is not None and is_secretive(finding.rule)
        if not is_hidden and first > 0:
            return "\n".join(self._lines_of(finding.location.path)[first - 1 : last])
        return without_lengths(finding.frame.marked) if finding.frame else ""

    def _lines_of(self, shown: str) -> tuple[str, ...]:
        """The lines of the Python that was checked."""
        if self._lines[0] != shown:
            path = self._seen.root / shown
            given = self._seen.contents.get(str(path))
            source = read(path, shown) if given is None else read_text(given, shown)
            self._lines = (shown, () if isinstance(source, Problem) else split_lines(source.text))
        return self._lines[1]
