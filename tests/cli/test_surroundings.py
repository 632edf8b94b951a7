"""The program where something around it is broken: streams, disks, folders, environments, files that change."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from mlsec_lint.cache.folder import prepared
from mlsec_lint.cache.store import FILE
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.run.checking import check
from mlsec_lint.run.plan import Request
from tests.cli.test_program import BAD
from tests.program import CHECKOUT, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shells, devices and permissions of POSIX")

DEFAULT_CACHE = {"MLSEC_LINT_CACHE_DIR": ""}
"""Results are kept where the system says."""

PROGRAM = f"{sys.executable} -m mlsec_lint"
FULL_DISK = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full at once")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "train.py").write_text(BAD, encoding="utf-8")
    return folder


def shell(folder: Path, command: str, environment: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    done = run(
        folder, "-c", f"PYTHONPATH={CHECKOUT}; export PYTHONPATH\n{command}", program=["sh"], environment=environment
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "check",
        "check --format json",
        "check --format sarif",
        "rules",
        "rule MLS103",
        "--help",
        "check --help",
        "--version",
    ],
)
@pytest.mark.parametrize("environment", [{}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONUNBUFFERED": "1"}])
def test_a_reader_that_has_gone(project: Path, command: str, environment: Mapping[str, str]) -> None:
    _, output, errors = shell(project, f"{{ {PROGRAM} {command}; echo $? >&2; }} | true", environment)
    assert (output, errors) == ("", "2\n")


@FULL_DISK
@pytest.mark.parametrize("command", ["check", "check --format json", "rules", "--help"])
def test_standard_output_on_a_full_disk_is_said_and_ends_with_2(project: Path, command: str) -> None:
    status, _, errors = shell(project, f"{PROGRAM} {command} > /dev/full")
    assert (status, errors) == (2, "mlsec-lint: standard output: No space left on device\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_streams_that_are_closed(project: Path, closed: str) -> None:
    status, output, errors = shell(project, f"{PROGRAM} check -o json=out.json {closed}")
    assert (status, errors) == (1, "")
    assert [item["rule"] for item in json.loads((project / "out.json").read_text("utf-8"))["findings"]] == ["MLS103"]
    assert ("MLS103" in output) == (">&-" not in closed.split())


@FULL_DISK
def test_standard_error_on_a_full_disk_changes_nothing(project: Path) -> None:
    (project.parent / "file").touch()
    status, output, _ = shell(project, f"{PROGRAM} check --cache-dir ../file/cache 2> /dev/full")
    assert (status, "MLS103" in output) == (1, True)


@FULL_DISK
def test_a_report_for_a_device_or_on_a_full_disk_is_refused(project: Path) -> None:
    status, _, errors = shell(project, f"{PROGRAM} check --output /dev/full")
    assert (status, "no regular file" in errors) == (2, True)


def test_a_disk_that_fills_up_while_a_report_is_written_keeps_the_old_one(project: Path) -> None:
    (project / "out.json").write_text("old", encoding="utf-8")
    status, _, errors = shell(project, f"ulimit -f 1; {PROGRAM} check --no-cache --format json --output out.json")
    assert (status, "out.json cannot be written: File too large" in errors) == (2, True), errors
    assert (project / "out.json").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in project.iterdir()) == [".git", "out.json", "train.py"]


def cached(
    project: Path, *options: str, prefix: str = "", environment: Mapping[str, str] | None = None
) -> tuple[int, list[str], str]:
    """Status, findings and errors of a run with the cache `../cache`."""
    words = " ".join(("check --format json --cache-dir ../cache", *options))
    status, output, errors = shell(project, f"{prefix} {PROGRAM} {words}", environment)
    return status, [item["rule"] for item in json.loads(output)["findings"]], errors


FOUND = (1, ["MLS103"], "")


def damage(file: Path, kind: str) -> None:
    data = file.read_bytes()
    if kind == "truncated":
        file.write_bytes(data[: len(data) // 2])
    elif kind == "empty":
        file.write_bytes(b"")
    elif kind == "torn":
        file.write_bytes(data[:4096] + os.urandom(len(data) - 4096))
    elif kind == "folder":
        file.unlink()
        file.mkdir()
    elif kind == "pipe":
        file.unlink()
        os.mkfifo(file)
    elif kind == "loop":
        file.unlink()
        file.symlink_to(file)
    elif kind == "writable":
        file.chmod(0o666)
    elif kind == "wal":
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
    else:
        with sqlite3.connect(file) as connection:
            connection.execute(kind)
        connection.close()


@pytest.mark.parametrize(
    "kind",
    [
        *("truncated", "empty", "torn", "folder", "pipe", "loop", "writable", "wal"),
        "UPDATE entries SET value = '{}'",
        "UPDATE entries SET value = 17",
        "UPDATE entries SET value = x'ff00'",
        "UPDATE entries SET value = replace(hex(zeroblob(50000)), '00', '[')",
        """UPDATE entries SET value = replace(value, '"path":"train.py"', '"path":"../../etc/passwd"')""",
        """UPDATE entries SET value = '{"reads":[],"as":"","result":{"path":"train.py"}}'""",
        """UPDATE entries SET value = '{"reads":["' || hex(zeroblob(50000)) || '", "/dev/zero", "\\ud800"],"as":"","result":{}}'""",
        "UPDATE entries SET day = 'never'",
        "DROP TABLE entries",
        "ALTER TABLE entries ADD COLUMN more",
        "ALTER TABLE entries RENAME COLUMN value TO worth",
        "PRAGMA user_version = 99",
    ],
)
def test_a_cache_that_is_damaged_or_not_ours_changes_nothing(project: Path, kind: str) -> None:
    cache = prepared(project.parent / "cache")
    request = Request((project,), Configuration(project, {}), project, cache=cache)
    before = check(request).report
    assert [item.rule for item in before.findings] == ["MLS103"]
    damage(cache / FILE, kind)
    assert check(request).report == before
    assert check(request).report == before


def test_a_cache_that_was_made_read_only(project: Path) -> None:
    assert cached(project) == FOUND
    bound = "" if os.geteuid() else "setpriv --bounding-set=-dac_override,-dac_read_search"
    if bound and run(project, "--bounding-set=-dac_override", "true", program=["setpriv"]).returncode:
        pytest.skip("permissions do not bind this user")
    (project.parent / "cache" / FILE).chmod(0o400)
    assert cached(project, prefix=bound) == FOUND
    (project.parent / "cache").chmod(0o500)
    status, found, errors = cached(project, prefix=bound)
    (project.parent / "cache").chmod(0o700)
    assert (status, found) == FOUND[:2]
    assert errors.startswith("warning: no cache: ")
    assert "cannot be written" in errors


@pytest.mark.parametrize("kind", ["file", "link", "below a file", "dangling"])
def test_a_cache_folder_that_is_none(project: Path, kind: str) -> None:
    caches = project.parent / "caches"
    caches.mkdir()
    place = caches / "mlsec-lint"
    if kind == "file":
        place.write_text("precious", encoding="utf-8")
    elif kind == "below a file":
        caches = caches / "file"
        caches.write_text("precious", encoding="utf-8")
    else:
        place.symlink_to(project if kind == "link" else "nowhere")
    status, output, errors = shell(project, f"{PROGRAM} check", {"XDG_CACHE_HOME": str(caches), **DEFAULT_CACHE})
    assert (status, "MLS103" in output) == (1, True)
    assert errors.startswith("warning: no cache: ")
    assert sorted(path.name for path in project.iterdir()) == [".git", "train.py"]


def test_a_disk_that_fills_up_while_results_are_kept(project: Path) -> None:
    for number in range(30):
        (project / f"more_{number}.py").write_text(BAD * 10, encoding="utf-8")
    status, found, errors = cached(project, prefix="ulimit -f 20;", environment={"PYTHONPATH": str(CHECKOUT)})
    assert (status, len(found), errors) == (1, 301, "")
    status, found, errors = cached(project)
    assert (status, len(found), errors) == (1, 301, "")


def test_runs_at_one_time_and_one_that_is_killed_share_a_cache(project: Path) -> None:
    for number in range(10):
        (project / f"more_{number}.py").write_text(BAD, encoding="utf-8")
    command = [sys.executable, "-m", "mlsec_lint", "check", "--format", "json", "--cache-dir", "../cache"]
    environment = {name: value for name, value in os.environ.items() if name != "MLSEC_LINT_NO_CACHE"}
    environment["PYTHONPATH"] = str(CHECKOUT)
    several = [
        subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    while not (project.parent / "cache").exists() and several[0].poll() is None:
        time.sleep(0.02)
    several[0].send_signal(signal.SIGKILL)
    outputs = [process.communicate() for process in several]
    assert [process.returncode for process in several] == [-signal.SIGKILL, 1, 1, 1]
    assert set(outputs[1:]) == {(outputs[1][0], b"")}
    status, found, errors = cached(project)
    assert (status, len(found), errors) == (1, 11, "")


def test_the_cache_can_be_cleared_and_left_out(project: Path) -> None:
    folder = project.parent / "cache"
    assert cached(project, "--no-cache") == FOUND
    assert not folder.exists()
    assert cached(project) == FOUND
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert shell(project, f"{PROGRAM} cache clear --cache-dir ../cache")[:2] == (0, "cleared ../cache\n")
    assert list(folder.iterdir()) == []
    assert shell(project, f"{PROGRAM} cache clear", {"MLSEC_LINT_CACHE_DIR": "../none"})[0] == 0
    (project.parent / "file").touch()
    assert shell(project, f"{PROGRAM} cache clear --cache-dir ../file")[0] == 2


@pytest.mark.parametrize("home", ["", "relative", "/nonexistent/home", None])
def test_without_a_usable_home(project: Path, home: str | None) -> None:
    given = "unset HOME" if home is None else f"HOME='{home}'; export HOME"
    before = sorted(project.parent.rglob("*"))
    status, output, errors = shell(project, f"unset XDG_CACHE_HOME; {given}; {PROGRAM} check --no-cache")
    assert (status, "MLS103" in output, errors) == (1, True, "")
    if home in ("", "relative"):
        status, output, errors = shell(project, f"unset XDG_CACHE_HOME; {given}; {PROGRAM} check", DEFAULT_CACHE)
        assert (status, "MLS103" in output, errors.startswith("warning: no cache")) == (1, True, True)
    assert sorted(project.parent.rglob("*")) == before


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "utf-16"},
        {"PYTHONIOENCODING": "latin-1:strict"},
    ],
)
@pytest.mark.parametrize("form", ["full", "json", "github"])
def test_a_stream_of_another_encoding(project: Path, environment: Mapping[str, str], form: str) -> None:
    (project / "größe_模型.py").write_text(BAD.replace("model", "größe") + "# 模型\n", encoding="utf-8")
    (project / "mlsec-lint.toml").write_text("# größe\nprofile = 'strict'\n", encoding="utf-8")
    code = f"{PROGRAM} check --format {form} > out.txt; echo $?"
    status, output, errors = shell(project, code, environment)
    assert (status, output, errors) == (0, "1\n", "")
    written = (project / "out.txt").read_bytes()
    encoding = environment.get("PYTHONIOENCODING", "ascii").partition(":")[0]
    assert written.decode(encoding).count("MLS103") >= 2


def test_a_file_that_cannot_be_read(project: Path) -> None:
    (project / "secret.py").write_text(BAD, encoding="utf-8")
    (project / "secret.py").chmod(0o000)
    bound = "" if os.geteuid() else "setpriv --bounding-set=-dac_override,-dac_read_search"
    status, output, errors = shell(project, f"{bound} {PROGRAM} check --format json")
    listed = json.loads(output)
    assert (status, errors, [item["path"] for item in listed["findings"]]) == (2, "", ["train.py"])
    assert [(item["kind"], item["path"]) for item in listed["problems"]] == [("unreadable", "secret.py")]


CHANGING = """
import pathlib, sys
import mlsec_lint.run.checking as checking
real = checking._examined
def change(tasks, *rest):
    if tasks:
        {change}
    return real(tasks, *rest)
