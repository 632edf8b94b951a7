"""The action's steps, run as a runner runs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.action.runner import REPOSITORY, Job, pull_request

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the runner's own bash is not on the path")

BAD = "import sys, torch\n\ntorch.load(sys.argv[1], weights_only=False)\n"
GOOD = "import torch\n\ntorch.load('model.pt', weights_only=True)\n"
Start = Callable[..., Job]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Runs the action in a workspace with the given files; its path has what paths may have."""
    workspace = tmp_path / 'it\'s a "work space"'
    workspace.mkdir()

    def run(files: dict[str, str], **options: object) -> Job:
        for name, text in files.items():
            (workspace / name).parent.mkdir(parents=True, exist_ok=True)
            (workspace / name).write_text(text, encoding="utf-8")
        inputs = options.pop("inputs", {})
        return Job(workspace, tmp_path / "runner temp", inputs, **options).run()  # type: ignore[arg-type]

    return run


def sarif_rules(job: Job) -> list[str]:
    log = json.loads(Path(job.output("sarif-file")).read_text(encoding="utf-8"))
    return [result["ruleId"] for result in log["runs"][0]["results"]]


def test_findings_fail_the_job_after_the_upload(start: Start) -> None:
    job = start({"serve.py": BAD}, inputs={"category": "service"})
    assert (job.exit_code, job.output("exit-code"), job.output("findings")) == (1, "1", "1")
    assert job.uploaded == {"sarif_file": job.output("sarif-file"), "category": "service"}
    assert sarif_rules(job) == ["MLS103"]
    assert "::warning file=serve.py,line=3" in job.log
    assert "MLS103" in job.summary


def test_clean_code_passes(start: Start) -> None:
    job = start({"serve.py": GOOD})
    assert (job.exit_code, job.output("exit-code"), job.output("findings")) == (0, "0", "0")
    assert "No findings." in job.summary
    assert job.uploaded is not None
    assert sarif_rules(job) == []


def test_a_threshold_above_the_findings_passes_and_still_uploads(start: Start) -> None:
    job = start({"serve.py": BAD}, inputs={"fail-on": "never"})
    assert (job.exit_code, job.output("exit-code"), job.output("findings")) == (0, "0", "1")
    assert job.uploaded is not None


@pytest.mark.parametrize(("allowed", "code"), [("false", 2), ("true", 0)])
def test_unfinished_is_never_called_clean(start: Start, allowed: str, code: int) -> None:
    job = start({"serve.py": GOOD, "broken.py": "def (:\n"}, inputs={"allow-unfinished": allowed})
    assert job.exit_code == code
    assert "`broken.py:1:5`" in job.summary
    assert job.uploaded is not None


def test_paths_are_one_a_line_and_nothing_in_them_is_an_option_or_a_command(start: Start) -> None:
    odd = ["my models/it's.py", '--profile "audit".py', "$(touch made-by-shell).py", "semi; colon.py"]
    job = start(dict.fromkeys(odd, BAD) | {"other.py": BAD}, inputs={"paths": "\n".join(odd)})
    assert (job.exit_code, job.output("findings")) == (1, str(len(odd)))
    assert not list(job.workspace.rglob("made-by-shell*"))


def test_a_missing_path_is_an_unfinished_job(start: Start) -> None:
    job = start({"serve.py": GOOD}, inputs={"paths": "serve.py\nno such file.py"})
    assert job.exit_code == 2
    assert "no such file.py" in job.log


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("profile", "lenient"),
        ("fail-on", "hgih"),
        ("fail-on", ""),
        ("upload", "yes"),
        ("annotations", "True"),
        ("allow-unfinished", "1"),
    ],
)
def test_an_unknown_value_is_an_error_before_anything_runs(start: Start, name: str, value: str) -> None:
    job = start({"serve.py": BAD}, inputs={name: value})
    assert job.exit_code == 2
    assert f"::error title=mlsec-lint::input '{name}' is {value!r}; it must be one of: " in job.log
    assert job.uploaded is None
    assert job.summary == ""


def test_an_unknown_rule_is_an_error(start: Start) -> None:
    job = start({"serve.py": BAD}, inputs={"select": "MLS103, MLS1O1"})
    assert job.exit_code == 2
    assert "MLS1O1" in job.log
    assert job.uploaded is None


