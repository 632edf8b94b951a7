"""Fixes in rounds: applied in memory, checked again, and kept only where they did what they promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field, replace
from operator import attrgetter

from mlsec_lint.findings import Finding, Report, Safety, Suppressed
from mlsec_lint.fixes.choice import chosen
from mlsec_lint.fixes.document import Document, UnchangeableError
from mlsec_lint.record import dataclass
from mlsec_lint.repair import digest_of

MOST_ROUNDS = 10
"""A fix that makes room for another is rare, and one for a tenth a mistake of a rule."""

Recheck = Callable[[Mapping[str, bytes]], Report]
"""Checks files, by path as reports show it, as if they held these bytes."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A file with fixes applied."""

    path: str
    """As reports show it."""
    before: bytes
    after: bytes
    fixed: tuple[Finding, ...]
    """The findings that are gone."""
    left: tuple[Finding, ...] = ()
    """Those that are still there."""
    suppressed: tuple[Suppressed, ...] = ()
    baselined: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What fixes make of the files of a report; nothing is written yet."""

    before: Report
    files: tuple[Mended, ...]
    refused: Mapping[str, str]
    """Why a file is left as it was, by its path."""

    @property
    def report(self) -> Report:
        """What is left to say, with a note for each file that could not be mended."""
        changed = {file.path for file in self.files}
        kept = [item for item in self.before.findings if item.location.path not in changed]
        answered = [item for item in self.before.suppressed if item.comment.path not in changed]
        left = [item for file in self.files for item in file.left]
        known = [item for item in self.before.baselined if item.location.path not in changed]
        notes = [f"{path} is left as it was: {why}" for path, why in sorted(self.refused.items())]
        return replace(
            self.before,
            findings=tuple(sorted((*kept, *left), key=attrgetter("order"))),
            suppressed=(*answered, *(item for file in self.files for item in file.suppressed)),
            baselined=(*known, *(item for file in self.files for item in file.baselined)),
            notes=(*self.before.notes, *notes),
        )

    def without(self, refused: Mapping[str, str]) -> Outcome:
        """The same where some files could not be written after all, with the reasons."""
        files = tuple(file for file in self.files if file.path not in refused)
        return Outcome(self.before, files, {**self.refused, **refused})


@dataclass(slots=True)
class _Rounds:
    safeties: AbstractSet[Safety]
    read: Callable[[str], bytes]
    recheck: Recheck
    findings: dict[str, tuple[Finding, ...]]
    """What was found last, by file."""
    files: dict[str, Mended] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def next(self) -> bool:
        """Go through one round; whether anything has changed."""
        tried = {path: made for path in sorted(self.findings) if (made := self._tried(path)) is not None}
        if tried:
            report = self.recheck({path: made.after for path, made in tried.items()})
            for made in tried.values():
                self._judge(made, report)
        return bool(tried)

    def _tried(self, path: str) -> Mended | None:
        fixed, edits = chosen(self.findings[path], self.safeties)
        if not fixed or path in self.refused:
            return None
        try:
            known = self.files.get(path)
            data = known.after if known else self.read(path)
            document = Document.of(data, path)
            _check_unchanged(document, fixed)
            after = document.with_edits(edits)
        except UnchangeableError as error:
            self._refuse(path, str(error))
            return None
        if known is None:
            return Mended(path, data, after, fixed)
        return Mended(path, known.before, after, (*known.fixed, *fixed))

    def _judge(self, made: Mended, report: Report) -> None:
        path = made.path
        found = tuple(item for item in report.findings if item.location.path == path)
        fixed = made.fixed[len(self.files[path].fixed) :] if path in self.files else made.fixed
        wrong = next((problem.message for problem in report.problems if problem.path == path), "")
        wrong = wrong and f"its fixed text could not be checked: {wrong}"
        wrong = wrong or _unmended(self.findings[path], fixed, found)
        if wrong:
            self._refuse(path, wrong)
            return
        suppressed = tuple(item for item in report.suppressed if item.comment.path == path)
        known = tuple(item for item in report.baselined if item.location.path == path)
        self.files[path] = replace(made, left=found, suppressed=suppressed, baselined=known)
        self.findings[path] = found

    def _refuse(self, path: str, why: str) -> None:
        self.refused[path] = why
        self.files.pop(path, None)


def mend(report: Report, safeties: AbstractSet[Safety], read: Callable[[str], bytes], recheck: Recheck) -> Outcome:
    """Apply the fixes of a report's findings as far as they go.

    `read` gives the bytes of a file and raises UnchangeableError for one that is not to be changed. A file is left as it
    was when its new text does not parse, still has a finding that was to be fixed, or has one that it had not.
    """
    rounds = _Rounds(safeties, read, recheck, by_file(report.findings))
    for _ in range(MOST_ROUNDS):
        if not rounds.next():
            break
    return Outcome(report, tuple(rounds.files[path] for path in sorted(rounds.files)), rounds.refused)


def by_file(findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    """Findings by the file that they lie in."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.location.path, []).append(finding)
    return {path: tuple(items) for path, items in found.items()}


def _check_unchanged(document: Document, mended: Sequence[Finding]) -> None:
    digests = {finding.fix.digest for finding in mended if finding.fix is not None and finding.fix.digest}
    if digests - {digest_of(document.source)}:
        raise UnchangeableError("it has changed since it was checked; run it again")


def _unmended(before: Sequence[Finding], fixed: Sequence[Finding], after: Sequence[Finding]) -> str:
    """What is wrong with the findings after a fix; empty when they are those from before without the fixed ones."""
    there, now = Counter(_rules(before)), Counter(item.rule for item in after)
    for rule in sorted(now):
        if now[rule] > there[rule]:
            return f"{rule} would be found there after the fix"
    for rule in sorted({item.rule for item in fixed}):
        gone = [item.severity for item in fixed if item.rule == rule]
        least = min(gone)  # what is left may be found once more, as something less bad
        known, left = (sum(item.rule == rule and item.severity >= least for item in some) for some in (before, after))
        if left > known - len(gone):
            return f"{rule} is still found after its fix"
    return ""


def _rules(findings: Iterable[Finding]) -> Iterable[str]:
    """Their rules, and those that they speak for: when the worst of a place is gone, the next one speaks."""
    return (rule for finding in findings for rule in (finding.rule, *finding.also))
