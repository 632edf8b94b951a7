from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from mlsec_lint.findings import Finding, Location, Problem, Report, Severity, Span
from mlsec_lint.report.formats import Format, render
from tests.report.samples import CELL, EMPTY, EVERYTHING, FLOW, HOSTILE_TEXT, LOAD, PROBLEMS, RULES, many

# What docs.gitlab.com says of an entry, and that one without a path or a line is dropped.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1, "not": {"pattern": "^(\\./|/)"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer"}},
                        "additionalProperties": False,
                    },
                },
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
    },
}


def parsed(report: Report) -> Any:  # noqa: ANN401  # any JSON
    return json.loads(render(report, RULES, Format.GITLAB))


def prints(*findings: Finding) -> list[str]:
    return [entry["fingerprint"] for entry in parsed(Report("/p", findings))]


@pytest.mark.parametrize("report", [EMPTY, EVERYTHING, many(3)], ids=["empty", "everything", "many"])
def test_output_has_the_shape_that_gitlab_reads(report: Report) -> None:
    entries = parsed(report)
    Draft202012Validator(SCHEMA).validate(entries)
    assert len(entries) == len(report.findings) + len(report.problems)


def test_one_entry() -> None:
    assert parsed(Report("/p", (LOAD,))) == [
        {
            "description": "MLS103: `torch.load` unpickles: a crafted file runs code on load",
            "check_name": "MLS103",
            "fingerprint": prints(LOAD)[0],
            "severity": "critical",
            "location": {"path": "src/serve.py", "lines": {"begin": 12, "end": 12}},
        }
    ]


def test_every_severity_has_a_level_of_its_own() -> None:
    report = Report("/p", tuple(replace(LOAD, severity=severity) for severity in sorted(Severity)))
    levels = [entry["severity"] for entry in parsed(report)]
    assert levels == ["info", "minor", "major", "critical", "blocker"]


def test_notebooks_have_the_line_on_disk_and_name_the_cell() -> None:
    (entry,) = parsed(Report("/p", (CELL,)))
    assert entry["location"] == {"path": "nb/train.ipynb", "lines": {"begin": 40, "end": 40}}
    assert entry["description"].startswith("MLS103: cell 3, line 1: `torch.load`")


def test_fingerprints_are_unique_and_survive_moved_lines() -> None:
    moved = replace(LOAD, location=Location(LOAD.location.path, Span(90, 13, 90, 23)))
    assert prints(LOAD) == prints(moved)
    assert len(set(prints(LOAD, moved, FLOW, CELL))) == 4
    assert len({entry["fingerprint"] for entry in parsed(many(2_000))}) == 2_000


def test_problems_are_no_clean_files() -> None:
    twice = (*PROBLEMS[:2], PROBLEMS[0], Problem("interrupted", "", "the run was interrupted", "run it again"))
    entries = parsed(Report("/p", problems=twice))
    assert [(entry["check_name"], entry["severity"], entry["location"]["path"]) for entry in entries] == [
        ("not-analysed-syntax", "critical", "old.py"),
        ("not-analysed-undecodable", "critical", "b\\udcffd.py"),
        ("not-analysed-syntax", "critical", "old.py"),
        ("not-analysed-interrupted", "critical", "."),
    ]
    assert entries[0]["description"] == "not analysed: line 3: Missing parentheses in call to 'print' (Python 2?)"
    assert entries[0]["location"]["lines"]["begin"] == 3
    assert len({entry["fingerprint"] for entry in entries}) == 4


def test_hostile_text_stays_in_its_string() -> None:
    text = render(EVERYTHING, RULES, Format.GITLAB)
    assert text.isascii()
    assert all(line.isprintable() for line in text.splitlines())
    assert "##[" not in text
    assert all(entry["description"].isprintable() for entry in json.loads(text))
    assert HOSTILE_TEXT not in json.dumps(json.loads(text), ensure_ascii=False)


def test_nothing_found_is_an_empty_array_without_a_mark() -> None:
    assert render(EMPTY, RULES, Format.GITLAB) == "[]\n"


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(EVERYTHING, RULES, Format.GITLAB) == render(EVERYTHING, RULES, Format.GITLAB)
