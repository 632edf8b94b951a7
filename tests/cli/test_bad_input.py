"""Every option and every variable that somebody can get wrong: what is wrong, where, and what would be right; nothing is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from mlsec_lint.cli.app import app
from mlsec_lint.cli.check import check_command

CHECK: dict[str, list[tuple[str, str]]] = {
    "select": [
        ("", "the list is empty"),
        (" , ", "the list is empty"),
        ("MLS1O3", "did you mean 'MLS1"),
        ("a b", "commas"),
    ],
    "extend_select": [("mls103", "did you mean 'MLS103'?"), ("\x1b[2J", "'\\x1b[2J'")],
    "ignore": [("unsafe-torch-laod", "did you mean 'unsafe-torch-load'?"), ("", "the list is empty")],
    "profile": [
        ("strickt", "did you mean 'strict'?"),
        ("STRICT", "did you mean 'strict'?"),
        ("", "'default', 'strict'"),
    ],
    "min_severity": [("hgih", "did you mean 'high'?"), ("HIGH", "did you mean 'high'?"), ("-1", "'info', 'low'")],
    "min_confidence": [("hihg", "did you mean 'high'?"), ("critical", "'low', 'medium', 'high'")],
    "fail_on": [("nevr", "did you mean 'never'?"), ("", "'critical', 'never'")],
    "format": [("jsn", "did you mean 'json'?"), ("SARIF", "did you mean 'sarif'?"), ("", "'full', 'concise'")],
    "output": [
        ("", "expected a file, got ''; write FILE or FORMAT=FILE"),
        ("jsn=report", "did you mean 'json'?"),
        ("sarif=", "'sarif=' names no file; write sarif=FILE"),
        ("=report", "'=report' names no format; write FORMAT=report, or report alone"),
        ("folder", "folder is no regular file"),
        ("json=folder", "folder is no regular file"),
        ("none/report", "none is no folder; make it first"),
    ],
    "config": [
        ("", "expected a path, got ''"),
        ("none.toml", "'none.toml' does not exist"),
        ("folder", "'folder' is a directory"),
        ("profile=strict", "the value is no TOML; write 'profile = \"strict\"'"),
        ("profile='strickt'", "profile: 'strickt' is not one of"),
        ("selct=['MLS1']", "selct: unknown key; did you mean 'select'?"),
        ("select='MLS1'", "select: expected a list of texts, got a text"),
        ("select=['MLS1O3']", "unknown rule selector 'MLS1O3'; did you mean"),
        ("extend='a.toml'", "name that file: --config FILE"),
        ("=", "the value is no TOML"),
    ],
    "baseline": [("", "expected a path, got ''"), ("none.json", "none.json"), ("folder", "folder")],
    "diff_base": [("", "expected a text, got ''"), ("main", "check without --diff-base")],
    "rules": [("", "expected a path, got ''"), ("none", "name the folder that holds the rules")],
    "assume": [
        ("torch", "'torch' is no LIBRARY=VERSION; write torch=2.8"),
        ("=2", "'=2' is no LIBRARY=VERSION"),
        ("torch=", "'torch=' is no LIBRARY=VERSION"),
        ("torch=new", "'new' is no version; write 2.8, or >=2.6,<3"),
        ("to rch=2", "'to rch' is no name of a library"),
    ],
    "stdin_filename": [
        ("", "expected a text, got ''"),
        ("a\nb", "on one line"),
        ("a.py", "read that with the path `-`"),
    ],
    "timeout": [
        ("", "expected seconds above zero, got ''; write 60 or 2.5"),
        ("0", "above zero, got the number 0"),
        ("-1", "got the number -1"),
        ("nan", "above zero"),
        ("inf", "above zero"),
        ("1e300", "at most 2,147,483,647"),
        ("60s", "'60s'"),
    ],
    "max_memory": [
        ("0", "above zero, got the number 0; write 512 MB or 2 GiB"),
        ("-1", "'-1'"),
        ("2 gigs", "'2 gigs'"),
        ("1.5 GiB", "'1.5 GiB'"),
        ("999999999999999 TB", "at most"),
    ],
    "max_file_size": [("", "got ''"), ("12 QB", "write 512 MB or 2 GiB")],
    "jobs": [
        ("0", "expected a whole number above zero, got '0'"),
        ("-3", "'-3'"),
        ("", "''"),
        ("1.5", "'1.5'"),
        ("many", "'many'"),
        ("9999", "at most 1,024"),
        ("9" * 5000, "above zero"),
    ],
    "cache_dir": [("", "expected a path, got ''"), ("a.py", "'a.py' is a file")],
    "sarif_category": [("", "expected a text, got ''"), ("a\nb", "expected a text on one line")],
    "color": [("alwys", "did you mean 'always'?"), ("", "'auto', 'always', 'never'")],
}
"""Wrong values of the options of `check`, with what is said of them."""

OTHERS: list[tuple[tuple[str, ...], str]] = [
    (("check", ""), "expected a path, got ''; write . for the working directory"),
    (("check", "--select"), "requires an argument"),
    (("check", "--no-cach"), "--no-cache"),
    (("chek",), "did you mean 'check'?"),
    (("rule",), "Missing argument 'RULE'"),
    (("rule", ""), "there is no rule ''; `mlsec-lint rules` lists them all"),
    (("rule", "mls1"), "there is no rule 'mls1'; MLS101 to MLS1"),
    (("rule", "MLS103", "MLS104"), "unexpected extra argument (MLS104)"),
    (("rule", "MLS103", "--rules", "none"), "name the folder that holds the rules"),
    (("rules", "--format", "jsn"), "did you mean 'json'?"),
    (("rules", "--rules", "a.py"), "no such folder"),
    (("test", ""), "expected a path, got ''"),
    (("test", "a.py"), "'a.py' is a file"),
    (("test", "folder"), "name it with --fixtures DIR"),
    (("test", "folder", "--fixtures", "none"), "'none' does not exist"),
    (("cache", "clr"), "'clear'"),
    (("cache", "clear", "--cache-dir", "a.py"), "'a.py' is a file"),
    (("cache", "dir", "--cache-dir", ""), "expected a path, got ''"),
    (("config", ""), "expected a path, got ''"),
    (("config", "none"), "'none' does not exist"),
    (("config", "--format", "jsn"), "did you mean 'json'?"),
    (("config", "--profile", "strickt"), "did you mean 'strict'?"),
    (("suppressions", ""), "expected a path, got ''"),
    (("suppressions", "--format", "jsn"), "did you mean 'json'?"),
    (("suppressions", "--select", "MLS1O3"), "--select: unknown rule selector 'MLS1O3'"),
    (("init", ""), "expected a path, got ''"),
    (("init", "a.py"), "'a.py' is a file"),
    (("completion", "bsh"), "did you mean 'bash'?"),
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which nothing may change."""
    (tmp_path / "a.py").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.py", "folder"]


