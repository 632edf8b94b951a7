from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

import pytest

import mlsec_lint
from mlsec_lint.bandit.plugins import entry_points, load_builtins

ROOT = Path(mlsec_lint.__file__).parents[1]


def run_python(code: str, *path: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [*path, ROOT]))}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def foreign_plugin(directory: Path) -> None:
    (directory / "foreign.py").write_text("print('loaded')\ndef test(context): ...\n", encoding="utf-8")
    metadata = directory / "foreign-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[bandit.plugins]\nforeign = foreign:test\n", encoding="utf-8")


@pytest.mark.parametrize("group", ["bandit.plugins", "bandit.blacklists"])
def test_what_bandit_registers_is_read_as_the_standard_library_reads_it(group: str, tmp_path: Path) -> None:
    expected = [(point.name, point.value) for point in distribution("bandit").entry_points.select(group=group)]
    spec = find_spec("bandit")
    assert spec is not None
    assert spec.origin is not None
    beside, elsewhere = Path(spec.origin).parent, tmp_path / "bandit"
    assert list(entry_points(group, beside)) == list(entry_points(group, elsewhere)) == expected


def test_importing_the_package_does_not_import_bandit() -> None:
    code = "import sys, mlsec_lint.bandit.checks; print([m for m in sys.modules if m.split('.')[0] == 'bandit'])"
    assert run_python(code) == "[]\n"


def test_no_plugin_of_another_distribution_is_loaded(tmp_path: Path) -> None:
    foreign_plugin(tmp_path)
    ours = (
        "from mlsec_lint.bandit.checks import run_checks\n"
        "print(len(run_checks('assert x', 'x.py', frozenset({'B101'})).findings))"
    )
    assert run_python(ours, tmp_path) == "1\n"
    assert "loaded" in run_python("import bandit", tmp_path), "the plugin would be loaded by Bandit's own start-up"


def test_modules_of_a_bandit_in_use_stay_as_they_are() -> None:
    code = (
        "import sys, bandit\n"
        "before = {name: id(module) for name, module in sys.modules.items() if name.startswith('bandit')}\n"
        "from mlsec_lint.bandit.plugins import load_builtins\n"
        "load_builtins()\n"
        "after = {name: id(module) for name, module in sys.modules.items() if name.startswith('bandit')}\n"
        "print(before == after, len(before) > 5)"
    )
    assert run_python(code) == "True True\n"


def test_bandit_can_be_imported_afterwards() -> None:
    code = (
        "from mlsec_lint.bandit.plugins import load_builtins\n"
        "load_builtins()\n"
        "import bandit.core.extension_loader as loader\n"
        "print('assert_used' in loader.MANAGER.plugins_by_name)"
    )
    assert run_python(code) == "True\n"


def test_every_builtin_has_a_test_id_and_a_name() -> None:
    builtins = load_builtins()
    assert {"B101", "B301", "B401", "B615"} <= builtins.ids
    assert builtins.names["assert_used"] == "B101"
    assert builtins.names["pickle"] == "B301"
    assert len(builtins.names) == len(builtins.ids)
