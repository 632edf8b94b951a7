"""Checks texts as a run would, with the bundled rules."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from textwrap import dedent

from mlsec_lint.catalogue.catalogue import Catalogue, load_catalogue
from mlsec_lint.engine import EngineOptions, check_source
from mlsec_lint.findings import FileResult, Problem, Profile
from mlsec_lint.project.project import project_of
from mlsec_lint.sources.reading import read_text
from mlsec_lint.sources.source import SourceFile

ALONE = EngineOptions(bandit=False)


@lru_cache(maxsize=4)
def catalogue(profile: Profile = Profile.DEFAULT) -> Catalogue:
    """The bundled rules."""
    return load_catalogue().select(profile=profile)


def source_of(code: str, path: str = "app.py") -> SourceFile:
    """A file of this text."""
    source = read_text(code, path)
    assert not isinstance(source, Problem)
    return source


def check(code: str, root: Path, path: str = "app.py", options: EngineOptions = ALONE) -> FileResult:
    """What is said about a file of the project at `root`."""
    source = source_of(dedent(code), path)
    return check_source(source, project_of(root / path, root), catalogue(options.profile), options)


def rules(result: FileResult) -> list[tuple[str, int]]:
    """Rule and line of each finding."""
    return [(finding.rule, finding.location.span.start_line) for finding in result.findings]
