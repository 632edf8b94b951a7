"""The store: whole or empty, whatever happened to it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mlsec_lint.cache import store as store_module
from mlsec_lint.cache.folder import Unusable, default_folder, prepared
from mlsec_lint.cache.store import FILE, Store, clear


def test_it_gives_what_it_was_given(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.keep({f"key{number}": f"value {number}" for number in range(1_200)}, ())
    first.close()
    found = Store(tmp_path).get([f"key{number}" for number in range(0, 1_300, 2)])
    assert found == {f"key{number}": f"value {number}" for number in range(0, 1_200, 2)}


@pytest.mark.parametrize("damage", [b"", b"no database at all", b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_damaged_one_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    store = Store(tmp_path)
    assert store.get(["a"]) == {}
    store.keep({"a": "1"}, ())
    store.close()
    assert Store(tmp_path).get(["a"]) == {"a": "1"}


def test_another_table_of_that_name_gives_nothing(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("CREATE TABLE entries (other TEXT)")
    connection.close()
    store = Store(tmp_path)
    store.keep({"a": "1"}, ())
    assert store.get(["a"]) == {"a": "1"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine", encoding="utf-8")
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / FILE).symlink_to(target)
    store = Store(folder)
    store.keep({"a": "1"}, ())
    store.close()
    assert target.read_text(encoding="utf-8") == "mine"


def test_runs_at_one_time_lose_nothing(tmp_path: Path) -> None:
    def write(number: int) -> None:
        store = Store(tmp_path)
        store.keep({f"{number}-{index}": "x" for index in range(50)}, ())
        store.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = [f"{number}-{index}" for number in range(6) for index in range(50)]
    assert len(Store(tmp_path).get(wanted)) == len(wanted)


def test_a_run_that_is_killed_while_it_writes_leaves_the_old_entries(tmp_path: Path) -> None:
    Store(tmp_path).keep({"old": "1"}, ())
    program = (
        "import os, sys; from pathlib import Path; from mlsec_lint.cache.store import Store\n"
        "store = Store(Path(sys.argv[1])); c = store._connection; c.execute('BEGIN IMMEDIATE')\n"
        "c.executemany('INSERT INTO entries VALUES (?, 0, ?)', [(str(i), 'x' * 5000) for i in range(2000)])\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, cwd=Path(__file__).parents[2])
    assert ended.returncode != 0
    assert Store(tmp_path).get(["old", "1", "1999"]) == {"old": "1"}


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MAX_BYTES", 1_000)
    for day in range(5):
        store = Store(tmp_path)
        store._today = 20_000 + day
        store.keep({f"day{day}": "x" * 400}, ["day0"])
        store.close()
    assert set(Store(tmp_path).get([f"day{day}" for day in range(5)])) <= {"day0", "day3", "day4"}


def test_what_nobody_asks_for_is_dropped(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store._today -= store_module.MAX_DAYS + 1
    store.keep({"old": "1", "used": "2"}, ())
    store.close()
    today = Store(tmp_path)
    today.keep({}, ["used"])
    today.keep({"new": "3"}, ())
    assert today.get(["old", "used", "new"]) == {"used": "2", "new": "3"}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="everything is writable there")
def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    store = Store(tmp_path)
    store.keep({"a": "1"}, ())
    assert store.get(["a"]) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_folder_where_others_may_write_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(Unusable, match="others may write"):
        prepared(folder)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(Unusable, match="a link"):
        prepared(link)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_new_folder_is_its_users_alone(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "a" / "b")
    assert folder.stat().st_mode & 0o777 == 0o700
    Store(folder).close()
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the specification of XDG")
def test_the_default_is_the_users_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert default_folder() == Path("/somewhere/mlsec-lint")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_folder() == Path.home() / ".cache" / "mlsec-lint"


def test_it_can_be_cleared(tmp_path: Path) -> None:
    assert not clear(tmp_path)
    Store(tmp_path).close()
    assert clear(tmp_path)
    assert list(tmp_path.iterdir()) == []
