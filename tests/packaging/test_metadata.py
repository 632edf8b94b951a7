"""pyproject.toml against the tree: what is written twice says the same twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomli
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import mlsec_lint

ROOT = Path(__file__).parents[2]
PYPROJECT = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


def test_every_package_is_listed() -> None:
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "mlsec_lint").rglob("__init__.py")}
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == found | {"mlsec_lint.rules"}


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "mlsec_lint").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("text", PROJECT["dependencies"])
def test_every_dependency_has_a_lower_bound_and_a_reason(text: str) -> None:
    requirement = Requirement(text)
    assert [specifier.operator for specifier in requirement.specifier] == [">="]
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| {requirement.name} \|", architecture, re.MULTILINE)


def locked() -> dict[str, str]:
    """What the Action's lock installs: name to version."""
    text = (ROOT / ".github" / "action" / "requirements.txt").read_text(encoding="utf-8")
    return {
        canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)
    }


@pytest.mark.parametrize("text", [*PROJECT["dependencies"], *PYPROJECT["build-system"]["requires"]])
def test_the_lock_of_the_action_answers_to_the_project(text: str) -> None:
    requirement = Requirement(text)
    assert requirement.specifier.contains(locked()[canonicalize_name(requirement.name)])


def test_the_workflow_runs_every_version_that_the_classifiers_name() -> None:
    named = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert f"python: {named}".replace("'", '"') in workflow
    assert PROJECT["requires-python"] == f">={named[0]}"


def test_the_changelog_knows_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {mlsec_lint.__version__}" in changelog or "## Unreleased" in changelog
