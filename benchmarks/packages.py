"""Where does a package lie, unpacked? Wheels and source distributions are downloaded once; nothing is built or run."""

from __future__ import annotations

import hashlib
import html.parser
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
import urllib.request
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rows import Package

_PYTHONS = ("3.11", "3.12", "3.10", "3.9", "3.8")
"""Some wheels exist for old or new versions only."""
_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
_SECONDS = 300


class NotHereError(RuntimeError):
    """A package that cannot be looked at; the text says why."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where packages are looked for."""

    cache: Path
    """`NAME-VERSION/` in it holds one unpacked package."""
    checkouts: Path | None = None
    """`OWNER/NAME@COMMIT12/` or `OWNER/NAME/` in it holds a repository."""

    def find(self, package: Package) -> Path:
        """The folder of a package, downloaded if need be; raises `NotHereError`."""
        if package.repository[0]:
            return self._checkout(*package.repository)
        folder = self.cache / f"{package.name}-{package.version}"
        if not folder.is_dir():
            self.cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.cache) as name:
                unpacked = Path(name, "unpacked")
                unpack(download(package, Path(name)), unpacked)
                unpacked.rename(folder)
        return folder

    def _checkout(self, repository: str, commit: str) -> Path:
        if self.checkouts is None:
            raise NotHereError("needs --checkouts DIR")
        for folder in (self.checkouts / f"{repository}@{commit[:12]}", self.checkouts / repository):
            if folder.is_dir():
                return folder
        raise NotHereError(f"no checkout {repository}@{commit[:12]} in {self.checkouts}")


def download(package: Package, folder: Path) -> Path:
    """The archive, in `folder`; raises `NotHereError`."""
    try:
        return _wheel(package, folder) if package.dist == "wheel" else _source_distribution(package, folder)
    except (OSError, ValueError) as error:
        raise NotHereError(f"{package} could not be downloaded: {error}") from error


def unpack(archive: Path, folder: Path) -> None:
    """Unpack so that nothing is written outside of `folder`; raises `NotHereError`."""
    try:
        if archive.suffix in {".whl", ".zip"}:
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(folder)  # noqa: S202 # zipfile drops leading slashes and `..`
        else:
            with tarfile.open(archive) as members:
                members.extractall(folder, filter="data")
    except (OSError, zipfile.BadZipFile, tarfile.TarError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NotHereError(f"{archive.name} could not be unpacked: {error}") from error


def _wheel(package: Package, folder: Path) -> Path:
    fixed = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", str(folder)]
    said = ""
    for python in _PYTHONS:
        command = [*fixed, "--python-version", python, f"{package.name}=={package.version}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 # no shell, our options
        if wheels := list(folder.glob("*.whl")):
            return wheels[0]
        said = done.stderr.strip().rpartition("\n")[2]
    raise NotHereError(f"{package} could not be downloaded: {said}")


def _source_distribution(package: Package, folder: Path) -> Path:
    """Fetched without pip, which would ask the build system for metadata and so run the package's code."""
    page, files = _links(package.name)
    name = re.sub(r"[-_.]+", "[-_.]+", package.name)
    wanted = re.compile(rf"{name}-{re.escape(package.version)}\.(tar\.gz|tar\.bz2|zip)", re.IGNORECASE)
    for file, (url, sha256) in files.items():
        if wanted.fullmatch(file):
            archive = folder / Path(file).name
            archive.write_bytes(_fetch(urllib.parse.urljoin(page, url))[0])
            if hashlib.sha256(archive.read_bytes()).hexdigest() != sha256:
                raise NotHereError(f"{file} is not what the index says: its SHA-256 differs")
            return archive
    raise NotHereError(f"{page} lists no source distribution of version {package.version}")


def _links(name: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """The page of a project in the index, and its files: name → link and SHA-256."""
    page = f"{_index().rstrip('/')}/{re.sub(r'[-_.]+', '-', name).lower()}/"
    body, kind = _fetch(page)
    if "json" in kind:
        return page, {
            one["filename"]: (one["url"], one["hashes"].get("sha256", "")) for one in json.loads(body)["files"]
        }
    anchors = _Anchors()
    anchors.feed(body.decode())
    return page, anchors.files


@lru_cache(maxsize=1)
def _index() -> str:
    """The index that pip is set up with."""
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 # fixed arguments
    return done.stdout.strip() or "https://pypi.org/simple"


def _fetch(url: str) -> tuple[bytes, str]:
    if urllib.parse.urlsplit(url).scheme not in {"https", "http", "file"}:
        raise NotHereError(f"{url} is no address of an index")
    request = urllib.request.Request(url, headers={"Accept": _ACCEPT})  # noqa: S310 # the scheme is checked above
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
        return answer.read(), answer.headers.get("Content-Type", "")


class _Anchors(html.parser.HTMLParser):
    """The links of an index page that is HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, tuple[str, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the file's name from the link: its last part."""
        link = dict(attrs).get("href") if tag == "a" else None
        if link:
            url, _, fragment = link.partition("#")
            name = urllib.parse.unquote(urllib.parse.urlsplit(url).path.rpartition("/")[2])
            self.files[name] = (url, fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else "")
