from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlsec_lint.config.configuration import Configuration
from mlsec_lint.config.keys import KEYS
from mlsec_lint.config.settings import Settings
from mlsec_lint.findings import Confidence, Profile, Severity


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(root: Path, text: str) -> list[str]:
    write(root / "mlsec-lint.toml", text)
    configuration = Configuration(root, {})
    configuration.of(root)
    return [str(mistake).replace(str(root), "") for mistake in configuration.mistakes]


def test_nothing_said_means_the_defaults(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert Configuration(tmp_path, {}).of(tmp_path) == Settings(tmp_path)


EVERYTHING = """
select = ["MLS1", "B"]
extend-select = ["pytorch"]
ignore = ["MLS103"]
profile = "strict"
min-severity = "medium"
min-confidence = "high"
fail-on = "never"
exclude = ["a"]
extend-exclude = ["b"]
respect-gitignore = false
force-exclude = false
rules = ["./company-rules"]
assume = { torch = "2.8" }
trusted-hosts = ["models.example.org"]
severity = { MLS103 = "critical", MLS6 = "low" }
per-file-select = { "notebooks/" = ["MLS0"] }
per-file-ignores = { "tests/*" = ["B101"] }
format = "concise"
bandit = false
max-file-size = 1000
max-memory = "512 MiB"
timeout = 2.5
"""


@pytest.mark.parametrize("file", ["mlsec-lint.toml", "pyproject.toml"])
def test_every_key_is_read_with_its_origin(tmp_path: Path, file: str) -> None:
    header = "[tool.mlsec-lint]\n" if file == "pyproject.toml" else ""
    path = write(tmp_path / file, header + EVERYTHING)
    configuration = Configuration(tmp_path, {})
    settings = configuration.of(tmp_path)
    assert configuration.mistakes == ()
    assert settings == Settings(
        tmp_path,
        select=("MLS1", "B"),
        extend_select=("pytorch",),
        ignore=("MLS103",),
        profile=Profile.STRICT,
        min_severity=Severity.MEDIUM,
        min_confidence=Confidence.HIGH,
        fail_on=None,
        exclude=("a",),
        extend_exclude=("b",),
        respect_gitignore=False,
        force_exclude=False,
        rules=(tmp_path / "company-rules",),
        assume={"torch": "2.8"},
        trusted_hosts=("models.example.org",),
        severity=(("MLS103", Severity.CRITICAL), ("MLS6", Severity.LOW)),
        per_file_select=(("notebooks/", ("MLS0",)),),
        per_file_ignores=(("tests/*", ("B101",)),),
        format="concise",
        bandit=False,
        max_file_size=1000,
        max_memory=512 * 2**20,
        timeout=2.5,
    )
    assert settings.origin("profile") == str(path)
    assert settings.origin("ignores") == "default"


def test_options_come_before_the_file_and_the_file_before_the_defaults(tmp_path: Path) -> None:
    write(tmp_path / "mlsec-lint.toml", 'profile = "strict"\nformat = "json"\n')
    settings = Configuration(tmp_path, {"profile": Profile.AUDIT}).of(tmp_path)
    assert (settings.profile, settings.origin("profile")) == (Profile.AUDIT, "--profile")
    assert settings.format == "json"


def test_the_nearest_file_holds_alone(tmp_path: Path) -> None:
    write(tmp_path / "mlsec-lint.toml", 'ignore = ["MLS1"]\nprofile = "strict"\n')
    write(tmp_path / "service" / "pyproject.toml", '[tool.mlsec-lint]\nignore = ["MLS2"]\n')
    write(tmp_path / "service" / "deep" / "pyproject.toml", "[tool.other]\n")
    configuration = Configuration(tmp_path, {})
    assert configuration.of(tmp_path / "elsewhere").ignore == ("MLS1",)
    nested = configuration.of(tmp_path / "service" / "deep" / "er")
    assert (nested.ignore, nested.profile, nested.base) == (("MLS2",), Profile.DEFAULT, tmp_path / "service")


def test_own_file_comes_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "mlsec-lint.toml", 'ignore = ["MLS1"]\n')
    write(tmp_path / "pyproject.toml", '[tool.mlsec-lint]\nignore = ["MLS2"]\n')
    assert Configuration(tmp_path, {}).of(tmp_path).ignore == ("MLS1",)


