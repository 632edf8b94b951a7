from __future__ import annotations

import pytest

from mlsec_lint.catalogue import model
from mlsec_lint.findings import Severity
from mlsec_lint.match.literals import named_constants
from mlsec_lint.match.matched import Matches
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.text_formats import secrets_in
from mlsec_lint.match.wake import Funnel
from mlsec_lint.scan import scan
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.outline import Outline
from mlsec_lint.syntax.walk import walk

TRUE = model.Test(equals=(True,))


def outlines_of(code: str) -> list[Outline]:
    return [chunk.outline for chunk in Module(code).chunks]


def rule(match: model.Match, id_: str = "TST001", refines: tuple[str, ...] = ()) -> model.Rule:
    return model.Rule(id_, "test", "a test", Severity.HIGH, "", "", "", matches=(match,), refines=refines)


def seen(
    match: model.Match, code: str, facts: tuple[model.Fact, ...] = (), refines: tuple[str, ...] = ()
) -> tuple[Matches, Module]:
    index = RuleIndex([rule(match, refines=refines)], facts, ())
    module = Module(code)
    live = Funnel.of(index).live_for(code, outlines_of(code))
    whole, found = scan(module, None, index, "").matches, scan(module, live, index, "").matches
    assert [item.place for item in found.matched] == [item.place for item in whole.matched]
    return found, module


def lines(match: model.Match, code: str, facts: tuple[model.Fact, ...] = ()) -> list[int]:
    found, module = seen(match, code, facts)
    return [module.span(item.place).start_line for item in found.matched]


CALL = model.CallMatch(("lib.load",), where=(("unsafe", TRUE),), reference=True)
REFERENCE = model.CallMatch(("lib.load",), reference=True)
KEYWORD = model.KeywordMatch("trust", TRUE, not_api=("lib.option",), parameter_default=True)


@pytest.mark.parametrize(
    ("match", "code", "found"),
    [
        (CALL, "import lib\nlib.load(p, unsafe=True)\n", [2]),
        (CALL, "from lib import load as read\nread(p, unsafe=True)\n", [2]),
        (CALL, "import lib\nlib.load(p)\n", []),
        (CALL, "load(p, unsafe=True)\n", []),
        (REFERENCE, "import lib\nmap(lib.load, xs)\n", [2]),
        (REFERENCE, "import lib\nmap(function=lib.load)\n", [2]),
        (REFERENCE, "import lib\nx = lib.load\n", []),
        (KEYWORD, "f(trust=True)\n", [1]),
        (KEYWORD, "f(trust=False)\n", []),
        (KEYWORD, "import lib\nlib.option(trust=True)\n", []),
        (KEYWORD, "def f(trust=True): pass\n", [1]),
        (KEYWORD, "def f(trust=False): pass\n", []),
        (KEYWORD, "options = {'trust': True}\nf(**options)\n", [2]),
        (model.AssignMatch(("lib.key",), model.Test(matches="^a")), "import lib\nlib.key = 'abc'\n", [2]),
        (model.AssignMatch(("lib.key",), model.Test(matches="^a")), "import lib\nlib.key = 'b'\n", []),
        (model.EnvironmentMatch(("V",), model.Test(equals=("1",))), "import os\nos.environ['V'] = '1'\n", [2]),
        (
            model.EnvironmentMatch(("V",), model.Test(equals=("1",))),
            "import os\nos.environ.setdefault('V', '1')\n",
            [2],
        ),
        (model.EnvironmentMatch(("V",), model.Test(equals=("1",))), "import os\nos.environ.update(V='1')\n", [2]),
        (model.EnvironmentMatch(("V",), model.Test(equals=("1",))), "import os\nos.environ.update({'V': '1'})\n", [2]),
        (model.EnvironmentMatch(("V",), model.Test(equals=("1",))), "import os\nos.putenv('V', '1')\n", [2]),
        (
            model.EnvironmentMatch(("V",), model.Test(equals=("1",))),
            "import subprocess\nsubprocess.run(a, env={'V': '1'})\n",
            [2],
        ),
        (
            model.EnvironmentMatch(("V",), model.Test(equals=("1",))),
            "import os\nos.environ['V'] = '0'\nx['V'] = '1'\n",
            [],
        ),
    ],
)
def test_what_a_table_finds(match: model.Match, code: str, found: list[int]) -> None:
    assert lines(match, code) == found


