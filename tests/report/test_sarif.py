from __future__ import annotations

import gzip
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import attr
import pytest
import sarif_om
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from mlsec_lint.catalogue.model import Rule
from mlsec_lint.findings import Edit, Fix, Location, Report, Safety, Severity, Span
from mlsec_lint.report.fingerprints import line_hashes
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.options import Options
from tests.report.samples import (
    BANDIT,
    CELL,
    EMPTY,
    EVERYTHING,
    FLOW,
    HOSTILE,
    LOAD,
    PROBLEMS,
    RULES,
    TORCH,
    Rules,
    many,
)

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text(encoding="utf-8")),
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)


def run_of(report: Report, rules: Rules = RULES, options: Options | None = None) -> Any:  # noqa: ANN401  # any JSON
    log = json.loads(render(report, rules, Format.SARIF, options))
    SCHEMA.validate(log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def result_of(*findings: Any) -> Any:  # noqa: ANN401  # any JSON
    return run_of(Report("/project", findings))["results"][0]


def test_an_empty_run_has_results_and_rules() -> None:
    run = run_of(EMPTY)
    assert run["results"] == []
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["MLS103", "MLS501"]
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert "automationDetails" not in run
    assert "versionControlProvenance" not in run


def test_nothing_at_all_is_still_a_log() -> None:
    run = run_of(EMPTY, Rules())
    assert run["results"] == []
    assert "taxonomies" not in run


def test_a_category_only_when_it_is_asked_for() -> None:
    assert run_of(EMPTY, options=Options(category="backend/"))["automationDetails"] == {"id": "backend/"}


def test_a_rule_carries_what_platforms_read() -> None:
    rule = run_of(EMPTY)["tool"]["driver"]["rules"][0]
    assert rule["name"] == "UnsafeTorchLoad"
    assert rule["shortDescription"] == {"text": "A checkpoint is unpickled, which runs its code."}
    assert rule["fullDescription"]["text"].startswith("Whoever can swap the file")
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["helpUri"].endswith("/docs/rules/MLS103.md")
    assert rule["properties"] == {
        "tags": [
            "security",
            "external/cwe/cwe-502",
            "pytorch",
            "deserialization",
            "supply-chain",
            "LLM03:2025",
            "AML.T0011.000",
        ],
        "precision": "high",
        "security-severity": "8.0",
    }


def test_the_help_shows_examples_and_no_html() -> None:
    rule_help = run_of(EMPTY)["tool"]["driver"]["rules"][0]["help"]
    assert "```python\ntorch.load(path, weights_only=False)\n```" in rule_help["markdown"]
    assert "`# mlsec: ignore[MLS103] reason`" in rule_help["markdown"]
    assert "<b>" not in rule_help["markdown"]
    assert "When it is fine: The file is your own." in rule_help["text"]


def test_limits_of_platforms_hold() -> None:
    wordy = replace(
        TORCH, name="a-" * 400 + "b", attack="long " * 500, tags=tuple(f"tag{number}" for number in range(30))
    )
    (rule,) = run_of(EMPTY, Rules((wordy,)))["tool"]["driver"]["rules"]
    assert len(rule["name"]) <= 255
    assert len(rule["fullDescription"]["text"]) <= 1024
    assert len(rule["properties"]["tags"]) == 10
    assert rule["properties"]["tags"][0] == "security"


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        (Severity.CRITICAL, "error", "9.5"),
        (Severity.HIGH, "error", "8.0"),
        (Severity.MEDIUM, "warning", "5.5"),
        (Severity.LOW, "note", "2.5"),
        (Severity.INFO, "note", "0.1"),
    ],
)
def test_severities(severity: Severity, level: str, score: str) -> None:
    run = run_of(Report("/p", (replace(LOAD, severity=severity),)), Rules((replace(TORCH, severity=severity),)))
    rule = run["tool"]["driver"]["rules"][0]
    assert rule["defaultConfiguration"]["level"] == level
    assert rule["properties"]["security-severity"] == score
    assert run["results"][0]["level"] == level


def test_the_level_survives_whatever_the_rule_says() -> None:
    # sarif-om's own writer would drop "warning", and readers would take the rule's "error".
    assert result_of(replace(LOAD, severity=Severity.MEDIUM))["level"] == "warning"


