"""The format `sarif`: SARIF 2.1.0, by the object model of sarif-om, as code scanning platforms read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

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
    """Return the report as a SARIF log with one run.

    Findings that comments suppress are left out: GitHub would open them. Those of a baseline stay, with their state: GitHub,
    which heeds no state, would close their alerts, and open them again some day.
    """
    kept = _kept(report)
    rules = describe(rulebook, kept)
    run = _run(report, rules, len(report.findings) + len(report.baselined) - len(kept), options)
    indexes = {rule: index for index, rule in enumerate(rules)}
    log = sarif_om.SarifLog(schema_uri=_SCHEMA, version="2.1.0", runs=None)
    return write(log, run, results(kept, indexes, options.read_raw, _states(report)))


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


def _kept(report: Report) -> Sequence[Finding]:
    """The findings that platforms take, the new and the most severe ones, in their order."""
    findings = (
        sorted((*report.findings, *report.baselined), key=attrgetter("order")) if report.baselined else report.findings
    )
    if len(findings) <= MOST_RESULTS:
        return findings
    kept = {id(finding) for finding in (*by_severity(report.findings), *by_severity(report.baselined))[:MOST_RESULTS]}
    return [finding for finding in findings if id(finding) in kept]


def _states(report: Report) -> Callable[[Finding], str | None]:
    """What the baseline says of a finding; of none when there is no baseline: a run has the property on all results or none."""
    if not report.baseline:
        return lambda _: None
    known = set(map(id, report.baselined))
    return lambda finding: "unchanged" if id(finding) in known else "new"
