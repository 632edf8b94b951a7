from __future__ import annotations

from pathlib import Path

import pytest

from mlsec_lint.engine import EngineOptions
from mlsec_lint.findings import Confidence, Profile, Severity
from mlsec_lint.flow import analysis
from mlsec_lint.flow.budget import Budget
from tests.engine.checking import check, rules

LOAD = "import torch\nmodel = torch.load(path, weights_only=False)\n"


def test_a_finding_says_what_where_and_how_sure(tmp_path: Path) -> None:
    (finding,) = check(
        "import torch\n\nclass K:\n    def f(self):\n        return torch.load(p, weights_only=False)\n", tmp_path
    ).findings
    assert finding.rule == "MLS103"
    assert (finding.location.span.start_line, finding.location.span.start_column) == (5, 16)
    assert finding.location.span.end_column == 26
    assert finding.qualname == "K.f"
    assert (finding.severity, finding.confidence, finding.profile) == (
        Severity.MEDIUM,
        Confidence.HIGH,
        Profile.DEFAULT,
    )
    assert finding.statement == (5, 5)
    assert finding.frame is not None
    assert finding.frame.lines[:2] == ("    def f(self):", "        return torch.load(p, weights_only=False)")


def test_nothing_is_said_about_nothing(tmp_path: Path) -> None:
    for code in ("", "\n", "# torch.load\n", "x = 1\n"):
        result = check(code, tmp_path)
        assert (result.findings, result.problems) == ((), ())


@pytest.mark.parametrize(
    ("pins", "sure"), [("torch==2.5.1", Confidence.HIGH), ("", Confidence.MEDIUM), ("torch==2.6.0", None)]
)
def test_the_projects_pins_decide(tmp_path: Path, pins: str, sure: Confidence | None) -> None:
    if pins:
        (tmp_path / "requirements.txt").write_text(pins + "\n", encoding="utf-8")
    result = check(
        "import torch\nmodel = torch.load(path)\n", tmp_path, options=EngineOptions(bandit=False, profile=Profile.AUDIT)
    )
    found = [finding for finding in result.findings if finding.rule == "MLS103"]
    assert [finding.confidence for finding in found] == ([] if sure is None else [sure])
    assert all(bool(finding.reasons) == (sure is not Confidence.HIGH) for finding in found)


def test_a_test_lowers_the_severity_and_says_so(tmp_path: Path) -> None:
    (production,), (test,) = check(LOAD, tmp_path).findings, check(LOAD, tmp_path, "tests/test_app.py").findings
    assert test.severity == production.severity - 1
    assert any("test" in reason for reason in test.reasons)


def test_what_cannot_be_decided_is_shown_later_and_says_why(tmp_path: Path) -> None:
    (finding,) = check("import torch\ndef f(p, w):\n    return torch.load(p, weights_only=w)\n", tmp_path).findings
    assert finding.profile == Profile.STRICT
    assert finding.reasons


def test_several_rules_on_one_cause_are_one_finding(tmp_path: Path) -> None:
    code = "import os\nos.environ.setdefault('WANDB_API_KEY', '4f3c2b1a09876543210fedcba9876543210fedcb')\n"
    (finding,) = check(code, tmp_path).findings
    assert finding.rule == "MLS306"
    assert finding.also == ("MLS302",)


@pytest.mark.parametrize(
    "code",
    [
        "import torch\nx = torch.load(  # mlsec: ignore[MLS103] ours\n    p, weights_only=False)\n",
        "import torch\nx = torch.load(\n    p, weights_only=False)  # mlsec: ignore[MLS103] ours\n",
        "import torch\n# mlsec: ignore[MLS103] ours\nx = torch.load(\n    p, weights_only=False)\n",
        "import torch\nif torch.load(p, weights_only=False):  # mlsec: ignore[MLS103] ours\n    pass\n",
        "import torch\nwith open(p) as f, torch.load(  # mlsec: ignore[MLS103] ours\n    p, weights_only=False):\n    pass\n",
        "import torch\nwhile torch.load(  # mlsec: ignore[MLS103] ours\n    p, weights_only=False):\n    x = (1)\n",
    ],
)
def test_a_comment_at_the_statement_answers(tmp_path: Path, code: str) -> None:
    result = check(code, tmp_path)
    assert result.findings == ()
    assert [item.reason for item in result.suppressed] == ["ours"]


@pytest.mark.parametrize(
    "code",
    [
        "import torch\nif torch.load(p, weights_only=False):\n    pass  # mlsec: ignore[MLS103] elsewhere\n",
        "import torch\ndef f():  # mlsec: ignore[MLS103] elsewhere\n    return torch.load(p, weights_only=False)\n",
    ],
)
def test_a_comment_elsewhere_does_not(tmp_path: Path, code: str) -> None:
    assert [rule for rule, _ in rules(check(code, tmp_path))] == ["MLS103"]