def test_a_result_has_its_place() -> None:
    result = result_of(LOAD)
    assert result["ruleId"] == "MLS103"
    assert result["ruleIndex"] == 0
    assert "rank" not in result
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "src/serve.py", "uriBaseId": "%SRCROOT%"},
                "region": {
                    "startLine": 12,
                    "startColumn": 13,
                    "endLine": 12,
                    "endColumn": 23,
                    "snippet": {"text": "torch.load"},
                },
                "contextRegion": {
                    "startLine": 11,
                    "endLine": 13,
                    "snippet": {"text": "def load(path):\n    model = torch.load(path)\n    return model"},
                },
            },
            "logicalLocations": [{"name": "load", "fullyQualifiedName": "Service.load", "kind": "member"}],
        }
    ]
    assert result["message"]["text"] == (
        "`torch.load` unpickles: a crafted file runs code on load. nothing pins torch. "
        "Pass `weights_only=True`, or store tensors as safetensors."
    )


def test_a_flow_has_its_steps_and_a_link_to_its_source() -> None:
    result = result_of(FLOW)
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == [
        "a field of the request.",
        "is handed over.",
        "is spliced into instructions.",
    ]
    assert "[here](1)" in result["message"]["text"]
    (related,) = result["relatedLocations"]
    assert related["id"] == 1
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "src/views.py"


def test_a_notebook_points_at_its_raw_line_and_names_the_cell() -> None:
    result = result_of(CELL)
    (place,) = result["locations"]
    assert result["message"]["text"].startswith("cell 3, line 1: `torch.load` unpickles")
    assert place["physicalLocation"]["region"]["startLine"] == 40
    assert place["physicalLocation"]["region"]["snippet"]["text"] == "torch.load"
    assert place["logicalLocations"] == [{"name": "cell 3", "kind": "module", "fullyQualifiedName": "cell:a1b2"}]
    assert result["properties"]["cell"] == {"index": 2, "line": 1, "column": 5}


def test_a_fix_is_what_a_viewer_can_apply() -> None:
    (fix,) = result_of(LOAD)["fixes"]
    assert fix["description"]["text"] == "pass weights_only=True (unsafe)."
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "src/serve.py", "uriBaseId": "%SRCROOT%"}
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 12, "startColumn": 28, "endLine": 12, "endColumn": 28},
            "insertedContent": {"text": ", weights_only=True"},
        }
    ]


def test_a_fix_of_a_notebook_is_left_out_for_its_edits_are_of_cells() -> None:
    assert "fixes" not in result_of(CELL)
    edit = Edit(Span(1, 21, 1, 21), ", weights_only=True", 2)
    assert "fixes" not in result_of(replace(CELL, fix=Fix("pass weights_only=True", (edit,), Safety.UNSAFE)))


def test_fingerprints() -> None:
    raw = "import torch\n" * 11 + "\r\n" + "x\n" * 5
    asked: list[str] = []

    def read_raw(path: str) -> str | None:
        asked.append(path)
        return raw if path == "src/serve.py" else None

    results = run_of(Report("/p", (LOAD, LOAD, FLOW)), options=Options(read_raw=read_raw))["results"]
    first, second, other = (result["partialFingerprints"] for result in results)
    assert first["primaryLocationLineHash"] == second["primaryLocationLineHash"] == line_hashes(raw)[11]
    assert first["mlsecLint/v1"] != second["mlsecLint/v1"]
    assert set(other) == {"mlsecLint/v1"}
    assert asked == ["src/serve.py", "src/llm.py"]


def test_a_file_that_has_shrunk_has_no_line_hash() -> None:
    results = run_of(Report("/p", (LOAD,)), options=Options(read_raw=lambda _path: "one line"))["results"]
    assert set(results[0]["partialFingerprints"]) == {"mlsecLint/v1"}


def test_taxonomies_are_linked_both_ways() -> None:
    run = run_of(EMPTY)
    names = [component["name"] for component in run["taxonomies"]]
    assert names == ["CWE", "OWASP-LLM", "OWASP-ML", "ATLAS"]
    assert [reference["name"] for reference in run["tool"]["driver"]["supportedTaxonomies"]] == names
    for rule in run["tool"]["driver"]["rules"]:
        for relationship in rule["relationships"]:
            target = relationship["target"]
            component = run["taxonomies"][target["toolComponent"]["index"]]
            assert component["name"] == target["toolComponent"]["name"]
            assert component["taxa"][target["index"]]["id"] == target["id"]
    assert [taxon["id"] for taxon in run["taxonomies"][0]["taxa"]] == ["502", "1427"]


