from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsec_lint.catalogue.catalogue import Catalogue, catalogue_of, load_catalogue
from mlsec_lint.catalogue.model import CallMatch
from mlsec_lint.catalogue.spellings import Need, Spellings
from mlsec_lint.catalogue.triggers import live_rules, triggers_of
from mlsec_lint.findings import Profile
from tests.catalogue.packs import RULE_PATH, load_files, with_match

MODEL = """
[[alias]]
name = "tensorflow.keras"
same-as = "keras"
[[alias]]
name = "tf_keras"
same-as = "tensorflow.keras"
[[alias]]
name = "torch.serialization.load"
same-as = "torch.load"
[[instance]]
api = "anthropic.Anthropic().with_options"
is = "anthropic.Anthropic()"
[[instance]]
api = "langchain.chat_models.init_chat_model"
is = "langchain_core.BaseChatModel()"
[[alias]]
name = "else_where.read"
same-as = "some.where.fetch"
[[instance]]
api = "?.as_duck"
is = "duck.Duck()"
[[source]]
kind = "request"
api = "flask.request.args"
[[sink]]
kind = "prompt"
api = ["langchain_core.BaseChatModel().invoke", "anthropic.Anthropic().messages.create"]
arguments = ["0"]
[[handler]]
base = "ts.handler.BaseHandler"
method = "handle"
parameters = "request"
"""


def catalogue_with(tmp_path: Path, table: str) -> Catalogue:
    files = {"models/a.toml": MODEL, RULE_PATH: with_match(table)}
    return catalogue_of(load_files(tmp_path, files))


@pytest.mark.parametrize(
    ("api", "last", "first"),
    [
        ("eval", {"eval"}, set()),
        ("torch.load", {"load"}, {"torch"}),
        ("openai.OpenAI().chat.completions.create", {"create"}, {"openai"}),
        ("transformers.*.from_pretrained", {"from_pretrained"}, {"transformers"}),
        ("litellm.*", {"litellm"}, set()),
        ("?.predict_proba", {"predict_proba"}, set()),
        ("?.completions.create", {"create"}, set()),
        ("openai.OpenAI()", {"OpenAI"}, {"openai"}),
        ("keras.Model().load", {"load"}, {"keras", "tensorflow", "tf_keras"}),
        ("keras", {"keras", "tensorflow", "tf_keras"}, set()),
        ("langchain_core.BaseChatModel", {"BaseChatModel", "init_chat_model"}, {"langchain", "langchain_core"}),
        ("duck.Duck().quack", {"quack"}, set()),
    ],
)
def test_the_words_that_an_api_needs(tmp_path: Path, api: str, last: set[str], first: set[str]) -> None:
    spellings = Spellings(load_files(tmp_path, {"models/a.toml": MODEL}).facts)
    assert spellings.need(api) == Need(frozenset(last), frozenset(first))


