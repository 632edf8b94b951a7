"""The catalogues of others that rules refer to: CWE, OWASP Top 10 for LLM applications, OWASP ML Top 10, MITRE ATLAS."""

from __future__ import annotations

from collections.abc import Sequence

from mlsec_lint.catalogue.taxonomies import Taxonomies
from mlsec_lint.record import dataclass


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One of them."""

    name: str
    organization: str
    summary: str
    url: str
    page: str
    """Address of one entry, with its id for `{}`; the catalogue's own where entries have no page that their id names."""


CATALOGUES = (
    Catalogue(
        "CWE",
        "MITRE",
        "Common Weakness Enumeration.",
        "https://cwe.mitre.org/",
        "https://cwe.mitre.org/data/definitions/{}.html",
    ),
    Catalogue(
        "OWASP-LLM",
        "OWASP",
        "OWASP Top 10 for LLM applications.",
        "https://genai.owasp.org/llm-top-10/",
        "https://genai.owasp.org/llm-top-10/",
    ),
    Catalogue(
        "OWASP-ML",
        "OWASP",
        "OWASP Machine Learning Security Top 10.",
        "https://owasp.org/www-project-machine-learning-security-top-10/",
        "https://owasp.org/www-project-machine-learning-security-top-10/",
    ),
    Catalogue(
        "ATLAS",
        "MITRE",
        "MITRE ATLAS: adversarial threat landscape for AI systems.",
        "https://atlas.mitre.org/",
        "https://atlas.mitre.org/techniques/{}",
    ),
)


def page_of(catalogue: str, entry: str) -> str:
    """The address where the entry of a catalogue (`CWE`, `OWASP-LLM`, `OWASP-ML`, `ATLAS`) is described."""
    return next(known.page.format(entry) for known in CATALOGUES if known.name == catalogue)


def entries_of(taxonomies: Taxonomies) -> Sequence[tuple[str, tuple[str, ...]]]:
    """The ids that a rule has in each catalogue, by its name."""
    return (
        ("CWE", tuple(map(str, taxonomies.cwe))),
        ("OWASP-LLM", taxonomies.owasp_llm),
        ("OWASP-ML", taxonomies.owasp_ml),
        ("ATLAS", taxonomies.atlas),
    )
