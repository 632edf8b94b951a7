"""`pyproject.toml` and `Pipfile`."""

from __future__ import annotations

from mlsec_lint.project.manifest import Manifest, ManifestError, table, text
from mlsec_lint.project.poetry import add_poetry, constraint_of
from mlsec_lint.project.requirement import Rank, Requirement, clauses, normalised


def read_pyproject(content: str) -> Manifest:
    """The standard tables, dependency groups (PEP 735), and those of Poetry, uv and PDM; raises `ManifestError`."""
    data = toml(content)
    manifest = Manifest()
    project = table(data, "project")
    _add_project(manifest, project)
    manifest.add_groups(table(data, "dependency-groups"))
    uv = table(data, "tool", "uv")
    manifest.add(uv.get("override-dependencies"), Rank.LOCKED)
    manifest.add(uv.get("constraint-dependencies"))
    manifest.add(uv.get("dev-dependencies"), Rank.OPTIONAL)
    manifest.add_groups(table(data, "tool", "pdm", "dev-dependencies"))
    add_poetry(manifest, table(data, "tool", "poetry"))
    return manifest


def read_pipfile(content: str) -> Manifest:
    """What Pipenv is asked for; raises `ManifestError`."""
    data = toml(content)
    manifest = Manifest(python=_python(text(table(data, "requires").get("python_version"))))
    for section, rank in (("packages", Rank.REQUIRED), ("dev-packages", Rank.OPTIONAL)):
        for name, value in table(data, section).items():
            manifest.requirements.append(Requirement(normalised(name), constraint_of(value), rank))
    return manifest


def toml(content: str) -> object:
    """Parse TOML; raises `ManifestError`."""
    import tomli

    try:
        return tomli.loads(content)
    except (ValueError, RecursionError):
        raise ManifestError("it is not valid TOML") from None


def _add_project(manifest: Manifest, project: object) -> None:
    said = table(project)
    manifest.add(said.get("dependencies"))
    manifest.add_groups(said.get("optional-dependencies"))
    manifest.python = clauses(text(said.get("requires-python")))
    manifest.name = normalised(text(said.get("name")))
    if manifest.name and (version := clauses(f"=={text(said.get('version'))}")):
        manifest.requirements.append(Requirement(manifest.name, version, Rank.LOCKED))


def _python(version: str) -> str:
    return clauses(f"=={version}.*") if version else ""
