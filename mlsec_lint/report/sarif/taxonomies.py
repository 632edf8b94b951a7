"""The catalogues of others that rules refer to: CWE, OWASP Top 10 for LLM applications, OWASP ML Top 10, MITRE ATLAS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sarif_om

from mlsec_lint.catalogue.taxonomies import Taxonomies
from mlsec_lint.record import dataclass
from mlsec_lint.report.descriptors import Descriptor
from mlsec_lint.report.sarif.writing import SarifObject


@dataclass(frozen=True, slots=True)
class _Catalogue:
    name: str
    organization: str
    summary: str
    url: str
    page: str
    """Address of one entry, with its id for `{}`; the catalogue's own where entries have no page that their id names."""


_CATALOGUES = (
    _Catalogue(
        "CWE",
        "MITRE",
        "Common Weakness Enumeration.",
        "https://cwe.mitre.org/",
        "https://cwe.mitre.org/data/definitions/{}.html",
    ),
    _Catalogue(
        "OWASP-LLM",
        "OWASP",
        "OWASP Top 10 for LLM applications.",
        "https://genai.owasp.org/llm-top-10/",
        "https://genai.owasp.org/llm-top-10/",
    ),
    _Catalogue(
        "OWASP-ML",
        "OWASP",
        "OWASP Machine Learning Security Top 10.",
        "https://owasp.org/www-project-machine-learning-security-top-10/",
        "https://owasp.org/www-project-machine-learning-security-top-10/",
    ),
    _Catalogue(
        "ATLAS",
        "MITRE",
        "MITRE ATLAS: adversarial threat landscape for AI systems.",
        "https://atlas.mitre.org/",
        "https://atlas.mitre.org/techniques/{}",
    ),
)


def page_of(catalogue: str, entry: str) -> str:
    """The address where the entry of a catalogue (`CWE`, `OWASP-LLM`, `OWASP-ML`, `ATLAS`) is described."""
    return next(known.page.format(entry) for known in _CATALOGUES if known.name == catalogue)


class TaxonomyIndex:
    """The taxa that the rules of a report use, with the indexes by which SARIF refers to them."""

    def __init__(self, rules: Iterable[Descriptor]) -> None:
        """Collect the ids; a catalogue that no rule refers to is left out."""
        used: dict[str, set[str]] = {}
        for rule in rules:
            for name, ids in _ids(rule.taxonomies):
                used.setdefault(name, set()).update(ids)
        self._taxa = {
            catalogue: sorted(used[catalogue.name], key=_order) for catalogue in _CATALOGUES if used.get(catalogue.name)
        }
        self._places = {
            (catalogue.name, taxon): (index, position)
            for index, (catalogue, taxa) in enumerate(self._taxa.items())
            for position, taxon in enumerate(taxa)
        }

    def components(self) -> list[SarifObject]:
        """Return `run.taxonomies`."""
        return [_component(catalogue, taxa) for catalogue, taxa in self._taxa.items()]

    def references(self) -> list[SarifObject]:
        """Return `driver.supportedTaxonomies`."""
        return [_reference(catalogue.name, index) for index, catalogue in enumerate(self._taxa)]

    def relationships(self, rule: Descriptor) -> list[SarifObject]:
        """Return how a rule relates to the taxa: what it finds is a kind of them."""
        pairs = [(name, taxon) for name, ids in _ids(rule.taxonomies) for taxon in ids]
        return [self._relationship(name, taxon) for name, taxon in pairs]

    def _relationship(self, name: str, taxon: str) -> SarifObject:
        index, position = self._places[name, taxon]
        target = sarif_om.ReportingDescriptorReference(id=taxon, index=position, tool_component=_reference(name, index))
        return sarif_om.ReportingDescriptorRelationship(target=target, kinds=["superset"])


def _ids(taxonomies: Taxonomies) -> Sequence[tuple[str, tuple[str, ...]]]:
    return (
        ("CWE", tuple(map(str, taxonomies.cwe))),
        ("OWASP-LLM", taxonomies.owasp_llm),
        ("OWASP-ML", taxonomies.owasp_ml),
        ("ATLAS", taxonomies.atlas),
    )


def _order(taxon: str) -> tuple[int, str]:
    return (int(taxon) if taxon.isdecimal() else 0, taxon)


def _reference(name: str, index: int) -> SarifObject:
    return sarif_om.ToolComponentReference(name=name, index=index)


def _component(catalogue: _Catalogue, taxa: Sequence[str]) -> SarifObject:
    return sarif_om.ToolComponent(
        name=catalogue.name,
        organization=catalogue.organization,
        short_description=sarif_om.MultiformatMessageString(text=catalogue.summary),
        information_uri=catalogue.url,
        contents=None,
        taxa=[_taxon(catalogue, taxon) for taxon in taxa],
    )


def _taxon(catalogue: _Catalogue, taxon: str) -> SarifObject:
    return sarif_om.ReportingDescriptor(id=taxon, help_uri=catalogue.page.format(taxon))
