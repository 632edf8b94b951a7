"""Writes docs/rules/: one page for each rule and each of Bandit's checks, and an index. `--check` only compares.

The pages come from the rules' own data and fixtures, so that they say what the linter does. Run it after changing a rule.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from mlsec_lint.catalogue.catalogue import Catalogue, load_catalogue
from mlsec_lint.catalogue.families import family_of
from mlsec_lint.catalogue.model import BanditCheck, Kind, Rule
from mlsec_lint.catalogue.taxonomies import Taxonomies
from mlsec_lint.catalogue.wording import code, example, reported, versions, words_used
from mlsec_lint.cli.explanation import answers, places
from mlsec_lint.fixtures.corpus import CODE, Fixture, find_fixtures
from mlsec_lint.fixtures.markers import Kind as Statement
from mlsec_lint.fixtures.markers import Marker, read_markers
from mlsec_lint.report.catalogues import page_of
from mlsec_lint.report.escape import code_block, markdown_prose
from mlsec_lint.sources.lines import split_lines
from mlsec_lint.sources.reading import read
from mlsec_lint.sources.source import SourceFile

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "rules"
UP = "../.."
KINDS = (
    "What the kinds of values and calls mean stands in [Writing rules](../writing-rules.md#conditions-where-unless)."
)
PAGED = {"cwe": "CWE", "owasp_llm": "OWASP-LLM", "owasp_ml": "OWASP-ML", "atlas": "ATLAS"}
STATED = re.compile(rf"\s*#\s*(?:{'|'.join(kind.value for kind in Statement)}):.*")
CASES = {
    Statement.OK: "Not reported:",
    Statement.STRICT: "Reported in the profile `strict` only:",
    Statement.TODO: "A known miss, not reported yet:",
}


def pages(catalogue: Catalogue) -> dict[str, str]:
    """Every page by its file name."""
    fixtures = find_fixtures(ROOT / "fixtures")
    rules = {
        f"{rule.id}.md": rule_page(rule, catalogue.kinds, [fixture for fixture in fixtures if fixture.rule == rule.id])
        for rule in catalogue.pack.rules
    }
    checks = {f"{check.id}.md": check_page(check, replaced_by(check, catalogue)) for check in catalogue.bandit.values()}
    return {**rules, **checks, "README.md": index(catalogue)}


def rule_page(rule: Rule, kinds: Iterable[Kind], fixtures: list[Fixture]) -> str:
    """The page of one rule."""
    parts = [note(f"rules/{rule.origin}"), *about(rule), *examples(rule), *cases(rule, fixtures)]
    parts += [*rule_answers(rule), *details(rule, kinds), *outside(rule), *origins(rule, fixtures)]
    return "\n\n".join(parts) + "\n"


def note(origin: str) -> str:
    """The first line of a page."""
    return f"<!-- Generated from {origin} by tools/rule_pages.py: edit that, not this page. -->"


def about(rule: Rule) -> Iterator[str]:
    """What somebody who got a finding asks first."""
    yield f"# {rule.id} `{rule.name}`"
    yield sentence(rule.summary)
    yield facts(rule)
    yield f"## What an attacker does with it\n\n{prose(rule.attack)}"


def facts(rule: Rule) -> str:
    """Severity, confidence, profile, and the checks of Bandit's that this rule replaces."""
    rows = {
        "severity": rule.severity.label,
        "confidence": rule.confidence.label,
        "profile": f"`{rule.profile.label}`",
        "tags": ", ".join(map(code, rule.tags)),
        "replaces, of Bandit's checks": ", ".join(f"[{check}]({check}.md)" for check in rule.refines),
    }
    shown = "\n".join(f"| {name} | {value} |" for name, value in rows.items() if value)
    return f"| | |\n|---|---|\n{shown}"


