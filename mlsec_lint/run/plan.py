"""From the named paths to the files to check, each with the settings that hold for it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings
from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.changes.lines import ChangedLines
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.config.files import repository
from mlsec_lint.config.settings import Settings
from mlsec_lint.findings import Problem
from mlsec_lint.record import dataclass
from mlsec_lint.run.excludes import Excludes, discovery_settings
from mlsec_lint.run.group import Groups, Load
from mlsec_lint.run.task import Task
from mlsec_lint.sources.discovery import Discovery, discover, shown_path


@dataclass(frozen=True, slots=True)
class Stdin:
    """A file whose content comes from standard input."""

    data: bytes
    path: Path
    """Where it would lie, absolute; decides settings, project and kind of file."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Only what touches changed lines is wanted."""

    revision: str | None
    """Lines changed since the merge base with this one; None: the lines that are staged."""

    @property
    def option(self) -> str:
        """The option that asks for it."""
        return "--staged" if self.revision is None else f"--diff-base {self.revision}"


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for."""

    paths: tuple[Path, ...]
    configuration: Configuration
    root: Path
    """Absolute; paths are shown relative to it."""
    jobs: int = 0
    """Worker processes; 0: as many as there are processors."""
    stdin: Stdin | None = None
    cache: Path | None = None
    """The folder, prepared, where results are kept for later runs; None: nothing is kept."""
    today: str = ""
    """The day of the run, `2026-12-31`: suppressions that named an earlier one have expired; empty: none has."""
    hub: Path | None = None
    """The cache of the Hugging Face Hub, for fixes that need it; None: nobody has asked for fixes."""
    contents: Mapping[str, bytes] = field(default_factory=dict)
    """What to check in the place of what some files hold, by absolute path."""
    baseline: bool = True
    """The baseline that the configuration names is heeded."""
    list_answers: bool = False
    """The report tells every suppression."""
    changes: Changes | None = None
    """Only what touches changed lines is of interest; None: everything."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is going to do, and what it already knows that it cannot."""

    tasks: tuple[Task, ...]
    groups: Groups
    settings: Settings
    """Those of the root; they hold for the run as a whole."""
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    excluded: int
    excludes: Excludes
    root: Path
    shown: frozenset[str]
    """The files to check, as reports name them."""
    lines: Mapping[str, ChangedLines] | None = None
    """The changed lines of these files; None: nobody asked for them."""

    def leaves_out(self, shown: str) -> bool:
        """Whether the configuration excludes a file, by its path as reports show it: a flow may end anywhere."""
        return shown not in self.shown and self.excludes.leave_out_named(self.root / shown)


def root_of(paths: Sequence[Path], directory: Path) -> Path:
    """Where the shown paths of a run start: the working directory if everything lies below it, else what is common."""
    absolute = [Path(os.path.normpath(directory / path)) for path in paths]
    if all(path.is_relative_to(directory) for path in absolute):
        return directory
    folders = [path if path.is_dir() else path.parent for path in absolute]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # two drives of Windows
        return directory


def plan(request: Request) -> Plan:
    """Find the files and settle their settings. Raises UnknownSelector for a selector from the command line."""
    settings = request.configuration.of(request.root)
    bandit, bandit_problems = bandit_settings(request)
    groups = Groups(
        repository(request.root), request.root, _loader(request), bandit, request.today, request.list_answers
    )
    groups.index(settings)
    found = discover(request.paths, discovery_settings(settings))
    excludes = Excludes(request.configuration, settings)
    files = [file for file in found.files if not excludes.leave_out(file)]
    tasks = [_task(file, request, groups) for file in files]
    left_out = found.excluded + len(found.files) - len(files)
    if request.stdin is not None and excludes.leave_out_named(request.stdin.path):
        left_out += 1
    elif request.stdin is not None:
        tasks.append(_stdin_task(request.stdin, request, groups))
    return Plan(
        tasks=tuple(tasks),
        groups=groups,
        settings=settings,
        problems=(
            *configuration_problems(request),
            *bandit_problems,
            *rebased(groups.problems, request.root, request.root),
            *rebased(found.problems, settings.base, request.root),
        ),
        notes=(*_notes(found, request, tasks), *_bandit_notes(bandit)),
        excluded=left_out,
        excludes=excludes,
        root=request.root,
        shown=frozenset(task.shown for task in tasks),
    )


