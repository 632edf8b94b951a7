"""Suppressions as users meet them: in a process of its own, with dates from the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

JUNE = {"SOURCE_DATE_EPOCH": "1781481600"}
"""Midnight of 2026-06-15."""


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    cleaned = {name: value for name, value in os.environ.items() if not name.startswith(("MLSEC_", "SOURCE_DATE"))}
    return subprocess.run(
        [sys.executable, "-m", "mlsec_lint", *arguments],
        cwd=folder,
        env={**cleaned, "MLSEC_LINT_NO_CACHE": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "line.py").write_text(
        "import pickle, sys\npickle.load(open(sys.argv[1], 'rb'))  # mlsec: ignore[MLS101] until=2026-06-15 ours\n"
        "pickle.load(open(sys.argv[2], 'rb'))  # noqa: S301\n"
        "pickle.load(open(sys.argv[3], 'rb'))  # nosec B301\n",
        encoding="utf-8",
    )
    (tmp_path / "file.py").write_text(
        "# mlsec: ignore-file[MLS101] ours\nimport pickle, sys\npickle.load(open(sys.argv[1], 'rb'))\n",
        encoding="utf-8",
    )
    (tmp_path / "range.py").write_text(
        "import pickle, sys\n# mlsec: disable[MLS101]\npickle.load(open(sys.argv[1], 'rb'))\n# mlsec: enable[MLS101]\n",
        encoding="utf-8",
    )
    return tmp_path


def found(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str, int]]:
    findings = json.loads(done.stdout)["findings"]
    return [(item["rule"], item["path"], item["span"]["start_line"]) for item in findings]


def test_every_form_silences_and_no_ignores_shows_it_all(project: Path) -> None:
    assert found(run(project, "check", "--format", "json", **JUNE)) == []
    shown = found(run(project, "check", "--format", "json", "--no-ignores", **JUNE))
    assert shown == [
        ("MLS101", "file.py", 3),
        ("MLS101", "line.py", 2),
        ("MLS101", "line.py", 3),
        ("MLS101", "line.py", 4),
        ("MLS101", "range.py", 3),
    ]


def test_on_the_day_after_the_finding_is_back_and_one_more_says_why(project: Path) -> None:
    done = run(project, "check", "--format", "json", SOURCE_DATE_EPOCH=str(int(JUNE["SOURCE_DATE_EPOCH"]) + 86_400))
    assert found(done) == [("MLS101", "line.py", 2), ("MLS993", "line.py", 2)]
    assert done.returncode == 1


def test_a_day_that_is_none_in_the_environment_is_told(project: Path) -> None:
    done = run(project, "check", SOURCE_DATE_EPOCH="soon")
    assert done.returncode == 2
    assert "SOURCE_DATE_EPOCH holds no number of seconds since 1970; correct it, or unset it" in done.stderr


def test_the_configuration_may_ask_for_reasons(project: Path) -> None:
    (project / "mlsec-lint.toml").write_text("require-reason = true\n", encoding="utf-8")
    assert found(run(project, "check", "--format", "json", **JUNE)) == [("MLS994", "range.py", 2)]