def examples(rule: Rule) -> Iterator[str]:
    """How it is mended."""
    flagged, allowed = (code_block(example(text).strip()) for text in (rule.flagged, rule.allowed))
    yield f"## How to fix it\n\n{prose(rule.remedy)}"
    yield f"Reported:\n\n{flagged}"
    yield f"Not reported:\n\n{allowed}"
    if rule.fix:
        yield f"`mlsec-lint` suggests the edit ({rule.fix.safety.value}): {prose(rule.fix.message)}."


def cases(rule: Rule, fixtures: Iterable[Fixture]) -> Iterator[str]:
    """Lines of the rule's fixtures that say where it stops."""
    found: dict[Statement, dict[str, str]] = {kind: {} for kind in CASES}
    for source in (source for fixture in fixtures for source in code_of(fixture)):
        for marker in read_markers(source):
            if marker.kind in found and marker.rule in {"", rule.id}:
                shown = example(marked_line(source, marker))
                found[marker.kind].setdefault(marker.reason or shown, shown)
    if any(found.values()):
        yield "## Edge cases\n\nEach with its reason; the tests of mlsec-lint check them."
    for kind, title in CASES.items():
        if found[kind]:
            blocks = (shown if reason == shown else f"# {reason}\n{shown}" for reason, shown in found[kind].items())
            yield f"{title}\n\n" + code_block("\n\n".join(blocks))


def code_of(fixture: Fixture) -> Iterator[SourceFile]:
    """What a fixture has of code."""
    for path in fixture.files:
        source = read(path, path.name) if path.suffix in CODE else None
        if isinstance(source, SourceFile):
            yield source


def marked_line(source: SourceFile, marker: Marker) -> str:
    """The line that a marker speaks of; where that only closes a bracket, from the line on that opens it."""
    if marker.text:
        return STATED.sub("", marker.text).strip()
    lines = split_lines(source.text)
    first = last = marker.line - 1
    indent = len(lines[last]) - len(lines[last].lstrip())
    if lines[last].lstrip()[:1] in {")", "]", "}"}:
        first = max(n for n in range(last) if lines[n].strip() and not lines[n][: indent + 1].isspace())
    return "\n".join(STATED.sub("", line)[indent:] for line in lines[first : last + 1])


def rule_answers(rule: Rule) -> Iterator[str]:
    """How somebody says that a finding is no problem."""
    if rule.fine:
        yield f"## When it is no problem\n\n{prose(rule.fine)}"
    if any(answers(rule)):
        yield answer(rule)


def answer(found: Rule | BanditCheck) -> str:
    """The comments that silence it."""
    comments = code_block("\n".join(answers(found)))
    where = "On the line, or on one of its own above the statement"
    bandit = "; Bandit's own comment stands on the line" if isinstance(found, BanditCheck) else ""
    return f"## To answer it in the code\n\n{where}{bandit}:\n\n{comments}"


def details(rule: Rule, kinds: Iterable[Kind]) -> Iterator[str]:
    """What exactly is reported."""
    if texts := reported(rule):
        yield f"## What is reported\n\n{bullets(map(markdown_prose, texts))}"
    if texts := versions(rule):
        yield f"## Versions that matter\n\n{bullets(map(markdown_prose, texts))}"
    if any("of the kind" in text for text in (*reported(rule), *versions(rule))):
        yield KINDS
    if words := words_used(rule, kinds):
        yield f"Of these words:\n\n{bullets(f'{code(kind.name)}: {prose(kind.meaning)}' for kind in words)}"


def outside(rule: Rule) -> Iterator[str]:
    """What others say about it."""
    if lines := list(taxonomy_lines(rule.taxonomies)):
        yield "## In the catalogues of others\n\n" + bullets(lines)
    if rule.references:
        yield "## References\n\n" + bullets(f"<{link}>" for link in rule.references)


