from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlsec_lint.catalogue.errors import UnknownSelector
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.findings import Confidence, FileResult, Finding, Location, Problem, Profile, Severity, Span
from mlsec_lint.run.checking import Checked, Prepare, check
from mlsec_lint.run.plan import Request, Stdin, root_of
from mlsec_lint.run.task import Examine, Task


def finding(path: str, rule: str = "MLS103", line: int = 1, **changes: Any) -> Finding:  # noqa: ANN401  # any field of a finding
    place = Location(path, Span(line, 1, line, 2))
    return replace(Finding(rule, "said", Severity.HIGH, Confidence.HIGH, place), **changes)


def preparing(make: Callable[[str], Sequence[Finding]]) -> Prepare:
    """A check that gives the findings that `make` makes of a file's shown path."""

    def prepare(_setup: object) -> Examine:
        return lambda task: FileResult(task.shown, tuple(make(task.shown)), lines=2)

    return prepare


def one_each(path: str) -> Sequence[Finding]:
    return [finding(path)]


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(root: Path, prepare: Prepare, *paths: str, stdin: Stdin | None = None, **overrides: object) -> Checked:
    configuration = Configuration(root, overrides)
    named = tuple(root / path for path in (paths or ("." if stdin is None else ())))
    return check(Request(named, configuration, root, stdin=stdin), prepare=prepare)


def places(checked: Checked) -> list[str]:
    return [item.location.path for item in checked.report.findings]


def test_findings_come_by_path_and_place_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    write(tmp_path, {"b.py": "", "a/x.py": "", "a.py": ""})

    def two(path: str) -> Sequence[Finding]:
        return [finding(path, line=9), finding(path, line=3)]

    report = run(tmp_path, preparing(two)).report
    found = [(item.location.path, item.location.span.start_line) for item in report.findings]
    assert found == [("a.py", 3), ("a.py", 9), ("a/x.py", 3), ("a/x.py", 9), ("b.py", 3), ("b.py", 9)]
    assert (report.checked, report.lines, report.problems) == (3, 6, ())


def test_each_file_is_checked_under_the_nearest_configuration(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "mlsec-lint.toml": 'min-severity = "critical"',
            "a.py": "",
            "sub/mlsec-lint.toml": 'extend-exclude = ["gen"]',
            "sub/b.py": "",
            "sub/gen/c.py": "",
        },
    )
    report = run(tmp_path, preparing(one_each)).report
    assert [item.location.path for item in report.findings] == ["sub/b.py"]
    assert report.hidden == {"--min-severity high": 1}
    assert report.excluded == 1


@pytest.mark.parametrize(
    ("changes", "overrides", "option"),
    [
        ({"profile": Profile.STRICT}, {}, "--profile strict"),
        ({"profile": Profile.AUDIT}, {"profile": Profile.STRICT}, "--profile audit"),
        ({"severity": Severity.INFO}, {}, "--profile strict"),
        ({"severity": Severity.LOW}, {"min_severity": Severity.MEDIUM}, "--min-severity low"),
        ({"confidence": Confidence.LOW}, {"min_confidence": Confidence.HIGH}, "--min-confidence low"),
    ],
)
def test_what_is_kept_back_is_counted_by_the_option_that_shows_it(
    tmp_path: Path, changes: dict[str, Any], overrides: dict[str, Any], option: str
) -> None:
    write(tmp_path, {"a.py": ""})
    report = run(tmp_path, preparing(lambda path: [finding(path, **changes)]), **overrides).report
    assert (report.findings, report.hidden) == ((), {option: 1})


def test_a_rule_selected_by_its_id_shows_in_any_profile(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": ""})
    prepare = preparing(
        lambda path: [finding(path, profile=Profile.AUDIT), finding(path, "B101", profile=Profile.AUDIT)]
    )
    assert places(run(tmp_path, prepare)) == []
    assert [item.rule for item in run(tmp_path, prepare, select=("MLS103",)).report.findings] == ["MLS103"]
    assert [item.rule for item in run(tmp_path, prepare, select=("B",)).report.findings] == ["B101"]


def test_per_file_ignores_start_at_the_configuration(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"mlsec-lint.toml": '[per-file-ignores]\n"examples/*" = ["MLS1"]\n', "examples/a.py": "", "b.py": ""},
    )
    report = run(tmp_path, preparing(one_each)).report
    assert [item.location.path for item in report.findings] == ["b.py"]
    assert report.hidden == {"--isolated": 1}


