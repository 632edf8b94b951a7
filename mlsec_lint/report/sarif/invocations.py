"""How the run went: what could not be analysed, as notifications. An unfinished run is never a clean one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import sarif_om

from mlsec_lint.findings import Problem
from mlsec_lint.report.descriptors import pascal_case
from mlsec_lint.report.escape import sarif_text
from mlsec_lint.report.sarif.locations import artifact, ended, location, sentence
from mlsec_lint.report.sarif.writing import SarifObject

MOST_RESULTS = 25_000
"""More results than these make GitHub refuse the file."""

_CONFIGURATION = "configuration"
_TRUNCATED = "truncated"
_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "A path that was to be checked does not exist.",
        "unreadable": "A file could not be read.",
        "undecodable": "The bytes of a file are no text in its encoding.",
        "syntax": "A file, or a part of it, is no Python that the parser knows.",
        "notebook": "A notebook, or a cell of one, could not be read.",
        "bound": "A file is larger or nested deeper than the bounds allow.",
        "timeout": "The analysis of a file took too long.",
        "memory": "The analysis of a file needed too much memory.",
        "crash": "The analysis of a file ended its process.",
        "internal": "The linter made a mistake.",
        "interrupted": "The run was ended before all files were checked.",
        "rules": "A rule pack has a mistake.",
        _CONFIGURATION: "The configuration has a mistake.",
        _TRUNCATED: "There are more results than platforms take.",
    }
)


def invocation(problems: Sequence[Problem], left_out: int) -> SarifObject:
    """Return the one invocation of the run; `left_out` results were too many for platforms."""
    configuration = [problem for problem in problems if problem.kind == _CONFIGURATION]
    execution = [problem for problem in problems if problem.kind != _CONFIGURATION]
    notifications = list(map(_notification, execution))
    if left_out:
        notifications.append(_truncation(left_out))
    return sarif_om.Invocation(
        execution_successful=not problems,
        tool_execution_notifications=notifications or None,
        tool_configuration_notifications=list(map(_notification, configuration)) or None,
    )


def notification_descriptors(problems: Sequence[Problem], left_out: int) -> list[SarifObject]:
    """Return `driver.notifications`: the kinds of notification that the run has."""
    kinds = {problem.kind for problem in problems} | ({_TRUNCATED} if left_out else set())
    return [_descriptor(kind) for kind in sorted(kinds)]


def _descriptor(kind: str) -> SarifObject:
    meaning = sarif_om.MultiformatMessageString(text=_MEANINGS.get(kind, "Something could not be analysed."))
    return sarif_om.ReportingDescriptor(
        id=kind,
        name=f"Unfinished{pascal_case(kind)}",
        short_description=meaning,
        full_description=meaning,
        help=sarif_om.MultiformatMessageString(text=f"{meaning.text} What was not analysed may hold findings."),
    )


def _notification(problem: Problem) -> SarifObject:
    said = f"{ended(problem.message)} {ended(problem.hint)}" if problem.hint else ended(problem.message)
    if problem.location is not None:
        text, place = sentence(said, problem.location), location(problem.location, None)
    else:
        text = sarif_text(said)
        place = sarif_om.Location(physical_location=sarif_om.PhysicalLocation(artifact_location=artifact(problem.path)))
    return sarif_om.Notification(
        message=sarif_om.Message(text=text),
        level="error",
        descriptor=sarif_om.ReportingDescriptorReference(id=problem.kind),
        locations=[place] if problem.path else None,
    )


def _truncation(left_out: int) -> SarifObject:
    text = f"{left_out} of the least severe results are left out: platforms take {MOST_RESULTS} in one file."
    return sarif_om.Notification(
        message=sarif_om.Message(text=text),
        level="warning",
        descriptor=sarif_om.ReportingDescriptorReference(id=_TRUNCATED),
    )
