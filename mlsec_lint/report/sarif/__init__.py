"""The format `sarif`: SARIF 2.1.0, by the object model of sarif-om, as code scanning platforms read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sarif_om

from mlsec_lint import __version__
from mlsec_lint.findings import Finding, Report
from mlsec_lint.report.descriptors import Descriptor, Rulebook, describe
from mlsec_lint.report.options import Options
from mlsec_lint.report.places import by_severity
from mlsec_lint.report.sarif.invocations import MOST_RESULTS, invocation, notification_descriptors
from mlsec_lint.report.sarif.locations import ROOT
from mlsec_lint.report.sarif.results import results
from mlsec_lint.report.sarif.rules import reporting_descriptor
from mlsec_lint.report.sarif.taxonomies import TaxonomyIndex
from mlsec_lint.report.sarif.writing import SarifObject, write

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/mlsec-lint/mlsec-lint"


def render_sarif(report: Report, rulebook: Rulebook, options: Options) -> str:
    """Return the report as a SARIF log with one run. Findings that comments suppress are left out: GitHub would open them."""
    kept = _kept(report.findings)
    rules = describe(rulebook, kept)
    run = _run(report, rules, len(report.findings) - len(kept), options)
    indexes = {rule: index for index, rule in enumerate(rules)}
    log = sarif_om.SarifLog(schema_uri=_SCHEMA, version="2.1.0", runs=None)
    return write(log, run, results(kept, indexes, options.read_raw))


def _run(report: Report, rules: Mapping[str, Descriptor], left_out: int, options: Options) -> SarifObject:
    taxonomies = TaxonomyIndex(rules.values())
    return sarif_om.Run(
        tool=sarif_om.Tool(
            driver=sarif_om.ToolComponent(
                name="mlsec-lint",
                full_name=f"mlsec-lint {__version__}",
                version=__version__,
                semantic_version=__version__,
                information_uri=_HOME,
                contents=None,
                rules=[reporting_descriptor(rule, taxonomies) for rule in rules.values()],
                notifications=notification_descriptors(report.problems, left_out) or None,
                supported_taxonomies=taxonomies.references() or None,
            )
        ),
        automation_details=sarif_om.RunAutomationDetails(id=options.category) if options.category else None,
        column_kind="unicodeCodePoints",
        default_source_language="python",
        invocations=[invocation(report.problems, left_out)],
        original_uri_base_ids={ROOT: _root()},
        taxonomies=taxonomies.components() or None,
    )


def _root() -> SarifObject:
    return sarif_om.ArtifactLocation(description=sarif_om.Message(text="The directory that the run started in."))


def _kept(findings: Sequence[Finding]) -> Sequence[Finding]:
    """The findings that platforms take, the most severe ones, in their order."""
    if len(findings) <= MOST_RESULTS:
        return findings
    kept = {id(finding) for finding in by_severity(findings)[:MOST_RESULTS]}
    return [finding for finding in findings if id(finding) in kept]
