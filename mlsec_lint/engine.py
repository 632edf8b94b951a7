"""One file: text → findings. The funnel, the three phases, Bandit's checks, and what comments answer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import accumulate
from weakref import WeakKeyDictionary

from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings
from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.findings import FileResult, Finding, Problem, Profile, Span, Suppressed
from mlsec_lint.flow.analysis import Surroundings
from mlsec_lint.imports import dotted
from mlsec_lint.imports.library import Library, ProjectModule
from mlsec_lint.imports.package import package_of
from mlsec_lint.link import link
from mlsec_lint.locate import Locator
from mlsec_lint.match.grouping import Group
from mlsec_lint.match.matched import Judged
from mlsec_lint.match.notebooks import command_secrets
from mlsec_lint.match.secrets import known_secrets, public_prefixes
from mlsec_lint.match.wake import ALONE, Live
from mlsec_lint.notebook import judge_notebook
from mlsec_lint.project.project import Project
from mlsec_lint.scan import funnel_of, program_of, reach_of, scan
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.suppressions.apply import apply
from mlsec_lint.suppressions.comments import scan as scan_comments
from mlsec_lint.suppressions.vocabulary import vocabulary_of
from mlsec_lint.syntax.bounds import BoundExceeded
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.unparsable import Unparsable
from mlsec_lint.syntax.words import words_of


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What holds for a whole run."""

    ignores: bool = True
    """Whether comments in the code may silence findings."""
    bandit: bool = True
    profile: Profile = Profile.DEFAULT
    """What the run shows; what it hides is found all the same, to be counted."""
    trusted_hosts: tuple[str, ...] = ()
    """Downloads from these hosts, and hosts below them, are no finding."""
    whole: bool = False
    """Evaluate every statement, also those that cannot matter: takes longer and gives the same answer."""
    bandit_settings: BanditSettings = DEFAULTS
    library: Library | None = None
    """The other files of the project; without, whatever a file imports is unknown."""
    through: tuple[str, ...] = ()
    """Only flows through what a file imports from these, absolute, are of interest; empty: everything is."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules said about one file, and where they have looked."""

    findings: tuple[Finding, ...] = ()
    judged: tuple[Judged, ...] = ()
    """Where rules of ours have judged in the place of Bandit's checks."""
    secrets: tuple[str, ...] = ()
    """What the rules take for secrets, beyond what the file's own texts tell."""
    has_ends: bool = False
    """Whether anything in the file can be a source or a sink."""

    def unrefined(self, findings: Sequence[Finding], module: Module) -> Iterator[Finding]:
        """Those of Bandit's findings that no rule of ours has judged; a file may have thousands of either."""
        found = {finding.rule for finding in findings}
        judged, alone = self._stretches(found, module), self._alone(found, module)
        ends = {id_: list(accumulate((span.end_line for span in spans), max)) for id_, spans in judged.items()}
        for finding in findings:
            first, last = finding.statement
            before = bisect_right(judged.get(finding.rule, []), last, key=lambda span: span.start_line)
            column = finding.location.span.start_column
            if any((finding.rule, line, column) in alone for line in range(first, last + 1)):
                continue
            if not before or ends[finding.rule][before - 1] < first:
                yield finding

    def judges(self, id_: str, line: int, module: Module) -> bool:
        """Whether a rule of ours has judged something on a line in the place of one of Bandit's checks."""
        spans = (module.span(item.place) for item in self.judged if id_ in item.rule.refines)
        return any(span.start_line <= line <= span.end_line for span in spans)

    def _alone(self, found: AbstractSet[str], module: Module) -> set[tuple[str, int, int]]:
        """Where a rule has judged one expression in the place of some checks: check, line, column."""
        places: set[tuple[str, int, int]] = set()
        for item in (item for item in self.judged if item.alone):
            for id_ in found & set(item.rule.refines):
                span = module.span(item.place)
                places.add((id_, span.start_line, span.start_column))
        return places

    def _stretches(self, found: AbstractSet[str], module: Module) -> dict[str, list[Span]]:
        """Where rules have judged in the place of some checks, in order."""
        stretches: dict[str, list[Span]] = {}
        for item in (item for item in self.judged if not item.alone):
            for id_ in found & set(item.rule.refines):
                stretches.setdefault(id_, []).append(module.span(item.place))
        return {id_: sorted(spans) for id_, spans in stretches.items()}