def invoke(*arguments: str, **variables: str) -> Result:
    return CliRunner().invoke(app, arguments, env=variables)


def options() -> dict[str, click.Parameter]:
    """The options of `check` that take a value."""
    return {
        option.name: option
        for option in check_command.params
        if option.name and isinstance(option, click.Option) and not option.is_flag
    }


def test_the_table_knows_every_option() -> None:
    assert set(CHECK) == options().keys()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("name", "value", "said"), [(name, *case) for name, cases in CHECK.items() for case in cases])
def test_a_wrong_value_of_an_option_is_answered(name: str, value: str, said: str) -> None:
    option = options()[name].opts[0]
    result = invoke("check", "a.py", option, value, *(() if name == "cache_dir" else ("--no-cache",)))
    assert (result.exit_code, said in result.output, isinstance(result.exception, SystemExit)) == (2, True, True), (
        result.output
    )
    assert option in result.output or value.split("/", maxsplit=1)[0] in result.output
    assert "\x1b" not in result.output


SET_ELSEWHERE = [
    (name, value, said)
    for name, cases in CHECK.items()
    for value, said in cases
    if value.strip(" ,") and " " not in value and name not in {"stdin_filename", "output"} and "\x1b" not in value
]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("name", "value", "said"), SET_ELSEWHERE)
def test_a_wrong_variable_is_answered_by_its_name(name: str, value: str, said: str) -> None:
    variable = f"MLSEC_LINT_CHECK_{name.upper()}"
    result = invoke("check", "a.py", *(() if name == "cache_dir" else ("--no-cache",)), **{variable: value})
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert variable in result.output or name in {"rules", "baseline", "diff_base"}  # the mistake is told of the file


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", ["no_bandit", "isolated", "exit_zero", "force_exclude", "no_ignores", "quiet"])
def test_a_switch_in_the_environment_is_yes_or_no(name: str) -> None:
    variable = f"MLSEC_LINT_CHECK_{name.upper()}"
    result = invoke("check", "a.py", "--no-cache", **{variable: "maybe"})
    assert (result.exit_code, variable in result.output, "'maybe' is not a valid boolean" in result.output) == (
        2,
        True,
        True,
    )
    assert invoke("check", "a.py", "--no-cache", **{variable: "0"}).exit_code == 0


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("MLSEC_LINT_CHECK_PROFIL", "did you mean 'MLSEC_LINT_CHECK_PROFILE'?"),
        ("MLSEC_LINT_PROFILE", "did you mean 'MLSEC_LINT_CHECK_PROFILE'?"),
        ("MLSEC_LINT_CHECK_XYZ", "`mlsec-lint check --help` shows the options"),
    ],
)
def test_a_variable_that_nobody_reads_is_named_and_the_run_goes_on(variable: str, said: str) -> None:
    result = invoke("check", "a.py", "--no-cache", **{variable: "strict"})
    assert (result.exit_code, variable in result.stderr, said in result.stderr) == (0, True, True)


