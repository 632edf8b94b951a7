from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.findings import Frame, Location, Problem, Span
from mlsec_lint.sources.classification import is_test
from mlsec_lint.sources.reading import read, read_text
from mlsec_lint.sources.source import SourceFile


def text_of(data: bytes) -> str:
    file = read_text(data, "a.py")
    assert isinstance(file, SourceFile), file
    return file.text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a = 1\r\n", "a = 1\r\n"),
        (b"\xef\xbb\xbfa = '\xc3\xa9'", "a = 'é'"),
        (b"# coding: latin-1\na = '\xe9'", "# coding: latin-1\na = 'é'"),
        (b"\n# -*- coding: Latin_1-unix -*-\n'\xe9'", "\n# -*- coding: Latin_1-unix -*-\n'é'"),
        (b"\xef\xbb\xbf# vim: set fileencoding=utf-8-unix :\n", "# vim: set fileencoding=utf-8-unix :\n"),
        (b"# coding: cp1252\n'\x80'", "# coding: cp1252\n'€'"),
        (b"a = 1\n# coding: latin-1\n'\xc3\xa9'", "a = 1\n# coding: latin-1\n'é'"),
        (b"# coding: utf-7\n+AGEAPQAx-", "# coding: utf-7\na=1"),
    ],
)
def test_it_decodes_as_python_does(data: bytes, text: str) -> None:
    assert text_of(data) == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("a = 1".encode("utf-16"), "UTF-16"),
        ("a = 1".encode("utf-32"), "UTF-32"),
        (b"a = 1\nb = '\xff'", "line 2"),
        (b"# coding: klingon\n", "klingon"),
        (b"# coding: punycode\n", "punycode"),
        (b"# coding: base64\n", "base64"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "byte order mark"),
        (b"a = 1\0", "NUL"),
    ],
)
def test_what_python_does_not_decode_is_a_problem(data: bytes, words: str) -> None:
    problem = read_text(data, "a.py")
    assert isinstance(problem, Problem)
    assert problem.kind == "undecodable"
    assert words in problem.message
    assert problem.hint


@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"# coding: utf-7\n", b"#coding=gb18030\n", b'{"cells":[']),
    st.booleans(),
)
def test_it_never_raises(data: bytes, head: bytes, notebook: bool) -> None:
    found = read_text(head + data, "a.ipynb" if notebook else "a.py")
    if isinstance(found, SourceFile):
        assert found.text.encode("utf-8") is not None
    else:
        assert found.message


def test_a_plain_place_is_itself() -> None:
    file = read_text("a\fb\u2028c\rd = 1\r\ne", "a.py")
    assert isinstance(file, SourceFile)
    assert file.lines == 3
    assert file.locate(Span(2, 1, 2, 2)) == Location("a.py", Span(2, 1, 2, 2))
    assert file.frame(Span(2, 1, 2, 2)) == Frame(1, ("a\fb\u2028c", "d = 1", "e"), Span(2, 1, 2, 2))
    assert file.frame(Span(3, 1, 3, 2), before=0).lines == ("e",)


def test_a_frame_is_cut_with_its_span() -> None:
    file = read_text("a = [\n" + "1,\n" * 500 + "b" * 5000 + "]\n", "a.py")
    assert isinstance(file, SourceFile)
    frame = file.frame(Span(1, 1, 502, 3))
    assert len(frame.lines) < 20
    assert frame.span == Span(1, 1, len(frame.lines), 3)
    assert file.frame(Span(502, 4000, 502, 4010)).span == Span(502, 2001, 502, 2001)


def test_lines_count_as_people_count_them() -> None:
    counts = [
        file.lines for text in ("", "a", "a\n", "a\n\n") if isinstance(file := read_text(text, "a.py"), SourceFile)
    ]
    assert counts == [0, 1, 1, 2]


def test_files_are_bounded_regular_and_there(tmp_path: Path) -> None:
    big = tmp_path / "big.py"
    big.write_bytes(b"a" * 11)
    found = [
        read(big, "big.py", largest=10),
        read(tmp_path / "no.py", "no.py"),
        read(tmp_path, "."),
        read(Path("\0"), "x"),
    ]
    assert [problem.kind for problem in found if isinstance(problem, Problem)] == [
        "bound",
        "missing",
        "unreadable",
        "unreadable",
    ]
    assert isinstance(read(big, "big.py", largest=11), SourceFile)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    problem = read(tmp_path / "pipe.py", "pipe.py")
    assert isinstance(problem, Problem)
    assert problem.message == "this file cannot be read: it is no regular file"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/a.py", True),
        ("pkg/integration_tests/a.py", True),
        ("examples/rag/app.py", True),
        ("docs/conf.py", True),
        ("test_a.py", True),
        ("a_test.py", True),
        ("conftest.py", True),
        ("agent_demo.ipynb", True),
        ("src/app.py", False),
        ("src/testing/app.py", False),
        ("src/latest.py", False),
        ("src/contest.py", False),
        ("attestation/democracy.py", False),
        ("tests.py", True),
    ],
)
def test_tests_examples_and_demos_are_known_by_their_path(path: str, expected: bool) -> None:
    assert is_test(path) is expected
