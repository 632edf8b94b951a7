"""`mlsec-lint rules`: every rule in a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.cli import types
from mlsec_lint.cli.document import document
from mlsec_lint.cli.packs import known_rules, rules_option
from mlsec_lint.cli.table import aligned
from mlsec_lint.record import dataclass
from mlsec_lint.report.descriptors import DOCS
from mlsec_lint.report.escape import markdown_prose, visible

SCHEMA = "mlsec-lint-rules/1"
"""Names the shape of the JSON; the number rises when something that a reader relies on changes."""


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in the table."""

    id: str
    name: str
    severity: str
    """Empty for Bandit's checks, which decide finding by finding."""
    profile: str
    tags: tuple[str, ...]
    cwe: tuple[int, ...]
    refines: tuple[str, ...]
    fix: str
    """`safe` or `unsafe` when findings can mend themselves."""
    summary: str
    url: str


@click.command("rules", short_help="List all rules.")
@click.option("--format", "form", type=types.words("text", "json", "markdown"), default="text", help="How to write it.")
@rules_option
def rules_command(form: str, packs: tuple[Path, ...]) -> None:
    """List all rules and all of Bandit's checks."""
    rows = list(rows_of(known_rules(packs)))
    written = {"text": as_text, "json": as_json, "markdown": as_markdown}[form](rows)
    click.echo(written)


def rows_of(catalogue: Catalogue) -> Iterator[Row]:
    """Our rules by id, then Bandit's checks by id."""
    for rule in sorted(catalogue.pack.rules, key=lambda item: item.id):
        fix = rule.fix.safety.value if rule.fix else ""
        yield Row(
            *(
                rule.id,
                rule.name,
                rule.severity.label,
                rule.profile.label,
                rule.tags,
                rule.taxonomies.cwe,
                rule.refines,
            ),
            *(fix, rule.summary, f"{DOCS}{rule.id}.md"),
        )
    for check in sorted(catalogue.bandit.values(), key=lambda item: item.id):
        cwe = (check.cwe,) if check.cwe else ()
        about = (check.id, check.name, "", check.profile.label, ("bandit", check.family), cwe, ())
        yield Row(*about, "", check.summary, f"{DOCS}{check.id}.md")


def as_text(rows: list[Row]) -> str:
    """A table for people."""
    shown = [(row.id, row.name, row.severity or "-", row.profile, visible(row.summary)) for row in rows]
    return "\n".join(aligned(shown))


def as_markdown(rows: list[Row]) -> str:
    """The same as a Markdown table."""
    head = "| id | name | severity | profile | says |\n|---|---|---|---|---|"
    lines = (
        f"| [{row.id}]({row.url}) | {row.name} | {row.severity} | {row.profile} | {_cell(row.summary)} |"
        for row in rows
    )
    return "\n".join([head, *lines])


def _cell(text: str) -> str:
    return markdown_prose(visible(text)).replace("|", "\\|")


def as_json(rows: list[Row]) -> str:
    """The same for programs."""
    return document({"version": SCHEMA, "rules": [asdict(row) for row in rows]})
