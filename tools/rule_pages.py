"""Writes docs/rules/: one page for each rule and each of Bandit's checks, and an index. `--check` only compares.

The pages come from the rules' own data, so that they say what the linter does. Run it after changing a rule.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from mlsec_lint.catalogue.catalogue import Catalogue, load_catalogue
from mlsec_lint.catalogue.families import family_of
from mlsec_lint.catalogue.model import BanditCheck, Rule, Taxonomies

FOLDER = Path(__file__).parents[1] / "docs" / "rules"
NOTE = "<!-- Made by tools/rule_pages.py from the rule's data: change that, not this page. -->\n"

TAXONOMIES = (
    ("CWE", "cwe", "https://cwe.mitre.org/data/definitions/{}.html"),
    ("OWASP Top 10 for LLM applications", "owasp_llm", "https://genai.owasp.org/llm-top-10/"),
    ("OWASP ML Security Top 10", "owasp_ml", "https://owasp.org/www-project-machine-learning-security-top-10/"),
    ("MITRE ATLAS", "atlas", "https://atlas.mitre.org/techniques/{}"),
    ("STRIDE", "stride", ""),
    ("Harms", "cia", ""),
    ("Attacks", "attacks", ""),
    ("BIML principles", "biml", ""),
)


def pages(catalogue: Catalogue) -> dict[str, str]:
    """Every page by its file name."""
    rules = {f"{rule.id}.md": rule_page(rule) for rule in catalogue.pack.rules}
    checks = {f"{check.id}.md": check_page(check, replaced_by(check, catalogue)) for check in catalogue.bandit.values()}
    return {**rules, **checks, "README.md": index(catalogue)}


def rule_page(rule: Rule) -> str:
    """The page of one rule."""
    return NOTE + "\n" + "\n\n".join(rule_sections(rule)) + "\n"


def rule_sections(rule: Rule) -> Iterator[str]:
    """A rule's sections, in the order in which somebody who got a finding asks."""
    yield f"# {rule.id} `{rule.name}`"
    yield sentence(rule.summary)
    yield facts(rule)
    yield f"## What an attacker does with it\n\n{rule.attack.strip()}"
    yield f"## How to fix it\n\n{rule.remedy.strip()}"
    if rule.flagged and rule.allowed:
        yield f"Reported:\n\n{code(rule.flagged)}\n\nNot reported:\n\n{code(rule.allowed)}"
    if rule.fine:
        yield f"## When it is no problem\n\n{rule.fine.strip()}"
    yield f"Where it is none, say so with a reason, on the line or above the statement:\n\n{code(suppression(rule.id))}"
    if taxonomies := list(taxonomy_lines(rule.taxonomies)):
        yield "## In the catalogues of others\n\n" + "\n".join(taxonomies)
    if rule.references:
        yield "## References\n\n" + "\n".join(f"- <{link}>" for link in rule.references)


def facts(rule: Rule) -> str:
    """Severity, confidence, profile, and the checks of Bandit's that this rule replaces."""
    refines = ", ".join(f"[{check}]({check}.md)" for check in rule.refines)
    rows = {
        "severity": rule.severity.label,
        "confidence": rule.confidence.label,
        "profile": rule.profile.label,
        "tags": ", ".join(rule.tags),
        "replaces": refines,
        "suggested edit": f"{rule.fix.message} ({rule.fix.safety.value})" if rule.fix else "",
    }
    shown = "\n".join(f"| {name} | {value} |" for name, value in rows.items() if value)
    return f"| | |\n|---|---|\n{shown}"


def taxonomy_lines(taxonomies: Taxonomies) -> Iterator[str]:
    """One line for each catalogue that has a place for the rule."""
    for title, field, address in TAXONOMIES:
        entries = getattr(taxonomies, field)
        if entries:
            yield f"- {title}: " + ", ".join(
                f"[{entry}]({address.format(entry)})" if address else entry for entry in entries
            )


def check_page(check: BanditCheck, rules: Iterable[str]) -> str:
    """The page of one of Bandit's checks."""
    replaced = ", ".join(f"[{rule}]({rule}.md)" for rule in rules)
    parts = [
        f"{NOTE}\n# {check.id} `{check.name}`",
        f"{sentence(check.summary)} One of [Bandit's checks](https://bandit.readthedocs.io/), run by mlsec-lint as it is.",
        f"## What to do\n\n{check.help.strip()}",
        f"## Profile\n\n`{check.profile.label}`: {check.reason.strip()}",
        f"Replaced by {replaced} where one of them has judged the same expression." if replaced else "",
        f"[CWE-{check.cwe}](https://cwe.mitre.org/data/definitions/{check.cwe}.html)" if check.cwe else "",
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
    head = "| id | name | says | profile |\n|---|---|---|---|\n"
    rows = "".join(f"| [{c.id}]({c.id}.md) | {c.name} | {c.summary} | {c.profile.label} |\n" for c in checks)
    return "\n".join([f"{NOTE}\n# Rules\n", *tables, f"## Bandit's checks\n\n{head}{rows}"])


def family_table(family: str, rules: Iterable[Rule]) -> str:
    """The rules of one family."""
    head = "| id | name | says | severity | profile |\n|---|---|---|---|---|\n"
    rows = "".join(
        f"| [{r.id}]({r.id}.md) | {r.name} | {r.summary} | {r.severity.label} | {r.profile.label} |\n" for r in rules
    )
    return f"## {family.replace('-', ' ').capitalize()}\n\n{head}{rows}"


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    line = " ".join(text.split())
    return line[:1].upper() + line[1:].rstrip(".") + "."


def code(text: str) -> str:
    """A block of Python."""
    return f"```python\n{text.strip()}\n```"


def suppression(rule: str) -> str:
    """How a comment answers the rule."""
    return f"# mlsec: ignore[{rule}] why it is fine here"


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
