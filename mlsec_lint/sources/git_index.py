"""Which files git tracks, read from its index file.

Reading the file beats asking `git ls-files`: it starts no process, runs no hook or monitor that the repository's
configuration names, and works where git refuses a directory of another owner, as in most CI containers.
Format: https://git-scm.com/docs/index-format
"""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path

from mlsec_lint.sources.reading import read_bytes

_LARGEST = 256_000_000
_SHA256 = re.compile(rb"^\s*objectformat\s*=\s*sha256\s*$", re.IGNORECASE | re.MULTILINE)
_EXTENDED = 0x4000
_PREFIX_COMPRESSED = 4


class UnknownIndexError(ValueError):
    """The index is damaged, or of a kind that we do not read."""


def work_tree(folder: Path) -> Path | None:
    """The top of the work tree around a folder; None where there is none."""
    return next((level for level in (folder, *folder.parents) if os.path.lexists(level / ".git")), None)


def git_directory(top: Path) -> Path:
    """Where git keeps the data of the work tree at `top`: `.git`, or where that file points to."""
    mark = top / ".git"
    if mark.is_dir():
        return mark
    said = read_bytes(mark, 4096).decode("utf-8", "replace")
    return top / said.removeprefix("gitdir:").strip()


def shared_directory(directory: Path) -> Path:
    """Where the work trees of one repository keep what they share."""
    try:
        said = read_bytes(directory / "commondir", 4096).decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return directory
    return directory / said


def tracked_files(top: Path) -> frozenset[str]:
    """The tracked paths, with forward slashes and relative to `top`.

    Raises `OSError` and `ValueError` (of which `UnknownIndexError` is one).
    """
    directory = git_directory(top)
    try:
        data = read_bytes(directory / "index", _LARGEST)
    except FileNotFoundError:
        return frozenset()
    return frozenset(os.fsdecode(path) for path in _paths(data, 32 if _uses_sha256(directory) else 20))


def _uses_sha256(directory: Path) -> bool:
    try:
        return bool(_SHA256.search(read_bytes(shared_directory(directory) / "config", 1_000_000)))
    except (OSError, ValueError):
        return False


def _paths(data: bytes, hash_size: int) -> list[bytes]:
    signature, version, count = struct.unpack_from(">4sLL", data) if len(data) > 12 else (b"", 0, 0)  # noqa: PLR2004
    if signature != b"DIRC" or version not in {2, 3, 4}:
        raise UnknownIndexError("this is no index of version 2, 3 or 4")
    paths: list[bytes] = []
    at, total = 12, 0
    previous = b""
    for _ in range(count):
        flags_at = at + 40 + hash_size
        flags = int.from_bytes(data[flags_at : flags_at + 2], "big")
        name_at = flags_at + (4 if flags & _EXTENDED else 2)
        kept = b""
        if version == _PREFIX_COMPRESSED:
            dropped, name_at = _variable_integer(data, name_at)
            kept = previous[: len(previous) - dropped]
        end = data.find(b"\0", name_at)
        if end < 0:
            raise UnknownIndexError("it ends inside an entry")
        previous = kept + data[name_at:end]
        total += len(previous)
        if total > _LARGEST:
            raise UnknownIndexError("its names are longer than the index")
        paths.append(previous)
        at = end + 1 if version == _PREFIX_COMPRESSED else at + (end - at + 8) // 8 * 8
    return paths


def _variable_integer(data: bytes, at: int) -> tuple[int, int]:
    """The number that starts at `at` and the offset behind it; each further byte also counts as one more."""
    value = -1
    while at < len(data):
        byte = data[at]
        at += 1
        value = (value + 1) << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004  # the top bit says that another byte follows
            return value, at
    raise UnknownIndexError("it ends inside a number")