def test_what_was_not_analysed_is_notified() -> None:
    run = run_of(Report("/p", problems=PROBLEMS))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    execution = invocation["toolExecutionNotifications"]
    assert [notification["descriptor"]["id"] for notification in execution] == ["syntax", "undecodable", "missing"]
    assert execution[0]["message"]["text"] == "line 3: Missing parentheses in call to 'print'. Python 2?"
    assert execution[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 3
    assert execution[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b%FFd.py"
    (configuration,) = invocation["toolConfigurationNotifications"]
    assert configuration["message"]["text"] == "unknown key `selct`. Did you mean `select`?"
    known = {descriptor["id"] for descriptor in run["tool"]["driver"]["notifications"]}
    assert known == {"syntax", "undecodable", "missing", "configuration"}


def test_bandit_results_bring_their_rule() -> None:
    run = run_of(Report("/p", (BANDIT,)))
    rules = run["tool"]["driver"]["rules"]
    rule = rules[run["results"][0]["ruleIndex"]]
    assert rule["id"] == "B602"
    assert rule["name"] == "SubprocessPopenWithShellEqualsTrue"
    assert "external/cwe/cwe-078" in rule["properties"]["tags"]
    assert "Pass a list of arguments." in rule["help"]["markdown"]


def test_suppressed_findings_are_left_out() -> None:
    run = run_of(EVERYTHING)
    assert len(run["results"]) == len(EVERYTHING.findings)
    assert not any("suppressions" in result for result in run["results"])


def test_hostile_names_stay_names() -> None:
    text = render(Report("/p", (HOSTILE,)), RULES, Format.SARIF)
    assert text.isascii()
    assert "##[" not in text
    result = json.loads(text)["runs"][0]["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert "\x1b" in unquote(uri, errors="replace")
    assert not set(uri) & set(" \n:?#[]\x1b")
    message = result["message"]["text"]
    assert "](http" not in message.replace("\\](", "")
    assert "{{0}}" in message
    assert message.isprintable()


@pytest.mark.parametrize(
    ("path", "uri"),
    [("/elsewhere/a b.py", "file:///elsewhere/a%20b.py"), ("C:\\x\\y.py", "file:///C:/x/y.py")],
)
def test_absolute_paths_have_no_base(path: str, uri: str) -> None:
    place = result_of(replace(LOAD, location=Location(path, Span(1, 1, 1, 2))))["locations"][0]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_more_results_than_platforms_take_are_cut_by_severity() -> None:
    report = many(25_002)
    low = sum(finding.severity is Severity.LOW for finding in report.findings)
    start = time.process_time()
    run = json.loads(text := render(report, RULES, Format.SARIF))["runs"][0]
    # 1.1 s on two shared cores, reading included; the bound is wide so that only a change of the order of growth fails it.
    assert time.process_time() - start < 60
    assert len(run["results"]) == 25_000
    assert sum(result["level"] == "note" for result in run["results"]) == low - 2
    assert run["invocations"][0]["executionSuccessful"] is True
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "warning"
    assert notification["message"]["text"].startswith("2 of the least severe results are left out")
    assert len(gzip.compress(text.encode("ascii"))) < 10_000_000


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(EVERYTHING, RULES, Format.SARIF) == render(EVERYTHING, RULES, Format.SARIF)
    backwards = Rules(tuple(reversed(RULES.rules)), RULES.bandit)
    assert render(EVERYTHING, RULES, Format.SARIF) == render(EVERYTHING, backwards, Format.SARIF)


def test_the_model_is_that_of_sarif_om() -> None:
    names = {field.metadata["schema_property_name"] for field in attr.fields(sarif_om.Result)}
    assert set(result_of(FLOW)) <= names


def test_every_rule_id_has_one_entry() -> None:
    rules: tuple[Rule, ...] = (*RULES.rules, replace(TORCH, id="MLS104"))
    run = run_of(EVERYTHING, Rules(rules, RULES.bandit))
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids == sorted(set(ids)) == ["B602", "MLS103", "MLS104", "MLS501"]
