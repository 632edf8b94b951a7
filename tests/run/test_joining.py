"""One run over several files: one finding a root cause, comments where a flow ends, nothing of another file's secrets."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from textwrap import dedent

import pytest

from mlsec_lint.config.configuration import Configuration
from mlsec_lint.findings import Confidence, FileResult, Finding, Location, Profile, Report, Severity, Span, Step
from mlsec_lint.fixtures.fakes import with_fakes
from mlsec_lint.report.options import Options
from mlsec_lint.report.sarif import render_sarif
from mlsec_lint.run.checking import Checked, check
from mlsec_lint.run.joining import joined
from mlsec_lint.run.plan import Request
from tests.engine.checking import catalogue
from tests.imports.projects import RUNNER, Process, files_of, route, tell, write

TWO_CALLERS = {
    "runner.py": RUNNER,
    "a.py": route("from runner import run"),
    "b.py": route("import runner", "runner.run(request.args['q'])"),
}


def run(root: Path, *paths: str, **overrides: object) -> Checked:
    """A run as from the command line, without Bandit's checks."""
    configuration = Configuration(root, {"bandit": False, **overrides})
    return check(Request(tuple(root / path for path in paths or (".",)), configuration, root))


def told(report: Report) -> list[tuple[str, str, int]]:
    return [tell(item) for item in report.findings]


def test_two_callers_of_one_sink_give_one_finding(tmp_path: Path) -> None:
    write(tmp_path, TWO_CALLERS)
    report = run(tmp_path).report
    assert told(report) == [("MLS917", "runner.py", 2)]
    assert files_of(report.findings[0]) == ["a.py", "runner.py"]


def test_each_of_two_callers_alone_gives_the_finding(tmp_path: Path) -> None:
    write(tmp_path, TWO_CALLERS)
    for name in ("a.py", "b.py"):
        report = run(tmp_path, name, "runner.py").report
        assert told(report) == [("MLS917", "runner.py", 2)]
        assert files_of(report.findings[0]) == [name, "runner.py"]


def test_the_order_in_which_files_are_named_does_not_matter(tmp_path: Path) -> None:
    write(tmp_path, TWO_CALLERS)
    reports = [run(tmp_path, *order).report for order in itertools.permutations(TWO_CALLERS)]
    assert {report.findings for report in reports} == {reports[0].findings}


def test_worker_processes_give_the_same(tmp_path: Path) -> None:
    write(tmp_path, TWO_CALLERS)
    configuration = Configuration(tmp_path, {"bandit": False})
    parallel = check(Request((tmp_path,), configuration, tmp_path, jobs=2)).report
    assert parallel.findings == run(tmp_path).report.findings


def test_a_flow_inside_the_file_and_one_from_outside_are_one_finding(tmp_path: Path) -> None:
    files = {
        "runner.py": """
            from flask import Flask, request

            app = Flask(__name__)


            def run(code):
                return str(eval(code))


            @app.route("/")
            def answer():
                return run(request.args["q"])
        """,
        "a.py": route("from runner import run"),
    }
    write(tmp_path, files)
    report = run(tmp_path).report
    assert told(report) == [("MLS917", "runner.py", 7)]
    assert [step.location.path for step in report.findings[0].trace][-1] == "runner.py"


SUPPRESSED = (
    dedent(RUNNER).strip().replace("(eval(code))", "(eval(code))  # mlsec: ignore[MLS917] a calculator for admins")
    + "\n"
)


def test_a_comment_at_the_sink_silences_the_flow_from_another_file(tmp_path: Path) -> None:
    write(tmp_path, {**TWO_CALLERS, "runner.py": SUPPRESSED})
    report = run(tmp_path).report
    assert told(report) == []
    assert {(item.finding.rule, item.finding.location.path, item.reason) for item in report.suppressed} == {
        ("MLS917", "runner.py", "a calculator for admins")
    }


def test_a_comment_that_only_other_files_need_is_not_unused(tmp_path: Path) -> None:
    write(tmp_path, {**TWO_CALLERS, "runner.py": SUPPRESSED})
    assert told(run(tmp_path, profile=Profile.STRICT).report) == []
    assert told(run(tmp_path, "a.py", "runner.py", profile=Profile.STRICT).report) == []


def test_a_comment_that_nobody_needs_is_unused(tmp_path: Path) -> None:
    write(tmp_path, {"runner.py": SUPPRESSED, "a.py": "print('nobody calls it')\n"})
    assert told(run(tmp_path, extend_select=("MLS991",)).report) == [("MLS991", "runner.py", 2)]


