"""The controls that choose which findings are shown; the page's script brings them to life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlsec_lint.findings import Report
from mlsec_lint.report.descriptors import Descriptor
from mlsec_lint.report.html.elements import NOTHING, Markup, element, void
from mlsec_lint.report.summary import severities


def filters(report: Report, described: Mapping[str, Descriptor]) -> Markup:
    """A form that is hidden until a script runs; nothing where there is nothing to choose."""
    if not report.findings:
        return NOTHING
    rules = sorted({finding.rule for finding in report.findings})
    families = sorted({described[rule].family for rule in rules} - {""})
    levels = [severity.label for severity, number in severities(report).items() if number]
    boxes = [element("label", _box(label), element("span", label), class_=f"chip {label}") for label in levels]
    return element(
        "form",
        element("fieldset", element("legend", "Severity"), *boxes),
        _choice("Family", "family", [(name, name) for name in families]),
        _choice("Rule", "rule", [(rule, f"{rule} {described[rule].name}") for rule in rules]),
        _field("Path", "path", "part of a path"),
        _field("Text", "text", "words of a finding"),
        element("button", "Reset", type="reset"),
        element("output", "", id="shown", aria_live="polite"),
        id="filters",
        hidden="",
        autocomplete="off",
        aria_label="Choose findings",
    )


def _box(label: str) -> Markup:
    return void("input", type="checkbox", name="severity", value=label, checked="")


def _choice(title: str, name: str, options: Iterable[tuple[str, str]]) -> Markup:
    every = element("option", "all", value="")
    listed = [element("option", shown, value=value) for value, shown in options]
    return element("label", element("span", title), element("select", every, *listed, name=name))


def _field(title: str, name: str, hint: str) -> Markup:
    control = void("input", type="search", name=name, placeholder=hint, spellcheck="false")
    return element("label", element("span", title), control)
