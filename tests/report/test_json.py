from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from mlsec_lint.findings import Report
from mlsec_lint.report.formats import Format, render
from tests.report.samples import CELL, EMPTY, EVERYTHING, FLOW, HOSTILE, HOSTILE_TEXT, LOAD, RULES, many

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "report.schema.json").read_text(encoding="utf-8"))


def parsed(report: Report) -> Any:  # noqa: ANN401  # any JSON
    return json.loads(render(report, RULES, Format.JSON))


@pytest.mark.parametrize("report", [EMPTY, EVERYTHING, many(3)], ids=["empty", "everything", "many"])
def test_output_has_the_documented_shape(report: Report) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(parsed(report))


def test_output_has_no_field_that_the_schema_does_not_name() -> None:
    definitions = SCHEMA["$defs"]
    report = parsed(EVERYTHING)
    assert set(report) == set(SCHEMA["properties"])
    for finding in report["findings"]:
        assert set(finding) == set(definitions["finding"]["properties"])
        assert all(set(step) == set(definitions["step"]["properties"]) for step in finding["trace"])
    assert all(set(problem) == set(definitions["problem"]["properties"]) for problem in report["problems"])
    assert set(report["summary"]) == set(SCHEMA["properties"]["summary"]["properties"])
    assert set(report["suppressed"][0]) == {*definitions["finding"]["properties"], "reason", "comment"}


def test_every_field_is_documented() -> None:
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    definitions = SCHEMA["$defs"]
    names = {*SCHEMA["properties"], *SCHEMA["properties"]["summary"]["properties"]}
    names |= {name for definition in definitions.values() for name in definition.get("properties", ())}
    assert sorted(name for name in names if f"`{name}`" not in page) == []


def test_values_are_exact() -> None:
    (finding,) = parsed(Report("/p", (replace(HOSTILE, location=LOAD.location),)))["findings"]
    assert finding["message"] == HOSTILE_TEXT
    assert finding["path"] == "src/serve.py"


def test_cells_count_from_zero_and_their_lines_from_one() -> None:
    (finding,) = parsed(Report("/p", (CELL,)))["findings"]
    place = {"line": 1, "column": 5, "end_line": 1, "end_column": 15}
    assert finding["cell"] == {"index": 2, "id": "a1b2", "output": None, **place}
    assert finding["span"]["start_line"] == 40


def test_a_trace_has_its_steps() -> None:
    (finding,) = parsed(Report("/p", (FLOW,)))["findings"]
    assert [(step["path"], step["span"]["start_line"]) for step in finding["trace"]] == [
        ("src/views.py", 3),
        ("src/views.py", 4),
        ("src/llm.py", 8),
    ]


def test_a_fix_has_its_edits() -> None:
    (finding,) = parsed(Report("/p", (LOAD,)))["findings"]
    assert finding["fix"]["safety"] == "unsafe"
    assert finding["fix"]["edits"] == [
        {
            "span": {"start_line": 12, "start_column": 28, "end_line": 12, "end_column": 28},
            "text": ", weights_only=True",
            "cell": None,
        }
    ]


def test_one_line_each_in_ascii() -> None:
    text = render(EVERYTHING, RULES, Format.JSON)
    assert text.isascii()
    assert all(line.isprintable() for line in text.splitlines())
    assert "##[" not in text
    assert sum(line.startswith('{"rule": ') for line in text.splitlines()) == len(EVERYTHING.findings) + 1


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(EVERYTHING, RULES, Format.JSON) == render(EVERYTHING, RULES, Format.JSON)


def test_25000_findings_take_no_time() -> None:
    report = many(25_000)
    start = time.process_time()
    text = render(report, RULES, Format.JSON)
    # 0.5 s on two shared cores; the bound is wide so that only a change of the order of growth fails it.
    assert time.process_time() - start < 30
    assert len(json.loads(text)["findings"]) == 25_000
