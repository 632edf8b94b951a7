"""A run from the named paths to the report."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.config.settings import Settings
from mlsec_lint.findings import FileResult, Finding, Problem, Report, Suppressed
from mlsec_lint.record import dataclass
from mlsec_lint.run.bounds import Bounds, limited_memory
from mlsec_lint.run.deep_stack import DeepStack
from mlsec_lint.run.garbage import collect_rarely
from mlsec_lint.run.importing import MOST, concerning, importing_tasks, with_importing
from mlsec_lint.run.joining import joined, merged
from mlsec_lint.run.pinning import pinned
from mlsec_lint.run.plan import Plan, Request, plan
from mlsec_lint.run.screening import Screen
from mlsec_lint.run.seen import Seen
from mlsec_lint.run.task import Examine, Task

if TYPE_CHECKING:
    from pathlib import Path

    from mlsec_lint.baseline.entry import Entries
    from mlsec_lint.catalogue.model import BanditCheck, Rule
    from mlsec_lint.run.earlier_runs import EarlierRuns

INLINE_FILES = 8
INLINE_BYTES = 200_000
"""Up to so many files of so many bytes together, starting a process costs more than it saves."""

INTERRUPTED = "interrupted"
"""The kind of the problem that an interrupt leaves."""

Progress = Callable[[int, int], None]
"""Is told how many files of how many are done."""

Prepare = Callable[[object], Examine]

_Results: TypeAlias = list[FileResult | None]
"""The result of each task; None for those that an interrupt left undone."""


class Rules:
    """All rules that were active in some part of a run, as reports want them; read when somebody asks."""

    def __init__(self, catalogues: Sequence[Catalogue]) -> None:
        self._catalogues = catalogues

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """By id."""
        known = {rule.id: rule for catalogue in self._catalogues for rule in catalogue.rules}
        return tuple(known[id_] for id_ in sorted(known))

    @cached_property
    def bandit(self) -> Mapping[str, BanditCheck]:
        """What we say about Bandit's checks, by id."""
        return {id_: check for catalogue in self._catalogues for id_, check in catalogue.bandit.items()}


@dataclass(frozen=True, slots=True)
class Checked:
    """A run's report, and what is needed to write it down and to judge it."""

    report: Report
    rules: Rules
    settings: Settings
    """Those of the root."""
    seen: Seen
    """What it has looked at, and what it has found before a baseline kept anything back."""


def check(request: Request, progress: Progress | None = None, prepare: Prepare | None = None) -> Checked:
    """Check what a run is asked for; `prepare` makes another check than the engine's.

    Raises UnknownSelector for a selector from the command line, StartError when no worker process starts, BaselineError for a
    baseline that cannot be used, and GitError when there is nothing to compare with.
    """
    planned = _planned(request)
    file = planned.settings.baseline if request.baseline else None
    entries = _entries(file)
    results, interrupted = _results(planned, request, progress, prepare)
    if not interrupted:
        planned, results, interrupted = _with_importing(planned, results, request, prepare)
    report, kept_back = _report(planned, request, results)
    if interrupted:
        left = results.count(None)
        report = replace(report, left=left, problems=(*report.problems, _interruption(left)))
    seen = _seen(planned, request, results, report.findings, kept_back)
    if file is not None and entries is not None:
        from mlsec_lint.run.baselining import baselined

        report = baselined(report, file, entries, seen, _last(planned, report))
    if request.changes is not None:
        from mlsec_lint.run.changed import on_changed_lines

        report = on_changed_lines(report, planned, request.changes.option)
    rules = Rules([group.catalogue for group in planned.groups.groups])
    return Checked(report, rules, planned.settings, seen)


def _planned(request: Request) -> Plan:
    planned = plan(request)
    if request.changes is None:
        return planned
    from mlsec_lint.run.changed import only_changed  # git is asked by nobody else

    return only_changed(planned, request.changes)


def _last(planned: Plan, report: Report) -> frozenset[Finding]:
    """The findings that a baseline shall not take for old ones while there are others: those on changed lines."""
    if planned.lines is None:
        return frozenset()
    from mlsec_lint.run.changed import touching

    return frozenset(touching(planned, report.findings))


def _entries(file: Path | None) -> Entries | None:
    if file is None:
        return None
    from mlsec_lint.baseline.document import read_baseline

    return read_baseline(file)


def _seen(
    planned: Plan, request: Request, results: _Results, findings: tuple[Finding, ...], kept_back: tuple[Finding, ...]
) -> Seen:
    analysed = (result.path for result in results if result is not None and not result.problems)
    looked_at = planned.shown.intersection(analysed)
    given = {str(request.stdin.path): request.stdin.data} if request.stdin else {}
    groups = tuple(planned.groups.groups)
    return Seen(request.root, findings, kept_back, looked_at, groups, {**request.contents, **given})


def _with_importing(
    planned: Plan, results: _Results, request: Request, prepare: Prepare | None
) -> tuple[Plan, _Results, bool]:
    """Plan and results with the files that import what was checked, and whether an interrupt came between."""
    try:
        importing = importing_tasks(planned, request, results)
    except KeyboardInterrupt:
        return planned, results, True
    if not importing:
        return planned, results, False
    beside, interrupted = _results(replace(planned, tasks=importing[:MOST]), request, None, prepare)
    known = {
        (finding.rule, finding.location) for result in results if result is not None for finding in result.findings
    }
    concerned = (result and concerning(result, planned.shown, known) for result in beside)
    return with_importing(planned, importing), [*results, *concerned], interrupted


