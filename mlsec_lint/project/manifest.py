"""What one file, or one folder, says about the libraries that a project uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from mlsec_lint.project.requirement import Rank, Requirement, parse_requirement
from mlsec_lint.record import dataclass


class ManifestError(ValueError):
    """The file is not what its name says; the message quotes nothing of it."""


@dataclass(slots=True)
class Manifest:
    """Requirements as they stand, still with their ranks."""

    requirements: list[Requirement] = field(default_factory=list)
    python: str = ""
    """The versions of Python that the project runs on, as a PEP 440 specifier."""
    name: str = ""
    """The project's own normalised name."""
    workspace: frozenset[str] = frozenset()
    """The projects that a lock file speaks for besides the one beside it."""
    notes: list[str] = field(default_factory=list)

    def add(self, lines: object, rank: Rank = Rank.REQUIRED) -> None:
        """Add requirements given as a list of strings; anything else in it is passed over."""
        for line in lines if isinstance(lines, (list, tuple)) else ():
            requirement = parse_requirement(line, rank) if isinstance(line, str) else None
            if requirement:
                self.requirements.append(requirement)

    def add_groups(self, groups: object, rank: Rank = Rank.OPTIONAL) -> None:
        """Add requirements given as a table of lists of strings."""
        for lines in table(groups).values():
            self.add(lines, rank)

    def merge(self, other: Manifest) -> None:
        """Take over everything that `other` says; names that are already known stay."""
        self.requirements += other.requirements
        self.python = self.python or other.python
        self.name = self.name or other.name
        self.workspace |= other.workspace
        self.notes += other.notes


def table(value: object, *keys: str) -> Mapping[str, object]:
    """The table that stands in `value` under the keys; empty if there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """`value` if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""
