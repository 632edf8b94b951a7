"""A selection of `benchmarks/hostile.py`, at every change: nothing hostile stops, silences or uses the linter."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hostile_tree.entry import RULE, Hostile
from hostile_tree.judging import Verdict, dirt, judge, missing_in_formats, report_of
from hostile_tree.poison import plant_modules
from hostile_tree.running import FORMATS, Ran, Sandbox, programs
from hostile_tree.tree import ENTRIES, is_light, plant

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="most of these names, links and pipes do not exist there"
)

CONFIGURED = {"settings", "pack"}
LIGHT = [entry for entry in ENTRIES if is_light(entry)]
HEEDED = [entry for entry in LIGHT if entry.name.split("-")[0] in CONFIGURED]
"""These mean something only where the configuration of the tree is read."""


@dataclass(frozen=True)
class Outcome:
    """A tree that was checked twice: from nothing, and with what the first run has left."""

    entries: list[Hostile]
    cold: Ran
    warm: Ran
    changed: list[str]
    ran: list[str]

    def verdict(self, entry: Hostile) -> Verdict:
        return judge(entry, report_of(self.cold), f"{entry.name}/")


def outcome(folder: Path, entries: list[Hostile], *options: str) -> Outcome:
    tree = plant(folder.resolve(), entries)
    plant_modules(tree)
    box = Sandbox(folder.resolve())
    before = box.state()
    ways = list(programs().values())
    cold, warm = (box.run(way, tree, *options) for way in (ways[0], ways[-1]))
    return Outcome(entries, cold, warm, box.touched(before), box.ran())


@pytest.fixture(scope="module")
def isolated(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    entries = [entry for entry in LIGHT if entry not in HEEDED]
    return outcome(tmp_path_factory.mktemp("isolated"), entries, "--isolated", "--no-ignores", "--jobs", "2")


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return outcome(tmp_path_factory.mktemp("configured"), HEEDED)


@pytest.fixture(params=["isolated", "configured"])
def either(request: pytest.FixtureRequest) -> Outcome:
    found: Outcome = request.getfixturevalue(request.param)
    return found


def test_the_selection_is_of_every_kind() -> None:
    kinds = {entry.name.split("-")[0] for entry in LIGHT}
    assert kinds >= {
        "broken",
        "controls",
        "encoding",
        "link",
        "name",
        "nested",
        "notebook",
        "pack",
        "poison",
        "settings",
    }
    assert len(LIGHT) > 200
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)


def test_every_hostile_file_is_analysed_or_named(either: Outcome) -> None:
    silent = {entry.name: found for entry in either.entries if (found := either.verdict(entry).silent)}
    assert silent == {}


def test_every_neighbour_keeps_its_finding(either: Outcome) -> None:
    lost = {entry.name: found for entry in either.entries if (found := either.verdict(entry).lost)}
    assert lost == {}
    assert missing_in_formats(map(either.verdict, either.entries), either.cold, prefix=True) == []


def test_what_could_not_be_read_makes_the_status_2(either: Outcome) -> None:
    assert (either.cold.status, either.warm.status) == (2, 2)
    assert set(either.cold.outputs) == set(FORMATS)


def test_no_output_controls_anything(either: Outcome) -> None:
    assert dirt(either.cold) == []


def test_nothing_ran_and_nothing_was_touched(either: Outcome) -> None:
    assert either.ran == []
    assert either.changed == []


def test_a_second_run_says_the_same(either: Outcome) -> None:
    assert either.warm.outputs == either.cold.outputs
    assert either.warm.errors == either.cold.errors


@pytest.mark.parametrize(
    ("output", "seen"),
    [
        ("a\x1b[31m", "\\x1b"),
        ("a\u202eb", "\\u202e"),
        ("  ::error file=a::b", "a command"),
        ("x\n::notice::y", "a command"),
        ("##vso[task]", "a command"),
        ("Traceback (most recent call last):", "a traceback"),
        ("\u2028", "\\u2028"),
    ],
)
def test_the_judge_sees_what_controls(output: str, seen: str) -> None:
    (found, *_) = dirt(Ran(1, {"full": output.encode()}, b"", 0, 0))
    assert seen in found


@pytest.mark.parametrize(
    ("form", "output", "seen"),
    [
        ("markdown", "`[a](b)` [a](https://evil.example)", "a link"),
        ("markdown", "a <img src=x>", "elements img"),
        ("html", "<script></script><script></script>", "2 elements script"),
        ("html", '<p class="a" onclick="b">', "an attribute that runs"),
        ("html", "<iframe>", "elements iframe"),
    ],
)
def test_the_judge_sees_what_pages_would_do(form: str, output: str, seen: str) -> None:
    assert seen in "".join(dirt(Ran(1, {form: output.encode()}, b"", 0, 0)))
    assert dirt(Ran(1, {form: b"`<img>`" if form == "markdown" else b"&lt;img&gt;"}, b"", 0, 0)) == []


def test_the_judge_sees_what_is_passed_over(isolated: Outcome) -> None:
    entry = replace(LIGHT[0], name="nowhere", files={"hostile.py": ""})
    found = isolated.verdict(entry)
    assert (found.silent, len(found.lost), found.survived) == (("hostile.py",), 2, False)


def test_the_sandbox_sees_what_is_touched(tmp_path: Path) -> None:
    tree = plant(tmp_path.resolve(), LIGHT[:1])
    box = Sandbox(tmp_path.resolve())
    before = box.state()
    for allowed in ("cache/results.db", "written/json"):
        (box.folder / allowed).touch()
    assert (box.touched(before), box.ran()) == ([], [])
    (tree / "cache").mkdir()
    (box.folder / "home" / "cache.txt").touch()
    (box.markers / "sitecustomize").touch()
    assert {str(tree / "cache"), str(box.folder / "home" / "cache.txt")} <= set(box.touched(before))
    assert box.ran() == ["sitecustomize"]


@pytest.mark.parametrize("name", ["excludes-everything", "ignores-everything", "assumes-safety", "no-time"])
def test_a_configuration_that_blinds_is_named_or_of_no_use(tmp_path: Path, name: str) -> None:
    (entry,) = (item for item in ENTRIES if item.name == f"blinds-{name}")
    tree = plant(tmp_path.resolve(), [entry])
    box = Sandbox(tmp_path.resolve(), cache=False)
    way = programs()["python -m"]
    report = report_of(box.run(way, tree / entry.name))
    if not any(finding["rule"] == RULE for finding in report["findings"]):
        told = [*report["summary"]["notes"], *(problem["message"] for problem in report["problems"])]
        assert any("narrows the run" in item or "longer than" in item for item in told), report
    found = judge(entry, report_of(box.run(way, tree / entry.name, *entry.options)))
    assert found.survived
