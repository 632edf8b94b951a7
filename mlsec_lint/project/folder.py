"""All that one folder says about versions."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from mlsec_lint.project.conda import read_environment
from mlsec_lint.project.core_metadata import read_metadata, read_requires
from mlsec_lint.project.locks import read_package_lock, read_pipfile_lock
from mlsec_lint.project.manifest import Manifest, ManifestError
from mlsec_lint.project.pyproject import read_pipfile, read_pyproject
from mlsec_lint.project.requirement import normalised
from mlsec_lint.project.requirement_files import read_requirement_files
from mlsec_lint.project.setup_files import read_setup_cfg, read_setup_py
from mlsec_lint.sources.reading import LARGEST, read_bytes

_READERS: dict[str, Callable[[str], Manifest]] = {
    "pyproject.toml": read_pyproject,
    "setup.cfg": read_setup_cfg,
    "setup.py": read_setup_py,
    "Pipfile": read_pipfile,
    "uv.lock": read_package_lock,
    "poetry.lock": read_package_lock,
    "pdm.lock": read_package_lock,
    "pylock.toml": read_package_lock,
    "Pipfile.lock": read_pipfile_lock,
    "environment.yml": read_environment,
    "environment.yaml": read_environment,
    "conda.yml": read_environment,
    "conda.yaml": read_environment,
    "PKG-INFO": read_metadata,
}
_REQUIREMENTS = re.compile(
    r"(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in|lock)|requirements\.lock|constraints.*\.txt"
)
_LARGEST_BY_HAND = 1_000_000
_MOST_PACKAGES = 1_000


class Folder:
    """A folder of the scanned tree; nothing outside `root` (resolved) is read, and what cannot be read is noted."""

    def __init__(self, path: Path, root: Path) -> None:
        self._path = path
        self._root = root
        self._manifest = Manifest()

    def read(self) -> Manifest:
        """Everything that its files, and the metadata of the package that it is, say."""
        names = _names(self._path)
        for name, reader in _READERS.items():
            if name in names:
                self._add(self._path / name, reader)
        files = [self._path / name for name in sorted(names) if _REQUIREMENTS.fullmatch(name)]
        if "requirements" in names:
            inside = self._path / "requirements"
            files += [inside / name for name in sorted(_names(inside)) if name.endswith((".txt", ".in"))]
        self._manifest.merge(read_requirement_files(files, self._text))
        self._add_installed(sorted(name for name in names if name.endswith((".dist-info", ".egg-info"))))
        return self._manifest

    def _add_installed(self, packages: list[str]) -> None:
        """One package's metadata in the folder speaks for all of it; of many beside it, that of this package."""
        if len(packages) == 1:
            built_here = packages[0].endswith(".egg-info")
            if not (built_here and self._manifest.requirements):  # else it is older than what it was built from
                self._add_package(self._path / packages[0])
        elif self._path != self._root and not packages:
            for package in _owners(self._path.parent, self._root).get(self._path.name, ()):
                self._add_package(self._path.parent / package)

    def _add_package(self, package: Path) -> None:
        names = _names(package)
        for name, reader in (("METADATA", read_metadata), ("PKG-INFO", read_metadata), ("requires.txt", read_requires)):
            if name in names:
                self._add(package / name, reader)

    def _add(self, path: Path, reader: Callable[[str], Manifest]) -> None:
        try:
            content = self._text(path)
        except ManifestError as error:
            self._manifest.notes.append(str(error))
            return
        try:
            self._manifest.merge(reader(content))
        except ManifestError as error:
            self._manifest.notes.append(f"{_shown(path, self._root)} is not used: {error}")

    def _text(self, path: Path) -> str:
        return _text(path, self._root)


@lru_cache(maxsize=64)
def _owners(folder: Path, root: Path) -> Mapping[str, list[str]]:
    """Which metadata speaks for which package, in a folder where many are installed."""
    owners: dict[str, list[str]] = {}
    packages = sorted(name for name in _names(folder) if name.endswith(".dist-info"))[:_MOST_PACKAGES]
    for package in packages if len(packages) > 1 else ():
        try:
            modules = _text(folder / package / "top_level.txt", root).split()
        except ManifestError:
            modules = []
        name = package.partition("-")[0]
        for module in {name, normalised(name).replace("-", "_"), *modules}:
            owners.setdefault(module, []).append(package)
    return owners


def _text(path: Path, root: Path) -> str:
    """The text of a file inside the root; raises `ManifestError`."""
    shown = _shown(path, root)
    largest = LARGEST if path.suffix == ".lock" or path.name == "pylock.toml" else _LARGEST_BY_HAND
    if "\0" in str(path):  # an included file; no system call takes such a name
        raise ManifestError(f"{shown} is not used: it cannot be read")
    if not Path(os.path.realpath(path)).is_relative_to(root):
        raise ManifestError(f"{shown} is not used: it lies outside the root of the run")
    try:
        data = read_bytes(path, largest)
    except (OSError, ValueError):
        raise ManifestError(f"{shown} is not used: it cannot be read") from None
    if len(data) > largest:
        raise ManifestError(f"{shown} is not used: it is larger than {largest:,} bytes")
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _names(folder: Path) -> set[str]:
    try:
        return {entry.name for entry in folder.iterdir()}
    except OSError:
        return set()
