from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlsec_lint.findings import FileResult
from mlsec_lint.run.bounds import Bounds
from mlsec_lint.run.supervisor import Supervisor
from mlsec_lint.run.task import StartError, Task

CHILD = [sys.executable, str(Path(__file__).with_name("fake_child.py"))]


def run(
    names: list[str], jobs: int = 1, timeout: float = 60, setup: str = "", memory: int = 2**31
) -> list[FileResult | None]:
    tasks = [Task(f"/{index:03}/{name}", name, size=index) for index, name in enumerate(names)]
    return Supervisor(setup, jobs, Bounds(timeout, memory), CHILD).run(tasks)


def problem(result: FileResult | None) -> tuple[str, str]:
    assert result is not None
    (found,) = result.problems
    assert found.path == result.path
    return found.kind, found.message


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_process_that_the_system_has_killed_is_told_apart() -> None:
    results = run(["ok-1", "killed-1", "ok-2"])
    assert problem(results[1]) == ("crash", "the process that checked this file died: SIGKILL")
    assert results[1] is not None
    assert "--max-memory" in results[1].problems[0].hint
    assert [problem(result)[0] for result in (results[0], results[2])] == ["pid", "pid"]


def test_results_come_in_the_order_of_the_tasks_from_as_many_processes_as_jobs() -> None:
    names = [f"ok-{number}" for number in range(40)]
    results = run(names, jobs=2)
    assert [result and result.path for result in results] == names
    assert len({problem(result)[1] for result in results}) <= 2


def test_a_path_that_several_results_name_is_in_memory_once() -> None:
    first, second = (result.reads[0] for result in run(["reads-1", "reads-2"]) if result is not None)
    assert Path(first).name == "read.py"
    assert first is second


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("die-1", "crash", "the process that checked this file died: exit status 7"),
        ("raise-1", "internal", "the linter failed on this file: KeyError"),
        ("deep-1", "bound", "this file needs more nesting than a check may take"),
        ("memory-1", "memory", "checking this file needs more memory than it may take"),
        ("hang-1", "timeout", "checking this file took longer than 0.5 seconds"),
    ],
)
def test_what_goes_wrong_costs_one_file(name: str, kind: str, message: str) -> None:
    results = run(["ok-1", name, "ok-2"], timeout=0.5)
    assert problem(results[1]) == (kind, message)
    assert [problem(result)[0] for result in results] == ["pid", kind, "pid"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_segmentation_fault_is_named() -> None:
    assert problem(run(["segfault-1"])[0])[1].endswith("died: SIGSEGV")


def test_a_dead_process_is_replaced_and_a_living_one_kept() -> None:
    results = run(["ok-1", "ok-2", "die-1", "ok-3"])
    pids = [problem(result)[1] for result in results if problem(result)[0] == "pid"]
    assert len(set(pids)) == 2
    assert pids[0] == pids[1]


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process holds")


@LINUX
@pytest.mark.parametrize("name", ["grow-1", "huge-1"])
def test_a_file_that_needs_too_much_memory_costs_itself(name: str) -> None:
    results = run(["ok-1", name, "ok-2"], memory=200 * 2**20)
    assert [problem(result)[0] for result in results] == ["pid", "memory", "pid"]


@LINUX
def test_memory_that_earlier_files_have_taken_is_not_counted_against_a_file() -> None:
    names = [f"keep-{number}" for number in range(6)]
    assert [problem(result)[0] for result in run(names, memory=200 * 2**20)] == ["pid"] * 6


def test_what_a_check_prints_disturbs_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert [problem(result)[0] for result in run(["print-1", "ok-1"])] == ["pid", "pid"]
    assert capfd.readouterr() == ("", "")


def test_the_text_of_an_exception_is_not_shown() -> None:
    assert "secret" not in problem(run(["raise-1"])[0])[1]


@pytest.mark.parametrize(("setup", "reason"), [("broken", "LookupError"), ("exit", "exit status 3")])
def test_workers_that_do_not_start_end_the_run_at_once(setup: str, reason: str) -> None:
    with pytest.raises(StartError, match=reason):
        run(["ok-1", "ok-2"], jobs=2, setup=setup)


def test_a_program_that_does_not_exist() -> None:
    with pytest.raises(StartError, match=r"No such file|cannot find"):
        Supervisor("", 1, Bounds(1, 2**31), ["/no/such/program"]).run([Task("/a", "a")])


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_stops_at_once_with_what_is_there() -> None:
    started = time.monotonic()
    results = run(["ok-1", "interrupt-1"], jobs=1)
    assert time.monotonic() - started < 60  # the child hangs for ten minutes
    assert (problem(results[0])[0], results[1]) == ("pid", None)


@pytest.mark.skipif(sys.platform == "win32", reason="/proc and signals")
def test_no_process_is_left_behind() -> None:
    results = run([f"ok-{number}" for number in range(4)], jobs=2)
    for pid in {int(problem(result)[1]) for result in results}:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_child_program_imports_nothing_from_its_own_folder_or_the_working_directory(tmp_path: Path) -> None:
    for name in ("pickle", "libcst", "mlsec_lint", "process"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('poisoned')", encoding="utf-8")
    child = Path(__file__).parents[2] / "mlsec_lint" / "run" / "child.py"
    code = f"import runpy, sys; m = runpy.run_path({str(child)!r}); print(sys.path)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) not in done.stdout
    assert repr(str(child.parent)) not in done.stdout
