"""One file: text → findings. The funnel, the evaluation, the rules, Bandit's checks, and what comments answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.findings import FileResult, Finding, Problem, Profile, Span
from mlsec_lint.flow.analysis import analyse
from mlsec_lint.locate import Locator
from mlsec_lint.match.calls import match_calls
from mlsec_lint.match.conclusion import conclude
from mlsec_lint.match.flows import match_flows
from mlsec_lint.match.grouping import grouped
from mlsec_lint.match.literals import match_literals
from mlsec_lint.match.matched import Judged, Matches
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.secrets import known_secrets, public_prefixes
from mlsec_lint.match.stores import match_stores
from mlsec_lint.match.wake import Funnel, Live, needed
from mlsec_lint.project.project import Project
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.suppressions.apply import apply
from mlsec_lint.suppressions.vocabulary import vocabulary_of
from mlsec_lint.syntax.bounds import BoundExceeded
from mlsec_lint.syntax.module import Module, Unparsable

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What holds for a whole run."""

    ignores: bool = True
    """Whether comments in the code may silence findings."""
    bandit: bool = True
    profile: Profile = Profile.DEFAULT
    """What the run shows; what it hides is found all the same, to be counted."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the rules said about one file, and where they have looked."""

    findings: tuple[Finding, ...] = ()
    judged: tuple[tuple[frozenset[str], Span], ...] = ()
    """Ids of Bandit's checks and the stretch where a rule of ours has judged in their place."""


def check_source(source: SourceFile, project: Project, catalogue: Catalogue, options: EngineOptions) -> FileResult:
    """Check one file."""
    problems = list(source.problems)
    scanned, tree = Scanned(), None
    try:
        module = _module(source, catalogue)
        if module is not None:
            tree = module.tree
            scanned = _scan(source, module, project, catalogue, options)
    except (Unparsable, BoundExceeded) as error:
        problems.append(_problem(source, error))
        return FileResult(source.path, problems=tuple(problems), lines=source.lines)
    findings = scanned.findings
    if options.bandit and catalogue.active_bandit:
        bandit, more = _bandit(source, tree, catalogue, options)
        problems.extend(more)
        findings = (*findings, *(item for item in bandit if not _refined(item, scanned)))
    return _answered(source, findings, problems, catalogue, options)


def _module(source: SourceFile, catalogue: Catalogue) -> Module | None:
    """The file, if anything can apply to it. Raises `Unparsable` and `BoundExceeded`."""
    return Module(source.text) if source.text.strip() else None


@lru_cache(maxsize=4)
def _funnel(catalogue: Catalogue) -> Funnel:
    return Funnel(RuleIndex(catalogue.rules, catalogue.facts))


def _scan(
    source: SourceFile, module: Module, project: Project, catalogue: Catalogue, options: EngineOptions
) -> Scanned:
    funnel = _funnel(catalogue)
    live = funnel.live_for(source.text, frozenset(_WORD.findall(source.text)))
    if not live.anything:
        return Scanned()
    matches = _matches(module, live, funnel.rules, package_of(source.path))
    imports = module.imports
    admits = project.for_file(source).admits
    conclusions = (conclude(item, admits, imports, is_test=source.is_test) for item in matches.matched)
    groups = grouped([item for item in conclusions if item is not None], options.profile)
    if not groups:
        return Scanned(judged=_judged(matches.judged, module))
    secrets = known_secrets(module.chunks, catalogue)
    locator = Locator(source, module, secrets, public_prefixes(catalogue))
    findings = tuple(locator.finding(group) for group in groups)
    return Scanned(findings, _judged(matches.judged, module))


def _matches(module: Module, live: Live, rules: RuleIndex, package: str) -> Matches:
    found = Matches()
    chosen = needed(tuple(chunk.outline for chunk in module.chunks), live)
    bodies = [module.chunks[index].body for index in chosen]
    events = analyse(bodies, rules.facts, package)
    match_calls(events, rules, found)
    match_stores(events, rules, found)
    match_flows(events, rules, found)
    for body in bodies:
        match_literals(body, rules, found)
    return found


def package_of(path: str) -> str:
    """The package that relative imports in a file start from, by its path."""
    parts = [part for part in path.split("/")[:-1] if part not in ("", ".", "..", "src")]
    return ".".join(parts)


def _judged(judged: Iterable[Judged], module: Module) -> tuple[tuple[frozenset[str], Span], ...]:
    return tuple((frozenset(item.rule.refines), module.span(item.place)) for item in judged)


def _bandit(
    source: SourceFile, tree: ast.Module | None, catalogue: Catalogue, options: EngineOptions
) -> tuple[tuple[Finding, ...], tuple[Problem, ...]]:
    from mlsec_lint.bandit.checks import run_checks  # noqa: PLC0415 - bandit takes 0.2 s to import
    from mlsec_lint.bandit.results import to_findings  # noqa: PLC0415

    result = run_checks(source.text, source.path, catalogue.active_bandit, tree=tree)
    found = to_findings(result.findings, catalogue.bandit, source.locate)
    return found, result.problems


def _refined(finding: Finding, scanned: Scanned) -> bool:
    """Whether a rule of ours has judged what Bandit reports."""
    first, last = finding.statement
    return any(
        finding.rule in ids and span.start_line <= last and first <= span.end_line for ids, span in scanned.judged
    )


def _answered(
    source: SourceFile, findings: tuple[Finding, ...], problems: list[Problem], catalogue: Catalogue, options: EngineOptions
) -> FileResult:
    ordered = sorted(findings, key=lambda item: (item.location.span, item.rule))
    if not options.ignores:
        return FileResult(source.path, tuple(ordered), (), tuple(problems), source.lines)
    outcome = apply(ordered, source.text, source.locate, vocabulary_of(catalogue))
    kept = sorted((*outcome.kept, *outcome.own), key=lambda item: (item.location.span, item.rule))
    return FileResult(source.path, tuple(kept), outcome.suppressed, tuple(problems), source.lines)


def _problem(source: SourceFile, error: Unparsable | BoundExceeded) -> Problem:
    if isinstance(error, BoundExceeded):
        hint = "split it up, or exclude the file if it is generated"
        return Problem("bound", source.path, str(error), hint)
    place = source.locate(Span(error.line, error.column, error.line, error.column + 1))
    hint = "fix the syntax, or exclude the file"
    if "print" in error.message or "exec" in error.message:
        hint = "this reads like Python 2, which is not supported; exclude the file or port it"
    return Problem("syntax", source.path, error.message, hint, place)
