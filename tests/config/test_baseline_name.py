"""The name of a baseline in a configuration that somebody else may have written."""

from __future__ import annotations

import pytest

from mlsec_lint.config.keys import read


@pytest.mark.parametrize("name", ["x\n::error::y", "x\x1b[31m", "x\u2028y"])
def test_a_name_that_could_speak_to_a_log_is_a_mistake(name: str) -> None:
    found, (mistake,) = read({"baseline": name}, "mlsec-lint.toml")
    assert "baseline" not in found
    assert mistake.message.startswith("expected a text on one line")