def test_the_search_ends_at_the_root_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path / "mlsec-lint.toml", 'ignore = ["MLS1"]\n')
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    assert Configuration(tmp_path, {}).of(tmp_path / "repo" / "src").ignore == ()


def test_extend_fills_in_what_the_file_does_not_say(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    base = write(tmp_path / "base.toml", 'ignore = ["MLS1"]\nprofile = "strict"\nrules = ["packs"]\n')
    write(tmp_path / "service" / "mlsec-lint.toml", 'extend = "../base.toml"\nignore = ["MLS2"]\n')
    settings = Configuration(tmp_path, {}).of(tmp_path / "service")
    assert (settings.ignore, settings.profile) == (("MLS2",), Profile.STRICT)
    assert settings.rules == (tmp_path / "packs",)
    assert settings.origin("profile") == str(base)


def test_extend_and_rules_do_not_leave_the_repository(tmp_path: Path) -> None:
    write(tmp_path / "secret.toml", 'secret-key = "hunter2"\n')
    root = tmp_path / "repo"
    (root / ".git").mkdir(parents=True)
    said = mistakes(root, 'extend = "../secret.toml"\nrules = ["../packs", "packs"]\n')
    assert [line.split(";")[0] for line in said] == [
        "/mlsec-lint.toml: extend: the file lies outside the repository",
        "/mlsec-lint.toml: rules: '../packs' lies outside the repository",
    ]
    assert "hunter2" not in "".join(said)
    assert "secret-key" not in "".join(said)


def test_a_link_does_not_leave_the_repository_either(tmp_path: Path) -> None:
    write(tmp_path / "outside.toml", 'profile = "audit"\n')
    root = tmp_path / "repo"
    (root / ".git").mkdir(parents=True)
    (root / "base.toml").symlink_to(tmp_path / "outside.toml")
    (said,) = mistakes(root, 'extend = "base.toml"\n')
    assert "outside the repository" in said


@pytest.mark.parametrize("name", ["mlsec-lint.toml", "pyproject.toml"])
def test_a_configuration_that_is_a_link_to_the_outside_is_refused_without_a_word_of_it(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path / "outside.toml", "[tool.mlsec-lint]\nsecret-key = 1\nprofile = 'audit'\n")
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / name).symlink_to(tmp_path / "outside.toml")
    configuration = Configuration(tmp_path / "repo", {})
    assert configuration.of(tmp_path / "repo").profile is Profile.DEFAULT
    (said,) = configuration.mistakes
    assert ("outside the repository" in str(said), "secret-key" in str(said)) == (True, False)


