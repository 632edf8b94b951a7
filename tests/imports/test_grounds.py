"""What results rest on: questions and answers, remembered with what came of them, written down and read again."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.imports.grounds import Inquiry, answered, asked_anew, read, together, written

ANSWERS = st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=5)


def noted(inquiry: Inquiry, file: str, answers: dict[str, str]) -> None:
    for question, answer in answers.items():
        inquiry.note(file, question, lambda answer=answer: answer)  # type: ignore[misc]


@given(st.dictionaries(st.sampled_from(["/p/a.py", "/p/b.py", "/p/ü.py"]), ANSWERS))
def test_what_was_asked_is_asked_again_and_answered_alike(files: dict[str, dict[str, str]]) -> None:
    inquiry = Inquiry()
    for file, answers in files.items():
        noted(inquiry, file, answers)
    asked = inquiry.files()
    rows = read(written(asked.values()))
    assert list(asked) == sorted(file for file, answers in files.items() if answers)
    for file, (digest, questions) in zip(asked, rows, strict=True):
        assert sorted(questions) == sorted(files[file])
        assert asked_anew(questions, files[file].__getitem__) == digest == answered(asked[file])
        for question in questions:
            others = files[file] | {question: files[file][question] + "!"}
            assert asked_anew(questions, others.__getitem__) != digest


def test_what_is_remembered_brings_its_grounds_along_wherever_it_is_used() -> None:
    inquiry = Inquiry()
    outer = inquiry.begin()
    noted(inquiry, "b", {"inner": "1"})
    inner = inquiry.end(outer)
    assert inquiry.files() == {}
    outer = inquiry.begin()
    noted(inquiry, "b", {"own": "1"})
    inquiry.add(inner)
    both = inquiry.end(outer)
    noted(inquiry, "a", {"x": "1"})
    inquiry.add(together([both, inner]))
    assert {file: sorted(questions) for file, questions in inquiry.files().items()} == {
        "a": ["x"],
        "b": ["inner", "own"],
    }
    inquiry.reset()
    assert inquiry.files() == {}


def test_an_answer_is_found_once() -> None:
    inquiry, calls = Inquiry(), list[int]()

    def answer() -> str:
        calls.append(1)
        return ""

    for _ in range(3):
        inquiry.note("a", "q", answer)
    assert len(calls) == 1


def packed(data: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(data).encode())).decode()


@pytest.mark.parametrize(
    "text",
    ["", "é", "AAAA", packed(1), packed([1]), packed([[]]), packed([[1]]), packed([["", 2]]), packed("x" * 60_000_000)],
    ids=range(9),
)
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no questions"):
        read(text)
