"""The entries of the cache, in one SQLite file: whole or not at all after a crash, and shared by runs at one time."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

FILE = "results-1.sqlite"
"""The number is that of the format."""

MAX_BYTES = 256 * 1024 * 1024
"""Of all entries together; the least recently used go first."""

MAX_DAYS = 60
"""An entry that nobody has asked for so long is dropped."""

_OURS = re.compile(r"results-\d+\.sqlite(-\w+)?", re.ASCII)
"""Our files, and what SQLite puts beside them."""

_POSIX = os.name == "posix"

_DAY = 86_400
_AT_ONCE = 500
_PATIENCE = 1.5
"""Seconds to wait for another run that writes; Ctrl-C cannot shorten it."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, day INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID"
)


_INDEX = "CREATE INDEX IF NOT EXISTS days ON entries (day)"


class Store:
    """Keys and texts. A store that cannot be read or written gives nothing and keeps nothing."""

    def __init__(self, folder: Path) -> None:
        """Open it, or begin a new one in the place of one that is damaged."""
        self._file = folder / FILE
        self._today = int(time.time() // _DAY)
        self._connection = self._open() or self._renewed()

    def _open(self) -> sqlite3.Connection | None:
        try:
            if not _is_ours(self._file):
                return None
            connection = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)
        except (OSError, sqlite3.Error):
            return None
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_TABLE)
            connection.execute(_INDEX)
            connection.execute("SELECT key, day, value FROM entries LIMIT 1").fetchone()
        except sqlite3.Error:
            connection.close()
            return None
        return connection

    def _renewed(self) -> sqlite3.Connection | None:
        with contextlib.suppress(OSError):
            self._file.unlink()
            return self._open()
        return None

    def get(self, keys: Iterable[str]) -> dict[str, str]:
        """The entries that there are, and are text."""
        found: dict[str, str] = {}
        wanted = list(keys)
        if self._connection is None:
            return found
        with contextlib.suppress(sqlite3.Error):
            for start in range(0, len(wanted), _AT_ONCE):
                part = wanted[start : start + _AT_ONCE]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, value FROM entries WHERE key IN ({marks})"  # noqa: S608  # question marks only
                rows = self._connection.execute(query, part)
                found.update(row for row in rows if isinstance(row[1], str))  # whoever can write there may put anything
        return found

    def keep(self, entries: Mapping[str, str], used: Iterable[str]) -> None:
        """Add entries, and note which old ones were of use."""
        if self._connection is None:
            return
        with contextlib.suppress(sqlite3.Error), self._transaction(self._connection) as connection:
            rows = [(key, self._today, value) for key, value in entries.items()]
            connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", rows)
            marked = [(self._today, key, self._today) for key in used]
            connection.executemany("UPDATE entries SET day = ? WHERE key = ? AND day < ?", marked)
            if rows:
                self._shrink(connection)
        with contextlib.suppress(sqlite3.Error):
            if self._bytes(self._connection) > MAX_BYTES:  # what was deleted still takes room
                self._connection.execute("VACUUM")

    @staticmethod
    @contextlib.contextmanager
    def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _shrink(self, connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM entries WHERE day < ?", (self._today - MAX_DAYS,))
        if self._bytes(connection) <= MAX_BYTES:
            return
        sizes = connection.execute("SELECT day, SUM(LENGTH(value)) FROM entries GROUP BY day ORDER BY day DESC")
        total = 0
        for day, size in sizes.fetchall():
            total += size
            if total > MAX_BYTES:
                connection.execute("DELETE FROM entries WHERE day <= ?", (day,))
                return

    @staticmethod
    def _bytes(connection: sqlite3.Connection) -> int:
        """The size of the file."""
        (pages,), (size,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
        return int(pages) * int(size)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()


def _is_ours(file: Path) -> bool:
    """Make the file if it is not there; whether nobody else can have written to it. Raises OSError."""
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW if _POSIX else os.O_CREAT, 0o600)
    try:
        found = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if not stat.S_ISREG(found.st_mode):
        return False
    return not _POSIX or (found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def clear(folder: Path) -> bool:
    """Delete the cache of a folder, of all formats; whether there was one. Raises OSError."""
    names = [name for name in os.listdir(folder) if _OURS.fullmatch(name)] if folder.exists() else []  # noqa: PTH208
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            (folder / name).unlink()
    return bool(names)
