from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pytest

from mlsec_lint.project.project import Project, load_project, project_of
from mlsec_lint.sources.reading import read_text
from mlsec_lint.sources.source import SourceFile


def plant(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def source(text: str, name: str = "a.py") -> SourceFile:
    file = read_text(text, name)
    assert isinstance(file, SourceFile)
    return file


def notebook(*lines: str) -> SourceFile:
    cells = [{"cell_type": "code", "source": line} for line in lines]
    return source(json.dumps({"cells": cells}), "a.ipynb")


def test_admits() -> None:
    project = Project(Path(), {"torch": ">=2.0", "numpy": ""}, {"jax": "==0.4.1"}, python_requires=">=3.10")
    assert project.admits("Torch", "<2.6") is True
    assert project.admits("torch", "<2.0") is False
    assert project.admits("numpy", "<1") is True
    assert project.admits("keras", "<3") is None
    assert project.admits("jax", "<0.4") is False
    assert project.admits("python", "<3.10") is False
    assert Project(Path()).admits("python", "<3.10") is None


def test_assumptions_beat_pins(tmp_path: Path) -> None:
    plant(tmp_path, {"requirements.txt": "torch==1.0\n"})
    assert load_project(tmp_path, {"PyTorch": "2.8"}).admits("torch", "<2.6") is False
    assert load_project(tmp_path, {"torch": ">=2"}).admits("torch", "<2.6") is True
    assert load_project(tmp_path).admits("torch", "<2.6") is True


def test_the_nearest_word_counts_and_the_others_are_inherited(tmp_path: Path) -> None:
    plant(
        tmp_path, {"pyproject.toml": '[project]\nname="a"\nrequires-python=">=3.11"\ndependencies=["torch>=1","jax<1"]'}
    )
    plant(tmp_path, {"apps/new/requirements.txt": "torch>=2.6\n", "apps/new/src/deep/x.py": ""})
    project = project_of(tmp_path / "apps/new/src/deep/x.py", tmp_path)
    assert project.root == (tmp_path / "apps/new").resolve()
    assert project.pins == {"torch": ">=2.6", "jax": "<1"}
    assert project.python_requires == ">=3.11"
    assert project_of(tmp_path / "apps/x.py", tmp_path).pins == {"torch": ">=1", "jax": "<1"}


def test_nothing_above_the_root_is_read(tmp_path: Path) -> None:
    plant(tmp_path, {"requirements.txt": "torch==1.0\n", "root/a.py": ""})
    assert project_of(tmp_path / "root/a.py", tmp_path / "root").pins == {}


def test_a_lock_wins_over_ranges(tmp_path: Path) -> None:
    plant(tmp_path, {"pyproject.toml": '[project]\nname="a"\ndependencies=["torch>=1","numpy>=1"]'})
    plant(tmp_path, {"poetry.lock": '[[package]]\r\nname = "torch"\r\nversion = "2.8.0"\r\n'})
    assert load_project(tmp_path).pins == {"torch": "==2.8.0", "numpy": ">=1"}


def test_a_workspace_lock_speaks_for_its_members_only(tmp_path: Path) -> None:
    lock = '[[package]]\nname="member"\nversion="1"\nsource = { editable = "member" }\n[[package]]\nname="torch"\nversion="2.8"\n'
    plant(tmp_path, {"uv.lock": lock})
    plant(
        tmp_path,
        {
            f"{name}/pyproject.toml": f'[project]\nname="{name}"\ndependencies=["torch>=1"]'
            for name in ("member", "other")
        },
    )
    assert project_of(tmp_path / "member/a.py", tmp_path).pins["torch"] == "==2.8"
    assert project_of(tmp_path / "other/a.py", tmp_path).pins["torch"] == ">=1"


def test_requirement_files_include_each_other_inside_the_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    plant(tmp_path, {"secret.txt": "secret==1\n"})
    plant(
        root,
        {
            "requirements.txt": "-r requirements/base.txt\n-r ../secret.txt\n-r requirements.txt\n--index-url x\n-c gone.txt\n-r a\0b\n"
            "torch==2.6.0 \\\n  --hash=sha256:0\nnumpy>=1 # why\n-e git+https://x/y#egg=editable\n./local.whl\n",
            "requirements/base.txt": "jax>=0.4\n",
            "requirements-dev.txt": "torch==1.0\njax\npytest==8.0\n",
        },
    )
    project = load_project(root)
    assert project.pins == {"torch": "==2.6.0", "numpy": ">=1", "editable": "", "jax": ">=0.4", "pytest": "==8.0"}
    assert len(project.notes) == 3
    assert "secret" not in str(project.pins)


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_links_out_of_the_root_are_refused(tmp_path: Path) -> None:
    plant(tmp_path, {"outside.txt": "secret==1\n", "root/a.py": ""})
    (tmp_path / "root/requirements.txt").symlink_to(tmp_path / "outside.txt")
    (tmp_path / "root/setup.cfg").symlink_to(tmp_path / "root/setup.cfg")
    project = load_project(tmp_path / "root")
    assert project.pins == {}
    assert any("outside the root" in note for note in project.notes)


def test_broken_files_are_noted_and_the_others_used(tmp_path: Path) -> None:
    plant(tmp_path, {"pyproject.toml": "[[[", "setup.py": "(", "Pipfile.lock": "{", "requirements.txt": "torch>=2\n"})
    project = load_project(tmp_path)
    assert project.pins == {"torch": ">=2"}
    assert project.notes == (
        "pyproject.toml is not used: it is not valid TOML",
        "setup.py is not used: it is not valid Python",
        "Pipfile.lock is not used: it is not valid JSON",
    )


def test_an_unpacked_wheel_has_its_metadata_beside_it(tmp_path: Path) -> None:
    plant(
        tmp_path, {"app/a.py": "", "app-1.2.dist-info/METADATA": "Name: app\nVersion: 1.2\nRequires-Dist: torch>=2\n"}
    )
    assert project_of(tmp_path / "app/a.py", tmp_path).pins == {"torch": ">=2", "app": "==1.2"}


def test_among_many_packages_each_has_its_own_metadata(tmp_path: Path) -> None:
    plant(tmp_path, {"app/a.py": "", "app-1.dist-info/METADATA": "Name: app\nRequires-Dist: torch>=2\n"})
    plant(tmp_path, {"odd/a.py": "", "other-1.dist-info/METADATA": "Name: other\nRequires-Dist: torch<2\n"})
    plant(tmp_path, {"other-1.dist-info/top_level.txt": "odd\n", "none/a.py": ""})
    assert project_of(tmp_path / "app/a.py", tmp_path).pins == {"torch": ">=2"}
    assert project_of(tmp_path / "odd/a.py", tmp_path).pins == {"torch": "<2"}
    assert project_of(tmp_path / "none/a.py", tmp_path).pins == {}


def test_an_egg_info_counts_only_where_nothing_else_does(tmp_path: Path) -> None:
    plant(tmp_path, {"x.egg-info/requires.txt": "torch<2\n"})
    plant(tmp_path, {"sub/x.egg-info/requires.txt": "torch<1\n", "sub/requirements.txt": "torch>=2\n"})
    assert load_project(tmp_path).pins == {"torch": "<2"}
    assert project_of(tmp_path / "sub/a.py", tmp_path).pins == {"torch": ">=2"}


def test_a_script_brings_its_own_requirements() -> None:
    project = Project(Path(), {"torch": ">=2", "numpy": ">=1"})
    script = source(
        '#!/usr/bin/env python\n# /// script\n# requires-python = ">=3.12"\n# dependencies = ["torch<2"]\n#\n# ///\n'
    )
    assert project.for_file(script).pins == {"torch": "<2", "numpy": ">=1"}
    assert project.for_file(script).python_requires == ">=3.12"
    unfinished = source('# /// script\n# dependencies = ["torch<2"]\n')
    assert project.for_file(unfinished) == project


@pytest.mark.parametrize(
    ("line", "pins"),
    [
        (
            "!pip install -q torch==2.1.0 'transformers>=4.40,<5' accelerate",
            {"torch": "==2.1.0", "transformers": ">=4.40,<5"},
        ),
        ("%pip install -U -r requirements.txt torch==2.1 --index-url https://x/y | tail", {"torch": "==2.1"}),
        ("!{sys.executable} -m pip install \\\n  torch==2.1", {"torch": "==2.1"}),
        ("!uv pip install torch>=2.1 && pip install jax<0.5", {"torch": ">=2.1", "jax": "<0.5"}),
        ("!conda install -y -c conda-forge pytorch=2.1", {"torch": "==2.1.*"}),
        ("%%bash\npip install torch==2.1\necho", {"torch": "==2.1"}),
        ("!pip install 'unclosed torch", {}),
        ("!pip uninstall torch==2.1", {}),
        ("!pip install torch  # torch==2.1", {}),
    ],
)
def test_install_commands_of_a_notebook(line: str, pins: dict[str, str]) -> None:
    asked = Project(Path()).for_file(notebook("x = 1", line)).pins
    assert {name: pin for name, pin in asked.items() if pin} == pins


def test_a_bare_install_does_not_forget_a_pin() -> None:
    project = Project(Path(), {"torch": ">=2.6"})
    assert project.for_file(notebook("!pip install torch vllm")).pins == {"torch": ">=2.6", "vllm": ""}


def test_a_deep_folder_and_a_project_that_travels(tmp_path: Path) -> None:
    plant(tmp_path, {"requirements.txt": "torch>=2\n"})
    deep = tmp_path.joinpath(*["d"] * 1500)
    project = project_of(deep / "a.py", tmp_path)
    assert project.pins == {"torch": ">=2"}
    assert pickle.loads(pickle.dumps(project)) == project