def check_source(source: SourceFile, project: Project, catalogue: Catalogue, options: EngineOptions) -> FileResult:
    """Check one file."""
    if not catalogue.rules:
        options = replace(options, library=None)  # Bandit's checks look at nothing else
    if options.library is not None:
        options.library.reads = 0
    try:
        module = Module(source.text)
        judgement = judge(source, module, project, catalogue, options)
        bandit, problems = run_bandit(source, module, judgement, catalogue, options)
    except (Unparsable, BoundExceeded) as error:
        return FileResult(source.path, problems=(*source.problems, _problem(source, error)), notes=source.notes)
    findings = (*judgement.findings, *judgement.unrefined(bandit, module))
    if source.cells and not options.through:

        def show(secrets: tuple[str, ...]) -> Locator:
            return _locator(source, module, (*judgement.secrets, *secrets), catalogue)

        findings += judge_notebook(source, funnel_of(catalogue).rules, project, options.profile, show)
    result = answered(source, findings, (*source.problems, *problems), catalogue, options)
    result = replace(result, has_ends=judgement.has_ends)
    return result if options.library is None else _around(result, source, module, options.library)


def _around(result: FileResult, source: SourceFile, module: Module, library: Library) -> FileResult:
    """The result with what it rests on beside the file."""
    file = library.file_of(source.path)
    missing = library.missing((chunk.outline for chunk in module.chunks), file)
    return replace(result, missing=missing, reads=tuple(path for path in library.files_read() if path != file))


def judge(
    source: SourceFile, module: Module, project: Project, catalogue: Catalogue, options: EngineOptions
) -> Judgement:
    """What our own rules say. Raises `Unparsable`."""
    if not catalogue.rules:
        return Judgement()
    funnel = funnel_of(catalogue)
    live = _live(source, module, catalogue, options)
    if not live.chunks and not options.whole:
        return Judgement(has_ends=live.has_ends)
    around = _surroundings(source.path, catalogue, options.library, live.wanted)
    seen = scan(module, None if options.whole else live, funnel.rules, package_of(source.path), around)
    groups = link(seen, project.for_file(source), options.trusted_hosts, options.profile, is_test=source.is_test)
    judged = (*seen.matches.judged, *_told(groups, options.profile))
    secrets = tuple(text for item in seen.matches.matched for text in item.secrets)
    if not groups:
        return Judgement((), judged, secrets, live.has_ends)
    locator = _locator(source, module, secrets, catalogue, options.library)
    return Judgement(tuple(locator.finding(group) for group in groups), judged, secrets, live.has_ends)


def _told(groups: Sequence[Group], profile: Profile) -> Iterator[Judged]:
    """Where rules have something to say that is shown: nobody needs to hear it from Bandit as well."""
    for group in groups:
        place = group.speaker.matched.place
        if group.speaker.profile <= profile and not place.file:
            yield Judged(group.speaker.matched.rule, place, alone=True)


def _live(source: SourceFile, module: Module, catalogue: Catalogue, options: EngineOptions) -> Live:
    """What is awake in a file, by its own words and by what it imports from its project."""
    outlines, near = [chunk.outline for chunk in module.chunks], ALONE
    if options.library is not None:
        file = options.library.file_of(source.path)
        near = reach_of(options.library, catalogue).neighbours(outlines, file, options.through)
    return funnel_of(catalogue).live_for(source.text, outlines, package_of(source.path), near)


def _surroundings(path: str, catalogue: Catalogue, library: Library | None, wanted: int) -> Surroundings | None:
    if library is None:
        return None
    reach = reach_of(library, catalogue)

    def matters(module: ProjectModule, name: str) -> bool:
        return bool(wanted & reach.kinds_of(module, name))

    return Surroundings(program_of(library, catalogue), library.file_of(path), matters)


