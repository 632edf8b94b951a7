"""Results of earlier runs: used while everything that they rest on is the same, and never longer."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest

from mlsec_lint.cache.folder import prepared
from mlsec_lint.cache.store import Store
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.findings import FileResult, Finding, Problem, Report
from mlsec_lint.run import fingerprints
from mlsec_lint.run.checking import check
from mlsec_lint.run.examine import prepare as engine
from mlsec_lint.run.plan import Request
from mlsec_lint.run.task import Examine, Task

ROUTE = """
    from flask import Flask, request
    from service import answer

    app = Flask(__name__)


    @app.route("/")
    def index():
        return answer(request.args["q"])
"""
EVALUATES = "def answer(text):\n    return str(eval(text))\n"
ECHOES = "def answer(text):\n    return 'nothing'\n"


@dataclass
class Runs:
    """Runs over one project with one cache; remembers what was examined in each."""

    root: Path
    folder: Path
    examined: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The files of which an earlier result held, although something that it rests on has changed."""
    today: str = ""

    def on(self, day: str) -> Report:
        """A run on a day."""
        self.today = day
        return self.run()

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")

    def run(self, **overrides: object) -> Report:
        self.examined, self.asked = [], []
        configuration = Configuration(self.root, overrides)
        request = Request((self.root,), configuration, self.root, cache=self.folder, today=self.today)
        return check(request, prepare=self._prepare).report

    def _prepare(self, setup: object) -> Examine:
        examine = engine(setup)

        def noted(task: Task) -> FileResult:
            result = examine(task)
            (self.asked if result.as_before else self.examined).append(task.shown)
            return result

        return noted


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    root = tmp_path / "project"
    root.mkdir()
    found = Runs(root, prepared(tmp_path / "cache"))
    found.write("routes.py", ROUTE)
    found.write("service.py", EVALUATES)
    found.write("other.py", "x = 1\n")
    found.run()
    return found


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_nothing_is_examined_twice_and_the_report_is_the_same(runs: Runs) -> None:
    fresh = check(Request((runs.root,), Configuration(runs.root, {}), runs.root)).report
    again = runs.run()
    assert runs.examined == []
    assert again == fresh
    assert "MLS917" in rules(again)


def test_a_few_entries_at_a_time_are_all(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlsec_lint.run.earlier_runs._AT_ONCE", 2)
    for number in range(5):
        runs.write(f"new{number}.py", f"x = {number}\n")
    fresh = runs.run()
    assert len(runs.examined) == 8
    assert runs.run() == fresh
    assert runs.examined == []


def test_a_changed_file_wakes_those_that_rest_on_it(runs: Runs) -> None:
    runs.write("service.py", ECHOES)
    report = runs.run()
    assert sorted(runs.examined) == ["routes.py", "service.py"]
    assert "MLS917" not in rules(report)
    runs.write("service.py", EVALUATES)
    assert "MLS917" in rules(runs.run())


def test_a_file_on_which_nothing_rests_wakes_nobody(runs: Runs) -> None:
    runs.write("other.py", "x = 2\n")
    runs.run()
    assert runs.examined == ["other.py"]


def test_a_new_module_can_change_what_an_import_means(runs: Runs) -> None:
    runs.write("service/__init__.py", ECHOES)
    assert "MLS917" not in rules(runs.run())
    assert "routes.py" in runs.examined


@pytest.mark.parametrize(
    "overrides",
    [
        {"ignore": ("MLS917",)},
        {"ignores": False},
        {"bandit": False},
        {"assume": {"torch": "2.8"}},
        {"trusted_hosts": ("x.io",)},
    ],
    ids=lambda item: next(iter(item)),
)
def test_other_settings_are_another_question(runs: Runs, overrides: dict[str, object]) -> None:
    runs.run(**overrides)
    assert len(runs.examined) == 3
    runs.run(**overrides)
    assert runs.examined == []


def test_a_pin_is_another_question(runs: Runs) -> None:
    runs.write("requirements.txt", "torch==2.8.0\n")
    from mlsec_lint.project.project import _layers, _said_to

    _layers.cache_clear()
    _said_to.cache_clear()
    runs.run()
    assert len(runs.examined) == 3


def test_another_program_is_another_question(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "program", lambda: "another")
    runs.run()
    assert len(runs.examined) == 3


def test_what_may_go_well_next_time_is_not_kept(runs: Runs) -> None:
    runs.write("slow.py", "y = 1\n")

    def prepare(_setup: object) -> Examine:
        def examine(task: Task) -> FileResult:
            runs.examined.append(task.shown)
            kind = "timeout" if task.shown == "slow.py" else "syntax"
            return FileResult(task.shown, problems=(Problem(kind, task.shown, "…"),))

        return examine

    request = Request((runs.root,), Configuration(runs.root, {"bandit": False}), runs.root, cache=runs.folder)
    check(request, prepare=prepare)
    runs.examined = []
    assert len(check(request, prepare=prepare).report.problems) == 4
    assert runs.examined == ["slow.py"]


def test_a_file_that_changes_while_it_is_checked_is_not_kept(runs: Runs) -> None:
    runs.write("other.py", "x = 3\n")

    def prepare(setup: object) -> Examine:
        examine = engine(setup)

        def changing(task: Task) -> FileResult:
            result = examine(task)
            if task.shown == "other.py":
                runs.write("other.py", "x = 33\n")
            return result

        return changing

    request = Request((runs.root,), Configuration(runs.root, {}), runs.root, cache=runs.folder)
    check(request, prepare=prepare)
    runs.write("other.py", "x = 3\n")
    runs.run()
    assert runs.examined == ["other.py"]


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"reads": 1}', '{"reads": [], "as": "", "result": {}}', "[" * 100_000]
)
def test_an_entry_that_somebody_else_wrote_is_not_believed(runs: Runs, text: str) -> None:
    store = Store(runs.folder)
    assert store._connection is not None
    store._connection.execute("UPDATE entries SET value = ?", (text,))
    store.close()
    assert "MLS917" in rules(runs.run())
    assert len(runs.examined) == 3


