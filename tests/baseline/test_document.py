"""Baseline files by hand, most of them hostile or broken."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from mlsec_lint.baseline.document import LARGEST, baseline_schema, read_baseline, written
from mlsec_lint.baseline.entry import Key
from mlsec_lint.baseline.errors import BaselineError

ENTRY = {"path": "a.py", "rule": "MLS103", "qualname": "f", "code": "0" * 16, "count": 1}
SCHEMA = Draft202012Validator(baseline_schema())

KEYS = st.builds(
    Key,
    path=st.text(min_size=1, max_size=8).filter(
        lambda text: text[0] not in "/\\" and "\0" not in text and text[1:3] != ":/"
    ),
    rule=st.from_regex(r"[A-Z]{1,3}[0-9]{3}", fullmatch=True).filter(str.isascii),
    qualname=st.text(max_size=8),
    code=st.text("0123456789abcdef", min_size=16, max_size=16),
)


def file_of(folder: Path, text: str | bytes) -> Path:
    file = folder / "baseline.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def of(*entries: object, **more: object) -> str:
    return json.dumps({"version": "1", "entries": list(entries), **more})


def test_a_name_that_no_system_takes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="cannot be read"):
        read_baseline(tmp_path / ("a" * 300))


@given(entries=st.dictionaries(KEYS, st.integers(1, 1_000), max_size=6))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, entries: dict[Key, int]) -> None:
    text = written(entries)
    assert read_baseline(file_of(tmp_path_factory.mktemp("baseline"), text)) == dict(sorted(entries.items()))
    assert text == written(dict(reversed(entries.items())))
    assert text.isascii()
    assert len(text.splitlines()) == (len(entries) + 2 if entries else 1)
    SCHEMA.validate(json.loads(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no JSON (line 1, column 1)"),
        (b"\xff\xfe", "is not UTF-8"),
        ("[]", "is no baseline"),
        ("{}", "is no baseline"),
        ('{"version": 1, "entries": []}', "is no baseline"),
        ('{"version": "2", "entries": []}', "version '2'"),
        ('{"version": "1", "version": "1", "entries": []}', "is no baseline"),
        ('{"version": "1"}', "a list of `entries`"),
        (of(more=1), "a list of `entries`"),
        ("[" * 200_000, "is no baseline"),
        (of({**ENTRY, "count": 0}), "entry 1: `count`"),
        (of(ENTRY, {**ENTRY, "count": True}), "entry 2: `count`"),
        (of({**ENTRY, "count": 10**7}), "entry 1: `count`"),
        ('{"version": "1", "entries": [{"count": ' + "9" * 5_000 + "}]}", "is no baseline"),
        (of({**ENTRY, "path": "/etc/passwd"}), "`path`"),
        (of({**ENTRY, "path": "C:/x.py"}), "`path`"),
        (of({**ENTRY, "path": "a\0b"}), "`path`"),
        (of({**ENTRY, "path": ""}), "`path`"),
        (of({**ENTRY, "path": 3}), "`path`"),
        (of({**ENTRY, "rule": "\x1b[2J"}), "`rule`"),
        (of({**ENTRY, "code": "xyz"}), "`code`"),
        (of({**ENTRY, "qualname": None}), "`qualname`"),
        (of({**ENTRY, "line": 3}), "an entry holds"),
        (of("MLS103"), "an entry holds"),
        ("<<<<<<< HEAD\n" + of() + "\n=======\n" + of() + "\n>>>>>>> other\n", "markers of a merge conflict"),
        (of().replace("[", "[\r\n<<<<<<< ours\r\n=======\r\n"), "markers of a merge conflict"),
    ],
)
def test_what_is_no_baseline_is_refused_with_a_next_step(tmp_path: Path, text: str | bytes, said: str) -> None:
    file = file_of(tmp_path, text)
    with pytest.raises(BaselineError) as error:
        read_baseline(file)
    assert said in str(error.value)
    assert str(error.value).startswith(str(file))
    assert "mlsec-lint baseline" in str(error.value)
    assert str(error.value).isprintable()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda items: st.lists(items) | st.dictionaries(st.sampled_from(["version", "entries", *ENTRY]), items),
    )
)
def test_what_the_schema_refuses_is_refused(tmp_path_factory: pytest.TempPathFactory, document: object) -> None:
    file = file_of(tmp_path_factory.mktemp("baseline"), json.dumps(document))
    try:
        read_baseline(file)
    except BaselineError:
        return
    SCHEMA.validate(document)


def test_two_entries_with_one_key_count_once(tmp_path: Path) -> None:
    file = file_of(tmp_path, of(ENTRY, {**ENTRY, "count": 3}, ENTRY))
    assert list(read_baseline(file).values()) == [3]


def test_links_folders_pipes_and_giants_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text(of(), encoding="utf-8")
    (tmp_path / "link.json").symlink_to("real.json")
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    with (tmp_path / "giant.json").open("wb") as giant:
        giant.truncate(LARGEST + 1)
    words = {"link": "symbolic link", "folder": "cannot be read", "pipe": "no regular file", "giant": "larger than"}
    for name, said in {**words, "missing": "no such baseline"}.items():
        with pytest.raises(BaselineError, match=said):
            read_baseline(tmp_path / f"{name}.json")