def run_bandit(
    source: SourceFile, module: Module, judgement: Judgement, catalogue: Catalogue, options: EngineOptions
) -> tuple[tuple[Finding, ...], tuple[Problem, ...]]:
    """What Bandit's checks say, if they can say anything."""
    if options.through or not (options.bandit and catalogue.active_bandit):
        return (), ()
    from mlsec_lint.bandit.checks import run_checks  # bandit takes 0.2 s to import
    from mlsec_lint.bandit.results import to_findings
    from mlsec_lint.bandit.triggers import may_report

    if not may_report(words_of(source.text), source.text, catalogue.active_bandit, options.bandit_settings):
        return (), ()
    result = run_checks(
        source.text,
        source.path,
        catalogue.active_bandit,
        options.bandit_settings,
        module.tree,
        judged=partial(judgement.judges, module=module),
    )
    found = result.findings if options.ignores else tuple(sorted((*result.findings, *result.silenced)))
    if not found:
        return (), result.problems
    frame = _locator(source, module, judgement.secrets, catalogue).frame
    return to_findings(found, catalogue.bandit, source.locate, frame), result.problems


def _locator(
    source: SourceFile,
    module: Module,
    secrets: tuple[str, ...],
    catalogue: Catalogue,
    library: Library | None = None,
) -> Locator:
    comments = [comment.text for comment in scan_comments(source.text).comments]
    comments += [magic.text for magic in source.magics]
    known = {*known_secrets(module.chunks, comments, catalogue), *command_secrets(source.magics, catalogue), *secrets}
    if library is not None:
        known |= _secrets_around(source, module, library, catalogue)
    ordered = sorted(known, key=lambda item: (-len(item), item))
    if library is None:
        return Locator(source, module, ordered, public_prefixes(catalogue))

    @cache
    def elsewhere(path: str) -> Locator:
        other = library.shown(path)
        return _locator(other.source, other.module, tuple(known), catalogue)

    return Locator(source, module, ordered, public_prefixes(catalogue), elsewhere)


def _secrets_around(source: SourceFile, module: Module, library: Library, catalogue: Catalogue) -> set[str]:
    """The secrets of the modules that a file imports: what one of them holds, the file may repeat."""
    found: set[str] = set()
    file = library.file_of(source.path)
    paths = {path for chunk in module.chunks for _, path in chunk.outline.imported}
    for name in sorted({reading for path in paths for reading in dotted.readings(path)}):
        imported = library.find(name, file)
        if imported is not None:
            found.update(_secrets_of(imported, catalogue))
    return found


_SECRETS: WeakKeyDictionary[ProjectModule, dict[Catalogue, tuple[str, ...]]] = WeakKeyDictionary()
"""Those of the modules that are in memory anyway."""


def _secrets_of(module: ProjectModule, catalogue: Catalogue) -> tuple[str, ...]:
    known = _SECRETS.setdefault(module, {})
    if catalogue not in known:
        comments = [comment.text for comment in scan_comments(module.source.text).comments]
        known[catalogue] = known_secrets(module.module.chunks, comments, catalogue)
    return known[catalogue]


def answered(
    source: SourceFile,
    findings: tuple[Finding, ...],
    problems: tuple[Problem, ...],
    catalogue: Catalogue,
    options: EngineOptions,
) -> FileResult:
    """The result of the file, without what comments answer: its own, and in the files where its flows end."""
    by_path: dict[str, list[Finding]] = {source.path: []}
    for finding in sorted(findings, key=_order):
        by_path.setdefault(finding.location.path, []).append(finding)
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for path, found in by_path.items() if options.ignores else ():
        file = source if path == source.path or options.library is None else options.library.shown(path).source
        outcome = apply(found, file.text, file.locate, vocabulary_of(catalogue))
        kept.extend((*outcome.kept, *(outcome.own if file is source else ())))
        suppressed.extend(outcome.suppressed)
    shown = tuple(sorted(kept if options.ignores else findings, key=_order))
    return FileResult(source.path, shown, tuple(suppressed), problems, source.lines, source.notes)


def _order(finding: Finding) -> tuple[str, Span, str]:
    return finding.location.path, finding.location.span, finding.rule


def _problem(source: SourceFile, error: Unparsable | BoundExceeded) -> Problem:
    if isinstance(error, BoundExceeded):
        return Problem("bound", source.path, str(error), "split it up, or exclude the file if it is generated")
    place = source.locate(Span(error.line, error.column, error.line, error.column + 1))
    hint = "fix the syntax, or exclude the file"
    if "print" in error.message or "exec" in error.message:
        hint = "this reads like Python 2, which is not supported; exclude the file or port it"
    return Problem("syntax", source.path, error.message, hint, place)