def test_a_file_named_by_a_person_may_name_anything(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", 'profile = "strict"\n')
    named = write(tmp_path / "conf" / "ci.toml", 'extend = "../base.toml"\nrules = ["../packs"]\n')
    write(tmp_path / "repo" / "mlsec-lint.toml", 'ignore = ["MLS1"]\n')
    settings = Configuration(tmp_path / "repo", {}, named).of(tmp_path / "repo")
    assert (settings.profile, settings.ignore, settings.base) == (Profile.STRICT, (), tmp_path / "repo")
    assert settings.rules == (tmp_path / "packs",)


def test_isolated_reads_no_file(tmp_path: Path) -> None:
    write(tmp_path / "mlsec-lint.toml", "this is no TOML")
    configuration = Configuration(tmp_path, {}, isolated=True)
    assert configuration.of(tmp_path) == Settings(tmp_path)
    assert configuration.mistakes == ()


def test_extending_oneself_ends(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", 'extend = "mlsec-lint.toml"\n')
    assert mistakes(tmp_path, 'extend = "a.toml"\n') == ["/a.toml: extend: the file extends itself"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("selct = []", "selct: unknown key; did you mean 'select'?"),
        ("min_severity = 'low'", "min_severity: unknown key; did you mean 'min-severity'?"),
        (
            "profile = 'strickt'",
            "profile: 'strickt' is not one of 'default', 'strict', 'audit'; did you mean 'strict'?",
        ),
        ("profile = 3", "profile: the number 3 is not one of 'default', 'strict', 'audit'"),
        (
            "fail-on = 'nevr'",
            "fail-on: 'nevr' is not one of 'info', 'low', 'medium', 'high', 'critical', 'never'; did you mean 'never'?",
        ),
        ("bandit = 'no'", "bandit: expected true or false, got 'no'"),
        ("select = 'MLS1'", "select: expected a list of texts, got a text; write ['MLS1']"),
        ("select = [1]", "select: expected a text, got the number 1"),
        ("select = ['']", "select: expected a text, got ''"),
        ("max-file-size = -1", "max-file-size: expected a number of bytes above zero, got the number -1"),
        ("max-file-size = true", "max-file-size: expected a number of bytes above zero, got true or false"),
        (
            "max-memory = '2 gigs'",
            "max-memory: expected a number of bytes above zero, got '2 gigs'; write 512 MB or 2 GiB",
        ),
        (f"max-file-size = 0x{'f' * 5_000}", "max-file-size: expected at most 1,125,899,906,842,624"),
        (f"timeout = 0x{'f' * 5_000}", "timeout: expected at most 2,147,483,647"),
        ("timeout = 1e300", "timeout: expected at most 2,147,483,647"),
        ('extend = "a\\u0000b"', "extend: expected a text, got 'a\\x00b'"),
        ('rules = ["a\\u0000b"]', "rules: expected a text, got 'a\\x00b'"),
        (f"extend = '{'a' * 5_000}'", "extend: there is no such file"),
        ("timeout = inf", "timeout: expected seconds above zero, got a number"),
        ("assume = []", "assume: expected a table, got a list"),
        ("assume = { torch = 2 }", "assume.torch: expected a text, got the number 2"),
        ("per-file-ignores = { 'a' = 'B1' }", "per-file-ignores.a: expected a list of texts, got a text; write ['B1']"),
        (
            "severity = { MLS1 = 'hihg' }",
            "severity.MLS1: 'hihg' is not one of 'info', 'low', 'medium', 'high', 'critical'; did",
        ),
        ("severity = 'high'", "severity: expected a table, got 'high'"),
        ("exclude = ['a/**/*b*/c*d*']", "exclude: 'a/**/*b*/c*d*' is no usable pattern; write one as in .gitignore"),
        ("extend-exclude = ['# x']", "extend-exclude: '# x' is no usable pattern"),
        ("per-file-ignores = { '*a*b*c*d*e*' = ['B1'] }", "per-file-ignores: '*a*b*c*d*e*' is no usable pattern"),
        ("per-file-select = { '' = ['B1'] }", "per-file-select: '' is no usable pattern"),
        ("assume = { torch = 'new' }", "assume.torch: 'new' is no version; write 2.8, or >=2.6,<3"),
        ("assume = { 'to rch' = '2' }", "assume: 'to rch' is no name of a library; write torch"),
        (
            "trusted-hosts = ['https://Models.example.org:80/x']",
            "trusted-hosts: expected the name of a host, without address, port or star; write 'models.example.org'",
        ),
        ("trusted-hosts = ['*.example.org']", "trusted-hosts: expected the name of a host, without"),
        ("trusted-hosts = ['a b']", "trusted-hosts: expected the name of a host, without"),
        ("PROFILE = 'strict'", "PROFILE: unknown key; did you mean 'profile'?"),
        ("profile = 'Strict'", "profile: 'Strict' is not one of 'default', 'strict', 'audit'; did you mean 'strict'?"),
        ("timeout = '60s'", "timeout: expected seconds above zero, got '60s'; write 60 or 2.5"),
        ("timeout = nan", "timeout: expected seconds above zero, got the number nan"),
        ("bandit = 1", "bandit: expected true or false, got the number 1"),
        ("select = { a = 1 }", "select: expected a list of texts, got a table"),
        ("rules = 'packs'", "rules: expected a list of texts, got a text; write ['packs']"),
        ("extend = ''", "extend: expected a text, got ''"),
        ("force-exclude = 2020-01-01", "force-exclude: expected true or false, got something else"),
        ("[tool.mlsec-lint]\nprofile = 'audit'", "tool: unknown key; write the keys without [tool.mlsec-lint]"),
        ("extend = 'none.toml'", "extend: there is no such file"),
        ("format = 'sariff'", "format: 'sariff' is not one of 'full', "),
        ("a = 1979-99-99", "no valid TOML"),
    ],
)
def test_a_mistake_names_file_key_and_the_likely_correction(tmp_path: Path, text: str, expected: str) -> None:
    (said,) = mistakes(tmp_path, text)
    assert said.startswith("/mlsec-lint.toml: " + expected)


WRONG_FOR_ALL = ["-1", "''", "[[1]]", "{ '' = -1 }", "2020-01-01", "12:00:00", '["\\u0000"]']


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", WRONG_FOR_ALL)
def test_every_key_answers_a_value_of_a_wrong_kind(tmp_path: Path, key: str, value: str) -> None:
    (said,) = mistakes(tmp_path, f"{key} = {value}")
    assert said.startswith(f"/mlsec-lint.toml: {key}")
    assert re.search("expected|is not one of|is no ", said)


@pytest.mark.parametrize("name", ["mlsec_lint", "mlseclint", "MLSEC-LINT", "mlsec.lint"])
def test_a_table_that_is_nearly_ours_is_named(tmp_path: Path, name: str) -> None:
    write(tmp_path / "pyproject.toml", f"[tool.'{name}']\nprofile = 'strict'\n")
    configuration = Configuration(tmp_path, {})
    configuration.of(tmp_path)
    (said,) = configuration.mistakes
    assert str(said).endswith(f"tool.{name}: nobody reads this table; write [tool.mlsec-lint]")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "mlsec-lint.toml").write_bytes(b"\xef\xbb\xbfprofile = 'strict'\n")
    assert Configuration(tmp_path, {}).of(tmp_path).profile is Profile.STRICT


def test_what_is_right_holds_beside_a_mistake(tmp_path: Path) -> None:
    write(tmp_path / "mlsec-lint.toml", "profile = 'strict'\nselct = []\nbandit = 1\n")
    configuration = Configuration(tmp_path, {})
    assert configuration.of(tmp_path).profile == Profile.STRICT
    assert [mistake.key for mistake in configuration.mistakes] == ["selct", "bandit"]


def test_a_pyproject_of_others_may_be_broken(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "this is no TOML")
    (tmp_path / ".git").mkdir()
    configuration = Configuration(tmp_path, {})
    assert configuration.of(tmp_path) == Settings(tmp_path)
    assert configuration.mistakes == ()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x = " + b"[" * 2000, b"#" * (1024 * 1024 + 1)])
def test_a_hostile_file_is_one_mistake(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mlsec-lint.toml").write_bytes(content)
    configuration = Configuration(tmp_path, {})
    assert configuration.of(tmp_path) == Settings(tmp_path)
    assert len(configuration.mistakes) == 1


def test_a_field_that_does_not_exist_is_a_programming_error(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="profil"):
        Configuration(tmp_path, {"profil": Profile.AUDIT})
