"""One line that asks for a library (PEP 508 and what people write instead), and how many lines become pins."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable

from mlsec_lint.project.versions import ALTERNATIVE
from mlsec_lint.record import dataclass

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*([A-Za-z0-9_.*+!-]+)")
_BETWEEN = re.compile(r"[\s,()]*")
_WHEEL = re.compile(r"/[\w.]+-(\d[\w.]*(?:(?:\+|%2B)[\w.]+)?)(?:-[\w.-]+\.whl|\.tar\.gz|\.zip)(?:#|$)", re.IGNORECASE)
LONGEST = 500
"""Characters of a requirement that are looked at."""
_MOST_ALTERNATIVES = 50

# Distributions of the same library under other names; conda's names among them.
_SAME_LIBRARY = {
    "faiss-gpu": "faiss-cpu",
    "intel-tensorflow": "tensorflow",
    "onnxruntime-gpu": "onnxruntime",
    "opencv-python-headless": "opencv-python",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "tensorflow-cpu": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-macos": "tensorflow",
}


class Rank(enum.IntEnum):
    """Whose word counts first."""

    LOCKED = 0
    """What is installed: a lock file, or an exact version in a list of what to install."""
    REQUIRED = 1
    """What every installation must fulfil."""
    OPTIONAL = 2
    """What only extras, groups, tests and the like ask for."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One library that a project asks for."""

    library: str
    """Normalised."""
    specifier: str
    """PEP 440; alternatives separated by `ALTERNATIVE`; empty: any version."""
    rank: Rank = Rank.REQUIRED

    @property
    def exact(self) -> bool:
        """Whether it allows one version only."""
        return self.specifier.startswith("==") and not re.search(r"[,*|]", self.specifier)


def normalised(name: str) -> str:
    """The name of a library as the package index compares it (PEP 503), variants of one library alike."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    return _SAME_LIBRARY.get(plain, plain)


def parse_requirement(text: str, rank: Rank = Rank.REQUIRED) -> Requirement | None:
    """Read `torch[extra]>=2,<3; marker` or `torch @ https://…`; markers are ignored. None: this is none."""
    found = _REQUIREMENT.match(text[:LONGEST])
    if not found:
        return None
    rest = found[2]
    if rest.startswith("@"):
        version = _WHEEL.search(rest)
        said = f"=={version[1].replace('%2B', '+').replace('%2b', '+')}" if version else ""
    else:
        said = clauses(rest.split(";")[0])
    return Requirement(normalised(found[1]), said, rank)


def clauses(text: str) -> str:
    """A specifier set with commas between its clauses; empty if the text holds anything else."""
    if _BETWEEN.fullmatch(_CLAUSE.sub("", text)):
        return ",".join(operator + version for operator, version in _CLAUSE.findall(text))
    return ""


def pins_of(requirements: Iterable[Requirement]) -> dict[str, str]:
    """What all requirements together allow, library by library.

    Those of the first rank that mentions a library decide, and of those any may hold (they may stand for different
    platforms or files). One without a constraint says nothing where another one of its rank has a constraint.
    """
    ranked: dict[str, dict[Rank, list[str]]] = {}
    for requirement in requirements:
        ranked.setdefault(requirement.library, {}).setdefault(requirement.rank, []).append(requirement.specifier)
    return {library: _joined(ranks[min(ranks)]) for library, ranks in ranked.items()}


def _joined(specifiers: list[str]) -> str:
    different = sorted(set(filter(None, specifiers)))
    return ALTERNATIVE.join(different) if len(different) <= _MOST_ALTERNATIVES else ""
