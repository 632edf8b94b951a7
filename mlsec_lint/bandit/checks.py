"""Bandit's findings for one file, without Bandit's own walk."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence

from mlsec_lint.bandit.battery import assemble
from mlsec_lint.bandit.messages import masked_message
from mlsec_lint.bandit.nosec import NoSec, read_nosec
from mlsec_lint.bandit.places import Lines, character_span, line_range, span_of
from mlsec_lint.bandit.results import BanditFinding, BanditResult
from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings
from mlsec_lint.bandit.visit import Failure, Hit, Visit
from mlsec_lint.findings import Confidence, Location, Problem, Severity, Span

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SEVERITIES = {"LOW": Severity.LOW, "MEDIUM": Severity.MEDIUM, "HIGH": Severity.HIGH}
_CONFIDENCES = {"LOW": Confidence.LOW, "MEDIUM": Confidence.MEDIUM, "HIGH": Confidence.HIGH}


def run_checks(  # noqa: PLR0913  # the last one is the engine's alone
    text: str,
    path: str,
    tests: frozenset[str],
    settings: BanditSettings = DEFAULTS,
    tree: ast.Module | None = None,
    *,
    judged: Callable[[str, int], bool] | None = None,
) -> BanditResult:
    """Run the tests with one of the ids over a module; `tree` is `text` parsed, if somebody has done that already.

    `judged` says whether somebody else has judged a line in the place of a test: then nobody misses the test there.

    Findings agree with those of `python -m bandit` on id, line, severity and confidence. What could not be looked at
    is a problem in the result; nothing is raised.
    """
    nosec = read_nosec(text)
    if not tests:
        return BanditResult(nosec=nosec)
    if tree is None:
        try:
            tree = _parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return BanditResult(nosec=nosec, problems=(_unparsed(path, error),))
    visit = Visit(assemble(tests, settings), path, text)
    visit.run(tree)
    return BanditResult(
        findings=_findings(text, [hit for hit in visit.hits if not _silenced(hit, nosec)]),
        silenced=_findings(text, [hit for hit in visit.hits if _silenced(hit, nosec)]),
        nosec=nosec,
        problems=tuple(_missed(path, visit.failures.values(), judged)),
    )


def _findings(text: str, hits: Sequence[Hit]) -> tuple[BanditFinding, ...]:
    if not hits:
        return ()
    lines = Lines(text)
    return tuple(sorted(_finding(hit, text, lines) for hit in hits))


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the scanned code: its author's affair
        return ast.parse(text)


def _silenced(hit: Hit, nosec: NoSec) -> bool:
    """Whether a comment answers the hit, by Bandit's rule: the reported line's tests and the first of the range's."""
    if not nosec:
        return False
    first, last = _lines(hit)
    near = [
        nosec.get(hit.issue.lineno or 0),
        next((nosec[line] for line in sorted(nosec) if first <= line <= last), None),
    ]
    told = [tests for tests in near if tests is not None]
    return bool(told) and (not any(told) or hit.test in frozenset().union(*told))


def _lines(hit: Hit) -> tuple[int, int]:
    """The lines of the node; of a string those of what it stands in; of the whole file its first."""
    if hit.ancestors is None:
        return 0, 1
    return line_range(hit.ancestors[0] if isinstance(hit.node, ast.Constant) else hit.node)


def _finding(hit: Hit, text: str, lines: Lines) -> BanditFinding:
    issue = hit.issue
    node_line: int = getattr(hit.node, "lineno", 0)
    line = node_line if issue.lineno is None else issue.lineno
    if isinstance(hit.node, ast.Module):
        span = character_span(text, line, issue.col_offset)
        reach = (span.start_line, span.start_line)
    else:
        span = span_of(hit.node, issue.lineno, lines)
        reach = _reach(hit)
    return BanditFinding(
        line=line,
        test=hit.test,
        severity=_SEVERITIES.get(issue.severity, Severity.INFO),
        confidence=_CONFIDENCES.get(issue.confidence, Confidence.LOW),
        span=span,
        lines=reach,
        message=masked_message(issue.text, hit.test, hit.node),
        cwe=issue.cwe.id,
        qualname=".".join(_scopes(hit)),
    )


def _reach(hit: Hit) -> tuple[int, int]:
    """The lines of the expression, or of the header if the node has a body."""
    first, last = _lines(hit)
    body = getattr(hit.node, "body", None)
    return (first, max(first, body[0].lineno - 1)) if isinstance(body, list) and body else (first, last)


def _scopes(hit: Hit) -> list[str]:
    names = [hit.node.name] if isinstance(hit.node, _SCOPES) else []
    ancestors = hit.ancestors
    while ancestors:
        parent, ancestors = ancestors
        if isinstance(parent, _SCOPES):
            names.append(parent.name)
    return names[::-1]


def _unparsed(path: str, error: Exception) -> Problem:
    line = (error.lineno if isinstance(error, SyntaxError) else None) or 1
    place = Location(path, Span(line, 1, line, 1))
    return Problem("syntax", path, f"Bandit's checks did not run: {type(error).__name__}", location=place)


def _missed(path: str, failures: Iterable[Failure], judged: Callable[[str, int], bool] | None) -> Iterator[Problem]:
    for failure in failures:
        deep = failure.error == RecursionError.__name__
        id_ = failure.check.plugin.id
        lines = failure.lines if deep or not judged else [line for line in failure.lines if not judged(id_, line)]
        if lines:
            yield _problem(path, failure, lines, deep=deep)


def _problem(path: str, failure: Failure, lines: Sequence[int], *, deep: bool) -> Problem:
    plugin = failure.check.plugin
    times = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    rest = ", and was not asked again in this file" if deep else ""
    place = Location(path, Span(lines[0], 1, lines[0], 1))
    message = f"Bandit's {plugin.name} ({plugin.id}) failed at line {lines[0]}{times}: {failure.error}{rest}"
    hint = "look at that place yourself; Bandit passes over it without a word"
    return Problem("bound" if deep else "internal", path, message, hint, place)
