from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import packages
import pytest
from packages import NotHereError, Places, unpack
from rows import Package

REPOSITORY = Package("owner/name", "0123456", "git:owner/name@0123456789abcdef")
SOURCE = Package("Some.Thing", "1.0", "sdist")


def archive(path: Path, member: str) -> Path:
    with tarfile.open(path, "w:gz") as file:
        info = tarfile.TarInfo(member)
        info.size = 2
        file.addfile(info, io.BytesIO(b"1\n"))
    return path


def serve(monkeypatch: pytest.MonkeyPatch, page: bytes, kind: str, files: dict[str, bytes]) -> None:
    def fetch(url: str) -> tuple[bytes, str]:
        if url == "https://index.invalid/simple/some-thing/":
            return page, kind
        return files[url], "application/octet-stream"

    monkeypatch.setattr(packages, "_index", lambda: "https://index.invalid/simple/")
    monkeypatch.setattr(packages, "_fetch", fetch)


def test_what_is_in_the_cache_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "some-1.0").mkdir()
    assert Places(tmp_path).find(Package("some", "1.0", "wheel")) == tmp_path / "some-1.0"


def test_checkouts(tmp_path: Path) -> None:
    with pytest.raises(NotHereError, match="--checkouts"):
        Places(tmp_path).find(REPOSITORY)
    with pytest.raises(NotHereError, match="no checkout"):
        Places(tmp_path, tmp_path).find(REPOSITORY)
    (tmp_path / "owner" / "name").mkdir(parents=True)
    assert Places(tmp_path, tmp_path).find(REPOSITORY) == tmp_path / "owner" / "name"
    (tmp_path / "owner" / "name@0123456789ab").mkdir()
    assert Places(tmp_path, tmp_path).find(REPOSITORY) == tmp_path / "owner" / "name@0123456789ab"


def test_archives_cannot_write_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(NotHereError, match="could not be unpacked"):
        unpack(archive(tmp_path / "some-1.0.tar.gz", "../outside.py"), tmp_path / "in" / "folder")
    assert not (tmp_path / "in" / "outside.py").exists()


@pytest.mark.parametrize("kind", ["text/html", "application/vnd.pypi.simple.v1+json"])
def test_source_distributions_come_from_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    name = "some_thing-1.0.tar.gz"
    content = archive(tmp_path / name, "some_thing-1.0/a.py").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    html = f'<a href="other-1.0.tar.gz">other</a> <a href="../../files/{name}#sha256={digest}">{name}</a>'
    json = f'{{"files": [{{"filename": "{name}", "url": "../../files/{name}", "hashes": {{"sha256": "{digest}"}}}}]}}'
    page = html if kind == "text/html" else json
    serve(monkeypatch, page.encode(), kind, {f"https://index.invalid/files/{name}": content})
    folder = Places(tmp_path / "cache").find(SOURCE)
    assert (folder / "some_thing-1.0" / "a.py").read_text(encoding="utf-8") == "1\n"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["Some.Thing-1.0"]


@pytest.mark.parametrize("fragment", ["", "#sha256=" + "0" * 64])
def test_an_archive_with_another_hash_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fragment: str
) -> None:
    page = f'<a href="/some_thing-1.0.tar.gz{fragment}">one</a>'.encode()
    serve(monkeypatch, page, "text/html", {"https://index.invalid/some_thing-1.0.tar.gz": b"something else"})
    with pytest.raises(NotHereError, match="SHA-256"):
        Places(tmp_path).find(SOURCE)
    assert list(tmp_path.iterdir()) == []


def test_a_version_that_the_index_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, b'<a href="/some_thing-1.0.1.tar.gz">one</a>', "text/html", {})
    with pytest.raises(NotHereError, match=r"lists no source distribution of version 1\.0"):
        Places(tmp_path).find(SOURCE)
