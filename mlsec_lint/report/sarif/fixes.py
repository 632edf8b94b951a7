"""Fixes as SARIF: what a viewer can apply, stretch by stretch."""

from __future__ import annotations

import sarif_om

from mlsec_lint.findings import Edit, Finding
from mlsec_lint.report.escape import sarif_text, well_formed
from mlsec_lint.report.sarif.locations import artifact, ended
from mlsec_lint.report.sarif.writing import SarifObject


def fixes(finding: Finding) -> list[SarifObject]:
    """Return the fix of a finding, if it has one whose edits are stretches of the file: those of a notebook are of its cells."""
    fix = finding.fix
    if fix is None or not fix.edits or any(edit.cell is not None for edit in fix.edits):
        return []
    change = sarif_om.ArtifactChange(
        artifact_location=artifact(finding.location.path), replacements=[_replacement(edit) for edit in fix.edits]
    )
    said = f"{fix.message} ({fix.safety.value})" if fix.message else fix.safety.value
    return [
        sarif_om.Fix(description=sarif_om.Message(text=sarif_text(ended(said))), artifact_changes=[change]),
    ]


def _replacement(edit: Edit) -> SarifObject:
    span = edit.span
    return sarif_om.Replacement(
        deleted_region=sarif_om.Region(
            start_line=span.start_line,
            start_column=span.start_column,
            end_line=span.end_line,
            end_column=span.end_column,
        ),
        inserted_content=sarif_om.ArtifactContent(text=well_formed(edit.text)) if edit.text else None,
    )