def test_comments_can_be_ignored(tmp_path: Path) -> None:
    code = "import torch\nx = torch.load(p, weights_only=False)  # mlsec: ignore[MLS103] ours\n"
    assert rules(check(code, tmp_path, options=EngineOptions(ignores=False, bandit=False))) == [("MLS103", 2)]


def test_a_rule_replaces_bandits_check_where_it_has_judged(tmp_path: Path) -> None:
    code = "import pickle\na = pickle.loads(pickle.dumps(x))\nb = pickle.load(open(p, 'rb'))\n"
    found = rules(check(code, tmp_path, options=EngineOptions(profile=Profile.AUDIT)))
    assert ("MLS101", 3) in found
    assert not [item for item in found if item[0] == "B301"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("exec(text)", True),
        ('exec("x = 1")', False),
        ('exec(f"from . import {NAMES[key]}")', True),
        ('exec(f"from . import {given[key]}")', True),
        ('exec(compile(SETUP, "setup", "exec"))', True),
        ("exec(textwrap.dedent(inspect.getsource(given)))", True),
        ('exec(open(os.path.join(os.path.dirname(__file__), "version.py")).read(), {})', False),
        ("exec(open(given).read(), {})", True),
        ('for name in ("math", "re"):\n        exec(f"import {name}")', False),
        ("eval(NAMES[key])", True),
        ("eval({}[key])", True),
        ("zipfile.ZipFile(given).extractall(text)", False),
        ("given.extractall(text)", True),
    ],
)
def test_what_does_no_harm_answers_bandits_check(tmp_path: Path, code: str, found: bool) -> None:
    head = "import inspect, os, tarfile, textwrap, zipfile\nNAMES = {'a': 'Alpha', 'b': 'Beta'}\nSETUP = 'x = 1'\n"
    text = f"{head}\n\ndef run(text, given, key):\n    {code}\n"
    result = check(text, tmp_path, options=EngineOptions())
    assert bool([item for item in result.findings if item.rule in ("B102", "B202", "B307")]) is found


UNPACKS = """import tarfile

def unpack(path, target, unknown):
    with tarfile.open(path) as archive:
        archive.extractall(target, members=archive.getmembers())
    {more}
"""


def test_where_a_check_of_bandits_fails_a_rule_of_ours_may_have_judged(tmp_path: Path) -> None:
    result = check(UNPACKS.format(more=""), tmp_path, options=EngineOptions())
    assert ([finding.rule for finding in result.findings], result.problems) == (["MLS901"], ())
    result = check(UNPACKS.format(more="unknown.extractall(members=unknown.all())"), tmp_path, options=EngineOptions())
    (problem,) = result.problems
    assert problem.message == "Bandit's tarfile_unsafe_members (B202) failed at line 6: AttributeError"


def test_a_secret_under_any_name_is_shown_nowhere(tmp_path: Path) -> None:
    secret = "u7TqP2kXv9LmZ4RbY8sWd1Nf"
    code = f"from mistralai import Mistral\nk = '{secret}'\nclient = Mistral(api_key=k)\n"
    result = check(code, tmp_path, options=EngineOptions(profile=Profile.AUDIT))
    assert ("MLS302", 3) in rules(result)
    assert secret not in repr(result)
    assert secret[:6] not in repr(result)


@pytest.mark.parametrize("code", ["def f(:\n", "print 'a'\n", "x = " + "(" * 3000, "if a:\nb\n"])
def test_what_cannot_be_parsed_is_a_problem(tmp_path: Path, code: str) -> None:
    result = check(code, tmp_path)
    assert [problem.kind in ("syntax", "bound") for problem in result.problems] == [True]
    assert result.findings == ()


def test_a_file_of_a_newer_python_is_checked(tmp_path: Path) -> None:
    code = "import torch\ntype P = str\ndef f[T](p: T):\n    return torch.load(p, weights_only=False)\n"
    result = check(code, tmp_path)
    assert rules(result) == [("MLS103", 4)]
    assert result.problems == ()


def test_a_secret_of_a_newer_python_is_masked_too(tmp_path: Path) -> None:
    code = "import torch\ntype P = str\ndb_password = 'Wq7-mirror-Blue42'\nmodel = torch.load(p, weights_only=False)\n"
    result = check(code, tmp_path)
    assert "MLS103" in [rule for rule, _ in rules(result)]
    assert "Wq7-mirror" not in repr(result)


