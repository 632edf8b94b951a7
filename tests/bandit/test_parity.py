from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from mlsec_lint.bandit.plugins import load_builtins
from mlsec_lint.bandit.settings import BanditSettings, PluginOption
from tests.bandit.reference import SAMPLES, bandit_findings, our_findings

ODD_TEXT = (
    "password = '🔑🔑'; token = 'é'\n"
    "if x:\n\tpasswd = 'x'\n\thost = '0.0.0.0'  # 🔑\n"
    "def f(a, pwd='é'): assert a, '🔑'\n"
    "subprocess_call(a, '🔑',\n  shell=True)\n"
    "s = '''\n/tmp\n'''\n"
)
FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "bom": lambda text: codecs.BOM_UTF8 + text.encode(),
    "latin": lambda text: ("# coding: latin-1\n" + text.replace("🔑", "ü")).encode("latin-1"),
    "form_feed": lambda text: ("\f\n" + text).encode(),
    "no_end": lambda text: (text + "assert x  # nosec B102").encode(),
    "nosec_cr": lambda text: (text + "assert x  # nosec B101\rassert y\nassert z").encode(),
    "bidi": lambda text: (text + "# \u202e hidden\n").encode(),
    "bidi_latin": lambda _: "# coding: utf-8\nx = 1 \x0c\nx = '\u2067'  # nosec\n".encode(),
    "bidi_nosec": lambda _: "# \u2067  # nosec\n".encode(),
}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    for name, form in FORMS.items():
        (tmp_path / f"{name}.py").write_bytes(form(ODD_TEXT))
    return [*SAMPLES, *sorted(tmp_path.glob("*.py"))]


def test_findings_are_those_of_bandit(files: list[Path]) -> None:
    expected = bandit_findings(files)
    assert our_findings(files) == expected
    assert {key[1] for key in expected} == load_builtins().ids


def test_options_of_plugins_mean_what_they_mean_to_bandit(tmp_path: Path, files: list[Path]) -> None:
    (tmp_path / "bandit.yaml").write_text(
        "skips: [B001, B404]\n"
        "assert_used: {skips: ['*statements.py']}\n"
        "hardcoded_tmp_directory: {tmp_dirs: [/temp]}\n"
        "try_except_pass: {check_typed_exception: true}\n"
        "ssl_with_bad_version: {bad_protocol_versions: [PROTOCOL_TLSv1, PROTOCOL_TLS_CLIENT]}\n"
        "markupsafe_xss: {extend_markup_names: [anything], allowed_calls: [f]}\n"
        "shell_injection: {subprocess: [anything], shell: [os.popen], no_shell: [os.system]}\n",
        encoding="utf-8",
    )
    settings = BanditSettings(
        skips=frozenset({"B001", "B404"}),
        options=(
            PluginOption("assert_used", "skips", ("*statements.py",)),
            PluginOption("hardcoded_tmp_directory", "tmp_dirs", ("/temp",)),
            PluginOption("try_except_pass", "check_typed_exception", value=True),
            PluginOption("markupsafe_xss", "extend_markup_names", ("anything",)),
            PluginOption("markupsafe_xss", "allowed_calls", ("f",)),
            PluginOption("ssl_with_bad_version", "bad_protocol_versions", ("PROTOCOL_TLSv1", "PROTOCOL_TLS_CLIENT")),
            PluginOption("shell_injection", "subprocess", ("anything",)),
            PluginOption("shell_injection", "shell", ("os.popen",)),
            PluginOption("shell_injection", "no_shell", ("os.system",)),
        ),
    )
    expected = bandit_findings(files, "-c", str(tmp_path / "bandit.yaml"))
    assert our_findings(files, settings) == expected
    assert expected != bandit_findings(files)


def test_selecting_tests_changes_what_the_blacklists_report(tmp_path: Path) -> None:
    file = tmp_path / "imports.py"
    file.write_text("import telnetlib, ftplib, pickle\n", encoding="utf-8")
    settings = BanditSettings(tests=frozenset({"B402", "B403"}))
    expected = bandit_findings([file], "-t", "B402,B403")
    assert our_findings([file], settings) == expected
    assert sum(expected.values()) == 1
