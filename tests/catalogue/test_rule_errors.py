"""Every mistake in a rule file is named with its place and the next step."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from mlsec_lint.catalogue.errors import RuleError
from tests.catalogue.packs import RULE, RULE_PATH, errors_of, load_files, rule, with_match

KEYS = [
    (rule("where =", "wher ="), "match.call[1].wher: unknown key; did you mean 'where'?"),
    (rule("summary =", "sumary ="), "sumary: unknown key; did you mean 'summary'?"),
    (rule("[[match.call]]", "[[match.cal]]"), "match.cal: unknown key; did you mean 'call'?"),
    (rule("[example]", "[exmple]"), "exmple: unknown key; did you mean 'example'?"),
    (rule("[example]", "[exmple]"), "example: missing; a canonical example"),
    (rule('severity = "high"', ""), "severity: missing; how bad it is when the finding is right"),
    (rule('flagged = "torch.load(path, weights_only=False)"', ""), "example.flagged: missing; code that is reported"),
    (
        rule("[[match.call]]", "[[match.call]]\nzzz = 1"),
        "match.call[1].zzz: unknown key; known keys: api, where, unless",
    ),
]

VALUES = [
    (rule('"high"', '"hihg"'), "severity: unknown severity 'hihg'; did you mean 'high'?"),
    (rule('"high"', '"blocker"'), "severity: unknown severity 'blocker'; one of critical, high, info, low, medium"),
    (rule('"high"', "4"), "severity: must be a text, not a number"),
    (rule('"a checkpoint is unpickled"', '" "'), "summary: must not be empty"),
    (rule('"a checkpoint is unpickled"', "1979-05-27"), "summary: must be a text, not a date or time"),
    (rule('summary = "a', 'tags = "x"\nsummary = "a'), "tags: must be a list, not a text; write it in square brackets"),
    (rule('summary = "a', 'cwe = ["502"]\nsummary = "a'), "cwe[1]: must be a number, not a text; write `cwe = [502]`"),
    (rule('summary = "a', 'cwe = [0]\nsummary = "a'), "cwe[1]: is not the number of a weakness; write `cwe = [502]`"),
    (
        rule('summary = "a', 'stride = ["tamper"]\nsummary = "a'),
        "stride[1]: unknown STRIDE class 'tamper'; did you mean",
    ),
    (rule('summary = "a', 'atlas = ["T11"]\nsummary = "a'), "atlas[1]: 'T11' is not `AML.T0011.000`"),
    (rule('summary = "a', 'refines = ["614"]\nsummary = "a'), "refines[1]: '614' is not an id of Bandit's: `B614`"),
    (rule('summary = "a', 'references = ["x"]\nsummary = "a'), "references[1]: 'x' is not a web address"),
    (rule("`{api}` unpickles", "`{apis}` unpickles"), "message: unknown placeholder '{apis}'; did you mean 'api'?"),
    (rule("[example]", "[fix]\nsafety = 'safe'\n[example]"), "fix: does nothing; add `set`, `drop`, `call` or `pin`"),
    (
        rule("[example]", "[fix]\nset = { a = 1 }\nsafety = 'sure'\n[example]"),
        "fix.safety: unknown safety 'sure'; one of",
    ),
    (rule("[example]", "[fix]\nset = { a = [1] }\nsafety = 'safe'\n[example]"), "fix.set.a: must be a text, number or"),
    (rule("[[match.call]]", "[match.call]"), "match.call: must be a list of tables, not a table; write [[match.call]]"),
]

IDENTITY = [
    (rule('"MLS103"', '"MLS104"'), "id: the file must be called 'MLS104-unsafe-torch-load.toml'; rename one of them"),
    (rule('"MLS103"', '"MLS203"'), "id: 'MLS203' belongs into the folder `downloads`; move it, or take another id"),
    (rule('"MLS103"', '"mls103"'), "id: 'mls103' is not a rule id: capital letters and three digits, `MLS103`"),
    (rule('"MLS103"', '"B614"'), "id: 'B614' is not a rule id: capital letters and three digits, `MLS103`"),
    (rule('"unsafe-torch-load"', '"Unsafe"'), "name: 'Unsafe' is not lower-case words joined by hyphens"),
    (with_match(""), "match: missing; add at least one table such as [[match.call]]"),
]

CALLS = [
    ('api = "torch.lo ad"', "api: 'torch.lo ad' is no API path: an API path is not empty and has no blanks"),
    ('api = ["a.b", "{a,b"]', "api[2]: '{a,b' is no API path: a `{` without its `}`"),
    ('api = "?"', "api: '?' is no API path: `?` stands alone as the first segment, before a name: `?.predict_proba`"),
    ('api = "a.?.b"', "api: 'a.?.b' is no API path: `?` stands alone as the first segment"),
    ('api = "*.load"', "api: '*.load' is no API path: `*` is one segment, but not the first"),
    ('api = "a.from_*"', "api: 'a.from_*' is no API path: `*` stands for exactly one whole segment"),
    ('api = "a.b[0]"', "api: 'a.b[0]' is no API path: only `()` says more than a name"),
    ('api = "a..b"', "api: 'a..b' is no API path: an API path is dotted names"),
    ('api = "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"', "it stands for more than 512 paths; write several"),
    ("api = []", "api: must not be an empty list"),
    ("api = 3", "api: must be a text, not a number"),
    ('api = "a.b"\nwhere = { x = { mathces = "y" } }', "where.x.mathces: unknown test; did you mean 'matches'?"),
    (
        'api = "a.b"\nwhere = { x = { absent = true, is = "secret" } }',
        "where.x: a test has exactly one key; one of absent",
    ),
    ('api = "a.b"\nwhere = { x = {} }', "where.x: a test has exactly one key"),
    ('api = "a.b"\nwhere = { x = { absent = "yes" } }', "where.x.absent: must be `true` or `false`, not a text"),
    (
        'api = "a.b"\nwhere = { x = { is = "comit-sha" } }',
        "where.x.is: unknown predicate on values 'comit-sha'; did you mean",
    ),
    (
        'api = "a.b"\nwhere = { x = { origin = "reqest" } }',
        "where.x.origin: unknown source kind 'reqest'; did you mean 'request'?",
    ),
    ('api = "a.b"\nwhere = { x = { matches = "(" } }', "where.x.matches: no regular expression: missing )"),
    (
        'api = "a.b"\nwhere = { x = { matches = "(a+)+" } }',
        "where.x.matches: nested quantifiers may take exponential time",
    ),
    ('api = "a.b"\nwhere = { x = { not = { api = "?" } } }', "where.x.not.api: '?' is no API path"),
    ('api = "a.b"\nwhere = { "x y" = 1 }', "where.'x y': 'x y' is not an argument: its name, its position"),
    (
        'api = "a.b"\nwhere = []',
        "where: must be a table of arguments and tests, not a list; write `{ argument = test }`",
    ),
    (
        'api = "a.b"\nunless-check = "round-tripp"',
        "unless-check: unknown predicate on calls 'round-tripp'; did you mean",
    ),
    ('api = "a.b"\nwhen = { torch = "2.6" }', "when.torch: '2.6' is not a version specifier such as"),
    (
        'api = "a.b"\nwhen = { Scikit_Learn = "<2" }',
        "'Scikit_Learn' is no normalised library name; write 'scikit-learn'",
    ),
    (
        'api = "a.b"\nwhen = "<2"',
        'when: must be a table of libraries and versions, not a text; write `{ torch = "<2.6" }`',
    ),
    ('api = "a.b"\nwhen-unknown = "no"', "when-unknown: says nothing without `when`"),
    ('api = "a.b"\nmaybe = "nevr"', "maybe: unknown profile 'nevr'; one of audit, default, strict"),
    ('api = "a.b"\nreference = 1', "reference: must be `true` or `false`, not a number"),
]

OTHERS = [
    (
        '[[match.flow]]\nfrom = ["reqest"]\nto = ["prompt"]',
        "match.flow[1].from[1]: unknown source kind 'reqest'; did you",
    ),
    ('[[match.flow]]\nfrom = ["request"]\nto = ["promt"]', "match.flow[1].to[1]: unknown sink kind 'promt'; did you"),
    (
        '[[match.flow]]\nfrom = ["request"]\nto = ["prompt"]\ntraits = ["rounde"]',
        "match.flow[1].traits[1]: unknown trait 'rounde'; did you mean 'rounded'?",
    ),
    ('[[match.flow]]\nfrom = ["request"]', "match.flow[1].to: missing; sink kinds"),
    (
        '[[match.text]]\nformat = ["key-*"]',
        "match.text[1].format: no [[text-format]] is called 'key-*'; add it to a model",
    ),
    (
        '[[match.literal]]\nname = "x"\ncontext = ["assignement"]\nvalue = 1',
        "match.literal[1].context[1]: unknown context 'assignement'; did you mean 'assignment'?",
    ),
    (
        '[[match.keyword]]\nkeyword = "a.b"\nvalue = true',
        "match.keyword[1].keyword: 'a.b' is not a keyword argument's name",
    ),
    (
        '[[match.environment]]\nvariable = "A-B"\nvalue = "1"',
        "match.environment[1].variable: 'A-B' is not an environment",
    ),
    ('[[match.assign]]\ntarget = "a.b"', "match.assign[1].value: missing; a test of the value"),
]


@pytest.mark.parametrize(("text", "line"), KEYS + VALUES + IDENTITY)
def test_mistake_in_a_rule(tmp_path: Path, text: str, line: str) -> None:
    found = errors_of(tmp_path, {RULE_PATH: text})
    assert any(error.startswith(f"pack/{RULE_PATH}: {line}") for error in found), found


@pytest.mark.parametrize(("table", "line"), CALLS)
def test_mistake_in_a_call_match(tmp_path: Path, table: str, line: str) -> None:
    (found,) = errors_of(tmp_path, {RULE_PATH: with_match(f"[[match.call]]\n{table}")})
    assert found.startswith(f"pack/{RULE_PATH}: match.call[1].")
    assert line in found


@pytest.mark.parametrize(("table", "line"), OTHERS)
def test_mistake_in_another_match(tmp_path: Path, table: str, line: str) -> None:
    (found,) = errors_of(tmp_path, {RULE_PATH: with_match(table)})
    assert found.startswith(f"pack/{RULE_PATH}: {line}")


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    other = "deserialization/MLS104-other.toml"
    broken = rule('"high"', '"hihg"').replace("where =", "wher =")
    found = errors_of(tmp_path, {RULE_PATH: broken, other: "id = 3"})
    assert len([line for line in found if RULE_PATH in line]) == 2
    assert f"pack/{other}: id: must be a text, not a number" in found


def test_ids_and_names_are_taken_once(tmp_path: Path) -> None:
    found = errors_of(tmp_path, {RULE_PATH: RULE, "deserialization/again/MLS103-unsafe-torch-load.toml": RULE})
    place = "pack/deserialization/again/MLS103-unsafe-torch-load.toml"
    assert f"{place}: id: the id 'MLS103' is taken by {RULE_PATH}; choose another" in found
    assert f"{place}: name: the name 'unsafe-torch-load' is taken by {RULE_PATH}; choose another" in found


def test_control_characters_of_a_pack_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (found,) = errors_of(tmp_path, {RULE_PATH: RULE + '[fix]\nsafety = "safe"\ndrop = "a"\n"\\u001b[2J" = 1\n'})
    assert "\x1b" not in found
    assert "fix.'\\x1b[2J': unknown key" in found


def test_code_in_braces_is_no_placeholder(tmp_path: Path) -> None:
    pack = load_files(tmp_path, {RULE_PATH: rule("Pass `weights_only=True`.", 'Write `f\\"{question}\\"`.')})
    assert pack.rules[0].remedy == 'Write `f"{question}"`.'


def test_an_error_survives_pickling_and_compares_by_its_parts() -> None:
    error = RuleError("a.toml", "id", "missing", "add it")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "a.toml: id: missing; add it"
    assert (again.file, again.key, again.message, again.suggestion) == ("a.toml", "id", "missing", "add it")