def test_a_keyword_of_an_unknown_call_is_less_sure() -> None:
    unknown, _ = seen(KEYWORD, "def g(x):\n    x.f(trust=True)\n")
    known, _ = seen(KEYWORD, "import lib\nlib.f(trust=True)\n")
    assert [bool(item.verdict.reasons) for item in (*unknown.matched, *known.matched)] == [True, False]


def test_a_rule_has_judged_what_it_looked_at_and_found_fine() -> None:
    found, module = seen(CALL, "import lib\nlib.load(p, unsafe=False)\n", refines=("B301",))
    assert found.matched == []
    assert [module.span(item.place).start_line for item in found.judged] == [2]


NAMED = {
    "password = 'a'": [("assignment", "password", "a")],
    "self.password = 'a'": [("attribute", "password", "a")],
    "x['password'] = 'a'": [("dict-item", "password", "a")],
    "class K:\n    password: str = 'a'": [("field-default", "password", "a")],
    "class K:\n    password = Field(default='a')": [("field-default", "password", "a"), ("keyword", "default", "a")],
    "class K:\n    password = Field('a')": [("field-default", "password", "a")],
    "def f(password='a'): pass": [("parameter-default", "password", "a")],
    "f(password='a')": [("keyword", "password", "a")],
    "{'password': 'a'}": [("dict-item", "password", "a")],
    "{'host': h, 'password': 'a'}": [("dict-item", "password", "a"), ("connection-item", "password", "a")],
    "os.getenv('PASSWORD', 'a')": [("getenv-default", "PASSWORD", "a")],
    "os.environ.get('PASSWORD', 'a')": [("getenv-default", "PASSWORD", "a")],
    "config.get('password', 'a')": [("get-default", "password", "a")],
    "if password is None:\n    password = 'a'": [("fallback", "password", "a"), ("assignment", "password", "a")],
    "if not self.secret:\n    self.secret = 'a'": [("fallback", "secret", "a"), ("attribute", "secret", "a")],
    "if not password:\n    other = 'a'": [("assignment", "other", "a")],
    "password = given or 'a'": [("get-default", "password", "a")],
    "password = 'a' if x else 'b'": [("assignment", "password", "a"), ("assignment", "password", "b")],
    "parser.add_argument('-p', '--db-password', default='a')": [
        ("keyword", "default", "a"),
        ("argparse-default", "db_password", "a"),
    ],
    "password = b'a'": [("assignment", "password", b"a")],
    "password = f('a')": [],
    "'a'": [],
}


@pytest.mark.parametrize(("code", "found"), NAMED.items(), ids=NAMED.keys())
def test_the_places_where_a_constant_gets_a_name(code: str, found: list[tuple[str, str, object]]) -> None:
    visits = [visit for chunk in Module(code).chunks for visit in walk(chunk.body)]
    items = [(item.context, item.name, item.node.value) for visit in visits for item in named_constants(visit)]
    assert sorted(items, key=repr) == sorted(found, key=repr)


FORMAT = model.TextFormat("key-acme", ("acme-",), r"(?<!\w)(?P<secret>acme-[a-z0-9]{8})(?!\w)", "acme-", 2.5)
NEAR = model.TextFormat("near", ("acme-",), r"acme-\w+", near=("token",))


@pytest.mark.parametrize(
    ("text", "format_", "found"),
    [
        ("x acme-a1b2c3d4 y", FORMAT, ["acme-a1b2c3d4"]),
        ("acme-a1b2c3d4 acme-e5f6g7h8", FORMAT, ["acme-a1b2c3d4", "acme-e5f6g7h8"]),
        ("ACME-a1b2c3d4", FORMAT, []),
        ("acme-aaaaaaaa", FORMAT, []),
        ("acme-a1b2c3d45", FORMAT, []),
        ("acme-xxxx1234", FORMAT, []),
        ("nothing", FORMAT, []),
        ("acme-1234", NEAR, []),
        ("token acme-1234", NEAR, ["acme-1234"]),
    ],
)
def test_secrets_by_their_shape(text: str, format_: model.TextFormat, found: list[str]) -> None:
    assert [item.text for item in secrets_in(text, [format_])] == found


