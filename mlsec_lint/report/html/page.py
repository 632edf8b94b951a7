"""The whole page: summary, charts, filters, findings, what was not analysed, what comments suppress.

A content security policy allows the page's own style and script by their digests and nothing else, so that even markup that
slipped through could neither run nor load anything. Without scripts everything but the filters works.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files

from mlsec_lint import __version__
from mlsec_lint.findings import Report
from mlsec_lint.report.descriptors import Descriptor, Rulebook, describe
from mlsec_lint.report.html.elements import Markup, element, joined, void
from mlsec_lint.report.html.filters import filters
from mlsec_lint.report.html.lists import findings, not_analysed, suppressed
from mlsec_lint.report.html.overview import overview
from mlsec_lint.report.options import Options


def render_html(report: Report, rulebook: Rulebook, _options: Options) -> str:
    """Return the page; it needs no other file and no network."""
    answered = [item.finding for item in report.suppressed]
    described = describe(rulebook, [*report.findings, *answered])
    style, script = _part("report.css"), _part("report.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        void("meta", charset="utf-8"),
        void("meta", http_equiv="Content-Security-Policy", content=policy),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        void("meta", name="referrer", content="no-referrer"),
        void("meta", name="color-scheme", content="light dark"),
        element("title", "mlsec-lint report"),
        element("style", Markup(style)),
    )
    body = element("body", _body(report, described), element("script", Markup(script)))
    return f"<!DOCTYPE html>\n{element('html', head, Markup(chr(10)), body, lang='en')}\n"


def _body(report: Report, described: Mapping[str, Descriptor]) -> Markup:
    button = element("button", "Dark / light", type="button", id="theme", hidden="")
    title = element("h1", "mlsec-lint", element("span", " report", class_="faint"))
    closing = element(
        "footer", f"Written by mlsec-lint {__version__}. Secrets are masked; nothing is loaded from elsewhere."
    )
    parts = (
        overview(report, described),
        not_analysed(report),
        filters(report, described),
        findings(report, described),
        suppressed(report, described),
    )
    return joined(element("header", title, button, class_="top"), element("main", *parts), closing)


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """What a content security policy calls the hash of an inline element."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
