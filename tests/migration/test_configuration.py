"""What a configuration of Bandit's says in our words, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from mlsec_lint.bandit.settings_file import BanditSettingsError
from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.config import keys
from mlsec_lint.migration.carried import Carried
from mlsec_lint.migration.configuration import carried, configurations_in

YAML = """
skips: ['B404', 'B614']
exclude_dirs: ['./build', '*/migrations/*', 'a[b]']
assert_used: {skips: ['*_test.py', '*/test_*.py', '[ab].py']}
shell_injection: {no_shell: [os.execl]}
"""
INI = """[bandit]
targets = src, lib
exclude = ./build,tests
skips = B101, B999, assert_used
tests = B602,B301
level = 3
confidence = HIGH
format = {form}
number = 5
baseline = old.json
"""
TOML = '[tool.bandit]\nskips = ["B101"]\nexclude_dirs = ["tests"]\n[tool.bandit.shell_injection]\nno_shell = ["x"]\n'


def carry(folder: Path, name: str, text: str) -> Carried:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    found = carried(file, name, load_catalogue())
    table = tomli.loads("\n".join(f"{key} = {value}" for key, value in found.as_toml().items()))
    assert keys.read(table, name)[1] == ()
    return found


def test_yaml(tmp_path: Path) -> None:
    found = carry(tmp_path, "bandit.yaml", YAML)
    assert found.values == {
        "ignore": ("B404", "B614"),
        "extend-exclude": ("/build", "migrations/"),
        "per-file-ignores": {"*_test.py": ("B101",), "test_*.py": ("B101",)},
    }
    assert [remark.split(": ")[1] for remark in found.remarks] == [
        "tests",
        "skips",
        "exclude_dirs",
        "assert_used.skips",
        "shell_injection",
    ]
    assert "B614 is ignored; rules of this linter look at the same more closely: MLS103, MLS104" in found.remarks[1]


def test_an_ini_file(tmp_path: Path) -> None:
    found = carry(tmp_path, ".bandit", INI.format(form="json"))
    assert found.values == {
        "select": ("MLS", "B301", "B602"),
        "ignore": ("B101",),
        "extend-exclude": ("/build", "tests"),
        "min-severity": "medium",
        "min-confidence": "high",
        "format": "json",
    }
    said = "\n".join(found.remarks)
    for expected in (
        "targets: not carried over; name them on the command line: `mlsec-lint check src lib`",
        "baseline: not carried over; carry it over as well: `--from-bandit old.json`",
        "number: not carried over",
        "B999 is not carried over",
        "'assert_used' is no test id",
        "of Bandit's checks only these run",
    ):
        assert expected in said
    assert "format: not carried over" in "\n".join(carry(tmp_path, ".bandit", INI.format(form="csv")).remarks)


def test_pyproject(tmp_path: Path) -> None:
    found = carry(tmp_path, "pyproject.toml", TOML)
    assert found.values == {"ignore": ("B101",), "extend-exclude": ("tests",)}
    assert not any("shell_injection" in remark for remark in found.remarks)
    assert found.remarks[-1].startswith("pyproject.toml: [tool.bandit]: its `tests`, `skips` and options are heeded")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.ruff]\n"),
        ("a.yaml", ""),
        ("a.yaml", "skips: ["),
        ("a.yaml", "a: &a [B101]\nskips: *a\n"),
        ("a.yaml", "".join(f"k{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40))),
        ("a.yaml", "x: " + "a" * 300_000),
        ("a.yaml", "x: " + "[" * 5_000),
        (".bandit", "no section"),
        (".bandit", "[bandit]\n"),
    ],
)
def test_what_is_no_configuration_of_bandits_is_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(BanditSettingsError) as refusal:
        carry(tmp_path, name, text)
    assert name in str(refusal.value)
    assert len(str(refusal.value)) < len(str(tmp_path)) + 200


def test_the_files_that_bandit_looks_for(tmp_path: Path) -> None:
    (tmp_path / ".bandit").write_text(INI, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    assert [file.name for file in configurations_in(tmp_path)] == [".bandit"]
    (tmp_path / "pyproject.toml").write_text(TOML, encoding="utf-8")
    assert [file.name for file in configurations_in(tmp_path)] == [".bandit", "pyproject.toml"]
