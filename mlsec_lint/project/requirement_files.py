"""pip's requirement and constraint files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mlsec_lint.project.manifest import Manifest, ManifestError
from mlsec_lint.project.requirement import Rank, Requirement, parse_requirement

_MOST_FILES = 100
_OPTIONAL = re.compile(
    r"(?<![a-z])(?:bench\w*|build|ci|dev\w*|docs?|examples?|lint\w*|mypy|notebooks?|tests?|testing|types?|typing)(?![a-z])",
    re.IGNORECASE,
)
_INCLUDE = re.compile(r"(?:-r|-c|--requirement|--constraint)(?:\s+|=|(?=[^\s=-]))(\S+)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][\w.-]*)")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_OPTION = re.compile(r"\s--?[a-z].*")

Read = Callable[[Path], str]
"""Gives the text of a file, or raises `ManifestError`."""


def read_requirement_files(paths: list[Path], read: Read) -> Manifest:
    """All files and those that they include, each once; an exact version counts as locked."""
    manifest = Manifest()
    waiting = [(path, _rank(path)) for path in reversed(paths)]
    seen: set[Path] = set()
    while waiting and len(seen) < _MOST_FILES:
        path, rank = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        try:
            content = read(path)
        except ManifestError as error:
            manifest.notes.append(str(error))
            continue
        requirements, included = _parse(content, rank)
        manifest.requirements += requirements
        waiting += [(path.parent / name, rank) for name in reversed(included)]
    return manifest


def _rank(path: Path) -> Rank:
    return Rank.OPTIONAL if _OPTIONAL.search(path.stem) else Rank.REQUIRED


def _parse(content: str, rank: Rank) -> tuple[list[Requirement], list[str]]:
    """The requirements of a file, and the names of the files that it includes."""
    requirements: list[Requirement] = []
    included: list[str] = []
    for line in re.sub(r"\\\r?\n", " ", content).splitlines():
        said = _COMMENT.sub("", line).strip()
        if include := _INCLUDE.match(said):
            included.append(include[1])
        elif requirement := _requirement(said, rank):
            exact = requirement.exact and rank is Rank.REQUIRED
            requirements.append(replace(requirement, rank=Rank.LOCKED) if exact else requirement)
    return requirements, included


def _requirement(line: str, rank: Rank) -> Requirement | None:
    if line.startswith("-") or "://" in line.partition("@")[0]:
        egg = _EGG.search(line)
        return parse_requirement(egg[1], rank) if egg else None
    if re.match(r"[./]|\S+\.(?:whl|zip|gz)$", line):
        return None
    return parse_requirement(_OPTION.sub("", line), rank)
