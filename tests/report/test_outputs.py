"""A place in the output of a notebook's cell is named in every format, and nothing of the output is shown."""

from __future__ import annotations

import json
from dataclasses import replace

from mlsec_lint.findings import Cell, Location, Report, Span
from mlsec_lint.report.github import render_github
from mlsec_lint.report.json import render_json
from mlsec_lint.report.options import Options
from mlsec_lint.report.places import place
from mlsec_lint.report.sarif import render_sarif
from tests.report.samples import CELL, RULES

OUTPUT = replace(
    CELL, frame=None, location=Location("nb/train.ipynb", Span(40, 20, 40, 30), Cell(2, "a1b2", Span(7, 5, 7, 15), 0))
)
REPORT = Report("/p", (OUTPUT,))


def test_people_read_the_number_of_the_output() -> None:
    assert place(OUTPUT.location) == "nb/train.ipynb:cell 3 output 1:7:5"
    assert "cell 3 output 1, line 7: " in render_github(REPORT, RULES, Options())


def test_machines_read_its_index() -> None:
    (finding,) = json.loads(render_json(REPORT, RULES, Options()))["findings"]
    assert (finding["cell"]["index"], finding["cell"]["output"], finding["code"]) == (2, 0, None)
    (result,) = json.loads(render_sarif(REPORT, RULES, Options()))["runs"][0]["results"]
    assert result["properties"]["output"] == 0
    assert "snippet" not in result["locations"][0]["physicalLocation"]["region"]
