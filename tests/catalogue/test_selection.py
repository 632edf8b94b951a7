from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsec_lint.catalogue.catalogue import Catalogue, catalogue_of
from mlsec_lint.catalogue.errors import UnknownSelector
from mlsec_lint.catalogue.model import BanditCheck, CallMatch, Match, Opinion, Pack, Rule
from mlsec_lint.findings import Profile, Severity

DEFAULT, STRICT, AUDIT = Profile


def make_rule(
    id_: str, name: str, profile: Profile = DEFAULT, tags: tuple[str, ...] = (), matches: tuple[Match, ...] = ()
) -> Rule:
    return Rule(
        id=id_,
        name=name,
        summary="",
        severity=Severity.HIGH,
        message="",
        remedy="",
        attack="",
        profile=profile,
        tags=tags,
        matches=matches,
    )


def make_check(id_: str, name: str, profile: Profile, family: str = "general") -> BanditCheck:
    return BanditCheck(id_, name, "", "", family, profile, "")


CATALOGUE = catalogue_of(
    Pack(
        rules=(
            make_rule("MLS201", "mutable-revision", tags=("downloads",)),
            make_rule("MLS101", "unsafe-pickle", tags=("deserialization",)),
            make_rule("MLS103", "unsafe-torch-load", tags=("deserialization", "pytorch")),
            make_rule("MLS104", "unsafe-torch-hub", STRICT, tags=("deserialization", "pytorch")),
            make_rule("MLS120", "any-loader", AUDIT, tags=("deserialization",)),
            make_rule("ACME101", "acme-load", tags=("acme",)),
        ),
        bandit={
            check.id: check
            for check in (
                make_check("B101", "assert_used", AUDIT),
                make_check("B301", "blacklist", DEFAULT, "deserialization"),
                make_check("B303", "md5", STRICT),
                make_check("B602", "shell", DEFAULT),
            )
        },
    )
)

DEFAULT_RULES = {"ACME101", "MLS101", "MLS103", "MLS201"}
DEFAULT_CHECKS = {"B301", "B602"}
ALL_RULES = {rule.id for rule in CATALOGUE.pack.rules}


def running(catalogue: Catalogue) -> set[str]:
    return {rule.id for rule in catalogue.rules} | catalogue.active_bandit


def test_without_options() -> None:
    assert running(CATALOGUE) == DEFAULT_RULES | DEFAULT_CHECKS
    assert [rule.id for rule in CATALOGUE.rules] == sorted(DEFAULT_RULES)


def test_profiles() -> None:
    assert running(CATALOGUE.select(profile=STRICT)) == DEFAULT_RULES | DEFAULT_CHECKS | {"MLS104", "B303"}
    assert running(CATALOGUE.select(profile=AUDIT)) == ALL_RULES | {"B101", "B301", "B303", "B602"}


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        (["MLS103"], {"MLS103"}),
        (["unsafe-torch-load"], {"MLS103"}),
        (["MLS104"], {"MLS104"}),
        (["unsafe-torch-hub", "any-loader"], {"MLS104", "MLS120"}),
        (["MLS1"], {"MLS101", "MLS103"}),
        (["MLS10"], {"MLS101", "MLS103"}),
        (["MLS"], {"MLS101", "MLS103", "MLS201"}),
        (["deserialization"], {"MLS101", "MLS103", "B301"}),
        (["pytorch"], {"MLS103"}),
        (["ALL"], DEFAULT_RULES | DEFAULT_CHECKS),
        (["ACME"], {"ACME101"}),
        (["B"], {"B101", "B301", "B303", "B602"}),
        (["B3"], {"B301", "B303"}),
        (["B101"], {"B101"}),
        (["assert_used"], {"B101"}),
        (["MLS2", "B6"], {"MLS201", "B602"}),
    ],
)
def test_select_replaces_the_default(select: Sequence[str], expected: set[str]) -> None:
    assert running(CATALOGUE.select(select)) == expected


