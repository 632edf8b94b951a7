"""Ctrl-C, SIGTERM and a killed parent: the program ends soon, says what it has, and leaves no process behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at through /proc")

SOON = 10.0
"""Seconds."""
WORKERS = 2
CHECKOUT = Path(__file__).parents[2]
BAD = "import sys, torch\nmodel = torch.load(sys.argv[1], weights_only=False)\n"

PROGRAM = """
import sys, time
sys.path.insert(0, {checkout!r})
import mlsec_lint.run.supervisor as supervisor
supervisor.command = lambda: [sys.executable, {child!r}]
{before}
from mlsec_lint.__main__ import main
main()
"""
CHILD = """
import pathlib, sys, time
sys.path.insert(0, {checkout!r})
from mlsec_lint.findings import Confidence, FileResult, Finding, Location, Severity, Span
from mlsec_lint.run.worker import serve

def prepare(setup):
    def slow(task):
        if "long" in task.shown:
            time.sleep(0.5)  # by now the parent has read what came before
            (pathlib.Path(__file__).parent / f"inside-{{task.shown}}").touch()
            {work}
        place = Location(task.shown, Span(2, 9, 2, 60))
        found = Finding("MLS103", "it unpickles", Severity.MEDIUM, Confidence.HIGH, place)
        return FileResult(task.shown, (found,), lines=2)
    return slow

serve(prepare)
"""
SLEEPS, COMPUTES = "time.sleep(600)", "while True: sum(range(1000))"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with files that are checked at once and some that never end."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    for number in range(6):
        (folder / f"a_{number}.py").write_text(BAD + "#" * 1000, encoding="utf-8")
        (folder / f"long_{number}.py").write_text(BAD, encoding="utf-8")
    return folder


class Run:
    """A run that has begun."""

    def __init__(
        self,
        project: Path,
        *options: str,
        work: str = SLEEPS,
        before: str = "",
        shell: str = "",
        jobs: str = f"-j{WORKERS}",
    ) -> None:
        """`before` runs in the program before it starts; `shell` stands before its command."""
        self.folder = project.parent
        child = project.parent / "child.py"
        child.write_text(CHILD.format(checkout=str(CHECKOUT), work=work), encoding="utf-8")
        main = project.parent / "main.py"
        main.write_text(PROGRAM.format(checkout=str(CHECKOUT), child=str(child), before=before), encoding="utf-8")
        command = [sys.executable, str(main), "check", *jobs.split(), "--no-cache", *options]
        self.process = subprocess.Popen(
            ["sh", "-c", f'{shell} exec "$@"', "sh", *command],
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def group(self) -> list[int]:
        """The living processes of the run."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    words = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                except OSError:
                    continue
                if int(words[2]) == self.process.pid and words[0] != "Z":
                    found.append(int(folder.name))
        return found

    def wait_for_workers(self) -> None:
        """Until both workers have eaten the quick files and are inside long ones."""
        wait(lambda: len(list(self.folder.glob("inside-*"))) == WORKERS)

    def ended(self) -> tuple[int, str, str, float]:
        """Status, output, errors and how long it took from now."""
        started = time.monotonic()
        output, errors = self.process.communicate(timeout=30)
        return self.process.returncode, output.decode(), errors.decode(), time.monotonic() - started


def wait(condition: object, seconds: float = 30) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def runs() -> Iterator[list[Run]]:
    begun: list[Run] = []
    yield begun
    for run in begun:
        for pid in run.group():
            os.kill(pid, signal.SIGKILL)
        run.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("work", [SLEEPS, COMPUTES])
def test_what_is_done_so_far_is_reported(project: Path, runs: list[Run], number: signal.Signals, work: str) -> None:
    run = Run(project, "--format", "json", work=work)
    runs.append(run)
    run.wait_for_workers()
    run.process.send_signal(number)
    status, output, errors, took = run.ended()
    report = json.loads(output)
    assert (status, errors, took < SOON) == (2, "", True)
    assert [finding["path"] for finding in report["findings"]] == [f"a_{number}.py" for number in range(6)]
    assert [(problem["kind"], problem["message"]) for problem in report["problems"]] == [
        ("interrupted", "the run was interrupted: 6 files were not checked")
    ]
    assert (report["summary"]["checked"], report["summary"]["unfinished"]) == (6, 6)
    assert run.group() == []


