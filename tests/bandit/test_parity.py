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


STATEMENTS = {
    "B107": (
        "def f(token='x'): pass\ndef f(a, /, token='x'): pass\ndef f(a='y', /, token='x'): pass\n"
        "def f(*, pwd='x'): pass\nasync def f(pwd='x'): pass\ndef f(pwd=None, a='x'): pass\ndef f(pass_=b'x'): pass\n"
        "class K:\n    def f(self, my_secret='x'): pass\n"
    ),
    "B110": "try: f()\nexcept: pass\ntry: f()\nexcept E: pass\ntry: f()\nexcept Exception: pass; g()\n",
    "B112": "for x in y:\n    try: f()\n    except: continue\n    try: f()\n    except E as e: 'text'; continue\n",
    "B503": (
        "import ssl\nfrom ssl import PROTOCOL_SSLv2\ndef f(v=ssl.PROTOCOL_SSLv2): pass\n"
        "def f(a, v=a.b.SSLv2_METHOD): pass\ndef f(v=PROTOCOL_SSLv2): pass\ndef f(*, v=ssl.PROTOCOL_SSLv2): pass\n"
    ),
    "imports": (
        "import pickle as p, os\nfrom os import path\nfrom . import pickle\nfrom .pickle import x\nfrom pickle import *\n"
        "import xml.sax.expatreader as y\nfrom xml import sax\nfrom xml.etree import ElementTree, cElementTree\n"
        "import picklefish\nfrom Crypto.Cipher import AES\nimport wsgiref.handlers\nfrom wsgiref import handlers\n"
        "__import__('pickle')\nimport importlib as i\ni.import_module('telnetlib')\ni.__import__(name='ftplib')\n"
    ),
    "calls": (
        "import os as o, subprocess\nfrom subprocess import Popen as call\nfrom os.path import join\n"
        "o.chmod('x', 0o777)\no.fchmod(f, 0o777)\ncall('ls', shell=True)\nf()(shell=True)\nf[0]('x', shell=True)\n"
        "o.path.join.popen('x')\na.b.subprocess.call('ls')\no.system(x)\n(lambda: 0)(token='x')\nf(**{'shell': True})\n"
        "requests.get(x)\nimport requests.sessions as s\ns.get(x)\nhttpx.Client(timeout=None)\nf(**'x')\n"
    ),
    "texts": (
        "q = f'sel{x}ect {y} from t where'\nq = f'select {x} from {y}'\nq = f'{x}{y} delete from t'\n"
        "q = 'select ' + x + ' from t'\nq = 'select a from %s' % t\nq = 'update t set {}'.format(x)\n"
        "q = ('insert into t ' 'values (%s)') % x\nq = b'select a from t' + x\nh = '0.0.0.0:80'\nt = ['/tmp/x', {'/var/tmp': 1}]\n"
        "d['token'] = 'x'\nd = {'pass' 'word': 'x', pwd: 'y'}\nif token == 'x' or 'y' == secret: pass\nself.pwd = 'x'\n"
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_lets_a_check_look_loses_no_finding(name: str, tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text(STATEMENTS[name], encoding="utf-8")
    expected = bandit_findings([file])
    assert our_findings([file]) == expected
    assert expected
