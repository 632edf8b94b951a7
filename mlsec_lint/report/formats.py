"""The formats by name."""

from __future__ import annotations

import enum
from typing import NoReturn

from mlsec_lint.findings import Report
from mlsec_lint.report.descriptors import Rulebook
from mlsec_lint.report.options import Options


class Format(enum.Enum):
    """The formats that a report can be written in; the value is what people type."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def render(report: Report, rulebook: Rulebook, form: Format, options: Options | None = None) -> str:
    """Return the report in the format, ready to be printed; each format is only imported when it is asked for."""
    options = options or Options()
    if form is Format.FULL:
        from mlsec_lint.report.text import full

        return full(report, rulebook, options)
    if form is Format.CONCISE:
        from mlsec_lint.report.text import concise

        return concise(report, rulebook, options)
    if form is Format.JSON:
        from mlsec_lint.report.json import render_json

        return render_json(report, rulebook, options)
    if form is Format.GITHUB:
        from mlsec_lint.report.github import render_github

        return render_github(report, rulebook, options)
    if form is Format.SARIF:
        from mlsec_lint.report.sarif import render_sarif

        return render_sarif(report, rulebook, options)
    return _unreachable(form)


def _unreachable(form: NoReturn) -> NoReturn:
    """Fail type checking when a format is not handled: `typing.assert_never`, which CPython 3.10 lacks."""
    raise AssertionError(form)
