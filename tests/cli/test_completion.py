"""What a shell offers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete
from click.testing import CliRunner

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.cli.app import app
from mlsec_lint.cli.completion import SHELLS
from mlsec_lint.config.settings import FORMATS

CATALOGUE = load_catalogue()
KINDS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


def offered(*words: str, shell: str = "bash") -> list[str]:
    """What is offered for the last word."""
    completion = KINDS[shell](app, {}, "mlsec-lint", "_MLSEC_LINT_COMPLETE")
    return [item.value for item in completion.get_completions(list(words[:-1]), words[-1])]


def test_commands_and_options_are_offered() -> None:
    assert {"check", "config", "init", "rule", "completion"} <= set(offered(""))
    assert offered("chec") == ["check"]
    assert {"--select", "--fail-on", "--isolated"} <= set(offered("check", "--"))


@pytest.mark.parametrize(
    ("option", "word", "expected"),
    [
        ("--profile", "", ["default", "strict", "audit"]),
        ("--fail-on", "", ["info", "low", "medium", "high", "critical", "never"]),
        ("--min-severity", "h", ["high"]),
        ("--min-confidence", "", ["low", "medium", "high"]),
        ("--format", "", list(FORMATS)),
        ("--color", "a", ["auto", "always"]),
    ],
)
def test_values_of_options_are_offered(option: str, word: str, expected: list[str]) -> None:
    assert offered("check", option, word) == expected


@pytest.mark.parametrize("option", ["--select", "--ignore", "--extend-select"])
def test_rules_are_offered_by_id_beginning_name_and_tag_also_within_a_list(option: str) -> None:
    everything = set(offered("check", option, ""))
    assert {"ALL", "MLS1", "B", "MLS103", "unsafe-torch-load", "B602", "pytorch"} <= everything
    assert {rule.id for rule in CATALOGUE.pack.rules} <= everything
    assert set(CATALOGUE.bandit) <= everything
    assert "MLS103" in offered("check", option, "mls10")
    assert "MLS2,B602" in offered("check", option, "MLS2,B60")
    assert offered("check", option, "nonsense") == []


def test_every_word_that_is_offered_selects_something() -> None:
    CATALOGUE.select(offered("check", "--select", ""))


def test_a_rule_is_offered_to_the_commands_that_explain_one() -> None:
    assert "unsafe-torch-load" in offered("rule", "unsafe-t")
    assert "MLS103" in offered("explain", "MLS1")
    assert "ALL" not in offered("rule", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_that_of_the_shell(shell: str) -> None:
    result = CliRunner().invoke(app, ["completion", shell])
    assert (result.exit_code, f"_MLSEC_LINT_COMPLETE={shell}_complete" in result.stdout) == (0, True)
    default = CliRunner().invoke(app, ["completion"], env={"SHELL": f"/usr/bin/{shell}"})
    assert default.stdout == result.stdout


@pytest.mark.parametrize("arguments", [("tcsh",), ()])
def test_another_shell_is_answered_with_those_that_there_are(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, ["completion", *arguments], env={"SHELL": "/bin/tcsh"})
    assert result.exit_code == 2
    assert all(shell in result.stderr for shell in SHELLS)


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("bash") is None, reason="needs a bash")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("che",), "check"),
        (("check", "--select", "MLS1,unsafe-torch-l"), "MLS1,unsafe-torch-load"),
        (("rule", "B60"), "B602"),
    ],
)
def test_a_real_bash_completes(tmp_path: Path, words: tuple[str, ...], expected: str) -> None:
    program = tmp_path / "mlsec-lint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mlsec_lint "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    line = " ".join(f"'{word}'" for word in ("mlsec-lint", *words))
    script = f"""
        eval "$(mlsec-lint completion bash)"
        complete -p mlsec-lint >/dev/null || exit 3
        COMP_WORDS=({line}); COMP_CWORD={len(words)}
        _mlsec_lint_completion mlsec-lint
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    env = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "--norc", "-c", script], env=env, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert expected in done.stdout.splitlines()


def test_help_still_shows_what_the_values_are() -> None:
    assert isinstance(app, click.Group)
    assert "--select RULES" in CliRunner().invoke(app, ["check", "--help"]).output
