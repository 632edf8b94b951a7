from __future__ import annotations

import json
from pathlib import Path

import tomli

from mlsec_lint.config.keys import read
from mlsec_lint.survey.block import block
from mlsec_lint.survey.survey import MOST_FILES, survey


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def notebook(*lines: str) -> str:
    cell: dict[str, object] = {
        "cell_type": "code",
        "source": list(lines),
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def found_in(root: Path) -> set[str]:
    return {module for _, modules in survey(root).roles for module in modules}


def test_frameworks_are_found_by_imports_notebooks_and_requirements(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": "import os, torch.nn as nn, joblib  # flask\nfrom fastapi import FastAPI\n# import flask\n",
            "b.ipynb": notebook("import openai\n"),
            "requirements.txt": "scikit-learn==1.5\n",
            ".venv/pyvenv.cfg": "",
            ".venv/x.py": "import anthropic\n",
            "broken.py": "import gradio\n)",
        },
    )
    assert found_in(tmp_path) == {"torch", "joblib", "fastapi", "openai", "sklearn", "gradio"}


def test_what_stands_around_the_code_is_found(tmp_path: Path) -> None:
    files = {
        "a.py": "import torch\n",
        "tests/test_a.py": "",
        ".pre-commit-config.yaml": "repos: []\n",
        ".github/workflows/x.yml": "",
    }
    found = survey(write(tmp_path, files))
    assert (found.files, found.notebooks, found.tests, found.hook, found.ci) == (
        2,
        0,
        "tests",
        "no",
        ("GitHub Actions",),
    )
    assert found.unpinned == ("torch",)
    write(tmp_path, {"requirements.txt": "torch==2.8\n", ".pre-commit-config.yaml": "- id: mlsec-lint\n"})
    again = write(tmp_path / "other", {"a.py": "import torch\n", "requirements.txt": "torch==2.8\n"})
    assert (survey(again).unpinned, survey(tmp_path).hook) == ((), "yes")


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    found = survey(tmp_path)
    assert (found.files, found.notebooks, found.roles, found.tests, found.hook, found.ci) == (0, 0, (), "", "", ())


def test_of_many_files_the_first_are_looked_at_and_it_says_so(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / f"m{number:04}.py").write_text("", encoding="utf-8")
    found = survey(tmp_path)
    assert (found.files, found.looked_at) == (MOST_FILES + 1, MOST_FILES)
    assert "401 Python files, 0 notebooks; the first 400 were looked at." in block(found)


def test_every_line_of_the_block_is_right_comments_included(tmp_path: Path) -> None:
    files = {"a.py": "import torch, numpy, openai\n", "tests/test_a.py": "", "n.ipynb": notebook("1\n")}
    text = block(survey(write(tmp_path, files)), {"ignore": '["B101"]'})
    assert read(tomli.loads(text), "x")[0].keys() == {"profile", "fail-on", "ignore"}
    offers = [line[2:] for line in text.splitlines() if line.startswith("# ") and " = " in line]
    assert len(offers) == 6
    for line in offers:
        values, mistakes = read(tomli.loads(line), "x")
        assert (len(values), mistakes) == (1, ())


def test_names_of_the_project_do_not_reach_the_block(tmp_path: Path) -> None:
    files = {"evil\n[tool.x]\n.py": "import torch\n", "requirements.txt": "evil-[tool]==1\n"}
    assert "evil" not in block(survey(write(tmp_path, files)))
