"""Whatever a pack says, loading it ends with a pack or with a PackError."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from mlsec_lint.catalogue.bandit import read_bandit
from mlsec_lint.catalogue.errors import PackError, RuleError
from mlsec_lint.catalogue.facts import FACTS, MODEL
from mlsec_lint.catalogue.kinds import read_kinds
from mlsec_lint.catalogue.matches import MATCHES
from mlsec_lint.catalogue.rules import RULE, read_rule
from mlsec_lint.catalogue.shapes import Place, Reading
from mlsec_lint.catalogue.toml import parse
from mlsec_lint.catalogue.vocabulary import VALUE_PREDICATES, Vocabulary

Values: TypeAlias = dict[str, object]

KEYS = sorted(
    {
        *RULE.keys,
        *MODEL.keys,
        *(key for form in FACTS.values() for key in form.keys),
        *(key for form in MATCHES.values() for key in form.keys),
        *(
            "absent",
            "matches",
            "is",
            "not",
            "contains",
            "contains-api",
            "command",
            "safety",
            "set",
            "flagged",
            "allowed",
        ),
        *MATCHES,
    }
)
WORDS = [*KEYS, "torch.load", "{a,b}.c", "?", "*", "(a+)+", "[", "high", "strict", "request", "<2.6", *VALUE_PREDICATES]
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(max_size=20))
SCALARS = st.one_of(
    TEXTS,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.times(),
    st.just(dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)),
)
TABLES: st.SearchStrategy[Values] = st.deferred(lambda: st.dictionaries(TEXTS, VALUES, max_size=6))
VALUES: st.SearchStrategy[object] = st.deferred(lambda: st.one_of(SCALARS, st.lists(VALUES, max_size=3), TABLES))
MATCH_TABLES = st.fixed_dictionaries({}, optional={name: st.lists(TABLES, max_size=2) for name in MATCHES})
RULES = st.fixed_dictionaries({}, optional={**dict.fromkeys(RULE.keys, VALUES), "match": MATCH_TABLES})
MODELS = st.fixed_dictionaries({}, optional={name: st.lists(TABLES, max_size=2) for name in FACTS})


def place() -> Place:
    known = Vocabulary(source=frozenset({"request"}), sink=frozenset({"prompt"}))
    return Place(Reading("pack/a/b.toml", "a/b.toml", known, []))


def check_errors(found: list[RuleError]) -> None:
    for error in found:
        assert str(error).startswith("pack/a/b.toml: ")
        assert str(error).isprintable() or not str(error).isascii()
    assert str(PackError(tuple(found))).count("\n") == max(len(found) - 1, 0)


@given(st.one_of(RULES, TABLES))
@settings(max_examples=200, deadline=None)
def test_rules(values: Values) -> None:
    here = place()
    read_rule(values, here)
    check_errors(here.reading.errors)
    assert here.reading.errors  # at random, nobody writes a whole rule


@given(st.one_of(MODELS, TABLES))
@settings(max_examples=200, deadline=None)
def test_models(values: Values) -> None:
    here = place()
    MODEL.read_table(values, here)
    check_errors(here.reading.errors)


@given(TABLES)
@settings(deadline=None)
def test_vocabulary_and_bandit(values: Values) -> None:
    here = place()
    read_kinds(values, here)
    read_bandit(values, here)
    check_errors(here.reading.errors)


@given(st.one_of(st.binary(max_size=200), st.text(alphabet='[]{}=".\n #ax1-:', max_size=200).map(str.encode)))
@settings(deadline=None)
def test_toml(data: bytes) -> None:
    with contextlib.suppress(RuleError):
        assert isinstance(parse(data, "pack/a.toml"), dict)