def test_selection_and_configuration_are_handed_on(start: Start) -> None:
    quiet = {"serve.py": BAD, "ci/quiet.toml": 'ignore = ["MLS103"]\n'}
    assert start(quiet, inputs={"ignore": "MLS103"}).output("findings") == "0"
    assert start(quiet, inputs={"config": "ci/quiet.toml"}).output("findings") == "0"
    assert start(quiet, inputs={"select": "MLS2,\nMLS3"}).output("findings") == "0"


@pytest.mark.parametrize(
    ("event", "actor", "uploads"),
    [
        ({}, "ann", True),
        (pull_request(REPOSITORY), "ann", True),
        (pull_request("stranger/models"), "ann", False),
        (pull_request(None), "ann", False),
        ({}, "dependabot[bot]", False),
    ],
)
def test_a_run_without_the_right_to_upload_says_so_and_still_decides(
    start: Start, event: dict[str, object], actor: str, *, uploads: bool
) -> None:
    job = start({"serve.py": BAD}, event=event, actor=actor)
    assert (job.uploaded is not None) is uploads
    assert ("::notice title=mlsec-lint::results are not uploaded" in job.log) is not uploads
    assert job.exit_code == 1


@pytest.mark.parametrize(("upload", "uploads"), [("always", True), ("never", False)])
def test_the_workflow_may_decide_about_the_upload(start: Start, upload: str, *, uploads: bool) -> None:
    job = start({"serve.py": GOOD}, inputs={"upload": upload}, event=pull_request("stranger/models"))
    assert (job.uploaded is not None) is uploads
    assert job.exit_code == 0


@pytest.mark.parametrize(("upload", "code"), [("auto", 0), ("always", 1)])
def test_a_failed_upload_is_forgiven_only_where_it_was_optional(start: Start, upload: str, code: int) -> None:
    job = start({"serve.py": GOOD}, inputs={"upload": upload}, upload_outcome="failure")
    assert job.exit_code == code
    assert ("could not be uploaded" in job.log) is (upload == "auto")


def test_a_failed_upload_does_not_hide_findings(start: Start) -> None:
    job = start({"serve.py": BAD}, upload_outcome="failure")
    assert job.exit_code == 1


def test_text_instead_of_annotations_cannot_give_commands(start: Start) -> None:
    job = start({"serve.py": BAD + '"""\n::error::from the scanned file\n"""\n'}, inputs={"annotations": "false"})
    before, _, after = job.log.partition("::stop-commands::")
    token, _, rest = after.partition("\n")
    text, _, _ = rest.partition(f"::{token}::")
    assert "MLS103" in text
    assert "MLS103" not in before


def test_the_summary_shows_file_names_as_text(start: Start) -> None:
    job = start({"[click](https:evil) <img src=x> @all `x`|.py": BAD})
    row = next(line for line in job.summary.splitlines() if "evil" in line)
    assert row.startswith("- ``[click](https:evil) <img src=x> @all `x`|.py:3:1``: ")


def test_the_sarif_file_goes_where_the_workflow_wants_it(start: Start) -> None:
    job = start({"serve.py": BAD}, inputs={"sarif-file": "out put.sarif"})
    assert Path(job.output("sarif-file")) == job.workspace / "out put.sarif"
    assert sarif_rules(job) == ["MLS103"]


def test_modules_in_the_scanned_repository_are_never_imported(start: Start) -> None:
    names = ["mlsec_lint", "click", "libcst", "bandit", "sitecustomize", "json", "inputs", "check", "pip"]
    poison = {f"{name}.py": "raise SystemExit('the scanned code runs')\n" for name in names}
    job = start(poison | {"serve.py": GOOD})
    assert job.exit_code == 0
    assert "the scanned code runs" not in job.log


@pytest.mark.slow
def test_it_installs_the_code_of_its_own_checkout(start: Start, tmp_path: Path) -> None:
    poison = {"pip.py": "raise SystemExit('the scanned code runs')\n", "setup.py": "raise SystemExit(1)\n"}
    job = start(poison | {"serve.py": BAD}, install=True)
    assert (job.exit_code, job.output("findings")) == (1, "1"), job.log
    python = job.value("steps.install.outputs.python")
    assert Path(python).is_relative_to(tmp_path / "runner temp")
