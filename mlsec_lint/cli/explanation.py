"""What a rule says about itself, as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.families import SUPPRESSIONS, family_of
from mlsec_lint.catalogue.model import BanditCheck, Rule
from mlsec_lint.catalogue.taxonomies import Taxonomies
from mlsec_lint.catalogue.wording import example, reported, versions
from mlsec_lint.report.descriptors import DOCS
from mlsec_lint.report.escape import visible, visible_lines

_INDENT = "  "
_TAXONOMIES = {
    "cwe": "CWE",
    "owasp_llm": "OWASP Top 10 for LLM applications",
    "owasp_ml": "OWASP Machine Learning Security Top 10",
    "atlas": "MITRE ATLAS",
    "stride": "STRIDE",
    "cia": "harms",
    "attacks": "attacks",
    "biml": "BIML",
}


def explain(found: Rule | BanditCheck, catalogue: Catalogue, width: int = 80) -> str:
    """Everything that is known about a rule or one of Bandit's checks, wrapped to a width."""
    sections = _of_rule(found) if isinstance(found, Rule) else _of_check(found, catalogue)
    return "\n".join(_section(title, body, width) for title, body in sections if body)


def _of_rule(rule: Rule) -> Iterator[tuple[str, str]]:
    yield f"{rule.id} {rule.name}", rule.summary
    yield (
        "",
        _facts(
            severity=rule.severity.label,
            confidence=rule.confidence.label,
            profile=rule.profile.label,
            tags=", ".join(rule.tags),
            replaces=", ".join(rule.refines),
        ),
    )
    yield "What an attacker does with it", rule.attack
    yield "How to fix it", rule.remedy
    yield "Reported", _code(example(rule.flagged))
    yield "Not reported", _code(example(rule.allowed))
    yield "When it is no problem", rule.fine
    yield "To answer it in the code", _code("\n".join(answers(rule)))
    yield "What is reported", "\n\n".join(reported(rule))
    yield "Versions that matter", "\n\n".join(versions(rule))
    yield (
        "In the catalogues of others",
        _facts(**{title: ", ".join(entries) for _, title, entries in places(rule.taxonomies)}),
    )
    yield "References", _lines((*rule.references, f"{DOCS}{rule.id}.md"))


def _of_check(check: BanditCheck, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    replaced = sorted(rule.id for rule in catalogue.pack.rules if check.id in rule.refines)
    yield f"{check.id} {check.name}", check.summary
    yield (
        "",
        _facts(
            profile=check.profile.label,
            family=check.family,
            CWE=str(check.cwe or ""),
            **{"replaced by": ", ".join(replaced)},
        ),
    )
    yield "What to do", check.help
    yield f"Why it is in the profile {check.profile.label}", check.reason
    yield "To answer it in the code", _code("\n".join(answers(check)))
    yield "References", _lines((f"{DOCS}{check.id}.md",))


def answers(found: Rule | BanditCheck) -> Iterator[str]:
    """The comments that say in the code why a finding is no problem there; none for findings about comments."""
    if family_of(found.id) == SUPPRESSIONS:
        return
    yield f"# mlsec: ignore[{found.id}] why it is fine here"
    if isinstance(found, BanditCheck):
        yield f"# nosec {found.id}"


def places(taxonomies: Taxonomies) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Where a rule stands in the catalogues of others: the field of `Taxonomies`, its title, the entries."""
    for field, title in _TAXONOMIES.items():
        entries = tuple(map(str, getattr(taxonomies, field)))
        if entries:
            yield field, title, entries


_VERBATIM = "\0"
"""Starts a body that keeps its lines."""


def _facts(**values: str) -> str:
    return _lines(f"{name}: {value}" for name, value in values.items() if value)


def _code(text: str) -> str:
    return _VERBATIM + text.strip() if text.strip() else ""


def _lines(lines: Iterable[str]) -> str:
    joined = "\n".join(lines)
    return _VERBATIM + joined if joined else ""


def _section(title: str, body: str, width: int) -> str:
    head = f"{visible(title)}\n" if title else ""
    if body.startswith(_VERBATIM):
        return head + textwrap.indent(visible_lines(body[1:]), _INDENT) + "\n"
    paragraphs = [" ".join(paragraph.split()) for paragraph in body.strip().split("\n\n")]
    wrapped = [
        textwrap.fill(visible(text), width, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)
        for text in paragraphs
    ]
    return head + "\n\n".join(wrapped) + "\n"
