"""Match tables in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.catalogue.model import (
    AssignMatch,
    CallMatch,
    EnvironmentMatch,
    FlowMatch,
    KeywordMatch,
    LiteralMatch,
    Match,
    Opinion,
    TextMatch,
    When,
)
from mlsec_lint.catalogue.model import Test as Question
from mlsec_lint.catalogue.notebook_tables import CommandMatch, StoredMatch
from mlsec_lint.catalogue.wording import code, in_words, of_value, reported, versions, words_used
from mlsec_lint.findings import Profile

CATALOGUE = load_catalogue()
SECRET = Question(predicate="secret")


@pytest.mark.parametrize(
    ("match", "said"),
    [
        (CallMatch(("a.b",)), "`a.b`"),
        (
            CallMatch(
                ("a.b", "a.c"),
                where=(("x", Question(equals=(False,))), ("0", SECRET)),
                unless=(("y", Question(absent=False)),),
            ),
            "`a.b` or `a.c` where `x` is `False` and the first argument is of the kind `secret`, unless `y` is given",
        ),
        (
            KeywordMatch("trust", Question(equals=(True,)), unless=(("rev", Question(absent=False)),)),
            "any call in which `trust` is `True`, unless `rev` is given",
        ),
        (CallMatch(("a.b",), unless_check=("round-trip",)), "`a.b`, unless the call is of the kind `round-trip`"),
        (AssignMatch(("a.key",), SECRET), "an assignment to `a.key` whose value is of the kind `secret`"),
        (
            EnvironmentMatch(("X",), Question(equals=("1", "y"))),
            'the environment variable `X`, set in code to a value that is `"1"` or `"y"`',
        ),
        (TextMatch(("key-*",), ("shown-text",)), "a text that holds `key-*`, unless it stands in `shown-text`"),
        (
            LiteralMatch("pwd$", ("dict-item",), SECRET, "file"),
            "a constant (dict item) whose name matches `pwd$`, but not `file`, and which is of the kind `secret`",
        ),
        (
            CommandMatch(("git clone",), "x", "y", "run-clone"),
            (
                "a command of a notebook (shell line, magic, `%%bash` cell) that starts with `git clone` and matches `x` "
                "and is of the kind `run-clone`, unless it matches `y`"
            ),
        ),
        (
            StoredMatch(("output", "raw"), keyword=("a",), matches="a", value=SECRET, mime=("text/html",)),
            (
                "text that a notebook stores (output, raw) of the type `text/html` and that holds `a` in which the secret "
                "is of the kind `secret`"
            ),
        ),
        (
            FlowMatch(("web",), ("prompt",), ("instructions",), ("rounded",)),
            "data from `web` that reaches `prompt`, `instructions` on its way, unless `rounded` on its way",
        ),
        (
            FlowMatch(("secret",), ("log",), unless_check=("no-secret-shown",)),
            "data from `secret` that reaches `log`, unless the call is of the kind `no-secret-shown`",
        ),
    ],
)
def test_each_kind_of_table(match: Match, said: str) -> None:
    assert in_words(match) == said


@pytest.mark.parametrize(
    ("test", "said", "denied"),
    [
        (Question(absent=True), "is not given", "is given"),
        (Question(absent=False), "is given", "is not given"),
        (Question(equals=(None,)), "is `None`", "is not `None`"),
        (Question(matches="^a"), "matches `^a`", "does not match `^a`"),
        (Question(api=("yaml.Loader",)), "is `yaml.Loader`", "is not `yaml.Loader`"),
        (Question(api=("eval",), inside=True), "contains `eval`", "does not contain `eval`"),
        (Question(origin=("web",)), "comes from `web`", "does not come from `web`"),
        (Question(command="^a"), "is the command `^a`", "is not the command `^a`"),
        (Question(contains=("*",)), 'contains `"*"`', 'does not contain `"*"`'),
    ],
)
def test_each_question_and_its_denial(test: Question, said: str, denied: str) -> None:
    assert of_value(test) == said
    assert of_value(replace(test, negate=True)) == denied


def test_of_many_names_the_first_stand_there() -> None:
    assert in_words(CallMatch(tuple("abcdefghijk"))).endswith("`g`, `h` or 3 more")


def test_what_depends_on_versions_stands_apart() -> None:
    old = Opinion(when=(When("torch", "<2.6"),), when_unknown="no", profile=Profile.STRICT)
    rule = replace(CATALOGUE.pack.rules[0], matches=(CallMatch(("a.b",)), CallMatch(("a.c",), opinion=old)))
    assert reported(rule) == ("`a.b`",)
    (said,) = versions(rule)
    assert (
        said == "where the project admits `torch <2.6`: `a.c` (profile `strict`); where it pins nothing: not reported"
    )


def test_every_bundled_table_has_words() -> None:
    for rule in CATALOGUE.pack.rules:
        assert bool(rule.matches) is bool(reported(rule) or versions(rule))
        flows = [match for match in rule.matches if isinstance(match, FlowMatch)]
        assert not flows or words_used(rule, CATALOGUE.kinds)


def test_a_code_span_cannot_be_left() -> None:
    assert code("a`b") == "`` a`b ``"
