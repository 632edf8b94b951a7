"""What is derived from rules and kept: the same as what is derived anew, and thrown away when anything is off."""

from __future__ import annotations

import json
import pickle
from functools import cache
from pathlib import Path

import pytest

from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings, PluginOption
from mlsec_lint.bandit.trigger_derivation import derived as derived_triggers
from mlsec_lint.bandit.triggers import Triggers, may_report
from mlsec_lint.cache.folder import prepared
from mlsec_lint.cache.store import Store
from mlsec_lint.catalogue import plain
from mlsec_lint.catalogue.catalogue import Catalogue, load_catalogue
from mlsec_lint.catalogue.contents import Contents, Kept, contents_of
from mlsec_lint.findings import Profile
from mlsec_lint.match.funnel_derivation import derived
from mlsec_lint.match.funnel_tables import FunnelTables
from mlsec_lint.match.funnels import funnel_of, rules_of
from mlsec_lint.run import fingerprints
from mlsec_lint.run.kept import KeptTexts, loader

DAMAGE = [
    "",
    "nothing",
    "null",
    "7",
    "[]",
    "{}",
    '[[["a"]]]',
    '{"": "Pack", "rulez": []}',
    '{"": "Popen"}',
    "[" * 5_000,
]


class Shelf:
    """Keeps texts in memory, and counts what it was asked for."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.found: list[str] = []

    def get(self, name: str) -> str | None:
        if name in self.texts:
            self.found.append(name)
        return self.texts.get(name)

    def put(self, name: str, text: str) -> None:
        self.texts[name] = text


@cache
def anew() -> Catalogue:
    """The catalogue, read from its files."""
    return load_catalogue()


def again(kept: Kept) -> Catalogue:
    return loader(kept)(())


def same(one: Catalogue, other: Catalogue) -> bool:
    return (
        (one.digest, one.rule_ids, one.active_bandit, one.named, one.libraries, one.candidates)
        == (other.digest, other.rule_ids, other.active_bandit, other.named, other.libraries, other.candidates)
        and one.pack == other.pack
        and repr(one.pack) == repr(other.pack)  # `True` and `1` are equal
        and one.rules == other.rules
    )


def test_a_kept_catalogue_is_the_one_that_was_read() -> None:
    shelf = Shelf()
    assert same(again(shelf), anew())
    shelf.found.clear()
    assert same(again(shelf), anew())
    assert len(shelf.found) == 2  # its contents, and all of it
    assert same(pickle.loads(pickle.dumps(again(shelf))), anew())  # our own


@pytest.mark.parametrize(
    ("select", "profile"),
    [
        ((), Profile.DEFAULT),
        ((), Profile.STRICT),
        ((), Profile.AUDIT),
        (("ALL",), Profile.DEFAULT),
        (("MLS103",), Profile.DEFAULT),
        (("credentials", "MLS7"), Profile.STRICT),
        (("B",), Profile.DEFAULT),
    ],
)
def test_kept_tables_of_a_funnel_are_the_derived_ones(select: tuple[str, ...], profile: Profile) -> None:
    shelf = Shelf()
    first = again(shelf).select(select, profile=profile)
    expected = derived(rules_of(anew().select(select, profile=profile)), profile)
    assert funnel_of(first).tables == expected
    shelf.found.clear()
    second = again(shelf).select(select, profile=profile)
    assert funnel_of(second).tables == expected
    assert shelf.found == ["the contents of the bundled pack", f"funnel {second.digest}"]  # rules were not even read


@pytest.mark.parametrize("tests", ["B", "MLS"])
@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(
    "settings",
    [
        DEFAULTS,
        BanditSettings(skips=frozenset({"B105", "B106", "B608", "B001"})),
        BanditSettings(options=(PluginOption("shell_injection", "shell", ("x.run",)),)),
    ],
)
def test_kept_triggers_are_the_derived_ones(tests: str, profile: Profile, settings: BanditSettings) -> None:
    chosen = anew().select(ignore=(tests,) if tests == "MLS" else (), profile=profile).active_bandit
    expected = derived_triggers(chosen, settings)
    assert Triggers.read(expected.written()) == expected
    shelf = Shelf()
    for text in ("x = 1\n", "import pickle\npickle.loads(x)\n", "x.run(a)\n", "\u202e"):
        assert may_report(text, chosen, settings, shelf) == expected.fit(text)
    (name,) = shelf.texts
    assert Triggers.read(shelf.texts[name]) == expected


def test_settings_have_one_name() -> None:
    names = [f"B{number}" for number in range(101, 130)]
    assert BanditSettings(skips=frozenset(names)).said() == BanditSettings(skips=frozenset(reversed(names))).said()
    assert BanditSettings(skips=frozenset(names)).said() != BanditSettings(tests=frozenset(names)).said()


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_derived_anew(damage: str) -> None:
    shelf = Shelf()
    tables = funnel_of(again(shelf)).tables
    for name in shelf.texts:
        shelf.texts[name] = damage
    catalogue = again(shelf)
    assert same(catalogue, anew())
    assert funnel_of(catalogue).tables == tables
    assert damage not in shelf.texts.values()
    with pytest.raises(ValueError, match=r"."):
        plain.read(damage)
    for read in (Contents.read, FunnelTables.read, Triggers.read):
        with pytest.raises(ValueError, match=r"."):
            read(damage)


def test_half_a_text_is_none(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "cache")
    KeptTexts(folder).put("a", "one two three")
    assert KeptTexts(folder).get("a") == "one two three"
    assert KeptTexts(folder).get("b") is None
    store = Store(folder)
    ((key, text),) = _entries(folder).items()
    store.keep({key: text[:-1]}, ())
    store.close()
    assert KeptTexts(folder).get("a") is None


def _entries(folder: Path) -> dict[str, str]:
    store = Store(folder)
    assert store._connection is not None
    found = dict(store._connection.execute("SELECT key, value FROM entries"))
    store.close()
    return found


def test_another_program_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = prepared(tmp_path / "cache")
    KeptTexts(folder).put("a", "1")
    monkeypatch.setattr(fingerprints, "program", lambda: "another")
    assert KeptTexts(folder).get("a") is None


def test_a_folder_that_is_gone_keeps_nothing(tmp_path: Path) -> None:
    kept = KeptTexts(tmp_path / "nowhere")
    kept.put("a", "1")
    assert kept.get("a") is None


def test_packs_of_others_are_read_each_time(tmp_path: Path) -> None:
    (tmp_path / "kinds.toml").write_text('[source]\n"own-kind" = "data of our own"\n', encoding="utf-8")
    shelf = Shelf()
    one, other = loader(shelf)([tmp_path]), load_catalogue([tmp_path])
    assert same(one, other)
    (tmp_path / "kinds.toml").write_text('[source]\n"other-kind" = "data of our own"\n', encoding="utf-8")
    assert same(loader(shelf)([tmp_path]), load_catalogue([tmp_path]))
    assert loader(shelf)([tmp_path]).digest != one.digest


def test_it_can_be_read_by_people() -> None:
    text = contents_of(anew().pack).written()
    assert ["MLS103", "unsafe-torch-load"] in [row[:2] for row in json.loads(text)["candidates"]]
    assert json.loads(plain.written(anew().pack))["rules"][0][""] == "Rule"
