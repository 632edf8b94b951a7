"""The second phase: a file's matches in the light of its project: pinned versions, trusted hosts, what a run shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlsec_lint.catalogue.families import family_of
from mlsec_lint.findings import Profile
from mlsec_lint.match.conclusion import Conclusion, conclude
from mlsec_lint.match.grouping import Group, grouped
from mlsec_lint.match.matched import Matched
from mlsec_lint.project.project import Project
from mlsec_lint.scan import Scan

_DOWNLOADS = "downloads"


def link(
    scan: Scan, project: Project, trusted_hosts: tuple[str, ...], profile: Profile, *, is_test: bool
) -> tuple[Group, ...]:
    """What is said about the file, one group a root cause, in source order."""
    imports = scan.module.imports
    wanted = (item for item in scan.matches.matched if not _is_trusted(item, trusted_hosts))
    concluded = (conclude(item, project.admits, imports, is_test=is_test) for item in wanted)
    return grouped(_present(concluded), profile)


def _present(items: Iterable[Conclusion | None]) -> Iterator[Conclusion]:
    yield from (item for item in items if item is not None)


def _is_trusted(matched: Matched, trusted_hosts: tuple[str, ...]) -> bool:
    """Whether a download comes only from hosts that the project's configuration trusts (or hosts below them)."""
    if not (trusted_hosts and matched.hosts and family_of(matched.rule.id) == _DOWNLOADS):
        return False
    return all(any(host == item or host.endswith(f".{item}") for item in trusted_hosts) for host in matched.hosts)