BOMBS = {
    "calls": "x = torch.load(a)" + ".b()" * 120,
    "loops": "".join(" " * depth + "for a in torch.load(a):\n" for depth in range(19)) + " " * 19 + "b = a\n",
    "text": "s = 'abcdefgh'\n" + "s = s + s\n" * 60 + "torch.load(s)\n",
    "list": "x = [torch.load(a)]\n" + "x = x + x\n" * 60,
    "nested list": "x = torch.load(a)\nfor i in y:\n" + "    x = [x, x]\n" * 60,
    "wide list": "x = torch.load(a)\n" + "x = [" + "x, " * 64 + "]\n" + "x = [" + "x, " * 64 + "]\n" * 8,
    "dict": "x = {'a': torch.load(a)}\n" + "x = {'a': x, 'b': x}\n" * 60,
    "union": "y = torch.load(a)\nx = torch.load\n" + "x = x | x\n" * 60,
    "conditions": "x = torch.load(a)\n"
    + "if a == (b and c == (d and e == (f and g == (h and i == x)))):\n    pass\n" * 20,
    "functions": "".join(f"def f{n}(x):\n    return f{n + 1}(x) + f{n + 1}(x)\n" for n in range(60))
    + "f0(torch.load(a))\n",
    "recursion": "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nf(torch.load(a))\n",
    "self": "x = torch.load(a)\nx.x = x\nx['x'] = x\nx.append(x)\n" * 30,
    "class of itself": "class K(K):\n    K = K\n    def f(self):\n        self.k = K()\n        return self.k.f()\nK().f(torch.load(a))\n",
}


@pytest.mark.parametrize("code", BOMBS.values(), ids=BOMBS.keys())
def test_code_that_doubles_with_every_line_ends(tmp_path: Path, code: str) -> None:
    result = check("import torch\n" + code, tmp_path)
    assert result.findings or result.problems


def test_a_bound_names_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "Budget", lambda: Budget(100))
    (problem,) = check("import torch\n" + "torch.load(a)\n" * 40, tmp_path).problems
    assert (problem.kind, problem.message) == ("bound", "following the data takes more than 100 steps")


@pytest.mark.parametrize(
    "line",
    [
        "torch.load(p)  # password: {}",
        "torch.load(p)  # OPENAI_API_KEY={}",
        "token = '{}'.strip(); torch.load(p)",
        "if password == '{}': torch.load(p)",
        "get(headers={{'Authorization': 'Bearer {}'}}); torch.load(p)",
    ],
)
def test_a_secret_beside_a_finding_is_masked(line: str, tmp_path: Path) -> None:
    secret = "u7TqP2kXv9LmZ4RbY8sWd1Nf"
    result = check(f"import torch\n{line.format(secret)}\n", tmp_path, options=EngineOptions())
    assert "MLS103" in [rule for rule, _ in rules(result)]
    assert not any(secret[start : start + 6] in repr(result.findings) for start in range(len(secret) - 5))


def test_calls_with_thousands_of_texts_take_no_quadratic_time(tmp_path: Path) -> None:
    texts = ", ".join(f"'text{index}'" for index in range(10_000))
    assert rules(check(f"import torch\ntorch.load(p)\nf({texts})\n", tmp_path)) == [("MLS103", 2)]


def test_thousands_of_findings_are_answered_in_one_pass(tmp_path: Path) -> None:
    code = "import torch\n" + "torch.load(p)\n" * 1_000
    result = check(code, tmp_path, options=EngineOptions())
    assert {finding.rule for finding in result.findings} == {"MLS103"}
    assert len(result.findings) == 1_000


REQUEST_TO_CODE = """
from fastapi import FastAPI

app = FastAPI()

@app.get("/run")
def run(name: str):
    return eval(name)

def calculate(text):
    return eval(text)
"""


def test_a_flow_that_is_told_answers_the_check_that_it_refines(tmp_path: Path) -> None:
    found = rules(check(REQUEST_TO_CODE, tmp_path, options=EngineOptions()))
    assert found == [("MLS917", 8), ("B307", 11)]


def test_code_that_was_just_fetched_answers_the_check_for_exec(tmp_path: Path) -> None:
    code = "import requests\nexec(requests.get('https://x.io/a.py', timeout=9).text)\nexec(open('a.py').read())\n"
    assert rules(check(code, tmp_path, options=EngineOptions())) == [("MLS210", 2), ("B102", 3)]


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nexec('pass'); exec(sys.argv[1])",
        "with open('a') as f: exec('1'); exec(f.read())",
        "import importlib, inspect, sys\nexec(inspect.getsource(importlib.import_module(sys.argv[1])))",
        "import codecs\nexec(codecs.decode('cevag(1)', 'rot13'))",
        "CODE = {'a': '1'}\ndef add(n, v):\n    CODE[n] = v\ndef run(n):\n    exec(CODE[n])",
    ],
)
def test_a_harmless_call_answers_only_itself(code: str, tmp_path: Path) -> None:
    assert [rule for rule, _ in rules(check(code, tmp_path, options=EngineOptions()))] == ["B102"]
