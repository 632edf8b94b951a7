"""Commits from the local cache of the Hugging Face Hub: read as data, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlsec_lint.findings import COMMIT_TO_COME, Confidence, Edit, Finding, Fix, Location, Pin, Safety, Severity, Span
from mlsec_lint.project.hub_cache import commit_of, hub_folder
from mlsec_lint.run.pinning import pinned

COMMIT = "0123456789abcdef0123456789abcdef01234567"
MODEL = Pin("models", "acme/bert-base", "main")


def fetched(folder: Path, text: str, name: str = "models--acme--bert-base", reference: str = "main") -> None:
    file = folder / name / "refs" / reference
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("text", [COMMIT, f"{COMMIT}\n"])
def test_the_commit_of_a_model_that_was_fetched(text: str, tmp_path: Path) -> None:
    fetched(tmp_path, text)
    assert commit_of(tmp_path, MODEL) == COMMIT
    assert commit_of(tmp_path, Pin("datasets", "acme/bert-base", "main")) == ""
    assert commit_of(tmp_path, Pin("models", "acme/bert-base", "v2")) == ""
    assert commit_of(tmp_path / "none", MODEL) == ""


@pytest.mark.parametrize(
    "text", ["", "main", COMMIT[:-1], f"{COMMIT}0", COMMIT.upper(), f" {COMMIT}", f"{COMMIT}\n\n", "é" * 20, "g" * 40]
)
def test_anything_but_a_commit_is_none(text: str, tmp_path: Path) -> None:
    fetched(tmp_path, text)
    assert commit_of(tmp_path, MODEL) == ""


@pytest.mark.parametrize(
    "pin",
    [
        Pin("models", "../secret", "main"),
        Pin("models", "a/b/c", "main"),
        Pin("../models", "acme/bert-base", "main"),
        Pin("models", "acme/bert-base", "../main"),
        Pin("models", "acme/bert-base", "pr/1"),
        Pin("models", "acme/bert-base", ""),
    ],
)
def test_no_name_leads_elsewhere(pin: Pin, tmp_path: Path) -> None:
    fetched(tmp_path, COMMIT)
    fetched(tmp_path.parent, COMMIT, "secret")
    assert commit_of(tmp_path, pin) == ""


def test_the_folder_is_where_the_library_has_it() -> None:
    assert hub_folder({"HF_HUB_CACHE": "/a", "HUGGINGFACE_HUB_CACHE": "/b", "HF_HOME": "/c"}) == Path("/a")
    assert hub_folder({"HUGGINGFACE_HUB_CACHE": "/b", "HF_HOME": "/c"}) == Path("/b")
    assert hub_folder({"HF_HOME": "/c"}) == Path("/c/hub")
    assert hub_folder({"XDG_CACHE_HOME": "/d"}) == Path("/d/huggingface/hub")
    assert hub_folder({}) == Path.home() / ".cache/huggingface/hub"


def test_a_finding_without_its_commit_has_no_fix(tmp_path: Path) -> None:
    edit = Edit(Span(1, 9, 1, 9), f', revision="{COMMIT_TO_COME}"')
    fix = Fix("pin it", (edit,), Safety.UNSAFE, MODEL, "digest")
    place = Location("app.py", Span(1, 1, 1, 2))
    finding = Finding("MLS201", "it floats", Severity.LOW, Confidence.HIGH, place, fix=fix)
    assert pinned(finding, None).fix is None
    assert pinned(finding, tmp_path).fix is None
    fetched(tmp_path, COMMIT)
    found = pinned(finding, tmp_path).fix
    assert found == Fix("pin it", (Edit(edit.span, f', revision="{COMMIT}"'),), Safety.UNSAFE, None, "digest")
