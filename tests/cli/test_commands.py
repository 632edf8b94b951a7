from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mlsec_lint import __version__
from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.catalogue.model import BanditCheck, Rule
from mlsec_lint.cli.app import app
from mlsec_lint.cli.explanation import explain

CATALOGUE = load_catalogue()


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("arguments", [("--version",), ("-V",), ("version",)])
def test_version(arguments: tuple[str, ...]) -> None:
    assert invoke(*arguments).output == f"mlsec-lint {__version__}\n"


@pytest.mark.parametrize("command", ["check", "completion", "config", "init", "rule", "rules", "test", "version"])
def test_every_command_explains_itself(command: str) -> None:
    result = invoke(command, "--help")
    assert (result.exit_code, "Usage:" in result.output) == (0, True)
    assert re.search(rf"^  {command} ", invoke("--help").output, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chek",), "there is no command 'chek'; did you mean 'check'?"),
        (("src",), "there is no command 'src'; did you mean 'check src'?"),
        (("check", "--formt", "json"), "--format"),
        (("check", "--format", "jsn"), "did you mean 'json'?"),
        (("check", "--profile", "strickt"), "did you mean 'strict'?"),
        (("check", "--fail-on", "hihg"), "did you mean 'high'?"),
        (
            ("check", "--output", "jsn=report"),
            "did you mean 'json'?",
        ),
        (("check", "--stdin-filename", "app.py"), "read that with the path `-`"),
        (("check", "--statistics", "--format", "sarif"), "--statistics is text or JSON"),
        (
            ("check", "--select", "unsafe-torch-laod"),
            "unknown rule selector 'unsafe-torch-laod'; did you mean 'unsafe-torch-load'?",
        ),
        (("check", "--select", ","), "the list is empty"),
        (("check", "--assume", "torch"), "'torch' is no LIBRARY=VERSION"),
        (("check", "--jobs", "0"), "expected a whole number above zero, got '0'"),
        (("check", "--config", "no.toml"), "no.toml"),
        (("check", "--output", "no/such/folder/x"), "no/such/folder is no folder"),
        (("rule", "unsafe-torch-laod"), "there is no rule 'unsafe-torch-laod'; did you mean 'unsafe-torch-load'?"),
        (("rule", "unsafe-torch-laod"), "did you mean 'unsafe-torch-load'?"),
        (("test", "no-such-pack"), "no-such-pack"),
    ],
)
def test_a_slip_is_answered_with_the_likely_correction_and_status_2(arguments: tuple[str, ...], said: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("word", ["MLS103", "mls103", "unsafe-torch-load"])
def test_a_rule_is_found_by_id_and_name(word: str) -> None:
    output = invoke("rule", word).output
    assert output.startswith("MLS103 unsafe-torch-load\n")
    assert "# mlsec: ignore[MLS103]" in output


def test_what_other_linters_call_it_is_understood() -> None:
    assert invoke("explain", "MLS103").output == invoke("rule", "MLS103").output
    assert invoke("show-settings").output == invoke("config").output


def test_a_rule_explains_everything_that_its_data_says() -> None:
    rule = CATALOGUE.rule("MLS103")
    assert rule is not None
    text = explain(rule, CATALOGUE, width=10_000)
    for part in (rule.summary, rule.attack, rule.remedy, rule.fine, rule.flagged, rule.allowed, *rule.references):
        assert " ".join(part.split()) in " ".join(text.split())
    for part in (*rule.tags, *rule.refines, *rule.taxonomies.atlas, str(rule.taxonomies.cwe[0]), rule.severity.label):
        assert part in text


def test_one_of_bandits_checks_says_why_it_stands_in_its_profile_and_what_replaces_it() -> None:
    output = " ".join(invoke("rule", "B614").output.split())
    check = CATALOGUE.bandit["B614"]
    assert " ".join(check.help.split()) in output
    assert " ".join(check.reason.split()) in output
    assert "MLS103" in output


def test_every_rule_can_be_explained_and_prose_keeps_to_the_width() -> None:
    everything: list[Rule | BanditCheck] = [*CATALOGUE.pack.rules, *CATALOGUE.bandit.values()]
    for item in everything:
        text = explain(item, CATALOGUE, width=60)
        summary = text.split("\n\n", maxsplit=1)[0].splitlines()[1:]
        assert " ".join(" ".join(summary).split()) == " ".join(item.summary.split())
        assert max(map(len, summary)) <= 60


def test_rules_lists_everything_once_in_every_format() -> None:
    ids = [rule.id for rule in CATALOGUE.pack.rules] + sorted(CATALOGUE.bandit)
    text = invoke("rules").output
    assert [line.split()[0] for line in text.splitlines()] == ids
    listed = json.loads(invoke("rules", "--format", "json").output)
    assert (listed["version"], [row["id"] for row in listed["rules"]]) == ("mlsec-lint-rules/1", ids)
    table = invoke("rules", "--format", "markdown").output.splitlines()[2:]
    assert [line.split("[")[1].split("]")[0] for line in table] == ids
    assert {line.replace("\\|", "").count("|") for line in table} == {6}


def test_a_broken_pack_is_told_with_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "MLS103-x.toml").write_text("idd = 1\n", encoding="utf-8")
    result = invoke("rules", "--rules", str(tmp_path))
    assert result.exit_code == 2
    assert "MLS103-x.toml: idd: " in result.output
