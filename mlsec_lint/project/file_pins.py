"""Versions that one file asks for itself: a script's inline metadata (PEP 723), a notebook's install commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlsec_lint.project.conda import conda_requirement
from mlsec_lint.project.manifest import Manifest, ManifestError, table, text
from mlsec_lint.project.pyproject import toml
from mlsec_lint.project.requirement import Requirement, clauses, parse_requirement

if TYPE_CHECKING:
    from mlsec_lint.sources.magics import Magic

_START = "# /// script"
_END = "# ///"
_INSTALL = re.compile(r"(?:^|[!%\s/;&|])(pip3?|conda|mamba|micromamba)\s+install\s+([^;&|\n]*)")
# Options whose value is no requirement.
_WITH_VALUE = frozenset(
    {"-c", "-e", "-f", "-i", "-n", "-p", "-r", "-t", "--channel", "--constraint", "--editable", "--extra-index-url"}
    | {"--find-links", "--index-url", "--name", "--platform", "--prefix", "--python-version", "--requirement"}
    | {"--root", "--target", "--trusted-host"}
)


def script_manifest(code: str) -> Manifest | None:
    """The inline metadata of a script; None if it has none, or one that is no TOML."""
    if _START not in code:
        return None
    block = _block(code)
    try:
        data = toml("\n".join(line[2:] for line in block)) if block else None
    except ManifestError:
        return None
    if data is None:
        return None
    manifest = Manifest(python=clauses(text(table(data).get("requires-python"))))
    manifest.add(table(data).get("dependencies"))
    return manifest


def installed_requirements(magics: tuple[Magic, ...]) -> list[Requirement]:
    """What `!pip install`, `%conda install` and their kin in a notebook ask for."""
    return [
        requirement
        for magic in magics
        for command in _INSTALL.finditer(re.sub(r"\\\n", " ", magic.text))
        for requirement in _arguments(command[1], command[2])
    ]


def _block(code: str) -> list[str]:
    """The lines of the first `script` block without its marks; empty if it never ends."""
    found: list[str] | None = None
    last = 0
    for line in code.splitlines():
        if found is None:
            found = [] if line.rstrip() == _START else None
        elif line != "#" and not line.startswith("# "):
            break
        elif line.rstrip() == _END:
            last = len(found)
            found.append("#")
        else:
            found.append(line)
    return (found or [])[:last]


def _arguments(tool: str, command: str) -> Iterator[Requirement]:
    import shlex  # for notebooks

    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        words = command.split()
    value = False
    for word in words:
        skipped = value or word.startswith(("-", ".")) or "/" in word or word.endswith(".whl")
        value = not value and word in _WITH_VALUE
        requirement = None if skipped else _parsed(tool, word)
        if requirement:
            yield requirement


def _parsed(tool: str, word: str) -> Requirement | None:
    return parse_requirement(word) if tool.startswith("pip") else conda_requirement(word)