def test_per_file_select_runs_other_rules_in_the_files_that_match(tmp_path: Path) -> None:
    """By what each file is checked with, and by where a finding lies: a flow may end in another file."""
    select = '[per-file-select]\n"notebooks/" = ["MLS2"]\n"notebooks/load.py" = ["MLS103"]\n'
    write(tmp_path, {"mlsec-lint.toml": select, "notebooks/load.py": "", "notebooks/b.py": "", "c.py": ""})
    checked_with: dict[str, set[str]] = {}

    def prepare(groups: Any) -> Examine:  # noqa: ANN401  # as a worker is set up
        def examine(task: Task) -> FileResult:
            checked_with[task.shown] = {rule.id for rule in groups[task.group].catalogue.rules}
            found = [finding("notebooks/b.py"), finding("notebooks/b.py", "MLS203", 7), finding(task.shown)]
            return FileResult(task.shown, tuple(found), lines=2)

        return examine

    report = run(tmp_path, prepare).report
    assert "MLS103" in checked_with["notebooks/load.py"]
    assert "MLS203" in checked_with["notebooks/load.py"]
    assert {id_[:4] for id_ in checked_with["notebooks/b.py"]} == {"MLS2"}
    assert {"MLS103", "MLS203", "MLS502"} <= checked_with["c.py"]
    assert {(item.location.path, item.rule) for item in report.findings} == {
        ("notebooks/b.py", "MLS203"),
        ("notebooks/load.py", "MLS103"),
        ("c.py", "MLS103"),
    }
    assert any("narrows the run (per-file-select)" in note for note in report.notes)


def test_select_on_the_command_line_stands_above_per_file_select(tmp_path: Path) -> None:
    write(tmp_path, {"mlsec-lint.toml": '[per-file-select]\n"a.py" = ["MLS2"]\n', "a.py": "", "b.py": ""})
    assert places(run(tmp_path, preparing(one_each), select=("MLS1",))) == ["b.py"]


@pytest.mark.parametrize("table", ["per-file-select", "severity"])
def test_an_unknown_rule_in_a_table_is_one_problem_and_the_rest_of_it_holds(tmp_path: Path, table: str) -> None:
    said = {"per-file-select": '"a.py" = ["MLS1O3", "MLS103"]', "severity": 'MLS1O3 = "low"\nMLS103 = "low"'}[table]
    write(tmp_path, {"mlsec-lint.toml": f"[{table}]\n{said}\n", "a.py": ""})
    report = run(tmp_path, preparing(one_each)).report
    (problem,) = report.problems
    assert "unknown rule selector 'MLS1O3'" in problem.message
    assert problem.message.startswith(f"{table}.")
    assert problem.hint.startswith("did you mean 'MLS1")
    assert [item.rule for item in report.findings] == ["MLS103"]


def test_findings_are_as_severe_as_the_configuration_says_the_most_specific_selector_first(tmp_path: Path) -> None:
    said = 'MLS1 = "low"\nMLS103 = "critical"\npytorch = "info"\nunsafe-yaml-load = "medium"\nB6 = "info"\n'
    write(tmp_path, {"mlsec-lint.toml": f"[severity]\n{said}", "a.py": ""})
    rules = ("MLS101", "MLS103", "MLS203", "B602", "MLS991")
    prepare = preparing(lambda path: [finding(path, rule, line) for line, rule in enumerate(rules, 1)])
    checked = run(tmp_path, prepare, profile=Profile.STRICT)
    assert {item.rule: item.severity for item in checked.report.findings} == {
        "MLS101": Severity.LOW,
        "MLS103": Severity.CRITICAL,
        "MLS203": Severity.HIGH,
        "B602": Severity.INFO,
        "MLS991": Severity.HIGH,
    }
    assert any("narrows the run (severity)" in note for note in checked.report.notes)


