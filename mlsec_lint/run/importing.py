"""Files that were not asked for and import one that was: a flow may start or end there and go through what is checked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from mlsec_lint.findings import FileResult, Finding, Location
from mlsec_lint.run.plan import Plan, Request, tasks_below
from mlsec_lint.run.task import Task

MOST = 10
"""Files that are looked into because they import a checked one; a hook must not take longer than its user waits."""


def importing_tasks(planned: Plan, request: Request, results: Sequence[FileResult | None]) -> tuple[Task, ...]:
    """The files to look into besides those that were asked for: `MOST`, and one more where there are more."""
    root = Path(planned.groups.groups[0].root)
    if (
        request.stdin is not None
        or request.contents
        or (request.changes is None and any(root.is_relative_to(path.absolute()) for path in request.paths))
    ):
        return ()
    checked = [
        Path(task.path)
        for task, result in zip(planned.tasks, results, strict=True)
        if result is not None and result.has_ends
    ]
    if not checked:
        return ()
    from mlsec_lint.imports.finder import Finder  # not needed where nothing leads anywhere
    from mlsec_lint.imports.importers import Importers

    asked_for = {task.path for task in planned.tasks}
    others = {Path(task.path): task for task in tasks_below(root, request, planned) if task.path not in asked_for}
    finder = Finder(root, planned.groups.groups[0].catalogue.libraries)
    found = Importers(tuple(others), finder).of(checked, MOST + 1)
    through = tuple(os.path.realpath(file) for file in (*checked, *found[:MOST]))
    return tuple(replace(others[file], through=through) for file in found)


def with_importing(planned: Plan, importing: tuple[Task, ...]) -> Plan:
    """The plan with the files that were looked into besides."""
    note = f"more than {MOST} files import what was checked, and {MOST} were looked into: check the whole project for all flows"
    more = (note,) if len(importing) > MOST else ()
    return replace(planned, tasks=(*planned.tasks, *importing[:MOST]), notes=(*planned.notes, *more))


def concerning(
    result: FileResult | None, asked_for: frozenset[str], known: AbstractSet[tuple[str, Location]]
) -> FileResult:
    """Of the result of a file that was not asked for what goes through one that was, by paths as reports show them.

    Not what those that were asked for have told themselves: `known` holds rules and places.
    """
    if result is None:
        return FileResult("")
    findings = tuple(
        item for item in result.findings if (item.rule, item.location) not in known and _goes_through(item, asked_for)
    )
    suppressed = tuple(item for item in result.suppressed if _goes_through(item.finding, asked_for))
    return replace(result, findings=findings, suppressed=suppressed, problems=(), notes=(), missing=(), lines=0)


def _goes_through(finding: Finding, asked_for: frozenset[str]) -> bool:
    places: Iterable[str] = (finding.location.path, *(step.location.path for step in finding.trace))
    return not asked_for.isdisjoint(places)
