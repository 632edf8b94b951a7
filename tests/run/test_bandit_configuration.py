"""What a project tells Bandit holds here too, as data."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mlsec_lint.bandit.settings_file import from_table
from tests.program import run

CODE = "import sys\nexec(sys.argv[1])\n"


def check(folder: Path, *options: str) -> str:
    done = run(folder, "check", ".", "--format", "concise", *options)
    return done.stdout + done.stderr


def test_skips_of_bandit_are_heeded_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.bandit]\nskips = ["B102"]\n', encoding="utf-8")
    said = check(tmp_path)
    assert "a.py:2:1: B102" not in said
    assert "switches Bandit's checks off (B102)" in said


def test_an_isolated_run_hears_nothing_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.bandit]\nskips = ["B102"]\n', encoding="utf-8")
    assert "a.py:2:1: B102" in check(tmp_path, "--isolated")


def test_a_mistake_in_it_is_named_and_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.bandit]\nskips = 7\n", encoding="utf-8")
    said = check(tmp_path)
    assert "[tool.bandit] skips" in said
    assert "a.py:2:1: B102" in said


def test_a_mistake_without_a_key_is_said_without_one(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.bandit\n", encoding="utf-8")
    assert "[tool.bandit] is no TOML" in check(tmp_path)


def test_unknown_keys_are_told_in_their_order() -> None:
    names = sorted(f"key{number}" for number in range(20))
    _, mistakes = from_table(dict.fromkeys(reversed(names), 1), "pyproject.toml")
    assert [mistake.key for mistake in mistakes] == names


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leads_out_of_the_repository_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text('[tool.bandit]\nskips = ["B102"]\nsecret-key = 1\n', encoding="utf-8")
    root = tmp_path / "repo"
    root.mkdir()
    (root / "a.py").write_text(CODE, encoding="utf-8")
    (root / "pyproject.toml").symlink_to(tmp_path / "outside.toml")
    said = check(root)
    assert ("a.py:2:1: B102" in said, "secret-key" in said) == (True, False)