def taxonomy_lines(taxonomies: Taxonomies) -> Iterator[str]:
    """One line for each catalogue that has a place for the rule."""
    for field, title, entries in places(taxonomies):
        name = PAGED.get(field)
        yield f"{title}: " + ", ".join(f"[{entry}]({page_of(name, entry)})" if name else entry for entry in entries)


def origins(rule: Rule, fixtures: Iterable[Fixture]) -> Iterator[str]:
    """The files that this page is made of."""
    paths = [f"rules/{rule.origin}", *(fixture.path.relative_to(ROOT).as_posix() for fixture in fixtures)]
    yield "## Where it is defined\n\n" + bullets(f"[{path}]({UP}/{path})" for path in paths)


def check_page(check: BanditCheck, rules: Iterable[str]) -> str:
    """The page of one of Bandit's checks."""
    replaced = ", ".join(f"[{rule}]({rule}.md)" for rule in rules)
    parts = [
        note("rules/bandit.toml"),
        f"# {check.id} `{check.name}`",
        f"{sentence(check.summary)} One of [Bandit's checks](https://bandit.readthedocs.io/), run by mlsec-lint as it is.",
        f"## What to do\n\n{prose(check.help)}",
        f"## Profile\n\n`{check.profile.label}`: {prose(check.reason)}.",
        f"Replaced by {replaced} where one of them has judged the same expression." if replaced else "",
        answer(check),
        f"## In the catalogues of others\n\n- CWE: [{check.cwe}]({page_of('CWE', str(check.cwe))})"
        if check.cwe
        else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def replaced_by(check: BanditCheck, catalogue: Catalogue) -> list[str]:
    """The ids of the rules that refine a check."""
    return sorted(rule.id for rule in catalogue.pack.rules if check.id in rule.refines)


def index(catalogue: Catalogue) -> str:
    """The table of everything."""
    ours = sorted(catalogue.pack.rules, key=lambda rule: rule.id)
    checks = sorted(catalogue.bandit.values(), key=lambda check: check.id)
    families = dict.fromkeys(family_of(rule.id) for rule in ours)
    tables = [family_table(family, [rule for rule in ours if family_of(rule.id) == family]) for family in families]
    rows = [(f"[{c.id}]({c.id}.md)", code(c.name), f"`{c.profile.label}`", c.reason) for c in checks]
    bandit = f"## Bandit's checks\n\n{table(('id', 'name', 'profile', 'why there'), rows)}"
    return "\n\n".join([note("rules/"), "# Rules", *tables, bandit]) + "\n"


def family_table(family: str, rules: Iterable[Rule]) -> str:
    """The rules of one family."""
    rows = [(f"[{r.id}]({r.id}.md)", code(r.name), r.severity.label, f"`{r.profile.label}`", r.summary) for r in rules]
    head = ("id", "name", "severity", "profile", "reported is that …")
    return f"## {family.replace('-', ' ').capitalize()}\n\n{table(head, rows)}"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; what stands in a cell cannot leave it."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *([prose(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def bullets(lines: Iterable[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"- {line}" for line in lines)


def prose(text: str) -> str:
    """A rule's own Markdown, one line for each paragraph, without HTML."""
    return "\n\n".join(markdown_prose(" ".join(paragraph.split())) for paragraph in text.strip().split("\n\n"))


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    line = prose(text)
    return line[:1].upper() + line[1:].rstrip(".") + "."


def drift(wanted: dict[str, str]) -> list[str]:
    """The names of pages that are missing, stale or left over."""
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name))


def write(wanted: dict[str, str], names: Iterable[str]) -> None:
    """Bring the named pages to what they should be."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (FOLDER / name).unlink()


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` say which are not what they should be; the exit code."""
    wanted = pages(load_catalogue())
    names = drift(wanted)
    if arguments == ["--check"]:
        for name in names:
            print(f"docs/rules/{name} does not say what the rule says; run: python tools/rule_pages.py")
        return 1 if names else 0
    write(wanted, names)
    print(f"{len(names)} of {len(wanted)} pages written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
