"""The metadata of packages that are unpacked or installed: `METADATA`, `PKG-INFO`, `requires.txt`."""

from __future__ import annotations

import re

from mlsec_lint.project.manifest import Manifest
from mlsec_lint.project.requirement import Rank, Requirement, clauses, normalised, parse_requirement

_FIELD = re.compile(r"^(Name|Version|Requires-Dist|Requires-Python):[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)
_BLANK = re.compile(r"\r?\n\r?\n")
_EXTRA = re.compile(r";.*\bextra\b")


def read_metadata(content: str) -> Manifest:
    """Core metadata of any version; what an extra asks for is optional."""
    fields = _FIELD.findall(_BLANK.split(content, maxsplit=1)[0])
    single = dict(fields)
    manifest = Manifest(python=clauses(single.get("Requires-Python", "")), name=normalised(single.get("Name", "")))
    for field, value in fields:
        rank = Rank.OPTIONAL if _EXTRA.search(value) else Rank.REQUIRED
        if field == "Requires-Dist" and (requirement := parse_requirement(value, rank)):
            manifest.requirements.append(requirement)
    version = clauses(f"=={single.get('Version', '')}")
    if manifest.name and version:
        manifest.requirements.append(Requirement(manifest.name, version, Rank.LOCKED))
    return manifest


def read_requires(content: str) -> Manifest:
    """Setuptools' `requires.txt`: sections in brackets are extras, or only platforms if they start with a colon."""
    manifest = Manifest()
    rank = Rank.REQUIRED
    for line in content.splitlines():
        if line.startswith("["):
            rank = Rank.REQUIRED if line.startswith("[:") else Rank.OPTIONAL
        else:
            manifest.add([line], rank)
    return manifest