def tasks_below(folder: Path, request: Request, planned: Plan) -> list[Task]:
    """All that a run would check if it were asked for a folder."""
    found = discover((folder,), discovery_settings(planned.settings)).files
    return [_task(file, request, planned.groups) for file in found if not planned.excludes.leave_out(file)]


def bandit_settings(request: Request) -> tuple[BanditSettings, tuple[Problem, ...]]:
    """What `[tool.bandit]` in the run's own pyproject.toml says, as data; nothing of it when the run is isolated."""
    file = request.root / "pyproject.toml"
    if request.configuration.isolated or not file.is_file():
        return DEFAULTS, ()
    if not file.resolve().is_relative_to(repository(request.root).resolve()):  # a link that leads out
        return DEFAULTS, ()
    from mlsec_lint.bandit.settings_file import read_settings  # few runs come as far as this

    settings, mistakes = read_settings(file)
    shown = shown_path(file, request.root)
    hint = "correct it, or run with --isolated"
    return settings, tuple(Problem("configuration", shown, f"[tool.bandit] {item.said}", hint) for item in mistakes)


def _loader(request: Request) -> Load:
    if request.cache is None:
        return load_catalogue
    from mlsec_lint.run.kept import KeptTexts, loader  # Python can be built without SQLite

    return loader(KeptTexts(request.cache))


def _bandit_notes(settings: BanditSettings) -> Iterator[str]:
    if settings.tests or settings.skips:
        names = ", ".join(sorted(settings.skips)) or "all but " + ", ".join(sorted(settings.tests))
        yield f"[tool.bandit] in pyproject.toml switches Bandit's checks off ({names}); --isolated runs with them"


def _task(file: Path, request: Request, groups: Groups) -> Task:
    try:
        size = file.stat().st_size
    except OSError:
        size = 0  # reading it will say what is wrong
    group = groups.index(request.configuration.of_file(file))
    return Task(str(file), shown_path(file, request.root), group, size, request.contents.get(str(file)))


def _stdin_task(stdin: Stdin, request: Request, groups: Groups) -> Task:
    group = groups.index(request.configuration.of_file(stdin.path))
    return Task(str(stdin.path), shown_path(stdin.path, request.root), group, len(stdin.data), stdin.data)


def configuration_problems(request: Request) -> Iterator[Problem]:
    """What was wrong with the configuration files that were read so far."""
    for mistake in request.configuration.mistakes:
        yield Problem("configuration", shown_path(Path(mistake.file), request.root), mistake.said, mistake.suggestion)


def rebased(problems: Iterable[Problem], base: Path, root: Path) -> Iterator[Problem]:
    """Problems whose paths start at `base`, with paths that start at `root`."""
    for problem in problems:
        yield replace(problem, path=shown_path(base / problem.path, root))


def _notes(found: Discovery, request: Request, tasks: Sequence[Task]) -> Iterator[str]:
    if not tasks and not found.problems:
        yield "no Python files or notebooks to check"
    if request.root != Path.cwd():
        yield f"paths start at {request.root}"
    yield from found.notes
    for settings in request.configuration.in_force:
        yield from _narrowed(settings, request.root)


_NARROWING = (
    *("select", "ignore", "exclude", "extend_exclude", "per_file_select", "per_file_ignores", "severity"),
    *("bandit", "respect_gitignore", "baseline"),
)


def _narrowed(settings: Settings, root: Path) -> Iterator[str]:
    """A word on a configuration that keeps things from being looked at: the scanned tree may not be ours."""
    origins = {name: settings.origin(name) for name in _NARROWING}
    for file in sorted({origin for origin in origins.values() if Path(origin).is_absolute()}):
        names = ", ".join(name.replace("_", "-") for name, origin in origins.items() if origin == file)
        yield f"{shown_path(Path(file), root)} narrows the run ({names}); --isolated runs without it"
