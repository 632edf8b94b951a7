"""The pages in docs/rules say what the rules say, and the rules' examples do what the pages claim."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import tomli

from mlsec_lint.catalogue.catalogue import Catalogue, load_catalogue
from mlsec_lint.catalogue.model import Rule
from mlsec_lint.catalogue.wording import reported, versions
from mlsec_lint.cli.explanation import explain
from mlsec_lint.engine import EngineOptions, check_source
from mlsec_lint.findings import Finding, Profile, Severity
from mlsec_lint.fixtures.fakes import with_fakes
from mlsec_lint.project.project import Project
from mlsec_lint.report.descriptors import DOCS, describe
from mlsec_lint.run.screening import needed_profile
from mlsec_lint.sources.magics import SHELL
from mlsec_lint.sources.reading import read_text
from mlsec_lint.sources.source import SourceFile
from tests.percent_notebooks import notebook_of
from tools import rule_pages

ROOT = Path(__file__).parents[1]
CATALOGUE = load_catalogue()
RULES = sorted(CATALOGUE.pack.rules, key=lambda rule: rule.id)
CODE = re.compile(r"^(`{3,}).*?^\1$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
PINLESS = Project(ROOT / "nowhere", {})


@cache
def catalogue_of(profile: Profile) -> Catalogue:
    return CATALOGUE.select(profile=profile)


def source_of(example: str) -> SourceFile:
    """The example as a file; one with cells is a notebook."""
    text = with_fakes(example, CATALOGUE.facts)
    is_notebook = text.lstrip().startswith("# %%")
    source = read_text(notebook_of(text), "lab.ipynb") if is_notebook else read_text(text, "service.py")
    assert isinstance(source, SourceFile)
    return source


def found_in(example: str, profile: Profile) -> list[Finding]:
    """What is reported of the example, which must be code that stands alone."""
    source = source_of(example)
    options = EngineOptions(bandit=False, profile=profile, today="2026-01-01", require_reason=True)
    result = check_source(source, PINLESS, catalogue_of(profile), options)
    assert result.problems == ()
    return [finding for finding in result.findings if needed_profile(finding) <= profile]


def bound_in(tree: ast.Module) -> set[str]:
    """Every name that the code gives a meaning to, wherever."""
    names = {"__name__", SHELL, *dir(builtins)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return names


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_an_example_shows_is_so(rule: Rule) -> None:
    (finding,) = [finding for finding in found_in(rule.flagged, rule.profile) if finding.rule == rule.id]
    assert finding.severity >= min(rule.severity, Severity.MEDIUM), "the example is one of the harmless cases"
    assert found_in(rule.allowed, rule.profile) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_stand_alone(rule: Rule) -> None:
    for example in (rule.flagged, rule.allowed):
        tree = ast.parse(source_of(example).text)
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert used - bound_in(tree) == set()


def test_the_pages_are_up_to_date() -> None:
    assert rule_pages.drift(rule_pages.pages(CATALOGUE)) == [], "run: python tools/rule_pages.py"


def test_links_between_files_lead_somewhere() -> None:
    targets = {
        (page.name, link)
        for page in rule_pages.FOLDER.glob("*.md")
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", CODE.sub("", page.read_text(encoding="utf-8")))
    }
    assert ("README.md", "MLS103.md") in targets
    assert [(page, link) for page, link in targets if not (rule_pages.FOLDER / link).exists()] == []


def test_reports_point_at_the_pages() -> None:
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    folder = rule_pages.FOLDER.relative_to(ROOT).as_posix()
    assert f"{project['urls']['Homepage']}/blob/main/{folder}/" == DOCS
    for found in [*(rule.id for rule in RULES), *CATALOGUE.bandit]:
        assert (rule_pages.FOLDER / f"{found}.md").is_file()


def test_a_page_tells_everything_that_the_rule_says() -> None:
    rule = next(rule for rule in RULES if rule.id == "MLS103")
    page = (rule_pages.FOLDER / "MLS103.md").read_text(encoding="utf-8")
    assert page.startswith(f"<!-- Generated from rules/{rule.origin} by")
    for part in (rule.attack, rule.remedy, rule.fine, rule.flagged, rule.allowed, *rule.references, *rule.refines):
        assert " ".join(part.split()) in " ".join(page.split())
    for part in ("torch <2.6", "# decodes audio\nsamples, rate = torchaudio.load(path)\n", "# mlsec: ignore[MLS103] "):
        assert part in page


def test_the_terminal_says_the_same() -> None:
    rule = next(rule for rule in RULES if rule.id == "MLS103")
    page = (rule_pages.FOLDER / "MLS103.md").read_text(encoding="utf-8")
    shown = explain(rule, CATALOGUE, width=10_000)
    for said in (*reported(rule), *versions(rule)):
        assert f"- {said}\n" in page
        assert said in shown


def test_where_an_example_has_a_secret_an_ellipsis_is_shown() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in rule_pages.FOLDER.glob("*.md")}
    assert [name for name, text in texts.items() if "{{fake:" in text] == []
    rule = next(rule for rule in RULES if rule.id == "MLS301")
    (described,) = describe(CATALOGUE.select([rule.id]), []).values()
    for text in (texts["MLS301.md"], explain(rule, CATALOGUE), described.flagged):
        assert 'OpenAI(api_key="…")' in text


def test_texts_cannot_leave_their_place() -> None:
    hostile = replace(RULES[0], summary="a | b <img src=x>", flagged="x = '```'", attack="<script>\n\nnext `<pad>`")
    row = rule_pages.family_table("downloads", [hostile]).splitlines()[-1]
    assert re.split(r"(?<!\\)\|", row)[5] == " a \\| b &lt;img src=x> "
    page = rule_pages.rule_page(hostile, CATALOGUE.kinds, [])
    assert "````python\nx = '```'\n````" in page
    assert "&lt;script>\n\nnext `<pad>`" in page
