"""What configurations leave out."""

from __future__ import annotations

from pathlib import Path

from mlsec_lint.config.configuration import Configuration
from mlsec_lint.config.settings import Settings
from mlsec_lint.sources.discovery import DiscoverySettings
from mlsec_lint.sources.exclusion import Exclusion


def discovery_settings(settings: Settings) -> DiscoverySettings:
    """What some settings say of which files are found."""
    return DiscoverySettings(
        settings.base, settings.exclude, settings.extend_exclude, settings.respect_gitignore, settings.force_exclude
    )


class Excludes:
    """The excludes of configurations that lie deeper than that of the root, which discovery has heeded."""

    def __init__(self, configuration: Configuration, root: Settings) -> None:
        self._configuration = configuration
        self._root = root
        self._by_base: dict[Path, Exclusion] = {}

    def leave_out(self, file: Path) -> bool:
        """Whether a file that discovery has found is left out after all."""
        own = self._configuration.of(file.parent)
        return own is not self._root and bool(own.exclude or own.extend_exclude) and self._excluded(file, own)

    def leave_out_named(self, file: Path) -> bool:
        """Whether a file that discovery does not see is left out."""
        own = self._configuration.of(file.parent)
        return own.force_exclude and self._excluded(file, own)

    def _excluded(self, file: Path, own: Settings) -> bool:
        if own.base not in self._by_base:
            self._by_base[own.base] = Exclusion(own.base, discovery_settings(own))
        return bool(self._by_base[own.base].excluded_above(file, folder=False))
