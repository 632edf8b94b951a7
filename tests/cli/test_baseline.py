"""`mlsec-lint baseline` and `check --baseline`, as their users run them."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from mlsec_lint.baseline.document import FILE
from tests.program import run

LOAD = "import torch\n\n\ndef load(path):\n    return torch.load(path, weights_only=False)\n"
MORE = LOAD + "\n\ndef again(path):\n    return torch.load(path, weights_only=False)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "load.py").write_text(LOAD, encoding="utf-8")
    (tmp_path / "clean.py").write_text("x = 1\n", encoding="utf-8")
    assert run(tmp_path, "baseline", "create").returncode == 0
    return tmp_path


def entries(project: Path, name: str = FILE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((project / name).read_text(encoding="utf-8"))["entries"]
    return found


def report(project: Path, *options: str) -> dict[str, Any]:
    done = run(project, "check", "--baseline", FILE, "--format", "json", *options)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (1 if found["findings"] else 0)
    return found


def numbers(project: Path, *options: str) -> tuple[int, int]:
    found = report(project, *options)
    return len(found["findings"]), len(found["baselined"])


def test_known_findings_neither_show_nor_fail(project: Path) -> None:
    (entry,) = entries(project)
    assert (entry["path"], entry["rule"], entry["qualname"], entry["count"]) == ("models/load.py", "MLS103", "load", 1)
    for form in ("full", "concise", "github"):
        done = run(project, "check", "--baseline", FILE, "--format", form)
        assert (done.returncode, "MLS103" in done.stdout) == (0, False)
        assert f"1 finding in the baseline {FILE} (--no-baseline shows them)." in done.stdout
    assert run(project, "check").returncode == 1


def test_json_and_sarif_keep_them(project: Path) -> None:
    (project / "models" / "load.py").write_text(MORE, encoding="utf-8")
    found = report(project, "-o", "sarif=out.sarif")
    assert [item["qualname"] for item in found["findings"]] == ["again"]
    assert [item["qualname"] for item in found["baselined"]] == ["load"]
    assert (found["summary"]["baseline"], found["summary"]["baselined"]) == (FILE, 1)
    (sarif_run,) = json.loads((project / "out.sarif").read_text(encoding="utf-8"))["runs"]
    states = {item["locations"][0]["physicalLocation"]["region"]["startLine"]: item for item in sarif_run["results"]}
    assert {line: item["baselineState"] for line, item in states.items()} == {5: "unchanged", 9: "new"}
    assert all("suppressions" not in item for item in sarif_run["results"])
    run(project, "check", "-o", "sarif=without.sarif")
    without = json.loads((project / "without.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert all("baselineState" not in item for item in without)
    fingerprints = [item["partialFingerprints"] for item in sarif_run["results"]]
    assert fingerprints == [item["partialFingerprints"] for item in without]


@pytest.mark.parametrize(
    "text",
    [
        "\n\n# moved\n" + LOAD,
        LOAD.replace(
            "return torch.load(path, weights_only=False)",
            "return torch.load(\n        path,\n        weights_only=False,  # ours\n    )",
        ),
        LOAD.replace("\n    return", "\n  if path:\n        return"),
        LOAD.replace("def load", "def fetch"),
        LOAD.replace("\n", "\r\n"),
    ],
)
def test_moved_code_is_known(project: Path, text: str) -> None:
    (project / "models" / "load.py").write_bytes(text.encode())
    assert numbers(project) == (0, 1)


def test_a_renamed_file_is_known_as_long_as_the_old_one_is_gone(project: Path) -> None:
    (project / "models" / "load.py").rename(project / "weights.py")
    assert numbers(project) == (0, 1)
    shutil.copy(project / "weights.py", project / "copy.py")
    assert numbers(project) == (1, 1)
    (project / "copy.py").rename(project / "models" / "load.py")
    assert [item["path"] for item in report(project)["findings"]] == ["weights.py"]


def test_another_finding_in_its_place_is_new(project: Path) -> None:
    text = LOAD.replace("torch.load(path,", "torch.load(request.files['model'],")
    (project / "models" / "load.py").write_text(text, encoding="utf-8")
    found = report(project)
    assert (len(found["findings"]), found["baselined"]) == (1, [])
    assert "1 finding of the baseline is not there any more" in found["summary"]["notes"][-1]


def test_update_adds_and_drops_and_prune_only_drops(project: Path) -> None:
    (project / "models" / "load.py").write_text(
        MORE.replace(
            "def load(path):\n    return torch.load(path", "def load(path):\n    return torch.load(open(path)"
        ),
        encoding="utf-8",
    )
    assert run(project, "baseline", "prune").stdout == f"{FILE}: 0 added, 0 dropped; now 1 finding in 1 file\n"
    assert [entry["qualname"] for entry in entries(project)] == ["load"]
    assert run(project, "baseline", "update").stdout == f"{FILE}: 2 added, 1 dropped; now 2 findings in 1 file\n"
    assert [entry["qualname"] for entry in entries(project)] == ["again", "load"]
    before = (project / FILE).stat().st_mtime_ns
    assert run(project, "baseline", "update").stdout == f"{FILE}: 0 added, 0 dropped; now 2 findings in 1 file\n"
    assert (project / FILE).stat().st_mtime_ns == before
    (project / "models" / "load.py").write_text("", encoding="utf-8")
    assert run(project, "baseline", "prune").stdout == f"{FILE}: 0 added, 2 dropped; now 0 findings in 0 files\n"


def test_what_a_run_cannot_judge_stays(project: Path) -> None:
    for options in (
        ("clean.py",),
        ("--select", "MLS201"),
        ("--min-severity", "critical"),
        ("--max-file-size", "20", "--allow-unfinished"),
    ):
        done = run(project, "baseline", "update", *options)
        assert done.stdout == f"{FILE}: 0 added, 0 dropped; now 1 finding in 1 file\n"


def test_show_lists_what_is_there_and_what_is_not(project: Path) -> None:
    assert run(project, "baseline", "show").stdout.startswith("models/load.py:5:12: MLS103 [medium] ")
    (project / "models" / "load.py").unlink()
    done = run(project, "baseline", "show")
    assert done.stdout == (
        f"models/load.py: MLS103 in load: not there any more (1)\n{FILE}: 1 finding in 1 file; 0 there, 1 not any more\n"
    )


def test_what_a_baseline_names_gives_no_command(project: Path) -> None:
    document = json.loads((project / FILE).read_text(encoding="utf-8"))
    document["entries"].append({**document["entries"][0], "path": "::error::gone.py"})
    (project / FILE).write_text(json.dumps(document), encoding="utf-8")
    assert "\n./::error::gone.py: MLS103 in load: not there any more (1)\n" in run(project, "baseline", "show").stdout


def test_create_replaces_nothing_unless_it_is_told_to(project: Path) -> None:
    before = (project / FILE).read_bytes()
    (project / "models" / "load.py").write_text(MORE, encoding="utf-8")
    done = run(project, "baseline", "create")
    assert (done.returncode, (project / FILE).read_bytes()) == (2, before)
    assert "--overwrite" in done.stderr
    assert run(project, "baseline", "create", "--overwrite").returncode == 0
    assert len(entries(project)) == 2


def test_nothing_is_written_when_not_everything_was_checked(project: Path) -> None:
    (project / "broken.py").write_text("def f(:\n", encoding="utf-8")
    before = (project / FILE).read_bytes()
    for command in (("create", "--overwrite"), ("update",), ("prune",)):
        done = run(project, "baseline", *command)
        assert (done.returncode, (project / FILE).read_bytes()) == (2, before)
        assert "broken.py" in done.stderr
        assert "--allow-unfinished" in done.stderr
    assert run(project, "baseline", "create", "--overwrite", "--allow-unfinished").returncode == 0
    assert [path.name for path in project.iterdir() if path.name.startswith(f".{FILE}")] == []


def test_a_link_is_neither_read_nor_written_through(project: Path) -> None:
    (project / "elsewhere.json").write_text('{"version": "1", "entries": []}\n', encoding="utf-8")
    (project / FILE).unlink()
    (project / FILE).symlink_to("elsewhere.json")
    for command in (("check", "--baseline", FILE), ("baseline", "create", "--overwrite"), ("baseline", "show")):
        done = run(project, *command)
        assert done.returncode == 2
        assert "symbolic link" in done.stderr
    assert entries(project, "elsewhere.json") == []


def test_a_broken_baseline_is_no_empty_one(project: Path) -> None:
    (project / FILE).write_text("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> main\n", encoding="utf-8")
    done = run(project, "check", "--baseline", FILE, "--exit-zero")
    assert (done.returncode, done.stdout) == (2, "")
    assert "markers of a merge conflict" in done.stderr


def test_the_configuration_names_it_and_paths_start_at_its_folder(project: Path) -> None:
    (project / "mlsec-lint.toml").write_text(f'baseline = "{FILE}"\n', encoding="utf-8")
    done = run(project, "check")
    assert done.returncode == 0
    assert "mlsec-lint.toml narrows the run (baseline)" in done.stdout
    assert run(project / "models", "check").returncode == 0
    assert run(project / "models", "baseline", "update").stdout.endswith(
        "0 added, 0 dropped; now 1 finding in 1 file\n"
    )
    for option in ("--no-baseline", "--isolated"):
        assert run(project, "check", option).returncode == 1
    (project / FILE).unlink()
    done = run(project, "check")
    assert done.returncode == 2
    assert "mlsec-lint baseline create" in done.stderr
    assert run(project, "baseline", "create").returncode == 0


@pytest.mark.parametrize("name", ["../outside.json", ".git/hooks/post-commit"])
def test_a_configuration_names_none_outside_its_repository_and_nothing_of_gits(project: Path, name: str) -> None:
    (project.parent / "outside.json").write_text((project / FILE).read_text(encoding="utf-8"), encoding="utf-8")
    (project / "mlsec-lint.toml").write_text(f'baseline = "{name}"\n', encoding="utf-8")
    done = run(project, "check")
    assert done.returncode == 2
    assert "lies outside the repository" in done.stdout
    assert "MLS103" in done.stdout


def test_options_that_contradict_each_other(project: Path) -> None:
    done = run(project, "check", "--baseline", FILE, "--no-baseline")
    assert (done.returncode, "contradict" in done.stderr) == (2, True)
    assert run(project, "baseline", "create", "-").returncode == 2


def test_standard_input_has_its_baseline_too(project: Path) -> None:
    done = run(project, "check", "--baseline", FILE, "--stdin-filename", "models/load.py", "-", stdin=MORE)
    assert (done.returncode, done.stdout.count("MLS103")) == (1, 1 + done.stdout.count("rules/MLS103"))


def test_no_secret_and_no_path_of_this_machine_is_in_it(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[2] / "fixtures" / "example-service", tmp_path / "service")
    assert run(tmp_path, "baseline", "create", "service").returncode == 0
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert "MLS304" in text
    assert str(tmp_path) not in text
    assert os.sep * 2 not in text
    before = text
    assert run(tmp_path, "baseline", "create", "service", "--overwrite", "--jobs", "2", "--no-cache").returncode == 0
    assert (tmp_path / FILE).read_text(encoding="utf-8") == before
    assert run(tmp_path, "check", "--baseline", FILE).returncode == 0
    settings = tmp_path / "service" / "service" / "settings.py"
    settings.write_text(settings.read_text(encoding="utf-8").replace("@db.internal", "x@db.internal"), encoding="utf-8")
    assert run(tmp_path, "check", "--baseline", FILE).returncode == 0