def test_thresholds_are_about_the_severity_that_the_configuration_gives(tmp_path: Path) -> None:
    write(tmp_path, {"mlsec-lint.toml": 'min-severity = "medium"\nseverity = { MLS103 = "low" }', "a.py": ""})
    report = run(tmp_path, preparing(one_each)).report
    assert (report.findings, report.hidden) == ((), {"--min-severity low": 1})


def test_a_mistake_in_the_configuration_is_a_problem_and_the_files_are_checked(tmp_path: Path) -> None:
    write(tmp_path, {"mlsec-lint.toml": 'ignore = ["MLS1O3", "MLS103"]\nselct = []\n', "a.py": ""})
    report = run(tmp_path, preparing(one_each)).report
    assert [(problem.kind, problem.path, problem.message) for problem in report.problems] == [
        ("configuration", "mlsec-lint.toml", "selct: unknown key"),
        ("configuration", "mlsec-lint.toml", "ignore: unknown rule selector 'MLS1O3'"),
    ]
    assert report.checked == 1


def test_an_unknown_rule_in_per_file_ignores_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, {"mlsec-lint.toml": '[per-file-ignores]\n"a.py" = ["nonsense"]\n', "a.py": ""})
    (problem,) = run(tmp_path, preparing(one_each)).report.problems
    assert (problem.path, problem.message) == (
        "mlsec-lint.toml",
        "per-file-ignores.a.py: unknown rule selector 'nonsense'",
    )


def test_a_selector_from_the_command_line_must_be_right(tmp_path: Path) -> None:
    with pytest.raises(UnknownSelector, match="MLS1O3"):
        run(tmp_path, preparing(one_each), select=("MLS1O3",))


def test_a_pack_with_mistakes_is_left_out_and_its_mistakes_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"good/models/acme.toml": '[[source]]\nkind = "llm-output"\napi = "acme.ask"\n', "a.py": ""})
    write(
        tmp_path,
        {"bad/models/acme.toml": '[[sorce]]\nkind = "llm-output"\n', "mlsec-lint.toml": 'rules = ["bad", "good"]'},
    )
    checked = run(tmp_path, preparing(one_each))
    (problem,) = checked.report.problems
    assert (problem.kind, problem.path) == ("rules", "bad/models/acme.toml")
    assert "sorce" in problem.message
    assert checked.report.checked == 1


