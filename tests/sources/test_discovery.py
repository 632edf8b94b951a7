from __future__ import annotations

import os
import random
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlsec_lint.sources.discovery import Discovery, DiscoverySettings, discover, shown_path

needs_links = pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")


def plant(root: Path, *paths: str) -> None:
    for path in paths:
        name, _, text = path.partition("=")
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def find(root: Path, *paths: str, **options: object) -> Discovery:
    return discover([root / path for path in paths or (".",)], DiscoverySettings(root, **options))  # type: ignore[arg-type]


def names(root: Path, found: Discovery) -> list[str]:
    return [shown_path(file, root) for file in found.files]


def test_python_notebooks_and_scripts_are_found(tmp_path: Path) -> None:
    plant(
        tmp_path, "a.py", "b/c.pyi", "d.ipynb", "e.txt", "run=#!/usr/bin/env python3\n", "make=#!/bin/sh\n", "LICENSE"
    )
    plant(tmp_path, "tool=#!/usr/bin/env -S uv run --script\n", "f.PY")
    found = find(tmp_path)
    assert names(tmp_path, found) == ["a.py", "b/c.pyi", "d.ipynb", "f.PY", "run", "tool"]
    assert (found.problems, found.left_out, found.notes) == ((), {}, ())


def test_default_excludes(tmp_path: Path) -> None:
    plant(
        tmp_path,
        ".venv/a.py",
        "my/pyvenv.cfg",
        "my/b.py",
        "lib/site-packages/c.py",
        "node_modules/d.py",
        "build/lib/e.py",
    )
    plant(tmp_path, "rl/env/f.py", "ops/build/__init__.py", "ops/build/g.py", "conda/conda-meta/history", "conda/h.py")
    found = find(tmp_path)
    assert names(tmp_path, found) == ["ops/build/__init__.py", "ops/build/g.py", "rl/env/f.py"]
    assert found.left_out == {"default excludes": 6}
    assert found.excluded == 6
    assert "exclude = []" in found.notes[0]
    assert len(find(tmp_path, exclude=()).files) == 9


@pytest.mark.parametrize("named", [".", "gen/a.py", "gen", "./gen/../gen/a.py"])
def test_excludes_hold_for_named_paths_unless_the_user_says_no(tmp_path: Path, named: str) -> None:
    plant(tmp_path, "gen/a.py")
    assert find(tmp_path, named, extend_exclude=("gen/",)).files == ()
    assert find(tmp_path, named, extend_exclude=("/gen",)).left_out == {"exclude": 1}
    if named != ".":
        assert find(tmp_path, "gen/a.py", extend_exclude=("gen/",), force_exclude=False).files


def test_a_named_file_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    plant(tmp_path, "recipe.txt")
    assert names(tmp_path, find(tmp_path, "recipe.txt")) == ["recipe.txt"]


def test_gitignore_files_on_every_level(tmp_path: Path) -> None:
    plant(tmp_path, ".gitignore=*.gen.py\n/only_top/\n", "a.gen.py", "only_top/b.py", "sub/only_top/c.py")
    plant(tmp_path, "sub/.gitignore=!keep.gen.py\nlocal.py\n", "sub/keep.gen.py", "sub/local.py", "local.py")
    found = find(tmp_path)
    assert names(tmp_path, found) == ["local.py", "sub/keep.gen.py", "sub/only_top/c.py"]
    assert found.left_out == {".gitignore": 3}
    assert len(find(tmp_path, respect_gitignore=False).files) == 6


def test_a_named_folder_that_git_ignores_is_checked(tmp_path: Path) -> None:
    plant(
        tmp_path, ".gitignore=scratch/\n", "scratch/a.py", "scratch/.gitignore=b.py\n", "scratch/b.py", "scratch/c/d.py"
    )
    assert names(tmp_path, find(tmp_path, "scratch")) == ["scratch/a.py", "scratch/c/d.py"]


