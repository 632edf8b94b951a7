from __future__ import annotations

import time
from pathlib import Path

import pytest

from mlsec_lint.bandit.plugins import load_builtins
from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings, PluginOption
from mlsec_lint.bandit.settings_file import read_settings

EXPECTED = BanditSettings(
    tests=frozenset({"B101", "B102"}), skips=frozenset({"B404"}), exclude_dirs=("build", "*/vendor/*")
)
TOML = '[tool.bandit]\ntests = ["B101", "B102"]\nskips = ["B404"]\nexclude_dirs = ["build", "*/vendor/*"]\n'
YAML = "tests: [B101, B102]\nskips:\n- B404\nexclude_dirs: [build, '*/vendor/*']\n"
INI = "[bandit]\ntests = B101, B102\nskips: B404\nexclude: build,*/vendor/*\nlevel = 3%\n"


@pytest.mark.parametrize(("name", "text"), [("a.toml", TOML), ("a.yaml", YAML), ("a.yml", YAML), (".bandit", INI)])
def test_every_format_says_the_same(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_settings(tmp_path / name) == (EXPECTED, ())


def test_options_of_plugins_are_read(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(
        '[tool.bandit.assert_used]\nskips = ["*_test.py"]\n[tool.bandit.try_except_pass]\ncheck_typed_exception = true\n'
        "[tool.bandit.weak_cryptographic_key]\nweak_key_size_rsa_high = 4096\n",
        encoding="utf-8",
    )
    settings, mistakes = read_settings(file)
    assert not mistakes
    assert settings.options == (
        PluginOption("assert_used", "skips", ("*_test.py",)),
        PluginOption("try_except_pass", "check_typed_exception", value=True),
        PluginOption("weak_cryptographic_key", "weak_key_size_rsa_high", 4096),
    )
    assert settings.options_of("assert_used") == {"skips": ["*_test.py"]}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.toml", '[tool.bandit]\nskip = ["B101"]', "a.toml: skip: Bandit's built-in checks know no such key"),
        ("a.toml", '[tool.bandit]\nskips = "B101"', "a.toml: skips: takes a list of texts; write skips = ["),
        (
            "a.toml",
            '[tool.bandit]\nskips = ["assert"]',
            "a.toml: skips: 'assert' is no test id; write ids such as B101",
        ),
        (
            "a.toml",
            "[tool.bandit]\nassert_used = 1",
            "a.toml: assert_used: takes a table; write [tool.bandit.assert_used]",
        ),
        ("a.toml", "[tool.bandit.assert_used]\nskip = 1", "a.toml: assert_used.skip: no such option; known: skips"),
        ("a.toml", "[tool.bandit.try_except_pass]\ncheck_typed_exception = 1", "takes true or false"),
        ("a.toml", "[tool.bandit.weak_cryptographic_key]\nweak_key_size_rsa_high = true", "takes a whole number"),
        ("a.toml", "[tool.bandit", "a.toml: is no TOML"),
        ("a.toml", "a = " + "[" * 5_000, "a.toml: is no TOML"),
        ("a.toml", "a = 1979-99-99", "a.toml: is no TOML"),
        ("a.toml", "tool.bandit = 1", "a.toml: holds no table of settings"),
        ("a.yaml", "skips: [", "a.yaml: is no YAML (line 1)"),
        ("a.yaml", "[" * 400, "a.yaml: is no YAML"),
        ("a.yaml", "- x", "a.yaml: holds no table of settings"),
        ("a.yaml", "skips: !!python/object/apply:os.system [ls]", "a.yaml: is no YAML"),
        (".bandit", "skips = B101", ".bandit: MissingSectionHeaderError; write a section [bandit]"),
        (".bandit", "x" * 1_100_000, ".bandit: is larger than 1 MiB"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_next_step(tmp_path: Path, name: str, text: str, expected: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    settings, (mistake, *_) = read_settings(tmp_path / name)
    assert settings == DEFAULTS
    assert expected in str(mistake)


def test_brackets_in_brackets_take_no_long_time(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("[" * 5_000, encoding="utf-8")
    start = time.process_time()
    (mistake,) = read_settings(tmp_path / "a.yaml")[1]
    assert time.process_time() - start < 5  # about 0.2 on a quiet machine; PyYAML's own way of nesting takes minutes
    assert "is no YAML that Bandit takes" in str(mistake)
    (tmp_path / "a.yaml").write_text("skips: [B101]\nx: " + "[[]," * 15 + "[]" + "]" * 15, encoding="utf-8")
    assert read_settings(tmp_path / "a.yaml")[0].skips == {"B101"}


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff")
    assert "is not UTF-8 text" in str(read_settings(tmp_path / "a.toml")[1][0])
    assert "cannot be read" in str(read_settings(tmp_path / "missing.toml")[1][0])


def test_b001_stands_for_all_blacklists() -> None:
    builtins = load_builtins()
    everything = builtins.ids
    without = BanditSettings(skips=frozenset({"B001"})).effective(everything, builtins)
    assert "B301" not in without
    assert "B401" not in without
    assert "B602" in without
    assert BanditSettings(tests=frozenset({"B301"})).effective(everything, builtins) == {"B301"}
    assert BanditSettings(tests=frozenset({"B301"})).effective(frozenset({"B602"}), builtins) == frozenset()