def test_a_second_name_that_nobody_needs_is_unused(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import pickle\npickle.load(open('x'))  # mlsec: ignore[MLS101, MLS103, B301] ours\n"})
    assert told(run(tmp_path, extend_select=("MLS991",)).report) == [("MLS991", "a.py", 2)] * 2


def test_a_comment_at_the_caller_does_not_silence_the_sink(tmp_path: Path) -> None:
    caller = route("from runner import run").replace("args['q'])", "args['q'])  # mlsec: ignore[MLS917] not here")
    write(tmp_path, {"runner.py": RUNNER, "a.py": caller})
    report = run(tmp_path).report
    assert ("MLS917", "runner.py", 2) in told(report)


def test_no_ignores_shows_what_a_comment_of_another_file_silences(tmp_path: Path) -> None:
    write(tmp_path, {**TWO_CALLERS, "runner.py": SUPPRESSED})
    configuration = Configuration(tmp_path, {"bandit": False, "ignores": False})
    report = check(Request((tmp_path,), configuration, tmp_path)).report
    assert told(report) == [("MLS917", "runner.py", 2)]


def test_a_sink_in_an_excluded_file_is_not_reported(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **TWO_CALLERS,
            "vendored/__init__.py": "",
            "vendored/runner.py": RUNNER,
            "c.py": route("from vendored.runner import run"),
        },
    )
    report = run(tmp_path, extend_exclude=("vendored",)).report
    assert told(report) == [("MLS917", "runner.py", 2)]
    assert told(run(tmp_path).report) == [("MLS917", "runner.py", 2), ("MLS917", "vendored/runner.py", 2)]


def test_a_sink_in_a_file_that_was_not_named_is_reported(tmp_path: Path) -> None:
    """Whoever checks the changed files only wants to know what they lead to."""
    write(tmp_path, TWO_CALLERS)
    assert told(run(tmp_path, "a.py").report) == [("MLS917", "runner.py", 2)]


def test_a_rule_that_is_switched_off_for_the_file_of_the_sink_is_silent(tmp_path: Path) -> None:
    write(tmp_path, TWO_CALLERS)
    assert told(run(tmp_path, per_file_ignores=(("runner.py", ("MLS917",)),)).report) == []
    assert told(run(tmp_path, per_file_ignores=(("a.py", ("MLS917",)), ("b.py", ("MLS917",)))).report) == [
        ("MLS917", "runner.py", 2)
    ]


def fake(name: str) -> str:
    return with_fakes("{{fake:" + name + "}}", catalogue().facts)


PLACES: dict[str, str] = {
    "where the flow starts": """
        from flask import request


        def given():
            key = "KEY"; return request.args["q"] + key
    """,
    "in a comment": """
        from flask import request


        def given():
            return request.args["q"]  # the old key was KEY
    """,
    "as a default": """
        from flask import request


        def given(key="KEY"): return request.args["q"]
    """,
    "in a header": """
        from flask import request


        def given():
            return request.headers.get("X-Api-Key", "KEY") + request.args["q"]
    """,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["key-openai", "key-anthropic", "key-huggingface", "key-aws-id"])
def test_no_key_of_another_file_is_shown(place: str, name: str, tmp_path: Path) -> None:
    key = fake(name)
    source = PLACES[place].replace("KEY", key)
    write(
        tmp_path,
        {"source.py": source, "main.py": "from source import given\n\n\ndef answer():\n    return eval(given())\n"},
    )
    report = run(tmp_path, "main.py").report
    assert [tell(item)[0] for item in report.findings] == ["MLS917"]
    assert "source.py" in files_of(report.findings[0])
    assert key not in repr(report)
    assert key not in render_sarif(report, catalogue(), Options())


def test_no_key_at_a_sink_of_another_file_is_shown(tmp_path: Path) -> None:
    key = fake("key-openai")
    sink = f"""
        def run(code):
            KEY = "{key}"
            return eval(code, {{"key": "{key}"}})  # {key}
    """
    write(tmp_path, {"runner.py": sink, "a.py": route("from runner import run")})
    report = run(tmp_path, "a.py").report
    assert [tell(item) for item in report.findings] == [("MLS917", "runner.py", 3)]
    assert key not in repr(report)


