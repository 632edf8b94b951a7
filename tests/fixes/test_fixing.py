"""`check --fix` and `--diff`, as people run them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """import torch


def load(path):
    return torch.load(
        path,
        map_location="cpu",  # no GPU here
        weights_only=False,
    )
"""
FIXED = CODE.replace("weights_only=False", "weights_only=True")
CLEAN = "print('nothing to find')\n"


def run(
    folder: Path, *arguments: str, data: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "mlsec_lint", "check", "--no-cache", "--isolated", *arguments]
    env = {**os.environ, "PYTHONUTF8": "1", **environment}
    return subprocess.run(command, cwd=folder, env=env, input=data, capture_output=True, check=False)


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return (done.stdout + done.stderr).decode()


def test_unsafe_fixes_are_applied_when_they_are_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    file.write_text(CODE, encoding="utf-8")
    file.chmod(0o640)
    safe = run(tmp_path, "--fix", "app.py")
    assert (safe.returncode, file.read_text(encoding="utf-8")) == (1, CODE)
    assert "fixed 0 findings; 1 more with --unsafe-fixes" in said(safe)
    done = run(tmp_path, "--fix", "--unsafe-fixes", "app.py")
    assert (done.returncode, file.read_text(encoding="utf-8")) == (0, FIXED)
    assert "fixed 1 finding in 1 file" in said(done)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]
    again = run(tmp_path, "--fix", "--unsafe-fixes", "--exit-non-zero-on-fix", "app.py")
    assert (again.returncode, file.read_text(encoding="utf-8")) == (0, FIXED)


def test_a_run_that_has_fixed_something_can_fail(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    assert run(tmp_path, "--fix", "--unsafe-fixes", "--exit-non-zero-on-fix").returncode == 1


def test_a_diff_shows_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    done = run(tmp_path, "--diff", "--unsafe-fixes")
    assert done.returncode == 1
    assert done.stdout.decode().splitlines()[:2] == ["--- a/app.py", "+++ b/app.py"]
    assert "\n-        weights_only=False,\n+        weights_only=True,\n" in done.stdout.decode()
    assert done.stderr.decode() == "would fix 1 finding in 1 file\n"
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == CODE
    assert (run(tmp_path, "--diff").returncode, run(tmp_path, "--diff").stdout) == (0, b"")


def test_a_diff_can_be_applied_and_shows_no_secret(tmp_path: Path) -> None:
    code = f'import torch\n\npassword = "correct-horse-Battery-9"\n\n\n{CODE.removeprefix("import torch")}'
    (tmp_path / "app.py").write_text(code, encoding="utf-8")
    assert "Battery" not in said(run(tmp_path, "--diff", "--unsafe-fixes"))
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    patch = run(tmp_path, "--diff", "--unsafe-fixes").stdout
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, check=True)
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == FIXED


def test_standard_input_comes_out_fixed(tmp_path: Path) -> None:
    done = run(tmp_path, "--fix", "--unsafe-fixes", "-", data=CODE.encode())
    assert (done.returncode, done.stdout.decode()) == (0, FIXED)
    assert b"fixed 1 finding" in done.stderr
    assert run(tmp_path, "--fix", "-", data=CLEAN.encode()).stdout.decode() == CLEAN
    assert b"+        weights_only=True,\n" in run(tmp_path, "--diff", "--unsafe-fixes", "-", data=CODE.encode()).stdout


BYTES = {
    "a byte order mark": b"\xef\xbb\xbf" + CODE.encode(),
    "carriage returns": CODE.replace("\n", "\r\n").encode(),
    "tabs": CODE.replace("    ", "\t").encode(),
    "latin-1": b"# -*- coding: latin-1 -*-\n" + CODE.replace("no GPU here", "\xe9\xdf").encode("latin-1"),
    "emoji": CODE.replace("no GPU here", "\N{ROCKET}\N{ROCKET}").encode(),
    "no last newline": CODE.rstrip("\n").encode(),
    "a form feed": b"\x0c" + CODE.encode(),
    "mixed lines": CODE.replace("\n", "\r\n", 3).encode(),
}


@pytest.mark.parametrize("what", BYTES)
def test_every_other_byte_stays(what: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(BYTES[what])
    done = run(tmp_path, "--fix", "--unsafe-fixes")
    assert done.returncode == 0, said(done)
    assert (tmp_path / "app.py").read_bytes() == BYTES[what].replace(b"weights_only=False", b"weights_only=True")


def test_what_a_comment_answers_is_not_fixed(tmp_path: Path) -> None:
    code = CODE.replace("False,", "False,  # mlsec: ignore[MLS103] our own file")
    (tmp_path / "app.py").write_text(code, encoding="utf-8")
    assert "fixed 0 findings" in said(run(tmp_path, "--fix", "--unsafe-fixes"))
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == code


def test_what_is_not_shown_is_not_fixed(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    assert "fixed 0 findings" in said(run(tmp_path, "--fix", "--unsafe-fixes", "--min-severity", "critical"))
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == CODE


def test_links_are_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "app.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "app.py").symlink_to("real/app.py")
    done = run(tmp_path, "--fix", "--unsafe-fixes", "app.py")
    assert (tmp_path / "real" / "app.py").read_text(encoding="utf-8") == CODE
    assert (tmp_path / "app.py").is_symlink()
    assert "app.py is left as it was: it is a symbolic link; check its target" in said(done)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is read-only for the administrator")
def test_a_read_only_file_stays(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "app.py").chmod(0o444)
    assert "app.py is left as it was: it is read-only" in said(run(tmp_path, "--fix", "--unsafe-fixes"))
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == CODE


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes says which fixes --fix and --diff take; add one of them"),
        (("--exit-non-zero-on-fix", "--diff"), "--exit-non-zero-on-fix says how --fix ends; add it"),
    ],
)
def test_options_without_the_one_that_they_belong_to_are_refused(
    options: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    done = run(tmp_path, *options)
    assert (done.returncode, words in said(done)) == (2, True)


def test_json_tells_the_edits(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    (finding,) = json.loads(run(tmp_path, "--format", "json").stdout)["findings"]
    (edit,) = finding["fix"]["edits"]
    assert finding["fix"]["safety"] == "unsafe"
    assert (edit["span"], edit["text"], edit["cell"]) == (
        {"start_line": 8, "start_column": 22, "end_line": 8, "end_column": 27},
        "True",
        None,
    )


def test_a_model_is_pinned_to_what_this_machine_has_used_and_only_when_fixes_are_asked_for(tmp_path: Path) -> None:
    code = "from transformers import AutoModel\n\nmodel = AutoModel.from_pretrained('acme/bert')\n"
    code += "other = AutoModel.from_pretrained('acme/never-fetched')\n"
    project, hub = tmp_path / "project", tmp_path / "hub"
    project.mkdir()
    (project / "app.py").write_text(code, encoding="utf-8")
    shown = run(project, "--format", "json").stdout
    commit, file = "0123456789" * 4, hub / "models--acme--bert" / "refs" / "main"
    file.parent.mkdir(parents=True)
    file.write_text(commit, encoding="ascii")
    assert run(project, "--format", "json", HF_HUB_CACHE=str(hub)).stdout == shown
    assert [item["fix"] for item in json.loads(shown)["findings"]] == [None, None]
    done = run(project, "--fix", "--unsafe-fixes", HF_HUB_CACHE=str(hub))
    assert "fixed 1 finding in 1 file" in said(done)
    expected = code.replace("'acme/bert')", f"'acme/bert', revision=\"{commit}\")")
    assert (project / "app.py").read_text(encoding="utf-8") == expected


def notebook(*sources: list[str] | str) -> str:
    cells = [
        {"cell_type": "code", "execution_count": 1, "metadata": {"x": 1}, "outputs": [], "source": source}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def test_a_notebook_changes_in_its_source_only(tmp_path: Path) -> None:
    cells = (
        ["%matplotlib inline\n", "import torch\n", "weights = torch.load('\u00e9.pt', weights_only=False)\n", "!ls"],
        "model = torch.load('b.pt',\n                   weights_only=False)\nprint('\\t')",
        "%time late = torch.load('c.pt', weights_only=False)",
    )
    before = notebook(*cells)
    (tmp_path / "a.ipynb").write_text(before, encoding="utf-8")
    done = run(tmp_path, "--fix", "--unsafe-fixes")
    assert "fixed 2 findings in 1 file" in said(done)
    expected = before.replace("weights_only=False", "weights_only=True", 2)
    assert (tmp_path / "a.ipynb").read_text(encoding="utf-8") == expected


def test_lines_are_added_to_a_notebook_as_jupyter_writes_them(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("torch<2.6\n", encoding="utf-8")
    lines = ["import torch\n", "weights = torch.load(\n", "    'a.pt',\n", ")"]
    (tmp_path / "a.ipynb").write_text(notebook(lines), encoding="utf-8")
    run(tmp_path, "--fix", "--unsafe-fixes")
    added = [*lines[:3], "    weights_only=True,\n", lines[3]]
    assert (tmp_path / "a.ipynb").read_text(encoding="utf-8") == notebook(added)
