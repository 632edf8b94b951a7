"""One file from disk to its result: what a worker process does for each task."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from mlsec_lint.findings import FileResult, Problem
from mlsec_lint.imports.grounds import asked_anew
from mlsec_lint.imports.library import Library
from mlsec_lint.run.group import Group
from mlsec_lint.run.task import Doubt, Examine, Task
from mlsec_lint.sources.reading import read, read_text


def prepare(setup: object) -> Examine:
    """The check of one file under one of the groups."""
    if not (isinstance(setup, tuple) and all(isinstance(group, Group) for group in setup)):
        raise TypeError("a worker is set up with its groups")
    groups: tuple[Group, ...] = setup
    libraries: dict[str, Library] = {}

    def examine(task: Task) -> FileResult:
        group = groups[task.group]
        if group.root not in libraries:
            libraries[group.root] = Library(
                Path(group.root), Path(group.shown_root), group.max_file_size, group.catalogue.libraries
            )
        return _examine(task, group, libraries[group.root])

    return examine


def _answer_as_they_did(doubts: Iterable[Doubt], group: Group, library: Library) -> bool:
    """Whether all that an earlier result wants to know of other files is as it was."""
    from mlsec_lint.locate import answerer

    answer = answerer(library, group.catalogue)
    return all(asked_anew(item.questions, partial(answer, item.file)) == item.answered for item in doubts)


def _examine(task: Task, group: Group, library: Library) -> FileResult:
    if task.doubts and _answer_as_they_did(task.doubts, group, library):
        return FileResult(task.shown, as_before=True)
    path = Path(task.path)
    if task.data is None:
        source = read(path, task.shown, group.max_file_size)
    else:
        source = read_text(task.data, task.shown, group.max_file_size)
    if isinstance(source, Problem):
        return FileResult(task.shown, problems=(source,))
    from mlsec_lint.engine import EngineOptions, check_source
    from mlsec_lint.project.project import project_of

    project = project_of(path, Path(group.root), dict(group.assume))
    options = EngineOptions(
        ignores=group.ignores,
        bandit=group.bandit,
        profile=group.catalogue.profile,
        trusted_hosts=group.trusted_hosts,
        bandit_settings=group.bandit_settings,
        today=group.today,
        require_reason=group.require_reason,
        list_answers=group.list_answers,
        library=library,
        through=task.through,
    )
    return check_source(source, project, group.catalogue, options)
