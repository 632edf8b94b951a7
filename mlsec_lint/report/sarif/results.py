"""Findings as SARIF results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import sarif_om

from mlsec_lint.findings import Finding, Step
from mlsec_lint.report.escape import sarif_text
from mlsec_lint.report.fingerprints import identities, line_hashes
from mlsec_lint.report.options import ReadRaw
from mlsec_lint.report.sarif.fixes import fixes
from mlsec_lint.report.sarif.locations import ended, location, sentence
from mlsec_lint.report.sarif.rules import LEVELS
from mlsec_lint.report.sarif.writing import Plain, SarifObject


def results(
    findings: Sequence[Finding],
    indexes: Mapping[str, int],
    read_raw: ReadRaw,
    state: Callable[[Finding], str | None],
) -> Iterator[SarifObject]:
    """Yield a result for each finding.

    `indexes` are those of the rules, `read_raw` gives the files for the line hashes, `state` what a baseline says.
    """
    hashes: dict[str, list[str]] = {}
    for finding, identity in zip(findings, identities(findings), strict=True):
        path = finding.location.path
        if path not in hashes:
            raw = read_raw(path)
            hashes[path] = [] if raw is None else line_hashes(raw)
        fingerprints = _fingerprints(finding, identity, hashes[path])
        yield _result(finding, indexes[finding.rule], fingerprints, state(finding))


def _fingerprints(finding: Finding, identity: str, hashes: Sequence[str]) -> dict[str, str]:
    line = finding.location.span.start_line
    known = {"primaryLocationLineHash": hashes[line - 1]} if line <= len(hashes) else {}
    return {"mlsecLint/v1": identity, **known}


def _result(finding: Finding, index: int, fingerprints: dict[str, str], state: str | None) -> SarifObject:
    return sarif_om.Result(
        rule_id=finding.rule,
        rule_index=index,
        level=LEVELS[finding.severity],
        message=sarif_om.Message(text=_message(finding)),
        locations=[location(finding.location, finding.frame, finding.qualname)],
        related_locations=_related(finding) or None,
        code_flows=[_flow(finding.trace)] if finding.trace else None,
        partial_fingerprints=fingerprints,
        baseline_state=state,
        fixes=fixes(finding) or None,
        properties=_properties(finding),
    )


def _message(finding: Finding) -> str:
    """The message, a link to the source of a flow, why we are less sure, and the remedy. GitHub cuts after the first sentence."""
    parts = [sentence(finding.message, finding.location)]
    if len(finding.trace) > 1:
        parts.append("The data comes from [here](1).")
    parts += [sarif_text(ended(reason)) for reason in finding.reasons]
    if finding.remedy:
        parts.append(sarif_text(ended(" ".join(finding.remedy.split()))))
    return " ".join(parts)


def _related(finding: Finding) -> list[SarifObject]:
    """The source of a flow: the only step that the message links to. The others stand in the code flow."""
    if len(finding.trace) < 2:  # noqa: PLR2004  # a trace of one step is its own source
        return []
    step = finding.trace[0]
    return [location(step.location, step.frame, message=sentence(step.message, step.location), number=1)]


def _flow(trace: Sequence[Step]) -> SarifObject:
    steps = [
        sarif_om.ThreadFlowLocation(
            location=location(step.location, step.frame, message=sentence(step.message, step.location)),
        )
        for step in trace
    ]
    return sarif_om.CodeFlow(thread_flows=[sarif_om.ThreadFlow(locations=steps)])


def _properties(finding: Finding) -> dict[str, Plain]:
    properties: dict[str, Plain] = {
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "profile": finding.profile.label,
    }
    if finding.also:
        properties["also"] = list(finding.also)
    if finding.location.cell is not None:
        cell = finding.location.cell
        properties["cell"] = {"index": cell.index, "line": cell.span.start_line, "column": cell.span.start_column}
        if cell.output is not None:
            properties["output"] = cell.output
    return properties
