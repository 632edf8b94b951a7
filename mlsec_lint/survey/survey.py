"""Looks at a project: its imports, notebooks, pins, tests and what runs checks there. Reads, and runs nothing."""

from __future__ import annotations

import re
from pathlib import Path

from mlsec_lint.project.project import load_project
from mlsec_lint.record import dataclass
from mlsec_lint.sources.classification import is_test
from mlsec_lint.sources.discovery import DiscoverySettings, discover, shown_path
from mlsec_lint.sources.reading import read
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.survey.frameworks import Role, module_of, roles_of

MOST_FILES = 400
"""So many files tell what a project uses; reading them takes about half a second."""

MOST_BYTES = 1_000_000
"""Of one file: generated code and data, beyond that."""

_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)|import[ \t]+([^\n#;(]+))", re.MULTILINE)
_CI = {
    ".github/workflows": "GitHub Actions",
    ".gitlab-ci.yml": "GitLab CI",
    "azure-pipelines.yml": "Azure Pipelines",
    "Jenkinsfile": "Jenkins",
}


@dataclass(frozen=True, slots=True)
class Survey:
    """What a project is made of."""

    files: int
    """Python files and scripts."""
    notebooks: int
    looked_at: int
    """Of both together, how many were read."""
    roles: tuple[tuple[Role, tuple[str, ...]], ...]
    """The frameworks that were found, by what they are there for."""
    unpinned: tuple[str, ...]
    """Frameworks whose version decides what is unsafe, and about which nothing in the project says a version."""
    tests: str
    """The folder of the tests; empty if there is none."""
    hook: str
    """`yes` when a pre-commit configuration has our hook, `no` when it has not; empty when there is none."""
    ci: tuple[str, ...]
    """The services that run checks here."""


def survey(folder: Path) -> Survey:
    """Look at the project in a folder."""
    found = discover((folder,), DiscoverySettings(folder)).files
    notebooks = sum(path.suffix == ".ipynb" for path in found)
    looked_at = found[:MOST_FILES]
    modules = {name for path in looked_at for name in _imported(path, folder)}
    pins = load_project(folder).pins
    required = {module_of(name) for name in pins}
    return Survey(
        files=len(found) - notebooks,
        notebooks=notebooks,
        looked_at=len(looked_at),
        roles=roles_of(modules | required),
        unpinned=tuple(sorted(name for name in _VERSIONED & modules if not pins.get(name))),
        tests=next((name for name in ("tests", "test") if _has_tests(name, folder, found)), ""),
        hook=_hook(folder),
        ci=tuple(name for path, name in _CI.items() if (folder / path).exists()),
    )


_VERSIONED = frozenset({"torch", "numpy", "keras", "transformers"})
"""Modules with rules that ask for their version, and whose distributions have their names."""


def _has_tests(name: str, folder: Path, found: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(folder / name) and is_test(shown_path(path, folder)) for path in found)


def _imported(path: Path, folder: Path) -> set[str]:
    source = read(path, shown_path(path, folder), MOST_BYTES)
    if not isinstance(source, SourceFile):
        return set()
    lists = (module or names for module, names in _IMPORT.findall(source.text))
    paths = (path.split() for paths in lists for path in paths.split(","))
    return {path[0].split(".")[0] for path in paths if path}


def _hook(folder: Path) -> str:
    for name in (".pre-commit-config.yaml", ".pre-commit-config.yml"):
        file = folder / name
        if file.is_file():
            source = read(file, name, MOST_BYTES)
            return "yes" if isinstance(source, SourceFile) and "mlsec-lint" in source.text else "no"
    return ""
