"""The catalogues of others as `run.taxonomies`, and the rules' places in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sarif_om

from mlsec_lint.report.catalogues import CATALOGUES, Catalogue, entries_of
from mlsec_lint.report.descriptors import Descriptor
from mlsec_lint.report.sarif.writing import SarifObject


class TaxonomyIndex:
    """The taxa that the rules of a report use, with the indexes by which SARIF refers to them."""

    def __init__(self, rules: Iterable[Descriptor]) -> None:
        """Collect the ids; a catalogue that no rule refers to is left out."""
        used: dict[str, set[str]] = {}
        for rule in rules:
            for name, ids in entries_of(rule.taxonomies):
                used.setdefault(name, set()).update(ids)
        self._taxa = {
            catalogue: sorted(used[catalogue.name], key=_order) for catalogue in CATALOGUES if used.get(catalogue.name)
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
        pairs = [(name, taxon) for name, ids in entries_of(rule.taxonomies) for taxon in ids]
        return [self._relationship(name, taxon) for name, taxon in pairs]

    def _relationship(self, name: str, taxon: str) -> SarifObject:
        index, position = self._places[name, taxon]
        target = sarif_om.ReportingDescriptorReference(id=taxon, index=position, tool_component=_reference(name, index))
        return sarif_om.ReportingDescriptorRelationship(target=target, kinds=["superset"])


def _order(taxon: str) -> tuple[int, str]:
    return (int(taxon) if taxon.isdecimal() else 0, taxon)


def _reference(name: str, index: int) -> SarifObject:
    return sarif_om.ToolComponentReference(name=name, index=index)


def _component(catalogue: Catalogue, taxa: Sequence[str]) -> SarifObject:
    return sarif_om.ToolComponent(
        name=catalogue.name,
        organization=catalogue.organization,
        short_description=sarif_om.MultiformatMessageString(text=catalogue.summary),
        information_uri=catalogue.url,
        contents=None,
        taxa=[_taxon(catalogue, taxon) for taxon in taxa],
    )


def _taxon(catalogue: Catalogue, taxon: str) -> SarifObject:
    return sarif_om.ReportingDescriptor(id=taxon, help_uri=catalogue.page.format(taxon))
