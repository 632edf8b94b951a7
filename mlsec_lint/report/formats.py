"""The formats by name."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from mlsec_lint.findings import Report
from mlsec_lint.report.options import Options

if TYPE_CHECKING:
    from mlsec_lint.report.descriptors import Rulebook

_Writer: TypeAlias = "Callable[[Report, Rulebook, Options], str]"


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


_WRITERS: Mapping[Format, str] = MappingProxyType(
    {
        Format.FULL: "text.full",
        Format.CONCISE: "text.concise",
        Format.JSON: "json.render_json",
        Format.GITHUB: "github.render_github",
        Format.SARIF: "sarif.render_sarif",
        Format.GITLAB: "gitlab.render_gitlab",
        Format.JUNIT: "junit.render_junit",
        Format.MARKDOWN: "markdown.render_markdown",
        Format.HTML: "html.page.render_html",
    }
)
"""What writes each, below this package."""


def render(report: Report, rulebook: Rulebook, form: Format, options: Options | None = None) -> str:
    """Return the report in the format, ready to be printed; each format is only imported when it is asked for."""
    module, _, function = _WRITERS[form].rpartition(".")
    writer: _Writer = getattr(import_module(f"mlsec_lint.report.{module}"), function)
    return writer(report, rulebook, options or Options())
