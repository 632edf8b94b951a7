"""`mlsec-lint config`: which settings hold, and why."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mlsec_lint.cli.app import app
from mlsec_lint.config.account import line_of
from mlsec_lint.config.keys import KEYS
from mlsec_lint.config.settings import Settings


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def config(*arguments: str, **variables: str) -> Result:
    return CliRunner().invoke(app, ("config", *arguments), env=variables)


def settings(*arguments: str, **variables: str) -> dict[str, Any]:
    result = config(*arguments, "--format", "json", **variables)
    told: dict[str, Any] = json.loads(result.stdout)
    assert told["version"] == "mlsec-lint-config/1"
    return told


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


MONOREPO = {
    "pyproject.toml": '[tool.other]\nprofile = 1\n\n[tool.mlsec-lint]\nprofile = "strict"  # noise\nfail-on = "high"\n',
    "base.toml": 'ignore = ["MLS205"]\n\n[assume]\ntorch = "2.8"\n',
    "api/mlsec-lint.toml": 'extend = "../base.toml"\nfail-on = "medium"\n\n[severity]\nMLS1 = "critical"\n',
    "api/app.py": "",
    "api/deep/er/x.py": "",
    "lib/pyproject.toml": '[project]\nname = "lib"\n',
    "lib/x.py": "",
    "notebooks/mlsec-lint.toml": 'per-file-select = { "*.ipynb" = ["MLS0"] }\n',
}


@pytest.mark.usefixtures("repository")
def test_every_setting_is_told_and_nothing_else() -> None:
    told = settings()
    assert told["settings"].keys() == {item.name.replace("_", "-") for item in fields(Settings)} - {"base", "origins"}
    assert {item["origin"]["kind"] for item in told["settings"].values()} == {"default"}
    assert told["files"] == []
    assert "no configuration file" in config().stdout


def test_each_folder_of_a_monorepo_has_the_settings_of_the_nearest_file_alone(repository: Path) -> None:
    write(repository, MONOREPO)
    deep = settings("api/deep/er/x.py")
    assert deep["files"] == ["api/mlsec-lint.toml", "base.toml"]
    assert deep["settings"]["profile"] == {"value": "default", "origin": {"kind": "default"}}
    assert deep["settings"]["ignore"] == {
        "value": ["MLS205"],
        "origin": {"kind": "file", "file": "base.toml", "line": 1},
    }
    assert deep["settings"]["assume"]["origin"] == {"kind": "file", "file": "base.toml", "line": 3}
    assert deep["settings"]["severity"] == {
        "value": {"MLS1": "critical"},
        "origin": {"kind": "file", "file": "api/mlsec-lint.toml", "line": 4},
    }
    plain = settings("lib/x.py")
    assert plain["files"] == ["pyproject.toml"]
    assert plain["settings"]["profile"] == {
        "value": "strict",
        "origin": {"kind": "file", "file": "pyproject.toml", "line": 5},
    }


def test_what_holds_for_the_run_as_a_whole_is_that_of_its_own_folder(repository: Path) -> None:
    write(repository, MONOREPO)
    assert settings("api/app.py")["settings"]["fail-on"]["value"] == "high"
    assert settings("api")["settings"]["fail-on"]["origin"]["file"] == "pyproject.toml"


def test_per_file_select_is_told_as_what_it_selects(repository: Path) -> None:
    write(repository, MONOREPO | {"notebooks/a.ipynb": "{}", "notebooks/a.py": ""})
    told = settings("notebooks/a.ipynb")["settings"]["select"]
    assert told == {"value": ["MLS0"], "origin": {"kind": "file", "file": "notebooks/mlsec-lint.toml"}}
    assert settings("notebooks/a.py")["settings"]["select"]["value"] == []


def test_options_and_variables_are_named(repository: Path) -> None:
    write(repository, MONOREPO)
    variables = {"MLSEC_LINT_CHECK_FORMAT": "sarif", "MLSEC_LINT_CHECK_NO_BANDIT": "1", "MLSEC_LINT_CHECK_SELECT": "B"}
    told = settings("--select", "MLS1,MLS2", **variables)["settings"]
    assert told["select"] == {"value": ["MLS1", "MLS2"], "origin": {"kind": "option", "name": "--select"}}
    assert told["format"]["origin"] == {"kind": "environment", "name": "MLSEC_LINT_CHECK_FORMAT"}
    assert told["bandit"] == {
        "value": False,
        "origin": {"kind": "environment", "name": "MLSEC_LINT_CHECK_NO_BANDIT"},
    }
    assert settings("--no-ignores")["settings"]["ignores"]["origin"]["name"] == "--no-ignores"


def test_isolated_and_config_mean_what_they_mean_for_check(repository: Path) -> None:
    write(repository, MONOREPO | {"ci.toml": 'profile = "audit"\n'})
    assert settings("--isolated")["files"] == []
    assert settings("--config", "ci.toml")["settings"]["profile"]["origin"] == {
        "kind": "file",
        "file": "ci.toml",
        "line": 1,
    }


def test_what_bandits_table_adds_is_told(repository: Path) -> None:
    table = '[tool.bandit]\nskips = ["B101"]\n[tool.bandit.assert_used]\nskips = ["*_test.py"]\n'
    write(repository, {"pyproject.toml": table})
    assert settings()["bandit"] == {"tests": [], "skips": ["B101"], "options": {"assert_used.skips": ["*_test.py"]}}
    assert 'adds: skips = ["B101"]' in config().stdout


def test_a_mistake_is_told_with_the_rest_and_ends_with_2(repository: Path) -> None:
    write(repository, {"mlsec-lint.toml": 'selct = []\nprofile = "strict"\nignore = ["MLS1O3"]\n', "rules/x.toml": "a"})
    result = config()
    assert (result.exit_code, '"strict"' in result.stdout) == (2, True)
    assert result.stderr.splitlines() == [
        "error: mlsec-lint.toml: selct: unknown key; did you mean 'select'?",
        "error: mlsec-lint.toml: ignore: unknown rule selector 'MLS1O3'; did you mean 'MLS130'?",
    ]
    assert len(settings()["problems"]) == 2


def test_a_file_that_hides_another_says_so(repository: Path) -> None:
    write(repository, {"mlsec-lint.toml": "", "pyproject.toml": '[tool.mlsec-lint]\nprofile = "strict"\n'})
    assert "mlsec-lint.toml beside it hides it" in config().stdout


def test_secrets_in_a_configuration_are_not_shown(repository: Path) -> None:
    token = "hf_" + "abcdefghijklmnopqrstuvwxyzABCDEF12"
    hosts = f'exclude = ["https://ann:hunter2secret@models.example.org", "{token}"]\n'
    write(repository, {"mlsec-lint.toml": hosts + f'[per-file-ignores]\n"{token}" = ["MLS1"]\n'})
    for form in ("text", "json"):
        output = config("--format", form).output
        assert ("hunter2secret" in output, token in output) == (False, False)
        assert "models.example.org" in output


def test_what_a_terminal_obeys_is_not_shown(repository: Path) -> None:
    write(repository, {"mlsec-lint.toml": 'exclude = ["a\\u001b[2Jb\\nc"]\n'})
    assert "\x1b" not in config().output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.py",), "'none.py' does not exist"),
        (("--format", "jsn"), "'jsn' is not one of"),
        (("--select", "MLS1O3"), "unknown rule selector 'MLS1O3'; did you mean"),
        (("--profile", "strickt"), "did you mean 'strict'?"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_a_slip_is_answered(arguments: tuple[str, ...], said: str) -> None:
    result = config(*arguments)
    assert (result.exit_code, said in result.output) == (2, True)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("mlsec-lint.toml", "# timeout = 3\n'timeout' = 3\n", 2),
        ("mlsec-lint.toml", "timeout-more = 3\n", 0),
        ("mlsec-lint.toml", "timeout.a = 3\n", 1),
        ("mlsec-lint.toml", "[other]\ntimeout = 3\n", 0),
        ("mlsec-lint.toml", "[ timeout ] # x\na = 3\n", 1),
        ("pyproject.toml", "timeout = 1\n[tool.x]\ntimeout = 3\n[tool.'mlsec-lint']\ntimeout = 3\n", 5),
        ("pyproject.toml", "[tool.mlsec-lint.timeout]\n", 1),
    ],
)
def test_the_line_of_a_key(tmp_path: Path, name: str, text: str, line: int) -> None:
    write(tmp_path, {name: text})
    assert line_of("timeout", tmp_path / name) == line


def test_no_key_is_forgotten() -> None:
    assert set(KEYS) - {"extend"} <= {item.name.replace("_", "-") for item in fields(Settings)}


def test_keys_on_the_command_line_stand_above_files_and_below_their_own_options(repository: Path) -> None:
    write(repository, MONOREPO)
    given = ('per-file-ignores = { "tests/" = ["B101"] }', "profile='audit'", 'fail-on="never"', 'rules=["packs"]')
    options = [word for item in given for word in ("--config", item)]
    (repository / "packs").mkdir()
    told = settings(*options, "--profile", "default")["settings"]
    assert told["per-file-ignores"] == {
        "value": {"tests/": ["B101"]},
        "origin": {"kind": "option", "name": "--config"},
    }
    assert (told["profile"]["value"], told["profile"]["origin"]["name"]) == ("default", "--profile")
    assert told["fail-on"]["value"] == "never"
    assert told["rules"]["value"] == [str(repository / "packs")]
    assert told["assume"]["origin"]["kind"] == "default"


def test_a_file_and_keys_go_together_two_files_do_not(repository: Path) -> None:
    write(repository, {"a.toml": 'profile = "audit"\nfail-on = "high"\n', "b.toml": ""})
    told = settings("--config", "a.toml", "--config", "fail-on='low'")["settings"]
    assert (told["profile"]["value"], told["fail-on"]["value"]) == ("audit", "low")
    result = config("--config", "a.toml", "--config", "b.toml")
    assert (result.exit_code, "--config names one file, not a.toml and b.toml" in result.output) == (2, True)


def test_keys_in_the_environment_are_lines(repository: Path) -> None:
    write(repository, {"a.toml": ""})
    told = settings(MLSEC_LINT_CHECK_CONFIG='a.toml\nextend-exclude = ["a b", "c"]')
    assert told["settings"]["extend-exclude"] == {
        "value": ["a b", "c"],
        "origin": {"kind": "environment", "name": "MLSEC_LINT_CHECK_CONFIG"},
    }
    assert told["files"] == ["a.toml"]