@pytest.mark.parametrize(
    ("table", "awake", "asleep"),
    [
        ('[[match.call]]\napi = "torch.load"', {"torch", "load"}, {"json", "load"}),
        ('[[match.call]]\napi = "torch.load"', {"torch", "serialization", "load"}, {"torch", "save"}),
        ('[[match.call]]\napi = "keras.models.load_model"', {"tensorflow", "load_model"}, {"mlflow", "load_model"}),
        ('[[match.call]]\napi = "keras.models.load_model"', {"tf_keras", "load_model"}, {"keras"}),
        ('[[match.call]]\napi = "tensorflow.keras.models.load_model"', {"keras", "load_model"}, {"load_model"}),
        ('[[match.call]]\napi = "keras.*.load"', {"tensorflow", "load"}, {"tensorflow"}),
        ('[[match.call]]\napi = "?.predict_proba"', {"predict_proba"}, {"predict"}),
        ('[[match.call]]\napi = ["a.b", "c.d"]', {"c", "d"}, {"a", "d"}),
        ('[[match.call]]\napi = "some.where.fetch"', {"else_where", "read"}, {"else_where", "save"}),
        (
            '[[match.call]]\napi = "langchain_core.BaseChatModel().invoke"',
            {"langchain", "init_chat_model", "invoke"},
            {"flask", "invoke"},
        ),
        ('[[match.keyword]]\nkeyword = "trust_remote_code"\nvalue = true', {"trust_remote_code"}, {"trust"}),
        ('[[match.assign]]\ntarget = "openai.api_key"\nvalue = "x"', {"openai", "api_key"}, {"api_key"}),
        ('[[match.environment]]\nvariable = ["A_B", "C_D"]\nvalue = "1"', {"C_D"}, {"A", "B"}),
        (
            '[[match.flow]]\nfrom = "request"\nto = "prompt"',
            {"flask", "args", "anthropic", "create"},
            {"anthropic", "create", "flask"},
        ),
        (
            '[[match.flow]]\nfrom = "request"\nto = "prompt"',
            {"ts", "BaseHandler", "invoke", "langchain"},
            {"flask", "args"},
        ),
    ],
)
def test_what_wakes_a_rule(tmp_path: Path, table: str, awake: set[str], asleep: set[str]) -> None:
    catalogue = catalogue_with(tmp_path, table)
    assert live_rules(catalogue, awake) == catalogue.rules
    assert live_rules(catalogue, awake | {"more", "words"}) == catalogue.rules
    assert live_rules(catalogue, asleep) == ()


@pytest.mark.parametrize(
    "table",
    [
        '[[match.literal]]\nname = "password"\ncontext = "assignment"\nvalue = "x"',
        '[[match.call]]\napi = "a.b"\n[[match.literal]]\nname = "password"\ncontext = "assignment"\nvalue = "x"',
    ],
)
def test_rules_on_literals_always_need_their_own_look(tmp_path: Path, table: str) -> None:
    catalogue = catalogue_with(tmp_path, table)
    assert live_rules(catalogue, set()) == catalogue.rules
    assert [type(match).__name__ for _, match in triggers_of(catalogue).matches(set())] == ["LiteralMatch"]


def test_kinds_without_an_api_never_put_a_flow_to_sleep(tmp_path: Path) -> None:
    kinds = "[source]\nexception = 'x'\nrequest = 'x'\n[sink]\nresponse = 'x'\nprompt = 'x'"
    files = {
        "kinds.toml": kinds,
        "models/a.toml": MODEL + '[[source]]\nkind = "exception"\napi = "sys.exc_info"',
        RULE_PATH: with_match('[[match.flow]]\nfrom = "exception"\nto = "response"'),
    }
    catalogue = catalogue_of(load_files(tmp_path, files))
    assert live_rules(catalogue, set()) == catalogue.rules


def test_aliases_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    growing = '[[alias]]\nname = "b.x"\nsame-as = "a"\n[[alias]]\nname = "a.y"\nsame-as = "b"'
    table = '[[match.call]]\napi = "a.load"'
    catalogue = catalogue_of(load_files(tmp_path, {"models/a.toml": growing, RULE_PATH: with_match(table)}))
    assert live_rules(catalogue, {"b", "x", "load"}) == catalogue.rules


@cache
def bundled() -> Catalogue:
    return load_catalogue().select(["ALL"], profile=Profile.AUDIT)


@given(st.data(), st.frozensets(st.text(max_size=5), max_size=5))
@settings(deadline=None)
def test_no_bundled_rule_sleeps_when_its_api_is_spelled_out(data: st.DataObject, noise: frozenset[str]) -> None:
    rule = data.draw(st.sampled_from([rule for rule in bundled().rules if rule.matches]))
    match = data.draw(st.sampled_from(rule.matches))
    if isinstance(match, CallMatch):
        words = set(data.draw(st.sampled_from(match.api)).replace("()", "").split("."))
        assert rule in live_rules(bundled(), words - {"?", "*"} | noise)
