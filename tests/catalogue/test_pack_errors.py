"""Mistakes in models, the vocabulary, Bandit's table and the files themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlsec_lint.catalogue.errors import PackError
from mlsec_lint.catalogue.load import join, load_pack, load_packs
from mlsec_lint.catalogue.toml import MAX_BYTES
from mlsec_lint.catalogue.vocabulary import Vocabulary
from tests.catalogue.packs import RULE, RULE_PATH, errors_of, load_files, rule, with_match, write_pack

FACTS = [
    ('[[sourc]]\nkind = "request"', "sourc: unknown key; did you mean 'source'?"),
    (
        '[[source]]\nkind = "reqest"\napi = "a.b"',
        "source[1].kind: unknown source kind 'reqest'; did you mean 'request'?",
    ),
    ('[[source]]\nkind = "request"', "source[1].api: missing; the API path or paths that it is about"),
    ('[[sink]]\nkind = "prompt"\napi = "a.b"', "sink[1].arguments: missing; the arguments where the data does harm"),
    (
        '[[sink]]\nkind = "prompt"\napi = "a.b"\narguments = ["a-b"]',
        "sink[1].arguments[1]: 'a-b' is not an argument: its name, its position (`0`), `*` for any, or `receiver`",
    ),
    ('[[signature]]\napi = "a.b"\nparameters = ["x", "x"]', "signature[1].parameters: names a parameter twice"),
    ('[[alias]]\nname = "a.{b,c}"\nsame-as = "d"', "alias[1].name: must be one API path, without alternation"),
    ('[[barrier]]\napi = "int"', "barrier[1].stops: missing; say what ends here"),
    ('[[barrier]]\napi = "int"\nstops = ["requests"]', "barrier[1].stops[1]: unknown source kind 'requests'"),
    ('[[guard]]\napi = "a.b"\nstop = ["*"]', "guard[1].stop: unknown key; did you mean 'stops'?"),
    (
        '[[handler]]\nparameters = "request"',
        "handler[1]: must have exactly one of `decorator`, `callback`, `base` and `annotation`",
    ),
    ('[[handler]]\ncallback = "a.b"\nreturns = "prompt"', "handler[1]: `callback` and `argument` belong together"),
    ('[[handler]]\nbase = "a.B"\nreturns = "prompt"', "handler[1]: `base` and `method` belong together"),
    ('[[handler]]\ndecorator = "a.b"', "handler[1]: says neither what its parameters nor what its result are"),
    (
        '[[text-format]]\nname = "k"\nkeyword = ["SK"]\npattern = "x"',
        "text-format[1].keyword[1]: 'SK' is not a lower-case text",
    ),
    (
        '[[text-format]]\nname = "k"\nkeyword = ["sk"]\npattern = "x"\nentropy = "3"',
        "text-format[1].entropy: must be a number, not a text",
    ),
    ("[source]", "source: must be a list of tables, not a table; write [[source]]"),
    ("source = [1]", "source[1]: must be a table, not a number"),
]

FILES = [
    ("models/a.toml", "[[source]", "no valid TOML: "),
    ("models/a.toml", 'x = """abc', "no valid TOML: "),
    ("models/a.toml", "x = 2026-02-30", "no valid TOML: "),
    ("models/a.toml", "x = " + "[" * 5_000, "nested too deeply"),
    ("models/a.toml", ".".join("a" * 5_000) + " = 1", "nested too deeply"),
    ("models/a.toml", "# " + "x" * MAX_BYTES, "larger than 512 KiB; split it into several files"),
    ("kinds.toml", "[sorce]", "sorce: unknown table; did you mean 'source'?"),
    ("kinds.toml", "source = 1", "source: must be a table of names and meanings, not a number; write [source]"),
    ("kinds.toml", '[source]\n"A B" = "x"', "source.'A B': 'A B' is not a name of lower-case words joined by hyphens"),
    ("kinds.toml", "[source]\na = 1", "source.a: must be a text, not a number"),
    ("bandit.toml", '[X1]\nname = "a"', "X1: 'X1' is not an id of Bandit's: `B614`"),
    ("bandit.toml", "[B101]\nnam = 1", "B101.nam: unknown key; did you mean 'name'?"),
    ("bandit.toml", "B101 = 1", "B101: must be a table, not a number"),
]


@pytest.mark.parametrize(("text", "line"), FACTS)
def test_mistake_in_a_model(tmp_path: Path, text: str, line: str) -> None:
    found = errors_of(tmp_path, {"models/a.toml": text})
    assert any(error.startswith(f"pack/models/a.toml: {line}") for error in found), found


