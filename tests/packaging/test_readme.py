"""The README's set-up command, pasted on a fresh checkout, prints what the README shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, copy_checkout

README = (ROOT / "README.md").read_text(encoding="utf-8")


def command(name: str) -> str:
    """The one command of a marked block."""
    (text,) = re.findall(rf"<!-- run: {name} -->\n```sh\n(.+)\n```\n", README)
    return str(text)


def shown() -> str:
    """The output that the README shows, with `[…]` where it leaves something out."""
    (text,) = re.findall(r"<!-- output: example -->\n```text\n(.*?)```\n", README, re.DOTALL)
    return str(text)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the command is one for POSIX shells, as the README says")
def test_the_first_command_does_everything(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "mlsec-lint")
    done = subprocess.run(
        ["sh", "-c", command("example")], cwd=checkout, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1, done.stderr
    assert [part for part in shown().split("\n\n[…]\n\n") if part not in done.stdout] == []


def test_the_commands_need_nothing_but_python() -> None:
    for name in ("example", "tests"):
        assert command(name).startswith("python3 -m venv .venv && .venv/bin/pip install")


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_configuration_that_it_shows_is_understood(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(\[tool\.mlsec-lint\].*?)```", README, re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    models = tmp_path / "company-rules" / "models"
    models.mkdir(parents=True)
    (models / "acme.toml").write_text('[[alias]]\nname = "acme.torch"\nsame-as = "torch"\n', encoding="utf-8")
    (tmp_path / "fine.py").write_text("import torch\n", encoding="utf-8")
    command = [sys.executable, "-m", "mlsec_lint", "check"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
