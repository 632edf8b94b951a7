"""The page that a run leaves behind: what was found, as Markdown that no scanned file can write into."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

SEVERITIES = ("critical", "high", "medium", "low", "info")
ROWS = 100
"""How many findings are listed, and at most as many problems."""
LENGTH = 1_000
"""Of a cell: with ROWS it keeps the page below one mebibyte, above which the platform drops it as a whole."""

Finding = Mapping[str, object]


def markdown(text: object) -> str:
    """The text with everything but ASCII letters, digits and spaces as character references, cut where it is long."""
    printable = re.sub(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "?", str(text))
    return re.sub(r"[^A-Za-z0-9 ]", lambda match: f"&#{ord(match[0])};", printable)[:LENGTH]


def place(finding: Finding) -> str:
    """Where it is: `path:line`, in a notebook with its cell, counted from 1."""
    span, cell = finding["span"], finding.get("cell")
    if isinstance(cell, dict):
        return f"{finding['path']}, cell {int(cell['index']) + 1}, line {cell['line']}"
    return f"{finding['path']}:{span['start_line'] if isinstance(span, dict) else 1}"


def most_severe_first(findings: Sequence[Finding]) -> list[Finding]:
    """Sorted by severity, otherwise in the report's order."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(str(finding["severity"])))


def row(finding: Finding) -> str:
    """One line of the table."""
    cells = (finding["severity"], f"{finding['rule']} {finding['name']}", place(finding), finding["message"])
    return "| " + " | ".join(markdown(cell) for cell in cells) + " |\n"


def table(findings: Sequence[Finding]) -> str:
    """The findings, most severe first, and how many are not listed."""
    listed = most_severe_first(findings)[:ROWS]
    rest = len(findings) - len(listed)
    head = "| severity | rule | place | message |\n|---|---|---|---|\n"
    return head + "".join(map(row, listed)) + (f"\n{rest} more are in the SARIF file.\n" if rest else "")


def summary(findings: Sequence[Finding], problems: Sequence[Mapping[str, object]]) -> str:
    """The whole page."""
    page = f"## mlsec-lint: {count(len(findings), 'finding')}\n\n"
    if findings:
        page += table(findings) + "\n"
    if problems:
        page += f"**{count(len(problems), 'file')} could not be checked:**\n\n"
        page += "".join(
            f"- {markdown(problem['path'])}: {markdown(problem['message'])}\n" for problem in problems[:ROWS]
        )
    return page


def count(number: int, noun: str) -> str:
    """`no findings`, `1 finding`, `2 findings`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