checking._examined = change
from mlsec_lint.cli.program import leave, run
leave(run(["check", "--format", "json", "--cache-dir", "../cache"]))
"""


def changing(project: Path, change: str) -> tuple[int, list[str], list[tuple[str, str]]]:
    """Status, findings by file and problems of a run in which something changes after the files were found."""
    (project.parent / "changing.py").write_text(CHANGING.format(change=change), encoding="utf-8")
    status, output, errors = shell(project, f"{sys.executable} ../changing.py")
    listed = json.loads(output)
    assert errors == ""
    problems = [(item["kind"], item["path"]) for item in listed["problems"]]
    return status, [item["path"] for item in listed["findings"]], problems


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("pathlib.Path('other.py').unlink()", "missing"),
        ("pathlib.Path('other.py').unlink(); pathlib.Path('other.py').mkdir()", "unreadable"),
        ("pathlib.Path('other.py').unlink(); __import__('os').mkfifo('other.py')", "unreadable"),
        ("pathlib.Path('other.py').write_bytes(b'x' * 20_000_000)", "bound"),
        ("pathlib.Path('other.py').write_text('def f(:')", "syntax"),
    ],
)
def test_a_file_that_vanishes_or_changes_after_it_was_found(project: Path, change: str, kind: str) -> None:
    (project / "other.py").write_text(BAD, encoding="utf-8")
    assert changing(project, change) == (2, ["train.py"], [(kind, "other.py")])


def test_what_was_found_in_a_changed_file_is_not_kept_for_the_old_one(project: Path) -> None:
    (project / "other.py").write_text(BAD, encoding="utf-8")
    assert changing(project, "pathlib.Path('other.py').write_text('x = 1')") == (1, ["train.py"], [])
    (project / "other.py").write_text(BAD, encoding="utf-8")
    assert cached(project) == (1, ["MLS103", "MLS103"], "")
