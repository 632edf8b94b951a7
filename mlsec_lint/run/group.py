"""The files that share one configuration, and what the engine needs to know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path

from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings
from mlsec_lint.catalogue.catalogue import Catalogue, load_catalogue
from mlsec_lint.catalogue.errors import PackError, RuleError, UnknownSelector, quoted
from mlsec_lint.config.settings import SELECTORS, Settings
from mlsec_lint.findings import Problem
from mlsec_lint.record import dataclass

Load = Callable[[Sequence[Path]], Catalogue]


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that a worker process needs, once for all files that share them."""

    catalogue: Catalogue
    root: str
    """The directory, absolute, above which nothing is read that says something about the project."""
    shown_root: str
    """The directory, absolute, that the paths of reports start from."""
    bandit: bool
    """Bandit's checks run."""
    ignores: bool
    """Suppressions are heeded."""
    assume: tuple[tuple[str, str], ...]
    trusted_hosts: tuple[str, ...]
    max_file_size: int
    bandit_settings: BanditSettings = DEFAULTS
    """What the project tells Bandit's checks."""
    today: str = ""
    """The day of the run, `2026-12-31`."""
    require_reason: bool = False
    """A suppression without a reason is a finding."""
    list_answers: bool = False
    """The results tell every suppression."""


@dataclass(slots=True)
class Groups:
    """Makes groups, each once, and keeps what was wrong with selectors and packs."""

    root: Path
    shown_root: Path
    load: Load = load_catalogue
    bandit_settings: BanditSettings = DEFAULTS
    today: str = ""
    list_answers: bool = False
    groups: list[Group] = field(default_factory=list)
    settings: list[Settings] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _loaded: dict[tuple[Path, ...], Catalogue] = field(default_factory=dict)
    _chosen: dict[tuple[object, ...], Catalogue] = field(default_factory=dict)
    """By what they were selected with: a tree may have a configuration in each of a thousand folders."""

    def index(self, settings: Settings) -> int:
        """The number of the group for some settings.

        A mistake in a configuration file or a pack is a problem, and the rest holds; UnknownSelector is raised for a
        selector from the command line.
        """
        for number, known in enumerate(self.settings):
            if known is settings:
                return number
        catalogue = self._selected(self._catalogue(settings.rules), settings)
        self._check_tables(catalogue, settings)
        self.settings.append(settings)
        self.groups.append(
            Group(
                catalogue,
                str(self.root),
                str(self.shown_root),
                settings.bandit,
                settings.ignores,
                tuple(sorted(settings.assume.items())),
                settings.trusted_hosts,
                settings.max_file_size,
                self.bandit_settings,
                self.today,
                settings.require_reason,
                self.list_answers,
            )
        )
        return len(self.groups) - 1

    def _catalogue(self, packs: tuple[Path, ...]) -> Catalogue:
        if packs not in self._loaded:
            try:
                self._loaded[packs] = self.load(packs)
            except PackError:
                self._loaded[packs] = self._without_mistakes(packs)
        return self._loaded[packs]

    def _without_mistakes(self, packs: tuple[Path, ...]) -> Catalogue:
        """The catalogue with those of the packs that can be read; raises PackError when our own cannot."""
        catalogue = self.load(())
        good: tuple[Path, ...] = ()
        for pack in packs:
            try:
                catalogue = self.load((*good, pack))
            except PackError as error:  # noqa: PERF203  # every pack's mistakes are told
                self.problems.extend(map(_problem, error.errors))
            else:
                good = (*good, pack)
        return catalogue

    def _selected(self, catalogue: Catalogue, settings: Settings) -> Catalogue:
        chosen = (settings.select, settings.ignore, settings.extend_select, settings.profile)
        try:
            if (key := (settings.rules, *chosen)) not in self._chosen:
                self._chosen[key] = catalogue.select(*chosen)
            return self._chosen[key]
        except UnknownSelector as error:
            field_name = next(name for name in SELECTORS if error.selector in getattr(settings, name))
            file = settings.origin(field_name)
            if not Path(file).is_absolute():  # an option, or a variable of the environment
                raise
            if all(error.selector not in names for _, names in settings.per_file_select):  # told by _check_tables
                self._note(_unknown(file, field_name.replace("_", "-"), error))
            return self._selected(catalogue, _without(error.selector, settings))

    def _check_tables(self, catalogue: Catalogue, settings: Settings) -> None:
        for name, table in _tables(settings):
            for key, selectors in table:
                try:
                    catalogue.select(ignore=selectors)
                except UnknownSelector as error:  # noqa: PERF203  # the mistake of every entry is told
                    self._note(_unknown(settings.origin(name), f"{name.replace('_', '-')}.{key}", error))

    def _note(self, problem: Problem) -> None:
        """Keep a problem once: settings of single files repeat what those of their folder say."""
        if problem not in self.problems:
            self.problems.append(problem)


def _tables(settings: Settings) -> Iterator[tuple[str, Iterable[tuple[str, tuple[str, ...]]]]]:
    """The tables that hold selectors: the name of the setting, and each entry with its selectors."""
    yield "severity", ((selector, (selector,)) for selector, _ in settings.severity)
    yield "per_file_select", settings.per_file_select
    yield "per_file_ignores", settings.per_file_ignores


def _unknown(file: str, key: str, error: UnknownSelector) -> Problem:
    message = f"{key}: unknown rule selector {quoted(error.selector)}"
    return Problem("configuration", file, message, error.suggestion or "`mlsec-lint rules` lists ids, names and tags")


def _without(selector: str, settings: Settings) -> Settings:
    def rest(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name != selector)

    return replace(
        settings,
        select=rest(settings.select),
        ignore=rest(settings.ignore),
        extend_select=rest(settings.extend_select),
    )


def _problem(mistake: RuleError) -> Problem:
    return Problem("rules", mistake.file, mistake.said, mistake.suggestion)
