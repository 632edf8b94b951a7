"""`mlsec-lint init`: a first configuration."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mlsec_lint.cli.app import app
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.config.settings import Settings

PYPROJECT = b'[project]\r\nname = "caf\xc3\xa9"\r\n\r\n[tool.ruff]\r\nline-length = 100'


def init(*arguments: str) -> Result:
    return CliRunner().invoke(app, ("init", *arguments))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "serve.py").write_text("import torch\nimport fastapi\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_it_appends_to_pyproject_and_leaves_the_rest_as_it_was(project: Path) -> None:
    file = project / "pyproject.toml"
    file.write_bytes(PYPROJECT)
    file.chmod(0o640)
    result = init()
    assert (result.exit_code, result.stdout) == (0, "")
    assert "added [tool.mlsec-lint] to pyproject.toml" in result.stderr
    after = file.read_bytes()
    assert after.startswith(PYPROJECT + b"\r\n\r\n[tool.mlsec-lint]\r\n")
    assert b"\n" not in after.replace(b"\r\n", b"")
    assert b"#   torch: files that run code" in after
    assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(tree(project)) == ["pyproject.toml", "serve.py"]


def test_without_pyproject_it_writes_a_file_of_its_own_that_changes_nothing_yet(project: Path) -> None:
    assert init().exit_code == 0
    configuration = Configuration(project, {})
    assert configuration.of(project) == Settings(project)
    assert configuration.mistakes == ()
    assert [path.name for path in configuration.files_of(project)] == ["mlsec-lint.toml"]


@pytest.mark.parametrize("option", ["--dry-run", "--stdout"])
@pytest.mark.parametrize("content", [None, b"", PYPROJECT])
def test_a_dry_run_prints_and_writes_nothing(project: Path, option: str, content: bytes | None) -> None:
    if content is not None:
        (project / "pyproject.toml").write_bytes(content)
    before = tree(project)
    result = init(option)
    assert (result.exit_code, result.stderr, tree(project)) == (0, "", before)
    assert result.stdout.startswith("# All keys" if content is None else "[tool.mlsec-lint]")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"mlsec-lint.toml": b""}, "mlsec-lint.toml: it is there already; `mlsec-lint config` shows what it says"),
        ({"pyproject.toml": b"[tool.mlsec-lint]\n"}, "pyproject.toml: tool.mlsec-lint: it is there already"),
        ({"pyproject.toml": b"no TOML"}, "pyproject.toml: no valid TOML"),
        ({"pyproject.toml": b"\xff\xfe"}, "pyproject.toml: not UTF-8: byte 0; save it as UTF-8"),
        ({"pyproject.toml": b"#" * (1024 * 1024 + 1)}, "pyproject.toml: larger than 1024 KiB"),
        ({"pyproject.toml": b"tool = {}\n"}, "pyproject.toml: tool: no table can be added to it"),
    ],
)
def test_what_is_refused_stays_as_it_was(project: Path, files: dict[str, bytes], said: str) -> None:
    for name, data in files.items():
        (project / name).write_bytes(data)
    before = tree(project)
    for arguments in ((), ("--dry-run",)):
        result = init(*arguments)
        assert (result.exit_code, said in result.stderr, result.stdout, tree(project)) == (2, True, "", before)


@pytest.mark.parametrize("name", ["pyproject.toml", "mlsec-lint.toml"])
@pytest.mark.parametrize("there", [True, False])
def test_links_are_refused(project: Path, tmp_path_factory: pytest.TempPathFactory, name: str, there: bool) -> None:
    outside = tmp_path_factory.mktemp("outside") / "target.toml"
    if there:
        outside.write_bytes(PYPROJECT)
    (project / name).symlink_to(outside)
    result = init()
    assert (result.exit_code, "symbolic link" in result.stderr) == (2, True)
    assert outside.read_bytes() == PYPROJECT if there else not outside.exists()


@pytest.mark.parametrize(("path", "said"), [("none", "does not exist"), ("serve.py", "is a file")])
def test_the_path_is_a_folder(project: Path, path: str, said: str) -> None:
    before = tree(project)
    result = init(path)
    assert (result.exit_code, said in result.stderr, tree(project)) == (2, True, before)


def test_a_folder_with_its_name_is_no_configuration(project: Path) -> None:
    (project / "pyproject.toml").mkdir()
    result = init()
    assert (result.exit_code, "no regular file" in result.stderr) == (2, True)


def test_a_configuration_above_is_named_because_the_nearest_holds_alone(project: Path) -> None:
    (project / "mlsec-lint.toml").write_text('profile = "strict"\n', encoding="utf-8")
    (project / "api").mkdir()
    result = init("api")
    assert "extend = '../mlsec-lint.toml'" in result.stderr


def test_hooks_and_ci_are_answered_with_the_next_step(project: Path) -> None:
    (project / ".pre-commit-config.yaml").write_text("repos: []\n", encoding="utf-8")
    (project / ".gitlab-ci.yml").write_text("", encoding="utf-8")
    lines = init().stderr.splitlines()
    assert any(".pre-commit-config.yaml" in line for line in lines)
    assert any("for GitLab CI: https://" in line for line in lines)