@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_what_git_tracks_is_checked_even_if_ignored(tmp_path: Path, version: str, object_format: str) -> None:
    git(tmp_path, "init", "-q", f"--object-format={object_format}")
    plant(tmp_path, ".gitignore=data/\n", "data/deep/kept.py", "data/deep/kept_too.py", "data/not.py", "dist/made.py")
    plant(tmp_path, "dist/x/by_hand.py", "a.py")
    git(tmp_path, "update-index", "--index-version", version)
    git(tmp_path, "add", "-f", "data/deep", "dist/x", "a.py")
    if version == "3":
        git(tmp_path, "add", "-f", "-N", "dist/made.py")
    assert names(tmp_path, find(tmp_path)) == [
        "a.py",
        "data/deep/kept.py",
        "data/deep/kept_too.py",
        "dist/made.py",
        "dist/x/by_hand.py",
    ]


def test_the_repository_around_the_root_counts(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    plant(tmp_path, ".gitignore=root/made.py\n", "root/made.py", "root/a.py", "root/private.py", "root/tracked.py")
    (tmp_path / ".git/info").mkdir(exist_ok=True)
    (tmp_path / ".git/info/exclude").write_text("private.py\ntracked.py\n")
    git(tmp_path, "add", "-f", "root/tracked.py")
    assert names(tmp_path / "root", find(tmp_path / "root")) == ["a.py", "tracked.py"]


def test_a_work_tree_finds_its_index(tmp_path: Path) -> None:
    main, tree = tmp_path / "main", tmp_path / "tree"
    main.mkdir()
    git(main, "init", "-q")
    git(main, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x")
    git(main, "worktree", "add", "-q", str(tree))
    plant(tree, ".gitignore=*.py\n", "a.py", "b.py")
    git(tree, "add", "-f", "a.py")
    assert names(tree, find(tree)) == ["a.py"]


@pytest.mark.parametrize(
    "index", [b"", b"DIRC", b"DIRC\0\0\0\x02\0\0\0\x09", b"DIRC\0\0\0\x04\0\0\0\x01" + b"\xff" * 80]
)
def test_a_damaged_index_is_noted(tmp_path: Path, index: bytes) -> None:
    plant(tmp_path, ".gitignore=a.py\n", "a.py", "b.py", ".git/HEAD")
    (tmp_path / ".git/index").write_bytes(index)
    found = find(tmp_path)
    assert names(tmp_path, found) == ["b.py"]
    assert any("index of git" in note for note in found.notes)


def test_an_index_whose_names_grow_without_end_is_noted(tmp_path: Path) -> None:
    plant(tmp_path, ".gitignore=a.py\n", "a.py", "b.py", ".git/HEAD")
    entries = (b"\0" * 63 + b"a\0") * 40_000  # of version 4: each name is the one before and a letter
    (tmp_path / ".git/index").write_bytes(b"DIRC" + struct.pack(">LL", 4, 40_000) + entries)
    found = find(tmp_path)
    assert names(tmp_path, found) == ["b.py"]
    assert any("index of git" in note for note in found.notes)


def test_patterns_that_would_take_for_ever_match_nothing(tmp_path: Path) -> None:
    plant(tmp_path, ".gitignore=" + "*a" * 30 + "b\nc.py\n", "a" * 200 + ".py", "c.py")
    found = find(tmp_path)
    assert names(tmp_path, found) == ["a" * 200 + ".py"]
    assert any("unusable" in note for note in found.notes)


def test_a_missing_path_names_its_neighbour(tmp_path: Path) -> None:
    plant(tmp_path, "train.py")
    found = find(tmp_path, "trian.py", "no/such/folder")
    assert [(problem.kind, problem.path, problem.hint) for problem in found.problems] == [
        ("missing", "no/such/folder", "check the path; its folder does not exist either"),
        ("missing", "trian.py", "did you mean `train.py`?"),
    ]


@needs_links
def test_links_do_not_leave_the_root_or_loop(tmp_path: Path) -> None:
    root = tmp_path / "root"
    plant(tmp_path, "outside/secret.py", "root/sub/a.py", "root/data=x = 1\n")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "out.py").symlink_to(tmp_path / "outside/secret.py")
    (root / "sub/loop").symlink_to(root)
    (root / "broken.py").symlink_to(root / "nothing.py")
    (root / "again.py").symlink_to(root / "sub/a.py")
    (root / "script.py").symlink_to(root / "data")
    found = find(root)
    assert names(root, found) == ["script.py", "sub/a.py"]
    assert found.left_out == {"symbolic link": 4}
    assert any("leave the root" in note for note in found.notes)


@needs_links
def test_a_linked_folder_inside_the_root_is_followed_once(tmp_path: Path) -> None:
    plant(tmp_path, "lib/a.py", "app/b.py", "lib/.venv/c.py")
    (tmp_path / "app/lib").symlink_to(tmp_path / "lib")
    assert names(tmp_path, find(tmp_path, "app")) == ["app/b.py", "app/lib/a.py"]
    assert names(tmp_path, find(tmp_path)) == ["app/b.py", "lib/a.py"]


@needs_links
def test_a_named_link_out_of_the_root_is_a_problem(tmp_path: Path) -> None:
    plant(tmp_path, "outside.py", "root/a.py")
    (tmp_path / "root/link.py").symlink_to(tmp_path / "outside.py")
    found = find(tmp_path / "root", "link.py")
    assert (found.files, [problem.path for problem in found.problems]) == ((), ["link.py"])


@needs_links
def test_a_root_behind_a_link_is_the_same_root(tmp_path: Path) -> None:
    plant(tmp_path, "real/a.py")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    found = discover([tmp_path / "link/a.py"], DiscoverySettings(tmp_path / "link"))
    assert [shown_path(file, tmp_path / "link") for file in found.files] == ["a.py"]


def test_a_folder_outside_the_root_may_be_named(tmp_path: Path) -> None:
    plant(tmp_path, "root/a.py", "other/build/x.py", "other/c.py")
    found = discover([tmp_path / "other"], DiscoverySettings(tmp_path / "root"))
    assert [file.name for file in found.files] == ["c.py"]
    assert shown_path(found.files[0], tmp_path / "root") == (tmp_path / "other/c.py").resolve().as_posix()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_are_reported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "pipe")
    assert [problem.path for problem in find(tmp_path).problems] == ["pipe.py"]
    assert [problem.path for problem in find(tmp_path, "pipe").problems] == ["pipe"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_folder_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    assert [problem.path for problem in find(tmp_path).problems] == ["shut"]


@pytest.mark.skipif(os.name == "nt", reason="such names are not allowed on Windows")
def test_odd_names_survive(tmp_path: Path) -> None:
    odd = ["a\nb.py", "\x1b[2J.py", "\u202e.py", " .py", "-.py", os.fsdecode(b"\xff.py")]
    plant(tmp_path, *odd)
    assert sorted(names(tmp_path, find(tmp_path))) == sorted(odd)


parts = st.sampled_from(["a", "b", "build", "venv", "c.py", "d.ipynb", ".gitignore"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.sets(st.lists(parts, min_size=1, max_size=3).map("/".join), max_size=8), st.randoms())
def test_the_order_of_paths_and_files_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, paths: set[str], chance: random.Random
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for path in sorted(paths):
        if all(not (root / parent).is_file() for parent in Path(path).parents) and not (root / path).is_dir():
            plant(root, f"{path}=d.*\n")
    named = [root, *(root / path for path in sorted(paths) if (root / path).exists())]
    shuffled: Sequence[Path] = chance.sample(named, len(named))
    first, second = discover(named, DiscoverySettings(root)), discover(shuffled, DiscoverySettings(root))
    assert first == second
    assert len({file.resolve() for file in first.files}) == len(first.files)
    assert set(discover([root], DiscoverySettings(root)).files) <= set(first.files)


def test_folders_of_version_control_are_no_part_of_a_project(tmp_path: Path) -> None:
    plant(tmp_path, ".git/hooks/post-update.py", ".hg/a.py", "venv/b.py", "c.py")
    found = find(tmp_path)
    assert names(tmp_path, found) == ["c.py"]
    assert found.left_out == {"default excludes": 1}
