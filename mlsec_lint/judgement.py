"""What our own rules say about one file, and where they have looked. Runs of Bandit's checks alone do without all this."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate
from typing import TYPE_CHECKING

from mlsec_lint.case import Case
from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.findings import Finding, Profile, Span
from mlsec_lint.imports.library import Library, ProjectModule
from mlsec_lint.imports.package import package_of
from mlsec_lint.match.funnels import funnel_of, reach_of, rules_of
from mlsec_lint.match.wake import ALONE, Live
from mlsec_lint.record import dataclass

if TYPE_CHECKING:
    from mlsec_lint.flow.analysis import Surroundings
    from mlsec_lint.match.grouping import Group
    from mlsec_lint.match.matched import Judged
    from mlsec_lint.syntax.module import Module


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


def judge(case: Case) -> Judgement:
    """What our own rules say. Raises `Unparsable`."""
    source, module, options = case.source, case.module, case.options
    live = _live(case)
    if not live.chunks and not options.whole:
        return Judgement(has_ends=live.has_ends)
    from mlsec_lint.link import link  # the whole evaluation: two fifths of what there is to import
    from mlsec_lint.scan import scan

    around = _surroundings(source.path, case.catalogue, options.library, live.wanted)
    rules = rules_of(case.catalogue)
    seen = scan(module, None if options.whole else live, rules, package_of(source.path), around)
    groups = link(seen, case.project.for_file(source), options.trusted_hosts, options.profile, is_test=source.is_test)
    judged = (*seen.matches.judged, *_told(groups, options.profile))
    secrets = tuple(text for item in seen.matches.matched for text in item.secrets)
    if not groups:
        return Judgement((), judged, secrets, live.has_ends)
    locator = case.locators.locator(secrets, options.library)
    return Judgement(tuple(locator.finding(group) for group in groups), judged, secrets, live.has_ends)


def _told(groups: Sequence[Group], profile: Profile) -> Iterator[Judged]:
    """Where rules have something to say that is shown: nobody needs to hear it from Bandit as well."""
    from mlsec_lint.match.matched import Judged  # likewise

    for group in groups:
        place = group.speaker.matched.place
        if group.speaker.profile <= profile and not place.file:
            yield Judged(group.speaker.matched.rule, place, alone=True)


def _live(case: Case) -> Live:
    """What is awake in a file, by its own words and by what it imports from its project."""
    source, library = case.source, case.options.library
    outlines, near = [chunk.outline for chunk in case.module.chunks], ALONE
    if library is not None:
        file = library.file_of(source.path)
        near = reach_of(library, case.catalogue).neighbours(outlines, file, case.options.through)
    return funnel_of(case.catalogue).live_for(source.text, outlines, package_of(source.path), near)


def _surroundings(path: str, catalogue: Catalogue, library: Library | None, wanted: int) -> Surroundings | None:
    if library is None:
        return None
    from mlsec_lint.flow.analysis import Surroundings  # likewise
    from mlsec_lint.scan import program_of

    reach = reach_of(library, catalogue)

    def matters(module: ProjectModule, name: str) -> bool:
        return bool(wanted & reach.kinds_of(module, name))

    return Surroundings(program_of(library, catalogue), library.file_of(path), matters)
