"""Rules as SARIF reporting descriptors, with the help that platforms show beside an alert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import sarif_om

from mlsec_lint.findings import Confidence, Severity
from mlsec_lint.report.descriptors import Descriptor, pascal_case
from mlsec_lint.report.escape import code_block, markdown_prose, visible, visible_lines
from mlsec_lint.report.sarif.locations import ended
from mlsec_lint.report.sarif.taxonomies import TaxonomyIndex
from mlsec_lint.report.sarif.writing import SarifObject

# GitHub: 20 tags are the most, 10 are kept; descriptions of 1,024 characters, names of 255.
_MOST_TAGS = 10
_MOST_TEXT = 1024
_MOST_NAME = 255

LEVELS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.CRITICAL: "error",
        Severity.HIGH: "error",
        Severity.MEDIUM: "warning",
        Severity.LOW: "note",
        Severity.INFO: "note",
    }
)
"""The level of a result by its severity."""

# GitHub's bands: above 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
_SCORES: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.CRITICAL: "9.5",
        Severity.HIGH: "8.0",
        Severity.MEDIUM: "5.5",
        Severity.LOW: "2.5",
        Severity.INFO: "0.1",
    }
)
_PRECISION: Mapping[Confidence, str] = MappingProxyType(
    {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
)


def reporting_descriptor(rule: Descriptor, taxonomies: TaxonomyIndex) -> SarifObject:
    """Return everything that platforms read about a rule."""
    return sarif_om.ReportingDescriptor(
        id=rule.id,
        name=pascal_case(rule.name)[:_MOST_NAME],
        short_description=_string(_sentence(rule.summary)),
        full_description=_string(_sentence(rule.attack or rule.summary)),
        help=sarif_om.MultiformatMessageString(text=_help_text(rule), markdown=_help_markdown(rule)),
        help_uri=rule.url,
        default_configuration=sarif_om.ReportingConfiguration(enabled=None, level=LEVELS[rule.severity]),
        relationships=taxonomies.relationships(rule) or None,
        properties={
            "tags": _tags(rule),
            "precision": _PRECISION[rule.confidence],
            "security-severity": _SCORES[rule.severity],
        },
    )


def _string(text: str) -> SarifObject:
    return sarif_om.MultiformatMessageString(text=text)


def _sentence(text: str) -> str:
    """Return prose on one line, with a capital, a period and no more characters than GitHub takes."""
    line = visible(" ".join(text.split()))
    if len(line) >= _MOST_TEXT:
        return f"{line[: _MOST_TEXT - 1]}…"
    return ended(line[:1].upper() + line[1:])


def _tags(rule: Descriptor) -> list[str]:
    """`security` makes GitHub read `security-severity`; GitHub and GitLab find the CWE in a tag of this form."""
    cwe = [f"external/cwe/cwe-{number:03d}" for number in rule.taxonomies.cwe]
    named = [*rule.tags, *rule.taxonomies.attacks, *rule.taxonomies.owasp_llm, *rule.taxonomies.atlas]
    return list(dict.fromkeys(["security", *cwe, *map(visible, named)]))[:_MOST_TAGS]


def _help_text(rule: Descriptor) -> str:
    """Return the help for consumers that show no Markdown."""
    parts = [_sentence(rule.summary), rule.attack, rule.remedy, rule.fine and f"When it is fine: {rule.fine}", rule.url]
    return "\n\n".join(visible_lines(part.strip()) for part in parts if part.strip())


def _help_markdown(rule: Descriptor) -> str:
    return "\n\n".join(_sections(rule))


def _sections(rule: Descriptor) -> Iterator[str]:
    yield markdown_prose(f"**{_sentence(rule.summary)}**")
    for heading, prose in (("Attack", rule.attack), ("Remedy", rule.remedy), ("When it is fine", rule.fine)):
        if prose.strip():
            yield f"### {heading}\n\n{markdown_prose(prose.strip())}"
    if rule.flagged and rule.allowed:
        yield f"### Example\n\nReported:\n\n{code_block(rule.flagged)}\n\nInstead:\n\n{code_block(rule.allowed)}"
    yield f"### Suppress\n\n`# mlsec: ignore[{visible(rule.id)}] reason` on the line or above the statement."
    links = "\n".join(f"- <{visible(link).replace('>', '%3E').replace('<', '%3C')}>" for link in rule.references)
    if links:
        yield f"### References\n\n{links}"
    yield f"[More about {visible(rule.id)}]({rule.url})"
