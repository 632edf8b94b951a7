"""conda's `environment.yml`, read line by line: it needs two levels of lists of YAML, not its anchors and tags."""

from __future__ import annotations

import re
from dataclasses import replace

from mlsec_lint.project.manifest import Manifest
from mlsec_lint.project.requirement import LONGEST, Rank, Requirement, clauses, normalised, parse_requirement
from mlsec_lint.project.versions import ALTERNATIVE

_ITEM = re.compile(r"([ \t]*)-[ \t]+(.*)")
_PACKAGE = re.compile(r"(?:[^\s:]+::)?([A-Za-z0-9_][\w.-]*)[ \t]*(.*)")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")


def read_environment(content: str) -> Manifest:
    """The packages of an environment, those that pip installs included; an exact version counts as locked."""
    manifest = Manifest()
    inside = False
    pip_indent = -1
    for line in content.splitlines():
        said = _COMMENT.sub("", line).rstrip()
        item = _ITEM.match(said)
        if said and not item and not said[0].isspace():
            inside, pip_indent = said.startswith("dependencies:"), -1
        elif inside and item and item[2] == "pip:":
            pip_indent = len(item[1])
        elif inside and item:
            from_pip = 0 <= pip_indent < len(item[1])
            _add(manifest, item[2].strip("'\" "), from_pip=from_pip)
    return manifest


def conda_requirement(spec: str) -> Requirement | None:
    """`channel::name=1.2=build` in terms of PEP 440."""
    found = _PACKAGE.match(spec[:LONGEST])
    return Requirement(normalised(found[1]), _version(found[2])) if found else None


def _add(manifest: Manifest, said: str, *, from_pip: bool) -> None:
    requirement = parse_requirement(said) if from_pip else conda_requirement(said)
    if requirement is None:
        return
    if requirement.library == "python":
        manifest.python = requirement.specifier
    else:
        rank = Rank.LOCKED if requirement.exact else Rank.REQUIRED
        manifest.requirements.append(replace(requirement, rank=rank))


def _version(said: str) -> str:
    """A single `=`, or none, means "starts with"."""
    if found := re.match(r"(==|=|)[ \t]*(\d[\w.*+!]*)(?:[= \t].*)?$", said):
        operator, version = found[1], found[2]
        return f"=={version}" if operator == "==" or version.endswith("*") else f"=={version}.*"
    alternatives = [clauses(part) for part in said.split("|")]
    return ALTERNATIVE.join(alternatives) if all(alternatives) else ""