@pytest.mark.parametrize(("file", "text", "line"), FILES)
def test_mistake_in_a_file(tmp_path: Path, file: str, text: str, line: str) -> None:
    found = errors_of(tmp_path, {file: text})
    assert any(error.startswith(f"pack/{file}: {line}") for error in found), found


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, {})
    (pack / "models").mkdir()
    (pack / "models" / "a.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(PackError, match=r"pack/models/a\.toml: not UTF-8: byte 5; save it as UTF-8"):
        load_pack(pack)


def test_an_unreadable_model_is_the_only_mistake_when_it_may_hold_the_missing_words(tmp_path: Path) -> None:
    table = '[[match.text]]\nformat = "key-x"\n[[match.flow]]\nfrom = "badge"\nto = "prompt"'
    (found,) = errors_of(tmp_path, {RULE_PATH: with_match(table), "models/a.toml": FORMAT + "["})
    assert found.startswith("pack/models/a.toml: no valid TOML")


def test_a_link_that_leaves_the_pack_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("password-of-the-host = 1")
    pack = write_pack(tmp_path, {"models/b.toml": ""})
    (pack / "models" / "a.toml").symlink_to(tmp_path / "secret.toml")
    with pytest.raises(PackError) as caught:
        load_pack(pack)
    assert str(caught.value) == "pack/models/a.toml: a link that leaves the pack; copy the file"


def test_no_folder_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no such folder; name the folder that holds the rules"):
        load_pack(tmp_path / "missing")
    with pytest.raises(PackError, match="holds no TOML file"):
        load_pack(tmp_path)


def test_fixtures_are_no_rules(tmp_path: Path) -> None:
    pack = load_files(tmp_path, {RULE_PATH: RULE, "fixtures/deserialization/a/pyproject.toml": "[project]"})
    assert [rule.id for rule in pack.rules] == ["MLS103"]


def test_the_words_and_names_of_packs_before(tmp_path: Path) -> None:
    first = load_files(tmp_path / "1", {RULE_PATH: RULE, "models/a.toml": FORMAT})
    flow = with_match('[[match.flow]]\nfrom = "request"\nto = "prompt"\n[[match.text]]\nformat = "key-*"')
    flow = flow.replace('"MLS103"', '"ACME100"').replace("unsafe-torch-load", "acme-prompt")
    second = write_pack(
        tmp_path / "2", {"kinds.toml": "[source]\nbadge = 'a badge'", "acme/ACME100-acme-prompt.toml": flow}
    )
    joined = join(first, load_pack(second, first))
    assert [rule.id for rule in joined.rules] == ["MLS103", "ACME100"]
    assert joined.rules[1].tags == ("acme",)
    assert {"badge", "request"} <= {kind.name for kind in joined.kinds}


def test_what_packs_before_have_taken(tmp_path: Path) -> None:
    first = load_files(tmp_path / "1", {RULE_PATH: RULE, "models/a.toml": FORMAT})
    second = write_pack(tmp_path / "2", {RULE_PATH: RULE, "models/a.toml": FORMAT})
    with pytest.raises(PackError) as caught:
        load_pack(second, first)
    assert str(caught.value).splitlines() == [
        "pack/kinds.toml: source.request: the source 'request' is taken by kinds.toml; choose another",
        "pack/kinds.toml: sink.prompt: the sink 'prompt' is taken by kinds.toml; choose another",
        "pack/kinds.toml: trait.rounded: the trait 'rounded' is taken by kinds.toml; choose another",
        "pack/models/a.toml: text-format[1].name: the text format 'key-x' is taken by another pack; choose another",
        f"pack/{RULE_PATH}: id: the id 'MLS103' is taken by {RULE_PATH}; choose another",
        f"pack/{RULE_PATH}: name: the name 'unsafe-torch-load' is taken by {RULE_PATH}; choose another",
    ]


def test_a_pack_of_a_company_joins_the_bundled_one(tmp_path: Path) -> None:
    text = rule('"MLS103"', '"ACME103"').replace("unsafe-torch-load", "acme-load")
    pack = write_pack(tmp_path, {"kinds.toml": "", "acme/ACME103-acme-load.toml": text})
    joined = load_packs([pack])
    assert "ACME103" in {rule.id for rule in joined.rules}
    assert joined.digest != load_packs().digest


def test_other_predicates(tmp_path: Path) -> None:
    table = '[[match.call]]\napi = "a.b"\nwhere = { x = { is = "odd" } }'
    pack = write_pack(tmp_path, {RULE_PATH: with_match(table)})
    known = Vocabulary(value_predicates=frozenset({"odd"}))
    assert load_pack(pack, vocabulary=known).rules[0].id == "MLS103"
    with pytest.raises(PackError, match="unknown predicate on values 'odd'"):
        load_pack(pack)


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    one = load_files(tmp_path / "1", {RULE_PATH: RULE}).digest
    assert load_files(tmp_path / "2", {RULE_PATH: RULE}).digest == one
    assert load_files(tmp_path / "3", {RULE_PATH: rule('"high"', '"low"')}).digest != one


FORMAT = '[[text-format]]\nname = "key-x"\nkeyword = ["x-"]\npattern = "x-[a-z]{20}"\n'