@pytest.mark.parametrize("form", ["full", "concise", "sarif", "github"])
def test_every_format_says_so(project: Path, runs: list[Run], form: str) -> None:
    run = Run(project, "--format", form)
    runs.append(run)
    run.wait_for_workers()
    os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does
    status, output, _, took = run.ended()
    assert (status, took < SOON) == (2, True)
    assert "interrupted: 6 files were not checked" in output
    assert output.count("MLS103") >= 6
    assert "the process that checked this file died" not in output


INLINE = """
import mlsec_lint.run.checking as c
from mlsec_lint.findings import FileResult
def slow(task):
    if "long" in task.shown:
        open("../begun", "w").close()
        {work}
    return FileResult(task.shown, lines=2)
c._engine = lambda: lambda setup: slow
"""


@pytest.mark.parametrize("work", [SLEEPS, COMPUTES])
def test_a_run_without_worker_processes(project: Path, runs: list[Run], work: str) -> None:
    run = Run(project, "a_1.py", "long_1.py", "--format", "json", jobs="", before=INLINE.format(work=work))
    runs.append(run)
    wait((run.folder / "begun").exists)
    run.process.send_signal(signal.SIGTERM)
    status, output, errors, took = run.ended()
    summary = json.loads(output)["summary"]
    assert (status, errors, took < SOON) == (2, "", True)
    assert (summary["checked"], summary["unfinished"]) == (1, 1)


def test_with_allow_unfinished_an_interrupted_run_is_no_success_either(project: Path, runs: list[Run]) -> None:
    run = Run(project, "--allow-unfinished", "--exit-zero")
    runs.append(run)
    run.wait_for_workers()
    run.process.send_signal(signal.SIGTERM)
    assert run.ended()[0] == 2


ENDLESS = """
def endless(*given, **named):
    open("../begun", "w").close()
    time.sleep(600)
"""


@pytest.mark.parametrize(
    "before",
    [
        f"{ENDLESS}\nimport mlsec_lint.run.checking as c; c.plan = endless",
        f"{ENDLESS}\nimport mlsec_lint.cli.delivery as d; d._rendered = endless",
    ],
    ids=["discovery", "report"],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_where_no_report_is_possible_the_status_is_that_of_the_signal(
    project: Path, runs: list[Run], number: signal.Signals, before: str
) -> None:
    run = Run(project, "a_1.py", "-o", "json=out.json", before=before)
    runs.append(run)
    wait((run.folder / "begun").exists)
    run.process.send_signal(number)
    status, output, errors, took = run.ended()
    assert (status, output, errors.strip(), took < SOON) == (128 + number, "", "mlsec-lint: interrupted", True)
    assert run.group() == []
    assert sorted(path.name for path in project.iterdir() if "out" in path.name) == []


@pytest.mark.parametrize("moment", [0.02, 0.1, 0.2, 0.3, 0.5, 0.8])
def test_at_no_moment_of_the_start_it_leaves_anything_behind(project: Path, runs: list[Run], moment: float) -> None:
    run = Run(project, before="print('ready', flush=True)")
    runs.append(run)
    assert run.process.stdout is not None
    assert run.process.stdout.readline() == b"ready\n"
    time.sleep(moment)
    os.killpg(run.process.pid, signal.SIGINT)
    status, output, errors, took = run.ended()
    assert status in {2, 130}
    assert took < SOON
    if status == 2:
        assert "interrupted: " in output
        assert errors == ""
    wait(lambda: run.group() == [], SOON)


@pytest.mark.parametrize("work", [SLEEPS, COMPUTES])
def test_workers_end_when_their_parent_is_killed(project: Path, runs: list[Run], work: str) -> None:
    run = Run(project, work=work)
    runs.append(run)
    run.wait_for_workers()
    run.process.kill()
    wait(lambda: run.group() == [], SOON)


def test_a_signal_that_the_parent_ignores_stays_ignored(project: Path, runs: list[Run]) -> None:
    run = Run(project, "--timeout=6", "long_1.py", "a_1.py", "-j1", shell="trap '' INT HUP;")
    runs.append(run)
    time.sleep(2.5)
    os.killpg(run.process.pid, signal.SIGINT)
    os.killpg(run.process.pid, signal.SIGHUP)
    status, output, _, _ = run.ended()
    assert (status, "1 finding in 1 file" in output, "interrupted" in output) == (2, True, False)
