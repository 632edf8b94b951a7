"""What a run can be told, with the value that holds when nobody says anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from mlsec_lint.findings import Confidence, Profile, Severity
from mlsec_lint.record import dataclass

DEFAULT = "default"
"""The origin of a value that nobody has set."""

SELECTORS = ("select", "ignore", "extend_select")
"""The fields whose values are selectors of rules."""

FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")


@dataclass(frozen=True, slots=True)
class Settings:
    """Settled values for the files of one directory; paths are absolute."""

    base: Path
    """The directory that patterns start from: that of the configuration file, or of the run."""
    select: tuple[str, ...] = ()
    """Ids, prefixes, names or tags of the rules to run; empty: those of the profile."""
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: Profile = Profile.DEFAULT
    min_severity: Severity = Severity.INFO
    min_confidence: Confidence = Confidence.LOW
    fail_on: Severity | None = Severity.LOW
    """The lowest severity that makes the run fail; None: no finding does."""
    exclude: tuple[str, ...] | None = None
    """Patterns to leave out instead of the built-in ones; None: the built-in ones."""
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = True
    """Excludes hold for files that are named one by one, too."""
    rules: tuple[Path, ...] = ()
    """Directories of further rule packs."""
    assume: Mapping[str, str] = field(default_factory=dict)
    """Library → version, instead of what the project pins."""
    trusted_hosts: tuple[str, ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    """Selector → how severe the findings of its rules are."""
    per_file_select: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pattern → selectors of the only rules that run in the files that it matches."""
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pattern → selectors of the rules whose findings are not shown in the files that it matches."""
    baseline: Path | None = None
    """The file that holds the findings which the project lives with; that of the root holds for the run."""
    format: str = "full"
    bandit: bool = True
    ignores: bool = True
    """Suppressions in the code are heeded."""
    require_reason: bool = False
    """A suppression without a reason is a finding."""
    max_file_size: int = 16 * 1024 * 1024
    """Bytes; a larger file is reported as not analysed."""
    timeout: float = 180.0
    """Seconds for one file."""
    max_memory: int = 2 * 1024**3
    """Bytes of memory that checking one file may take, and with it the process that checks it."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Where each set value came from: a configuration file or an option."""

    def origin(self, name: str) -> str:
        """Where the value of a field came from: a file, an option such as `--select`, or `default`."""
        return self.origins.get(name, DEFAULT)