def _results(
    planned: Plan, request: Request, progress: Progress | None, prepare: Prepare | None
) -> tuple[_Results, bool]:
    """What earlier runs have left and what is found now, in the order of the tasks, and whether an interrupt came."""
    done: dict[Task, FileResult] = {}
    try:
        earlier = _earlier(planned, request)
        if earlier is not None:
            done.update(earlier.recall(planned.tasks))
        tasks = [task for task in planned.tasks if task not in done]
        asked = tasks if earlier is None else list(map(earlier.doubted, tasks))
        results = zip(tasks, _examined(asked, planned, request, progress, prepare), strict=True)
        new = {task: result for task, result in results if result is not None}
        if earlier is not None:
            new = {task: earlier.settled(task, result) for task, result in new.items()}
            earlier.keep(new)
        done.update(new)
    except KeyboardInterrupt:
        return [done.get(task) for task in planned.tasks], True
    found = [done.get(task) for task in planned.tasks]
    return found, None in found


def _earlier(planned: Plan, request: Request) -> EarlierRuns | None:
    if request.cache is None:
        return None
    from mlsec_lint.run.earlier_runs import EarlierRuns  # Python can be built without SQLite

    return EarlierRuns(request.cache, planned.groups.groups)


def _examined(
    tasks: Sequence[Task], planned: Plan, request: Request, progress: Progress | None, prepare: Prepare | None
) -> _Results:
    if not tasks:
        return []
    setup, bounds = tuple(planned.groups.groups), Bounds(planned.settings.timeout, planned.settings.max_memory)
    collect_rarely()
    total, before = len(planned.tasks), len(planned.tasks) - len(tasks)
    told = (lambda done: progress(before + done, total)) if progress else None
    if prepare is not None or (not request.jobs and _is_small(tasks)):
        return _inline(tasks, (prepare or _engine())(setup), bounds)
    from mlsec_lint.run.supervisor import Supervisor

    jobs = min(request.jobs or _processors(), len(tasks))
    return Supervisor(setup, jobs, bounds).run(tasks, told)


def _is_small(tasks: Sequence[Task]) -> bool:
    return len(tasks) <= INLINE_FILES and sum(task.size for task in tasks) <= INLINE_BYTES


def _engine() -> Prepare:
    from mlsec_lint.run.examine import prepare

    return prepare


def _inline(tasks: Sequence[Task], examine: Examine, bounds: Bounds) -> list[FileResult | None]:
    results: list[FileResult | None] = [None] * len(tasks)
    stack = DeepStack(examine)
    try:
        with limited_memory(bounds.memory):
            for index, task in enumerate(tasks):
                results[index] = stack.check(task, bounds.seconds)
    except KeyboardInterrupt:
        return results
    finally:
        stack.close()  # a file that is being checked keeps its thread, and `leave` does not wait for it
    return results


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _report(planned: Plan, request: Request, results: _Results) -> tuple[Report, tuple[Finding, ...]]:
    """The report, and the findings that the profile and the thresholds keep back."""
    results = list(joined(results, planned.settings.profile))
    done = [result for result in results if result is not None]
    findings, kept_back = _screened(planned, request, results)
    problems = [problem for result in done for problem in result.problems]
    report = Report(
        root=str(request.root),
        findings=findings,
        suppressed=tuple(dict.fromkeys(_answered(item) for result in done for item in result.suppressed)),
        problems=(*planned.problems, *problems),
        notes=(*planned.notes, *_missing(done)),
        checked=sum(not _is_lost(result) for result in done if result.path in planned.shown),
        excluded=planned.excluded,
        lines=sum(result.lines for result in done),
        hidden=dict(sorted(Counter(option for _, option in kept_back).items())),
        answers=merged(result.answers for result in done),
    )
    return report, tuple(finding for finding, _ in kept_back)


def _answered(suppressed: Suppressed) -> Suppressed:
    """One that nobody fixes, so that nothing has to be looked up for it."""
    return replace(suppressed, finding=pinned(suppressed.finding, None))


_NAMED = 3
"""Missing modules that a note names."""


def _missing(results: Iterable[FileResult]) -> Iterator[str]:
    """A word on modules of the project that are imported and not there: what data does in them nobody knows."""
    found = [f"{name} of {result.path}" for result in results for name in result.missing]
    if found:
        more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        yield f"imported, but not there: {', '.join(found[:_NAMED])}{more}; no flow is followed through them"


def _screened(
    planned: Plan, request: Request, results: Sequence[FileResult | None]
) -> tuple[tuple[Finding, ...], list[tuple[Finding, str]]]:
    """The findings to show, by path and place, and those that are kept back, each with the option that shows it."""
    groups = zip(planned.groups.groups, planned.groups.settings, strict=True)
    screens = [Screen(settings, group.catalogue, request.root) for group, settings in groups]
    shown: list[Finding] = []
    for task, result in zip(planned.tasks, results, strict=True):
        if result is not None:
            in_files = (item for item in result.findings if not planned.leaves_out(item.location.path))
            shown.extend(pinned(item, request.hub) for item in screens[task.group].shown(in_files))
    kept_back = [item for screen in screens for item in screen.kept_back]
    return tuple(sorted(shown, key=attrgetter("order"))), sorted(kept_back, key=lambda item: item[0].order)


def _is_lost(result: FileResult) -> bool:
    """Whether nothing of the file was analysed."""
    return bool(result.problems) and not result.lines


def _interruption(missing: int) -> Problem:
    files = "1 file was not checked" if missing == 1 else f"{missing:,} files were not checked"
    said = files if missing else "files that import what was checked were not looked into"
    return Problem(INTERRUPTED, "", f"the run was interrupted: {said}", "run it again")