def test_no_secret_is_kept(runs: Runs) -> None:
    secret = "hf_" + "aQx7Zr9Lk2Vn4Tb8Wc3Ys6Dm1Pf5Hj0GeR"
    runs.write("keys.py", f'import huggingface_hub\nhuggingface_hub.login(token="{secret}")\n')
    assert any(finding.location.path == "keys.py" for finding in runs.run().findings)
    kept = [path.read_bytes() for path in runs.folder.iterdir()]
    assert kept
    assert not any(secret.encode() in data for data in kept)
    runs.run()
    assert runs.examined == []


def test_a_new_module_in_a_hidden_folder_counts_too(runs: Runs) -> None:
    runs.write(".github/app.py", ROUTE.replace("service", "helper"))
    assert {path for path in map(place, runs.run().findings) if path.startswith(".")} == set()
    runs.write(".github/helper.py", EVALUATES)
    assert ".github/helper.py" in set(map(place, runs.run().findings))


def place(finding: Finding) -> str:
    return finding.location.path


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leads_out_of_the_project_is_not_followed(runs: Runs, tmp_path: Path) -> None:
    (tmp_path / "outside/deep").mkdir(parents=True)
    (runs.root / "out").symlink_to(tmp_path / "outside")
    before = fingerprints.Files().layout(str(runs.root))
    (tmp_path / "outside/deep/new.py").touch()
    assert fingerprints.Files().layout(str(runs.root)) == before


def test_a_file_that_is_too_large_is_not_read_for_its_digest(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.write("large.py", "x = 1\n" * 100)
    read: list[str] = []
    digest_of = fingerprints._read

    def noted(path: str) -> tuple[str, tuple[int, int, int]]:
        read.append(Path(path).name)
        return digest_of(path)

    monkeypatch.setattr(fingerprints, "_read", noted)
    assert [problem.kind for problem in runs.run(max_file_size=500).problems] == ["bound"]
    assert "service.py" in read
    assert "large.py" not in read


def test_a_result_holds_up_to_the_last_day_of_a_suppression_in_its_file(runs: Runs) -> None:
    line = "eval(input())  # mlsec: ignore[B307] until=2026-06-15 moves next week\n"
    runs.write("other.py", line)
    seen = [(day, rules(runs.on(day)), runs.examined) for day in ("2026-06-01", "2026-06-15", "2026-06-16")]
    assert [(day, "MLS993" in found, names) for day, found, names in seen] == [
        ("2026-06-01", False, ["other.py"]),
        ("2026-06-15", False, []),
        ("2026-06-16", True, ["other.py"]),
    ]
    runs.on("2027-01-01")
    assert runs.examined == []
    assert "MLS993" not in rules(runs.on("2026-06-15"))
    assert runs.examined == ["other.py"]


def test_a_result_knows_the_days_of_suppressions_at_its_sinks_in_other_files(runs: Runs) -> None:
    runs.write(
        "service.py", EVALUATES.replace("\n    return", "\n    # mlsec: ignore[MLS917] until=2026-06-15 x\n    return")
    )
    assert "MLS917" not in rules(runs.on("2026-06-15"))
    assert "MLS917" in rules(runs.on("2026-06-16"))
    assert sorted(runs.examined) == ["routes.py", "service.py"]


def test_a_reason_that_is_asked_for_makes_other_results(runs: Runs) -> None:
    runs.write("other.py", "eval(input())  # mlsec: ignore[B307]\n")
    assert "MLS994" not in rules(runs.run())
    assert "MLS994" in rules(runs.run(require_reason=True))
