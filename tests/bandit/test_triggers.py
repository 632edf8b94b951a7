from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlsec_lint.bandit.checks import run_checks
from mlsec_lint.bandit.plugins import load_builtins
from mlsec_lint.bandit.triggers import may_report
from mlsec_lint.catalogue.load import load_bundled
from mlsec_lint.findings import Profile
from tests.bandit.reference import SAMPLES

DEFAULT = frozenset(check.id for check in load_bundled().bandit.values() if check.profile is Profile.DEFAULT)


def may(text: str, *tests: str) -> bool:
    return may_report(text, frozenset(tests))


def statements(text: str) -> Iterator[str]:
    """Each statement of a sample that is no import, below all the imports."""
    body = ast.parse(text).body
    imports = [
        ast.get_source_segment(text, node) or "" for node in body if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    for node in body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            yield "\n".join([*imports, ast.get_source_segment(text, node) or ""])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_no_file_with_a_finding_is_skipped(sample: Path) -> None:
    text = sample.read_text(encoding="utf-8")
    seen = 0
    for part in (text, *statements(text)):
        for finding in run_checks(part, "x.py", load_builtins().ids).findings:
            assert may(part, finding.test), (finding, part)
            seen += 1
    assert seen


@pytest.mark.parametrize(
    "text",
    [
        "import torch\nmodel = torch.nn.Linear(1, 1)\nmodel.save('x')\n",
        "from collections import OrderedDict\ncache = {}\ncache.get('requests_total')\n",
        "def method(version):\n    return run(method=version)\n",
        "import yaml_like\nparser.parse('x')\n",
    ],
)
def test_ordinary_code_is_skipped_in_the_default_profile(text: str) -> None:
    assert not may(text, *DEFAULT)


def test_a_word_in_another_normal_form_counts() -> None:
    text = "import \uff50ickle\npickle.loads(x)\n"
    assert run_checks(text, "x.py", frozenset({"B301"})).findings
    assert may(text, "B301")
    text = "from \uff48ashlib import md5 as x\nx(b'')\n"
    assert run_checks(text, "x.py", frozenset({"B324"})).findings
    assert may(text, "B324")


def test_hidden_characters_alone_wake_their_check() -> None:
    assert may("x = '\u2067'\n", "B613")
    assert not may("x = 'y'\n", "B613")
