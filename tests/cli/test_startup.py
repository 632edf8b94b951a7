"""What a start of the program imports: a hook runs it for every commit, and what is not imported costs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.program import CHECKOUT

PROGRAM = """
import sys
from mlsec_lint.cli.program import run
status = run(sys.argv[1:])
sys.stdout.flush()
print("\\n".join(sorted(sys.modules)), file=sys.stderr)
sys.exit(status)
"""

PLAIN = '''"""Nothing that any rule looks at."""

from dataclasses import dataclass

from shop.money import Money


@dataclass
class Price:
    """What something costs."""

    net: Money
    rate: float

    def gross(self) -> Money:
        """With taxes."""
        return Money(self.net.cents * (1 + self.rate))
'''
FOUND = "import pickle\n\n\ndef load(path):\n    with open(path, 'rb') as file:\n        return pickle.load(file)\n"
PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["torch==2.8.0", "flask>=3"]\n'

HEAVY = (
    *("libcst", "bandit", "rich", "yaml", "logging", "concurrent", "multiprocessing", "subprocess", "pickle", "email"),
    *("sarif_om", "packaging", "pathspec", "tempfile", "difflib", "importlib.metadata", "mlsec_lint.bandit.plugins"),
    *("mlsec_lint.flow", "mlsec_lint.catalogue.model", "mlsec_lint.catalogue.load", "mlsec_lint.scan"),
    *("mlsec_lint.match.rule_index", "mlsec_lint.locate", "mlsec_lint.syntax.expression", "mlsec_lint.sources.magics"),
    *("mlsec_lint.suppressions.apply", "mlsec_lint.imports.importers"),
)
"""What nobody needs who checks a file that concerns no rule: modules and packages."""


@dataclass
class Start:
    """One start of the program."""

    status: int
    output: str
    modules: frozenset[str]

    def ours(self) -> list[str]:
        """The modules of the program itself."""
        return sorted(name for name in self.modules if name.startswith("mlsec_lint"))

    def heavy(self) -> list[str]:
        """What of `HEAVY` it has imported."""
        return [name for name in HEAVY if any(item == name or item.startswith(f"{name}.") for item in self.modules)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "shop").mkdir()
    files = {"pyproject.toml": PROJECT, "shop/__init__.py": "", "shop/money.py": "class Money:\n    cents: int\n"}
    for name, text in {**files, "shop/price.py": PLAIN, "shop/found.py": FOUND}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def start(project: Path, *arguments: str) -> Start:
    cleaned = {name: value for name, value in os.environ.items() if not name.startswith(("MLSEC_", "COVERAGE"))}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=project,
        env={**cleaned, "PYTHONPATH": str(CHECKOUT), "MLSEC_LINT_CACHE_DIR": str(project.parent / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    return Start(done.returncode, done.stdout, frozenset(done.stderr.splitlines()))


def test_a_changed_file_that_concerns_no_rule(project: Path) -> None:
    first = start(project, "check", "shop/price.py")
    assert first.status == 0
    (project / "shop/price.py").write_text(PLAIN + "\n\nTAXES = (7, 19)\n", encoding="utf-8")
    second = start(project, "check", "shop/price.py")
    assert second.output == first.output.replace("17 lines", "20 lines")
    assert second.heavy() == []
    assert len(second.ours()) <= 134
    assert len(second.modules) <= 290  # those of the standard library, of click and tomli


def test_an_unchanged_file(project: Path) -> None:
    first = start(project, "check", "shop/found.py")
    second = start(project, "check", "shop/found.py")
    assert (second.status, second.output) == (first.status, first.output) == (1, first.output)
    assert not {"mlsec_lint.engine", "mlsec_lint.judgement", "mlsec_lint.syntax.module"} & second.modules
    clean = [start(project, "check", "shop/price.py") for _ in range(2)][1]
    assert clean.heavy() == []
    assert len(clean.ours()) <= 100


def test_a_file_with_a_finding(project: Path) -> None:
    start(project, "check", "shop/price.py")
    found = start(project, "check", "shop/found.py")
    assert found.status == 1
    assert "unsafe-pickle-load" in found.output
    assert not {"libcst", "rich", "mlsec_lint.catalogue.load", "mlsec_lint.match.funnel_derivation"} & found.modules
    assert "mlsec_lint.flow.calls" in found.modules


def test_nothing_is_kept_without_a_cache(project: Path) -> None:
    kept = start(project, "check", "shop/price.py")
    assert start(project, "check", "shop/price.py", "--no-cache").output == kept.output
    assert start(project, "cache", "clear").output.startswith("cleared ")
    assert "mlsec_lint.catalogue.load" in start(project, "check", "shop/price.py").modules


def test_the_version(project: Path) -> None:
    told = start(project, "--version")
    assert told.status == 0
    assert len(told.ours()) <= 10
    assert told.heavy() == []
    assert "mlsec_lint.findings" not in told.modules
