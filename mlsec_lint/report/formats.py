"""The formats by name."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NoReturn

from mlsec_lint.findings import Report
from mlsec_lint.report.options import Options

if TYPE_CHECKING:
    from mlsec_lint.report.descriptors import Rulebook


class Format(enum.Enum):
    """The formats that a report can be written in; the value is what people type."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    GITLAB = "gitlab"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    HTML = "html"


def render(  # noqa: PLR0911, RET503  # a format each; the last case never returns
    report: Report, rulebook: Rulebook, form: Format, options: Options | None = None
) -> str:
    """Return the report in the format, ready to be printed; each format is only imported when it is asked for."""
    options = options or Options()
    match form:
        case Format.FULL:
            from mlsec_lint.report.text import full

            return full(report, rulebook, options)
        case Format.CONCISE:
            from mlsec_lint.report.text import concise

            return concise(report, rulebook, options)
        case Format.JSON:
            from mlsec_lint.report.json import render_json

            return render_json(report, rulebook, options)
        case Format.GITHUB:
            from mlsec_lint.report.github import render_github

            return render_github(report, rulebook, options)
        case Format.SARIF:
            from mlsec_lint.report.sarif import render_sarif

            return render_sarif(report, rulebook, options)
        case Format.GITLAB:
            from mlsec_lint.report.gitlab import render_gitlab

            return render_gitlab(report, rulebook, options)
        case Format.JUNIT:
            from mlsec_lint.report.junit import render_junit

            return render_junit(report, rulebook, options)
        case Format.MARKDOWN:
            from mlsec_lint.report.markdown import render_markdown

            return render_markdown(report, rulebook, options)
        case Format.HTML:
            from mlsec_lint.report.html.page import render_html

            return render_html(report, rulebook, options)
        case unknown:
            assert_never(unknown)


def assert_never(unknown: NoReturn) -> NoReturn:
    """Fail type checking when a format is not handled; `typing.assert_never` is not in CPython 3.10."""
    raise AssertionError(f"unknown format {unknown!r}")