@pytest.mark.usefixtures("project")
def test_variables_of_ours_are_read_in_silence() -> None:
    variables = {f"MLSEC_LINT_CHECK_{name}": "1" for name in ("NO_CACHE", "NO_BANDIT", "JOBS")}
    result = invoke("check", "a.py", **variables, MLSEC_LINT_TRACEBACK="1")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("arguments", "said"), OTHERS)
def test_a_slip_in_another_command_is_answered(arguments: tuple[str, ...], said: str) -> None:
    result = invoke(*arguments)
    assert (result.exit_code, said in result.output) == (2, True), result.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("profile = 'strict'\n".encode("utf-16"), "not UTF-8: byte 0"),
        (b'profile = "audit"\nprofile = "strict"\n', "no valid TOML: Cannot overwrite a value (at line 2"),
        (b"profile = strict\n", "no valid TOML: Invalid value (at line 1, column 11)"),
        (b'[tool.mlsec-lint]\nprofile = "strict"\n', "tool: unknown key"),
        (b"#" * (1024 * 1024 + 1), "larger than 1024 KiB"),
        (b"a" * 3000, "no valid TOML"),
    ],
)
@pytest.mark.parametrize("option", [(), ("--config", "../mlsec-lint.toml")])
def test_a_file_that_is_no_configuration_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str, option: tuple[str, ...]
) -> None:
    (project / "mlsec-lint.toml").write_bytes(content)
    monkeypatch.chdir(project / "folder")
    for command in ("check", "config"):
        result = invoke(command, *option, *(("--no-cache",) if command == "check" else ()))
        assert (result.exit_code, "mlsec-lint.toml" in result.output) == (2, True)
        assert said in " ".join(result.output.split())
    (project / "mlsec-lint.toml").unlink()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_is_named(project: Path) -> None:
    file = project / "mlsec-lint.toml"
    file.touch(0o000)
    result = invoke("check", "a.py", "--no-cache")
    file.unlink()
    assert (result.exit_code, "cannot be read: Permission denied" in result.output) == (2, True)
