from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.catalogue.apis import expand
from mlsec_lint.catalogue.catalogue import Catalogue, catalogue_of, load_catalogue
from mlsec_lint.catalogue.model import CallMatch, Handler, Sink, Source
from mlsec_lint.catalogue.triggers import live_rules, triggers_of, words_of
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
    ("api", "words"),
    [
        ("eval", {"eval"}),
        ("torch.load", {"torch", "load"}),
        ("openai.OpenAI().chat.completions.create", {"openai", "create"}),
        ("transformers.*.from_pretrained", {"transformers", "from_pretrained"}),
        ("litellm.*", {"litellm"}),
        ("?.predict_proba", {"predict_proba"}),
        ("?.completions.create", {"create"}),
        ("openai.OpenAI()", {"openai", "OpenAI"}),
    ],
)
def test_words_of_an_api(api: str, words: set[str]) -> None:
    assert words_of(api) == words


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


def test_aliases_that_grow_for_ever_only_cost_precision(tmp_path: Path) -> None:
    growing = '[[alias]]\nname = "b.x"\nsame-as = "a"\n[[alias]]\nname = "a.y"\nsame-as = "b"'
    table = '[[match.call]]\napi = "a.load"'
    catalogue = catalogue_of(load_files(tmp_path, {"models/a.toml": growing, RULE_PATH: with_match(table)}))
    assert live_rules(catalogue, {"b", "x", "load"}) == catalogue.rules


def test_live_facts(tmp_path: Path) -> None:
    triggers = triggers_of(catalogue_with(tmp_path, '[[match.call]]\napi = "a.b"'))
    named = [type(fact).__name__ for fact in triggers.facts({"flask", "args"})]
    assert named == ["Alias", "Alias", "Alias", "Source"]
    assert not any(isinstance(fact, (Source, Sink, Handler)) for fact in triggers.facts({"flask"}))


BUNDLED = load_catalogue().select(["ALL"], profile=max(type(load_catalogue().profile)))
CALLS = [(rule, api) for rule in BUNDLED.rules for m in rule.matches if isinstance(m, CallMatch) for api in m.api]


@given(st.sampled_from(CALLS) if CALLS else st.nothing(), st.frozensets(st.text(max_size=5), max_size=5))
def test_no_bundled_rule_sleeps_when_its_api_is_spelled_out(call: tuple[object, str], noise: frozenset[str]) -> None:
    rule, api = call
    words = set(api.replace("()", "").split(".")) - {"?", "*"}
    assert rule in live_rules(BUNDLED, words | noise)


@given(st.sampled_from(["a", "a.b", "?.b", "{a,c}.b"]), st.sampled_from(["a.b", "a.{b,c}.d()", "?.x.{y,z}"]))
def test_every_alternative_wakes_alone(left: str, right: str) -> None:
    for text in (left, right):
        for path in expand(text):
            assert words_of(path) <= set(text.replace("()", "").translate(str.maketrans("{},.", "    ")).split())
