"""Which settings hold for a file: the nearest configuration above it, under what the command line says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlsec_lint.catalogue.errors import quoted
from mlsec_lint.config import files
from mlsec_lint.config.errors import ConfigError
from mlsec_lint.config.keys import field_name
from mlsec_lint.config.settings import Settings

if TYPE_CHECKING:
    from mlsec_lint.config.per_file import PerFile

_FIELDS = frozenset(item.name for item in fields(Settings))


class Configuration:
    """Answers for each directory; every configuration file is read once."""

    def __init__(
        self,
        root: Path,
        overrides: Mapping[str, object],
        config: Path | None = None,
        *,
        isolated: bool = False,
        sources: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare for the run in `root`.

        `overrides` are fields of `Settings` that options set, `sources` says which option or variable did; `config` is the only file to read when a person names one;
        `isolated` reads none.
        """
        unknown = set(overrides) - _FIELDS
        if unknown:
            raise TypeError(f"no settings: {sorted(unknown)}")
        self._root = root
        self._overrides = overrides
        self._sources = sources or {name: f"--{name.replace('_', '-')}" for name in overrides}
        self._isolated = isolated
        self._named = files.load(config.absolute()) if config is not None and not isolated else None
        self._by_directory: dict[Path, Settings] = {}
        self._by_file: dict[Path | None, Settings] = {}
        self._selecting: dict[Path, tuple[PerFile, dict[tuple[str, ...], Settings]]] = {}
        self._mistakes: dict[Path, tuple[ConfigError, ...]] = {}

    @property
    def isolated(self) -> bool:
        """Whether nothing that the scanned tree says is heeded."""
        return self._isolated

    @property
    def mistakes(self) -> tuple[ConfigError, ...]:
        """What was wrong with the files read so far; the values that were right are in force."""
        return tuple(mistake for path in sorted(self._mistakes) for mistake in self._mistakes[path])

    @property
    def in_force(self) -> tuple[Settings, ...]:
        """The distinct settings that were asked for so far."""
        return tuple(self._by_file.values())

    def of(self, directory: Path) -> Settings:
        """The settings for the files of a directory (absolute)."""
        passed = []
        while directory not in self._by_directory:
            passed.append(directory)
            file = self._file_in(directory)
            if file is not None or self._is_last(directory):
                self._by_directory[directory] = self._settled(file)
                break
            directory = directory.parent
        settings = self._by_directory[directory]
        self._by_directory.update(dict.fromkeys(passed, settings))
        return settings

    def of_file(self, file: Path) -> Settings:
        """The settings for one file (absolute): what an option selects stands above `per-file-select`."""
        own = self.of(file.parent)
        if not own.per_file_select or "select" in self._overrides:
            return own
        from mlsec_lint.config.per_file import PerFile  # few projects need it

        table, known = self._selecting.setdefault(own.base, (PerFile(own.per_file_select, own.base), {}))
        selectors = table.selectors(file)
        if selectors is None:
            return own
        if selectors not in known:
            origins = {**own.origins, "select": own.origin("per_file_select")}
            known[selectors] = replace(own, select=selectors, origins=origins)
        return known[selectors]

    def files_of(self, directory: Path) -> tuple[Path, ...]:
        """The files that were read for a directory (absolute): the nearest one, and what it extends, in order."""
        while (file := self._file_in(directory)) is None and not self._is_last(directory):
            directory = directory.parent
        return file.chain if file else ()

    def _file_in(self, directory: Path) -> files.ConfigFile | None:
        return None if self._isolated else self._named or files.in_directory(directory)

    def _is_last(self, directory: Path) -> bool:
        return self._isolated or directory == directory.parent or files.is_repository(directory)

    def _settled(self, file: files.ConfigFile | None) -> Settings:
        path = file.path if file else None
        if path not in self._by_file:
            self._by_file[path] = self._merged(file)
        return self._by_file[path]

    def _merged(self, file: files.ConfigFile | None) -> Settings:
        """Defaults, under the file, under the options."""
        values: dict[str, Any] = {}  # each key's reader has checked its type
        origins: dict[str, str] = {}
        if file is not None:
            values = {field_name(key): entry.value for key, entry in file.entries.items()}
            values["rules"], outside = self._packs(file.entries.get("rules"))
            values["baseline"], far = self._baseline(file.entries.get("baseline"))
            origins = {field_name(key): str(entry.file) for key, entry in file.entries.items()}
            self._mistakes[file.path] = (*file.mistakes, *outside, *far)
        origins.update(self._sources)
        base = file.path.parent if file and not self._named else self._root
        return replace(Settings(base), **{**values, **self._overrides, "origins": origins})

    def _packs(self, entry: files.Entry | None) -> tuple[tuple[Path, ...], tuple[ConfigError, ...]]:
        """The pack directories that a file names; those outside its repository are refused unless a person named it."""
        if entry is None or not isinstance(entry.value, tuple):
            return (), ()
        inside: list[Path] = []
        mistakes: list[ConfigError] = []
        for name in entry.value:
            if self._reaches(entry, name):
                inside.append((entry.base / name).resolve())
            else:
                mistakes.append(_outside(entry, "rules", name, "--rules DIR"))
        return tuple(inside), tuple(mistakes)

    def _baseline(self, entry: files.Entry | None) -> tuple[Path | None, tuple[ConfigError, ...]]:
        """The baseline that a file names, under the same conditions; a link is left for whoever reads it to refuse."""
        if entry is None or not isinstance(entry.value, str):
            return None, ()
        if self._reaches(entry, entry.value):
            return Path(os.path.normpath(entry.base.absolute() / entry.value)), ()
        return None, (_outside(entry, "baseline", entry.value, "--baseline FILE"),)

    def _reaches(self, entry: files.Entry, name: str) -> bool:
        if self._named:
            return True
        target, top = (entry.base / name).resolve(), files.repository(entry.base).resolve()
        return (
            target.is_relative_to(top) and ".git" not in target.relative_to(top).parts
        )  # what is git's is no project's


def _outside(entry: files.Entry, key: str, name: str, option: str) -> ConfigError:
    step = f"name it on the command line: {option}"
    return ConfigError(str(entry.file), key, f"{quoted(name)} lies outside the repository", step)