def test_a_missing_path_is_a_problem_and_the_others_are_checked(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": ""})
    report = run(tmp_path, preparing(one_each), "a.py", "b.py").report
    assert [(problem.kind, problem.path) for problem in report.problems] == [("missing", "b.py")]
    assert report.checked == 1


def test_an_exception_of_the_check_is_a_problem_of_its_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "b.py": ""})

    def fail(path: str) -> Sequence[Finding]:
        if path == "a.py":
            raise KeyError("secret")
        return [finding(path)]

    report = run(tmp_path, preparing(fail)).report
    (problem,) = report.problems
    assert (problem.kind, problem.path, "secret" in problem.message) == ("internal", "a.py", False)
    assert [item.location.path for item in report.findings] == ["b.py"]


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "b.py": ""})
    released = threading.Event()

    def hang(path: str) -> Sequence[Finding]:
        if path == "a.py":
            released.wait(30)
        return [finding(path)]

    report = run(tmp_path, preparing(hang), timeout=0.3).report
    released.set()
    assert [(problem.kind, problem.path) for problem in report.problems] == [("timeout", "a.py")]
    assert [item.location.path for item in report.findings] == ["b.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_keeps_what_is_there(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "b.py": ""})
    main = threading.main_thread().ident
    assert main is not None

    def interrupt(path: str) -> Sequence[Finding]:
        if path == "b.py":
            signal.pthread_kill(main, signal.SIGINT)
            threading.Event().wait(1)
        return [finding(path)]

    report = run(tmp_path, preparing(interrupt)).report
    assert [item.location.path for item in report.findings] == ["a.py"]
    assert [(problem.kind, problem.message) for problem in report.problems] == [
        ("interrupted", "the run was interrupted: 1 file was not checked")
    ]


def test_standard_input_is_checked_as_the_file_that_it_would_be(tmp_path: Path) -> None:
    write(tmp_path, {"sub/mlsec-lint.toml": 'extend-exclude = ["gen.py"]'})
    seen: list[Task] = []

    def prepare(_setup: object) -> Examine:
        def examine(task: Task) -> FileResult:
            seen.append(task)
            return FileResult(task.shown)

        return examine

    run(tmp_path, prepare, stdin=Stdin(b"x = 1", tmp_path / "sub" / "a.py"))
    assert [(task.shown, task.data) for task in seen] == [("sub/a.py", b"x = 1")]
    left_out = run(tmp_path, prepare, stdin=Stdin(b"x = 1", tmp_path / "sub" / "gen.py")).report
    assert (len(seen), left_out.excluded) == (1, 1)


def test_nothing_to_check_is_said(tmp_path: Path) -> None:
    report = run(tmp_path, preparing(one_each)).report
    assert (report.checked, report.problems) == (0, ())
    assert "no Python files or notebooks to check" in report.notes


def test_a_configuration_that_narrows_the_run_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"mlsec-lint.toml": 'ignore = ["MLS1"]\nexclude = []\nprofile = "audit"\n', "a.py": ""})
    report = run(tmp_path, preparing(one_each)).report
    assert "mlsec-lint.toml narrows the run (ignore, exclude); --isolated runs without it" in report.notes


@pytest.mark.parametrize(
    ("paths", "root"),
    [
        (["."], "."),
        (["sub/a.py", "b.py"], "."),
        (["../other/x"], "../other/x"),
        (["../other/x/a.py"], "../other/x"),
        (["../other/x/a.py", "../other/y"], "../other"),
        ([".", "../other/x"], ".."),
    ],
)
def test_shown_paths_start_at_the_working_directory_or_at_what_is_common(
    tmp_path: Path, paths: list[str], root: str
) -> None:
    write(tmp_path, {"here/sub/a.py": "", "here/b.py": "", "other/x/a.py": "", "other/y/b.py": ""})
    here = tmp_path / "here"
    assert root_of([Path(path) for path in paths], here) == (here / root).resolve()


def test_a_problem_of_the_check_stands_beside_its_findings(tmp_path: Path) -> None:
    write(tmp_path, {"a.ipynb": "{}"})
    half = Problem("notebook", "a.ipynb", "cell 2 does not parse")

    def prepare(_setup: object) -> Examine:
        return lambda task: FileResult(task.shown, (finding(task.shown),), problems=(half,), lines=3)

    report = run(tmp_path, prepare).report
    assert (len(report.findings), report.problems, report.checked) == (1, (half,), 1)


def test_modules_that_are_not_there_are_told_once_a_run(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "b.py": ""})

    def prepare(_setup: object) -> Examine:
        return lambda task: FileResult(task.shown, missing=(".one", ".two"))

    assert run(tmp_path, prepare).report.notes[1:] == (
        "imported, but not there: .one of a.py, .two of a.py, .one of b.py and 1 more; no flow is followed through them",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="limits of address space")
def test_a_check_in_our_own_process_has_a_bound_too_whatever_is_mapped_there(tmp_path: Path) -> None:
    import mmap
    import resource

    write(tmp_path, {"a.py": "", "b.py": ""})
    before = resource.getrlimit(resource.RLIMIT_AS)

    def make(path: str) -> Sequence[Finding]:
        if path == "a.py":
            bytearray(2**42)
        return [finding(path)]

    with mmap.mmap(-1, 8 * 2**30):
        report = run(tmp_path, preparing(make), max_memory=2**28).report
    assert [(problem.kind, problem.path) for problem in report.problems] == [("memory", "a.py")]
    assert [item.location.path for item in report.findings] == ["b.py"]
    assert resource.getrlimit(resource.RLIMIT_AS) == before
