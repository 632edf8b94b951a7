"""The bundled rules against their fixtures, and each fixture once more: suppressed, and through SARIF."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.engine import EngineOptions
from mlsec_lint.findings import FileResult, Finding, Profile, Report
from mlsec_lint.fixtures.corpus import CODE, Fixture, find_fixtures
from mlsec_lint.fixtures.fakes import with_fakes
from mlsec_lint.fixtures.markers import Kind, Marker, read_markers
from mlsec_lint.fixtures.replay import replay
from mlsec_lint.report.options import Options
from mlsec_lint.report.sarif import render_sarif
from mlsec_lint.run.screening import needed_profile
from tests.engine.checking import check, source_of

ROOT = Path(__file__).parents[1]
CATALOGUE = load_catalogue()
FIXTURES = find_fixtures(ROOT / "fixtures")
RULES = [rule for rule in CATALOGUE.pack.rules if rule.matches]
_EXPECTATION = re.compile(r"#\s*expect:.*$")


@dataclass(frozen=True)
class Module:
    """One Python file of a fixture, ready to be checked."""

    rule: str
    path: Path
    name: str
    profile: Profile
    text: str
    pins: tuple[str, ...]

    def check(self, folder: Path, text: str | None = None) -> FileResult:
        """What is said about it in the fixture's profile, or about this text in its place."""
        if self.pins:
            (folder / "requirements.txt").write_text("\n".join(self.pins) + "\n", encoding="utf-8")
        options = EngineOptions(bandit=False, profile=self.profile)
        return check(self.text if text is None else text, folder, self.name, options)

    def shown(self, result: FileResult) -> list[Finding]:
        """What the profile shows."""
        return [finding for finding in result.findings if needed_profile(finding) <= self.profile]


def markers_of(fixture: Fixture) -> list[Marker]:
    """Of all its Python files and notebooks."""
    sources = (source_of(path.read_text(encoding="utf-8"), path.name) for path in fixture.files if path.suffix in CODE)
    return [marker for source in sources for marker in read_markers(source)]


def pins_of(fixture: Fixture) -> tuple[str, ...]:
    """What the markers of all files of a fixture pin."""
    return tuple(marker.reason for marker in markers_of(fixture) if marker.kind is Kind.PINS)


def modules() -> list[Module]:
    """Every Python file of every fixture that stands alone: what other files pin is not known here."""
    found = []
    for fixture in FIXTURES:
        rule = CATALOGUE.rule(fixture.rule)
        assert rule is not None, fixture.path
        pins = pins_of(fixture)
        if any(path.suffix not in (".py", ".ipynb", ".md") for path in fixture.files):
            continue
        for path in (item for item in fixture.files if item.suffix == ".py"):
            text = with_fakes(path.read_text(encoding="utf-8"), CATALOGUE.facts)
            name = path.relative_to(fixture.root).as_posix()
            found.append(Module(fixture.rule, path, name, rule.profile, text, pins))
    return found


MODULES = modules()
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path.stem)


def test_every_rule_has_a_fixture() -> None:
    assert {rule.id for rule in RULES} - {fixture.rule for fixture in FIXTURES} == set()


def test_every_fixture_has_a_rule_and_its_name() -> None:
    names = {fixture.path.stem if fixture.path.is_file() else fixture.path.name for fixture in FIXTURES}
    known = {f"{rule.id}-{rule.name}" for rule in RULES}
    assert {name for name in names if not any(name == item or name.startswith(f"{item}-") for item in known)} == set()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.path.stem)
def test_every_fixture_holds(fixture: Fixture) -> None:
    assert [str(difference) for difference in replay(fixture, CATALOGUE)] == []


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_is_tried_both_ways(rule: str) -> None:
    kinds = Counter(
        marker.kind
        for fixture in FIXTURES
        if fixture.rule == rule
        for marker in markers_of(fixture)
        if marker.kind is not Kind.EXPECT or marker.rule == rule
    )
    assert kinds[Kind.EXPECT] >= 2, kinds
    assert kinds[Kind.OK] >= 2, kinds


def test_no_key_stands_in_a_fixture() -> None:
    """Every text of a known shape is made when the test runs; what is written out is a made-up word of no vendor."""
    found = {
        finding.message
        for path in (ROOT / "fixtures").rglob("*.py")
        for finding in check(path.read_text(encoding="utf-8"), ROOT / "fixtures" / "example-service").findings
        if finding.rule == "MLS301"
    }
    assert found == set()


@every_module
def test_a_comment_on_each_line_silences_the_file(module: Module, tmp_path: Path) -> None:
    found = module.shown(module.check(tmp_path))
    lines = module.text.splitlines()
    for number in {finding.location.span.start_line for finding in found}:
        names = sorted({item.rule for item in found if item.location.span.start_line == number})
        comment = f"# mlsec: ignore[{', '.join(names)}] replayed"
        bare = _EXPECTATION.sub("", lines[number - 1]).rstrip()
        lines[number - 1] = f"{bare}  {comment}"
    result = module.check(tmp_path, "\n".join(lines) + "\n")
    assert module.shown(result) == []
    assert len(result.suppressed) >= len(found)
    assert {item.reason for item in result.suppressed} <= {"replayed"}


@every_module
def test_each_finding_is_a_result_of_the_sarif_log(module: Module, tmp_path: Path) -> None:
    findings = tuple(module.shown(module.check(tmp_path)))
    (run,) = json.loads(render_sarif(Report(root=str(tmp_path), findings=findings), CATALOGUE, Options()))["runs"]
    results = [
        (item["ruleId"], item["locations"][0]["physicalLocation"]["region"]["startLine"]) for item in run["results"]
    ]
    assert sorted(results) == sorted((finding.rule, finding.location.span.start_line) for finding in findings)
    expected = [marker for marker in read_markers(source_of(module.text)) if marker.kind is Kind.EXPECT]
    assert {marker.line for marker in expected if not marker.rule.startswith("B")} <= {line for _, line in results}