@pytest.mark.parametrize(
    ("select", "ignore", "extend", "expected"),
    [
        ([], ["MLS1"], [], {"ACME101", "MLS201", "B301", "B602"}),
        ([], ["B"], [], DEFAULT_RULES),
        ([], ["ALL"], [], set()),
        ([], ["ALL"], ["MLS103"], {"MLS103"}),
        ([], [], ["MLS120"], DEFAULT_RULES | DEFAULT_CHECKS | {"MLS120"}),
        ([], [], ["MLS1"], DEFAULT_RULES | DEFAULT_CHECKS),
        ([], [], ["B1"], DEFAULT_RULES | DEFAULT_CHECKS | {"B101"}),
        (["MLS1"], ["MLS103"], [], {"MLS101"}),
        (["MLS103"], ["MLS1"], [], {"MLS103"}),
        (["MLS10"], ["MLS1"], [], {"MLS101", "MLS103"}),
        (["MLS1"], ["MLS10"], [], set()),
        (["MLS1"], ["pytorch"], [], {"MLS101"}),
        (["MLS10"], ["pytorch"], [], {"MLS101", "MLS103"}),
        (["MLS103"], ["unsafe-torch-load"], [], set()),
        (["MLS1"], ["MLS1"], ["MLS101"], {"MLS101"}),
    ],
)
def test_the_most_specific_selector_decides(
    select: Sequence[str], ignore: Sequence[str], extend: Sequence[str], expected: set[str]
) -> None:
    assert running(CATALOGUE.select(select, ignore, extend)) == expected


@pytest.mark.parametrize(
    ("selector", "step"),
    [
        ("MLS9", "did you mean"),
        ("unsafe-torch-lod", "did you mean 'unsafe-torch-load'?"),
        ("mls103", "did you mean 'MLS103'?"),
        ("mls1", "did you mean 'MLS1'?"),
        ("MLS103 MLS104", "separate several with commas"),
        ("ML", "`mlsec-lint rules` lists ids, names and tags"),
        ("MLS1030", "did you mean 'MLS103'?"),
        ("", "`mlsec-lint rules` lists ids, names and tags"),
    ],
)
@pytest.mark.parametrize("others", [0, 1, 2])
def test_unknown_selectors(selector: str, step: str, others: int) -> None:
    select, ignore, extend = (["MLS103"],) * others + ([selector],) + (["MLS103"],) * (2 - others)
    with pytest.raises(UnknownSelector) as caught:
        CATALOGUE.select(select, ignore, extend)
    assert caught.value.selector == selector
    assert str(caught.value).startswith(f"unknown rule selector {selector!r}; ")
    assert step in str(caught.value)


def test_a_rule_runs_when_one_of_its_matches_shows_something_earlier() -> None:
    matches = (CallMatch(("a.b",), opinion=Opinion(profile=DEFAULT)), CallMatch(("c.d",)))
    catalogue = catalogue_of(Pack(rules=(make_rule("MLS105", "early", AUDIT, matches=matches),)))
    assert running(catalogue) == {"MLS105"}


def test_what_was_named_one_by_one_is_known() -> None:
    assert CATALOGUE.select(["MLS104", "any-loader", "B1", "pytorch"]).named == {"MLS104", "MLS120"}
    assert CATALOGUE.named == frozenset()


def test_selecting_again_starts_from_everything() -> None:
    assert running(CATALOGUE.select(["MLS103"]).select()) == running(CATALOGUE)


def test_a_rule_by_id_or_name_running_or_not() -> None:
    rule = CATALOGUE.rule("any-loader")
    assert rule is not None
    assert rule.id == "MLS120"
    assert CATALOGUE.rule("MLS120") is rule
    assert CATALOGUE.rule("MLS999") is None


def test_the_digest_follows_the_selection() -> None:
    digests = [
        CATALOGUE.digest,
        CATALOGUE.select(["MLS103"]).digest,
        CATALOGUE.select(["MLS10"]).digest,
        CATALOGUE.select(["MLS101", "MLS103"]).digest,
        CATALOGUE.select(["MLS103"], profile=STRICT).digest,
    ]
    assert len(set(digests)) == len(digests)
    assert CATALOGUE.select().digest == CATALOGUE.digest


SELECTORS = st.lists(
    st.sampled_from(["ALL", "MLS", "MLS1", "MLS10", "MLS103", "pytorch", "acme", "B", "B3"]), max_size=4
)


@given(SELECTORS, SELECTORS, st.sampled_from(Profile))
@settings(deadline=None)
def test_ignoring_never_adds(select: list[str], ignore: list[str], profile: Profile) -> None:
    more = running(CATALOGUE.select(select, profile=profile))
    assert running(CATALOGUE.select(select, ignore, profile=profile)) <= more
