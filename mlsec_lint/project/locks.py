"""Lock files: the exact versions that are installed."""

from __future__ import annotations

import json
import re

from mlsec_lint.project.manifest import Manifest, ManifestError, table, text
from mlsec_lint.project.requirement import Rank, Requirement, clauses, normalised

_PACKAGE = re.compile(r"^\[\[packages?\]\][ \t]*$", re.MULTILINE)
_KEY = re.compile(r"""^(name|version)[ \t]*=[ \t]*["']([^"'\n]{1,200})["']""", re.MULTILINE)
_OWN = re.compile(r"^source[ \t]*=[ \t]*\{[ \t]*(?:editable|virtual|workspace)[ \t]*=", re.MULTILINE)


def read_package_lock(content: str) -> Manifest:
    """`uv.lock`, `poetry.lock`, `pdm.lock` and `pylock.toml` (PEP 751).

    They are long and written by tools, so only the names and versions are read, line by line.
    """
    manifest = Manifest()
    members = set()
    for entry in _PACKAGE.split(content)[1:]:
        head = entry.partition("\n[")[0]
        said = dict(_KEY.findall(head))
        name, version = normalised(said.get("name", "")), clauses(f"=={said.get('version', '')}")
        if name and version:
            manifest.requirements.append(Requirement(name, version, Rank.LOCKED))
        if name and _OWN.search(head):
            members.add(name)
    manifest.workspace = frozenset(members)
    return manifest


def read_pipfile_lock(content: str) -> Manifest:
    """What Pipenv installs; raises `ManifestError`."""
    try:
        data: object = json.loads(content)
    except (ValueError, RecursionError):
        raise ManifestError("it is not valid JSON") from None
    manifest = Manifest()
    for section in ("default", "develop"):
        for name, value in table(data, section).items():
            version = clauses(text(table(value).get("version")))
            manifest.requirements.append(Requirement(normalised(name), version, Rank.LOCKED))
    return manifest
