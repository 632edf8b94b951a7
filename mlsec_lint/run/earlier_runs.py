"""What earlier runs have found in the same files under the same rules, and what this run leaves for later ones."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from mlsec_lint.cache.store import Store
from mlsec_lint.cache.values import from_json, to_json
from mlsec_lint.findings import FileResult
from mlsec_lint.project.project import project_of
from mlsec_lint.run import fingerprints
from mlsec_lint.run.group import Group
from mlsec_lint.run.task import Doubt, Task

T = TypeVar("T")

_AT_ONCE = 100
"""Entries that are in memory."""

_LASTING = frozenset({"syntax", "bound", "undecodable", "notebook"})
"""Kinds of problems that are the same next time; others may come of the machine."""


class Doubted(NamedTuple):
    """A result that holds if the files that have changed answer as they did."""

    result: FileResult
    """With what it rests on."""
    doubts: tuple[Doubt, ...]


class EarlierRuns:
    """Results by what they rest on: content, rules, settings, pins, and what was asked of the project's other files."""

    def __init__(self, folder: Path, groups: Sequence[Group]) -> None:
        self._store, self._groups = Store(folder), groups
        self._files = fingerprints.Files()
        self._settings = [fingerprints.settings(group) for group in groups]
        self._keys: dict[Task, str] = {}
        self._used: set[str] = set()
        self._doubted: dict[Task, Doubted] = {}
        self._said: dict[tuple[str, int], str] = {}
        self._read: dict[str, dict[str, str]] = {}
        """By root and path: the path with what the file holds."""

    def recall(self, tasks: Iterable[Task]) -> dict[Task, FileResult]:
        """The results that still hold, for nothing that they rest on has changed."""
        self._keys = {task: key for task in tasks if (key := self._key(task))}
        found: dict[Task, FileResult] = {}
        for part in _parts(self._keys.items()):
            entries = self._store.get(key for _, key in part)
            others: dict[Task, FileResult] = {}
            for task, key in part:
                result, is_sure = self._result(entries.get(key, ""), task)
                if result is not None:
                    (found if is_sure else others)[task] = result
                    self._used |= {key, _questions_of(key)}
            self._doubt(others)
        return found

    def doubted(self, task: Task) -> Task:
        """A task with what has to be asked before it is done: an earlier result may hold all the same."""
        return replace(task, doubts=self._doubted[task].doubts) if task in self._doubted else task

    def settled(self, task: Task, result: FileResult) -> FileResult:
        """The result of a task that `doubted` gave: the earlier one, if that holds."""
        return self._doubted[task].result if result.as_before else result

    def _doubt(self, results: Mapping[Task, FileResult]) -> None:
        """Find out what has to be asked before some results can be used, whose other files have changed."""
        entries = self._store.get(_questions_of(self._keys[task]) for task in results)
        for task, result in results.items():
            found = self._read_questions(entries.get(_questions_of(self._keys[task]), ""), result)
            if found is not None:
                self._doubted[task] = found

    def _read_questions(self, entry: str, result: FileResult) -> Doubted | None:
        """What an entry says was asked, of the files that have changed; None if nobody of ours wrote it."""
        from mlsec_lint.imports import grounds  # most starts find nothing changed

        try:
            said = json.loads(entry)
            rows = zip(result.reads, said["contents"], grounds.read(said["asked"]), strict=True)
            doubts = tuple(
                Doubt(path, answered, tuple(questions))
                for path, content, (answered, questions) in rows
                if self._files.content(path) != content
            )
            return Doubted(replace(result, asked=said["asked"]), doubts)
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def keep(self, results: Mapping[Task, FileResult]) -> None:
        """Leave results for later runs."""
        for part in _parts(results.items()):
            lasting = [item for item in part if item[0] in self._keys and self._holds(*item)]
            entries = {self._keys[task]: self._entry(task, result) for task, result in lasting}
            entries |= {_questions_of(self._keys[task]): self._questions(item) for task, item in lasting if item.reads}
            self._store.keep(entries, ())
        self._store.keep({}, self._used)
        self._store.close()

    def _key(self, task: Task) -> str:
        group = self._groups[task.group]
        content = self._files.of_task(task) if task.size <= group.max_file_size else ""  # larger than memory, maybe
        if not content:
            return ""
        place = os.path.relpath(task.path, group.root)
        if fingerprints.is_left_out(place):
            return ""
        layout = self._files.layout(group.root)
        return fingerprints.digest(
            [
                fingerprints.program(),
                self._settings[task.group],
                layout,
                place,
                task.shown,
                content,
                "" if task.data is None else self._files.content(task.path),  # others import what lies on disk
                *task.through,
                self._said_to(os.path.dirname(task.path), task.group),  # noqa: PTH120  # of each of thousands of files
            ]
        )

    def _said_to(self, folder: str, number: int) -> str:
        """What the project says to the files of a folder."""
        if (folder, number) not in self._said:
            group = self._groups[number]
            project = project_of(Path(folder, "_"), Path(group.root), dict(group.assume))
            pins = str(sorted(project.pins.items()))
            self._said[folder, number] = fingerprints.digest([pins, project.python_requires, *project.notes])
        return self._said[folder, number]

    def _holds(self, task: Task, result: FileResult) -> bool:
        """Whether a result would be the same next time, and all that was read for it is what it was.

        What is missing may come as any file or folder, of which `layout` knows modules only.
        """
        paths = (*result.reads, *([] if task.data is not None else [task.path]))
        for path in result.reads:
            self._files.content(path)
        lasts = not result.missing and all(problem.kind in _LASTING for problem in result.problems)
        return lasts and all(map(self._files.is_unchanged, paths))

    def _entry(self, task: Task, result: FileResult) -> str:
        root = self._groups[task.group].root
        reads = [os.path.relpath(path, root) for path in result.reads]
        said = to_json(replace(result, reads=(), asked=""))
        kept = {"reads": reads, "as": self._seen(reads, root), "result": said}
        return json.dumps(kept, ensure_ascii=True, separators=(",", ":"))

    def _questions(self, result: FileResult) -> str:
        """What the files that a result rests on hold, and what they were asked."""
        contents = [self._files.content(path) for path in result.reads]
        return json.dumps({"contents": contents, "asked": result.asked}, separators=(",", ":"))

    def _result(self, entry: str, task: Task) -> tuple[FileResult | None, bool]:
        """What an entry says, and whether it is sure, for all files that it rests on are the same.

        None if nobody of ours wrote it. One that is not sure names these files.
        """
        root = self._groups[task.group].root
        try:
            kept = json.loads(entry)
            is_sure = self._seen(kept["reads"], root) == kept["as"]
            reads = () if is_sure else tuple(f"{root}{os.sep}{path}" for path in kept["reads"])
            result = replace(from_json(FileResult, kept["result"]), reads=reads)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None, False
        holds = _holds_on(result, self._groups[task.group].today)
        return (result if holds and result.path == task.shown else None), is_sure

    def _seen(self, reads: Sequence[str], root: str) -> str:
        """A digest of what some files hold now; of a file many others rest on."""
        known = self._read.setdefault(root, {})
        for path in reads:
            if path not in known:
                content = self._files.content(f"{root}{os.sep}{path}")
                known[path] = fingerprints.told_apart(path) + fingerprints.told_apart(content)
        return fingerprints.of_text("".join(map(known.__getitem__, reads)))


def _questions_of(key: str) -> str:
    """The key of what a result has asked, which is looked at only where something has changed."""
    return fingerprints.digest([key, "questions"])


def _parts(items: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Some at a time: an entry may name a thousand files."""
    left = iter(items)
    while part := tuple(islice(left, _AT_ONCE)):
        yield part


def _holds_on(result: FileResult, today: str) -> bool:
    """Whether none of the days on which suppressions end lies between that of the result and today."""
    return (not result.after or result.after < today) and (not result.until or today <= result.until)
