from __future__ import annotations

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.config.errors import ConfigError
from mlsec_lint.config.insertion import with_table

BLOCK = '# said\nprofile = "strict"\n'
PIECES = [
    "# a comment",
    "[project]",
    'name = "x"',
    "[tool.ruff]",
    "[[tool.mypy.overrides]]",
    'module = """',
    "[tool.mlsec-lint]",
    '"""',
    "[tool]",
    "tool = {}",
    "tool.x = 1",
    "[tool.other.'mlsec-lint']",
    "a = [",
    "]",
    "",
]


@given(st.lists(st.sampled_from(PIECES), max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_the_file_stays_as_it_is_and_says_the_same_besides(lines: list[str], end: str, ended: bool) -> None:
    data = (end.join(lines) + (end if ended else "")).encode()
    try:
        after = with_table(data, BLOCK, "pyproject.toml")
    except ConfigError:
        return  # which refusals are right stands below
    assert after.startswith(data)
    assert end == "\n" or after.count(b"\n") == after.count(b"\r\n") or b"\r\n" not in data
    before, found = tomli.loads(data.decode()), tomli.loads(after.decode())
    assert found["tool"].pop("mlsec-lint") == {"profile": "strict"}
    assert {**before, "tool": before.get("tool", {})} == found


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"this is no TOML", "p.toml: no valid TOML: "),
        ("a = 1\n".encode("utf-16"), "p.toml: not UTF-8: byte 0; save it as UTF-8"),
        (b"tool = 3\n", "p.toml: tool: expected a table; write it into mlsec-lint.toml instead"),
        (b"tool = { x = 1 }\n", "p.toml: tool: no table can be added to it; write it into mlsec-lint.toml instead"),
        (
            b"[tool.mlsec-lint]\n",
            "p.toml: tool.mlsec-lint: it is there already; `mlsec-lint config` shows what it says",
        ),
        (b"a = 1979-99-99\n", "p.toml: no valid TOML"),
        (b"a = " + b"[" * 3000, "p.toml: no valid TOML"),
    ],
)
def test_what_cannot_be_added_to_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        with_table(data, BLOCK, "p.toml")
    assert str(refusal.value).startswith(said)