TEXT = model.TextMatch(("key-*",), unless_context=("shown-text", "regex-definition"))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = 'acme-a1b2c3d4'", 1),
        ("x = b'acme-a1b2c3d4'", 1),
        ("x = f'acme-a1b2c3d4 {y}'", 1),
        ("x = {'acme-a1b2c3d4': 1}", 1),
        ("f('acme-a1b2c3d4')", 1),
        ("'''acme-a1b2c3d4'''", 0),
        ("def f():\n    '''acme-a1b2c3d4'''", 0),
        ("print('acme-a1b2c3d4')", 0),
        ("raise ValueError('acme-a1b2c3d4')", 0),
        ("re.compile('acme-a1b2c3d4')", 0),
        ("x = 'acme-' + 'a1b2c3d4'", 0),
    ],
)
def test_texts_and_the_places_where_they_are_none(code: str, found: int) -> None:
    matches, _ = seen(TEXT, code + "\n", (FORMAT,))
    assert len(matches.matched) == found
    assert all("a1b2" not in item.words["value"] for item in matches.matched)


FLOW = model.FlowMatch(("request",), ("shell",), traits=("lead-in",), not_traits=("rounded",))
FLOW_FACTS: tuple[model.Fact, ...] = (
    model.Source("request", ("lib.source",)),
    model.Sink("shell", ("lib.sink",), ("0",)),
    model.Barrier(("round",), adds=("rounded",)),
)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("lib.sink('the text to run was ' + lib.source())", 1),
        ("lib.sink(lib.source())", 0),
        ("lib.sink('the text to run was ' + round(lib.source()))", 0),
        ("def f(x):\n    lib.sink('the text to run was ' + x)\nf(lib.source())", 1),
    ],
)
def test_flows_by_their_traits(code: str, found: int) -> None:
    matches, _ = seen(FLOW, "import lib\n" + code + "\n", FLOW_FACTS)
    assert len(matches.matched) == found
    assert all(item.steps[0][1].startswith("lib.source()") for item in matches.matched)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("api_key = lib.source()\nlib.sink(api_key)", 1),
        ("client = lib.source()\nlib.sink(client)", 0),
        ("def f(token):\n    lib.sink(token)\nf(lib.source())", 1),
        ("def f(token):\n    lib.sink(token[:4])\nf(lib.source())", 0),
    ],
)
def test_flows_ask_the_call_that_is_their_sink(code: str, found: int) -> None:
    match = model.FlowMatch(("request",), ("shell",), unless_check=("no-secret-shown",))
    matches, _ = seen(match, "import lib\n" + code + "\n", FLOW_FACTS)
    assert len(matches.matched) == found


def test_a_flow_through_an_unknown_call_is_undecided() -> None:
    matches, _ = seen(FLOW, "import lib\nlib.sink(f('the text to run was ' + lib.source()))\n", FLOW_FACTS)
    assert [item.verdict.truth for item in matches.matched] == [None]


def test_the_funnel_sleeps_where_nothing_can_apply() -> None:
    funnel = Funnel.of(RuleIndex([rule(CALL), rule(FLOW)], FLOW_FACTS, ()))
    for code, awake in [
        ("lib.load", True),
        ("other.load", False),
        ("lib.save", False),
        ("lib.sink", False),
        ("lib.sink(lib.source)", True),
        ("lib.sink\nlib.source", False),
        ("x = lib.source\nlib.sink(x)", True),
        ("lib.other(load='lib')", False),
    ]:
        assert bool(funnel.live_for(code, outlines_of(code)).chunks) is awake, code


def test_what_a_package_imports_from_itself_has_the_name_of_the_package() -> None:
    funnel = Funnel.of(RuleIndex([rule(model.CallMatch(("lib.loading.load",)))], (), ()))
    code = "from .loading import load\n\n\ndef f(x):\n    return load(x)\n"
    assert funnel.live_for(code, outlines_of(code), "lib").chunks
    assert not funnel.live_for(code, outlines_of(code), "other").chunks
