"""What is checked, and by what: a file with its tree, its project, a catalogue and the options of a run."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings
from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.findings import Profile
from mlsec_lint.imports.library import Library
from mlsec_lint.project.project import Project
from mlsec_lint.record import dataclass
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.module import Module

if TYPE_CHECKING:
    from mlsec_lint.locate import Locators


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What holds for a whole run."""

    ignores: bool = True
    """Whether comments in the code may silence findings."""
    bandit: bool = True
    profile: Profile = Profile.DEFAULT
    """What the run shows; what it hides is found all the same, to be counted."""
    trusted_hosts: tuple[str, ...] = ()
    """Downloads from these hosts, and hosts below them, are no finding."""
    whole: bool = False
    """Evaluate every statement, also those that cannot matter: takes longer and gives the same answer."""
    bandit_settings: BanditSettings = DEFAULTS
    library: Library | None = None
    """The other files of the project; without, whatever a file imports is unknown."""
    today: str = ""
    """The day of the run, `2026-12-31`, for suppressions that end; empty: before all others."""
    require_reason: bool = False
    """A suppression without a reason is a finding."""
    list_answers: bool = False
    """The result tells every suppression."""
    through: tuple[str, ...] = ()
    """Only flows through what a file imports from these, absolute, are of interest; empty: everything is."""


class Case:
    """One file that is being checked."""

    def __init__(
        self, source: SourceFile, module: Module, project: Project, catalogue: Catalogue, options: EngineOptions
    ) -> None:
        self.source, self.module = source, module
        self.project, self.catalogue, self.options = project, catalogue, options

    @cached_property
    def locators(self) -> Locators:
        """Those of its places, which only findings have."""
        from mlsec_lint.locate import Locators  # what it needs is needed nowhere else

        return Locators(self.source, self.module, self.catalogue)