def test_a_key_of_the_caller_is_not_shown_in_the_story_that_ends_elsewhere(tmp_path: Path) -> None:
    key = fake("key-openai")
    write(tmp_path, {"runner.py": RUNNER, "a.py": route("from runner import run", f"run('{key}' + request.args['q'])")})
    report = run(tmp_path, "a.py").report
    assert ("MLS917", "runner.py", 2) in told(report)
    assert key not in repr(report)


def test_sarif_names_the_files_of_every_step(tmp_path: Path) -> None:
    write(tmp_path, TWO_CALLERS)
    (sarif,) = json.loads(render_sarif(run(tmp_path).report, catalogue(), Options()))["runs"]
    (result,) = sarif["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "runner.py"
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    files = [item["location"]["physicalLocation"]["artifactLocation"]["uri"] for item in steps]
    assert (files[0], files[-1]) == ("a.py", "runner.py")


def finding(
    path: str, rule: str = "MLS917", line: int = 1, start: str = "", steps: int = 0, **changes: object
) -> Finding:
    place = Location(path, Span(line, 1, line, 2))
    trace = tuple(Step(Location(start, Span(index + 1, 1, index + 1, 2)), "said", None) for index in range(steps))
    made: dict[str, object] = {"severity": Severity.HIGH, "confidence": Confidence.HIGH, **changes}
    return Finding(rule, "said", location=place, trace=trace, **made)  # type: ignore[arg-type]


def join_of(*results: FileResult, profile: Profile = Profile.DEFAULT) -> list[list[tuple[str, tuple[str, ...]]]]:
    """Rule and `also` of what is left in each result."""
    return [[(item.rule, item.also) for item in result.findings] for result in joined(results, profile) if result]


def test_the_shortest_story_speaks() -> None:
    first = FileResult("a.py", (finding("x.py", start="a.py", steps=3),))
    second = FileResult("b.py", (finding("x.py", start="b.py", steps=2),))
    assert join_of(first, second) == [[], [("MLS917", ())]]
    assert join_of(second, first) == [[("MLS917", ())], []]


def test_the_worst_speaks_and_names_the_others() -> None:
    first = FileResult("a.py", (finding("x.py", "MLS102", severity=Severity.LOW),))
    second = FileResult("b.py", (finding("x.py", "MLS917", severity=Severity.CRITICAL),))
    third = FileResult("x.py", (finding("x.py", "MLS103", severity=Severity.HIGH),))
    assert join_of(first, second, third) == [[], [("MLS917", ("MLS103", "MLS102"))], []]


def test_what_the_profile_hides_does_not_speak_for_what_it_shows() -> None:
    hidden = FileResult("a.py", (finding("x.py", "MLS917", severity=Severity.CRITICAL, profile=Profile.AUDIT),))
    shown = FileResult("x.py", (finding("x.py", "MLS102", severity=Severity.LOW),))
    assert join_of(hidden, shown) == [[], [("MLS102", ())]]
    assert join_of(hidden, shown, profile=Profile.AUDIT) == [[("MLS917", ("MLS102",))], []]


def test_findings_of_one_file_alone_are_left_as_they_are() -> None:
    result = FileResult("x.py", (finding("x.py", "MLS102"), finding("x.py", "MLS103")))
    assert joined((result,), Profile.DEFAULT) == (result,)


def test_bandits_findings_are_not_joined() -> None:
    first = FileResult("x.py", (finding("x.py", "B307"),))
    second = FileResult("a.py", (finding("x.py", "MLS917"),))
    assert join_of(first, second) == [[("B307", ())], [("MLS917", ())]]


def test_a_result_that_an_interrupt_left_out_stays_out() -> None:
    result = FileResult("a.py", (finding("x.py"),))
    assert joined((None, result), Profile.DEFAULT) == (None, result)


def test_joining_twice_changes_nothing() -> None:
    results = (
        FileResult("a.py", (finding("x.py", start="a.py", steps=2),)),
        FileResult("b.py", (finding("x.py", "MLS103", start="b.py", steps=2),)),
        FileResult("x.py", (finding("x.py", "MLS102"), finding("x.py", line=9))),
    )
    once = joined(results, Profile.DEFAULT)
    assert joined(once, Profile.DEFAULT) == once


def test_a_process_alone_reports_a_flow_in_the_file_that_starts_it(tmp_path: Path) -> None:
    write(tmp_path, TWO_CALLERS)
    result = Process(tmp_path).check("a.py")
    assert [tell(item) for item in result.findings] == [("MLS917", "runner.py", 2)]
    assert result.path == "a.py"
