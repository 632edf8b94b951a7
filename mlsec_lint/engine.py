"""One file: text → findings. The funnel, the three phases, Bandit's checks, and what comments answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mlsec_lint.case import Case, EngineOptions
from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.findings import Answer, FileResult, Finding, Problem, Span, Suppressed
from mlsec_lint.imports.grounds import written
from mlsec_lint.project.project import Project
from mlsec_lint.record import dataclass
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.bounds import BoundExceeded
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.unparsable import Unparsable

if TYPE_CHECKING:
    from mlsec_lint.judgement import Judgement
    from mlsec_lint.locate import Locator
    from mlsec_lint.suppressions.apply import Outcome
    from mlsec_lint.suppressions.listing import Silenced
    from mlsec_lint.suppressions.masked import Mask

__all__ = ["EngineOptions", "check_source"]


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about a file before its comments are heard."""

    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    silenced: tuple[Silenced, ...] = ()
    """What Bandit's own comments silence."""


def check_source(source: SourceFile, project: Project, catalogue: Catalogue, options: EngineOptions) -> FileResult:
    """Check one file."""
    if not catalogue.rule_ids:
        options = replace(options, library=None)  # Bandit's checks look at nothing else
    if options.library is not None:
        options.library.inquiry.reset()
    try:
        module = Module(source.text)
        case = Case(source, module, project, catalogue, options)
        judgement = _judged(case)
        bandit = run_bandit(case, judgement)
    except (Unparsable, BoundExceeded) as error:
        return FileResult(source.path, problems=(*source.problems, _problem(source, error)), notes=source.notes)
    said = replace(bandit, problems=(*source.problems, *bandit.problems))
    if judgement is None:
        return answered(case, said)
    findings = (*judgement.findings, *judgement.unrefined(bandit.findings, module))
    if source.cells and not options.through:
        findings += _beside_python(case, judgement)
    result = answered(case, replace(said, findings=findings))
    return _around(replace(result, has_ends=judgement.has_ends), case)


def _judged(case: Case) -> Judgement | None:
    """What rules of ours say, if any run; what they need takes as long to import as all the rest."""
    if not case.catalogue.rule_ids:
        return None
    from mlsec_lint.judgement import judge

    return judge(case)


def _beside_python(case: Case, judgement: Judgement) -> tuple[Finding, ...]:
    """What rules of ours say about a notebook beyond its Python."""
    from mlsec_lint.match.funnels import rules_of
    from mlsec_lint.notebook import judge_notebook

    def show(secrets: tuple[str, ...]) -> Locator:
        return case.locators.locator((*judgement.secrets, *secrets))

    return judge_notebook(case.source, rules_of(case.catalogue), case.project, case.options.profile, show)


def _around(result: FileResult, case: Case) -> FileResult:
    """The result with what it rests on beside the file."""
    library = case.options.library
    if library is None:
        return result
    file = library.file_of(case.source.path)
    missing = library.missing((chunk.outline for chunk in case.module.chunks), file)
    asked = {path: questions for path, questions in library.inquiry.files().items() if path != file}
    return replace(result, missing=missing, reads=tuple(asked), asked=written(asked.values()))


def run_bandit(case: Case, judgement: Judgement | None) -> Said:
    """What Bandit's checks say, if they can say anything."""
    source, tests, options = case.source, case.catalogue.active_bandit, case.options
    if options.through or not (options.bandit and tests):
        return Said()
    from mlsec_lint.bandit.triggers import may_report

    if not may_report(source.text, tests, options.bandit_settings, case.catalogue.kept):
        return Said()
    from mlsec_lint.bandit.checks import run_checks  # brings Bandit along
    from mlsec_lint.bandit.results import to_findings

    judged = partial(judgement.judges, module=case.module) if judgement else None
    result = run_checks(source.text, source.path, tests, options.bandit_settings, case.module.tree, judged=judged)
    found = result.findings if options.ignores else tuple(sorted((*result.findings, *result.silenced)))
    silenced = tuple((item.test, *item.lines) for item in result.silenced)
    if not found:
        return Said((), result.problems, silenced)
    frame = case.locators.locator(judgement.secrets if judgement else ()).frame
    return Said(to_findings(found, case.catalogue.bandit, source.locate, frame), result.problems, silenced)


def answered(case: Case, said: Said) -> FileResult:
    """The result of the file, without what comments answer: its own, and in the files where its flows end."""
    source, options = case.source, case.options
    found = tuple(sorted(said.findings, key=_order))
    result = FileResult(source.path, found, (), said.problems, source.lines, source.notes)
    if not options.ignores:
        return result
    by_path: dict[str, list[Finding]] = {source.path: []}
    for finding in found:
        by_path.setdefault(finding.location.path, []).append(finding)
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    days: set[str] = set()
    answers: list[Answer] = []
    for path, findings in by_path.items():
        file = source if path == source.path or options.library is None else options.library.shown(path).source
        if not _may_answer(file.text, asked=bool(findings) or options.list_answers):
            kept.extend(findings)
            continue
        outcome = _outcome(findings, file, case)
        kept.extend((*outcome.kept, *(outcome.own if file is source else ())))
        suppressed.extend(outcome.suppressed)
        days.update(outcome.days)
        if options.list_answers:
            answers += _listed(outcome, file, case, said.silenced if file is source else None)
    return replace(
        result,
        findings=tuple(sorted(kept, key=_order)),
        suppressed=tuple(suppressed),
        after=max((day for day in days if day < options.today), default=""),
        until=min((day for day in days if day >= options.today), default=""),
        answers=tuple(answers),
    )


_FOREIGN = ("nosec", "noqa", "NOQA", "NoQA")
"""What other tools' comments begin with: without findings they say nothing."""


def _may_answer(text: str, *, asked: bool) -> bool:
    """Whether comments of a file can have something to say to us, or to findings, if there are any."""
    return "mlsec" in text or (asked and any(word in text for word in _FOREIGN))


def _outcome(findings: Sequence[Finding], file: SourceFile, case: Case) -> Outcome:
    """What the comments of a file answer, without secrets."""
    from mlsec_lint.suppressions.apply import Terms, apply  # for few files
    from mlsec_lint.suppressions.masked import masked
    from mlsec_lint.suppressions.vocabulary import vocabulary_of

    terms = Terms(case.options.today, case.options.require_reason)
    outcome = apply(findings, file.text, file.locate, vocabulary_of(case.catalogue), terms)
    return masked(outcome, _mask(file, case)) if outcome.suppressed or outcome.own else outcome


def _listed(outcome: Outcome, file: SourceFile, case: Case, silenced: Sequence[Silenced] | None) -> Iterator[Answer]:
    from mlsec_lint.suppressions.listing import answers_of
    from mlsec_lint.suppressions.masked import masked_answer
    from mlsec_lint.suppressions.vocabulary import vocabulary_of

    for answer in answers_of(outcome.requests, file.locate, vocabulary_of(case.catalogue), silenced):
        yield masked_answer(answer, _mask(file, case))


def _mask(file: SourceFile, case: Case) -> Mask:
    """What masks the secrets of a file: of the one that is checked, or of one where its flows end."""
    library = case.options.library
    if file is case.source or library is None:
        return case.locators.locator(()).masked
    return case.locators.shown(file.path, library).masked


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
