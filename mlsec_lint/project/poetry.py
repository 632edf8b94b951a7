"""Poetry's version constraints, in terms of PEP 440.

Source: https://python-poetry.org/docs/dependency-specification/
"""

from __future__ import annotations

import re

from mlsec_lint.project.manifest import Manifest, table, text
from mlsec_lint.project.requirement import LONGEST, Rank, Requirement, clauses, normalised
from mlsec_lint.project.versions import ALTERNATIVE

_PART = re.compile(r"(\^|~(?!=)|===|==|~=|!=|<=|>=|<|>|=)?\s*(\d[\w.*+!-]*|\*)")
_RELEASE = re.compile(r"\d+(?:\.\d+)*")


def add_poetry(manifest: Manifest, poetry: object) -> None:
    """Add what the table `tool.poetry` asks for."""
    _add_table(manifest, table(poetry, "dependencies"), Rank.REQUIRED)
    _add_table(manifest, table(poetry, "dev-dependencies"), Rank.OPTIONAL)
    for group in table(poetry, "group").values():
        _add_table(manifest, table(group, "dependencies"), Rank.OPTIONAL)
    manifest.name = manifest.name or normalised(text(table(poetry).get("name")))


def translated(constraint: str) -> str:
    """`^1.2 || ~3.4` as `>=1.2,<2 || >=3.4,<3.5`; what is no constraint allows everything."""
    alternatives = [_translated_set(alternative) for alternative in re.split(r"\|\|?", constraint[:LONGEST])]
    return ALTERNATIVE.join(alternatives) if all(alternatives) else ""


def constraint_of(value: object) -> str:
    """The constraint of a dependency, written as a string, as a table with `version`, or as a list of both."""
    if isinstance(value, list):
        alternatives = [constraint_of(item) for item in value]
        return ALTERNATIVE.join(alternatives) if all(alternatives) else ""
    return translated(value if isinstance(value, str) else text(table(value).get("version")))


def _add_table(manifest: Manifest, dependencies: object, rank: Rank) -> None:
    for name, value in table(dependencies).items():
        specifier = constraint_of(value)
        if name.lower() == "python":
            manifest.python = manifest.python or specifier
            continue
        optional = table(value).get("optional") is True
        manifest.requirements.append(Requirement(normalised(name), specifier, Rank.OPTIONAL if optional else rank))


def _translated_set(constraint: str) -> str:
    if _PART.sub("", constraint).strip(" ,"):
        return ""
    return clauses(",".join(filter(None, (_part(found[1] or "", found[2]) for found in _PART.finditer(constraint)))))


def _part(operator: str, version: str) -> str:
    release = _RELEASE.match(version)
    if version == "*" or not release:
        return ""
    numbers = [int(number) for number in release[0].split(".") if len(number) < 10]  # noqa: PLR2004  # dates fit
    if not numbers or operator not in {"^", "~"}:
        return f"{'==' if operator in {'', '='} else operator}{version}"
    return f">={version.removesuffix('.*')},<{_next(numbers, caret=operator == '^')}"


def _next(numbers: list[int], *, caret: bool) -> str:
    """The first version that a caret (the first number that is not zero) or a tilde (the second one) shuts out."""
    if caret:
        fixed = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    else:
        fixed = min(1, len(numbers) - 1)
    return ".".join(map(str, [*numbers[:fixed], numbers[fixed] + 1]))
