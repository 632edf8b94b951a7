from __future__ import annotations

from io import StringIO

from hypothesis import given
from hypothesis import strategies as some

from mlsec_lint.syntax.lines import end_of, with_ends


@given(some.text(some.sampled_from("ab \r\n\f\v\x1c\x85\u2028"), max_size=12))
def test_lines_end_where_python_ends_them(text: str) -> None:
    lines = with_ends(text)
    assert lines == list(StringIO(text, newline=""))
    assert all(line.endswith(end_of(line)) and end_of(line) in {"\n", "\r", "\r\n"} for line in lines[:-1])


def test_a_last_line_may_have_no_end() -> None:
    assert [end_of(line) for line in with_ends("a\r\nb")] == ["\r\n", ""]
    assert with_ends("") == []
