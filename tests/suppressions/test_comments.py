from __future__ import annotations

import io
import tokenize
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.suppressions.comments import comments_of, scan
from tests.growth import grows_in_proportion


def found(text: str) -> list[tuple[int, int, str]]:
    return [(comment.line, comment.column, comment.text) for comment in scan(text).comments]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1  # a", [(1, 8, "# a")]),
        ("x = '# no'  # yes", [(1, 13, "# yes")]),
        ('x = """\n# no\n"""  # yes', [(3, 6, "# yes")]),
        ("x = 'it\\'s # no'  # yes", [(1, 19, "# yes")]),
        ("x = r'\\' # no'  # yes", [(1, 17, "# yes")]),
        ("a = b'#' + rb'#' # yes", [(1, 18, "# yes")]),
        ("f'{x:#x}' # yes", [(1, 11, "# yes")]),
        ("f'{{# no}}' # yes", [(1, 13, "# yes")]),
        ("f'{d['a']} # no' # yes", [(1, 18, "# yes")]),
        ("f'{d[\"#\"]:>{w}} # no' # yes", [(1, 23, "# yes")]),
        ("f'{x!r:{'#'}>4} # no' # yes", [(1, 23, "# yes")]),
        ("f'''{\n  x  # yes\n}'''", [(2, 6, "# yes")]),
        ("f'{ {1: 2}[1] } # no' # yes", [(1, 23, "# yes")]),
        ("rf'{x}\\' # no' # yes", [(1, 16, "# yes")]),
        ("'{' # yes", [(1, 5, "# yes")]),
        ("x = 'never closed # no\ny = 2 # yes", [(2, 7, "# yes")]),
        ("f'{x # yes\n}' # also", [(1, 6, "# yes"), (2, 4, "# also")]),
        ("x = 1 \\\r\n  + 2  # yes\r\n", [(2, 8, "# yes")]),
        ("a\rb # yes\r", [(2, 3, "# yes")]),
        ("def f(\n  a, # one\n  # two\n): pass", [(2, 6, "# one"), (3, 3, "# two")]),
        ("x = ) # yes", [(1, 7, "# yes")]),
        ("", []),
    ],
)
def test_comments_are_told_from_strings(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert found(text) == expected
    assert comments_of(text) == scan(text).comments


def test_alone_means_that_only_white_space_stands_before() -> None:
    text = "# one\n\t # two\nx  # three\n'''\n''' # four\n"
    assert [comment.alone for comment in scan(text).comments] == [True, True, False, False]


def test_decorators_are_found_with_the_lines_that_they_span() -> None:
    text = "@a\n@b(\n  1,  # x\n)\n# c\n@d\ndef f(): return a @ b\nx = (a\n@ b)\n"
    assert scan(text).decorators == ((1, 1), (2, 4), (6, 6))


FRAGMENTS = ["'", '"', '"""', "'''", "f'", "{", "}", "#", "\n", "\\", "\r", ":", "(", ")", "x", " ", "@", "rb", "{{"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_no_text_makes_it_fail_and_every_comment_is_where_it_says(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for comment in scan(text).comments:
        assert lines[comment.line - 1][comment.column - 1 :] == comment.text
    assert comments_of(text) == scan(text).comments


STATEMENTS = [
    "x = 1",
    "y = 'a#b'",
    "z = f'{x} # {y}'",
    's = """\n#\n"""',
    "def f():\n    return (1,\n  2)",
    "w = r'\\#'",
]


@given(st.lists(st.tuples(st.sampled_from(STATEMENTS), st.sampled_from(["", "  # note", "\n# alone"])), max_size=8))
def test_it_agrees_with_tokenize_on_valid_code(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"{statement}{comment}\n" for statement, comment in parts)
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    expected = [(t.start[0], t.start[1] + 1, t.string) for t in tokens if t.type == tokenize.COMMENT]
    assert found(text) == expected
    assert comments_of(text) == scan(text).comments


@pytest.mark.parametrize("find", [scan.__wrapped__, comments_of.__wrapped__])
@pytest.mark.parametrize("unit", ["(", "f'{", "'", '"""', "#\n", "@", "{{", "\\", "f'''{x:{"])
def test_the_time_is_linear(unit: str, find: Callable[[str], object]) -> None:
    def work(count: int) -> Callable[[], object]:
        text = f"{unit * count}#"
        return lambda: find(text)

    assert grows_in_proportion(work, 1_000)
