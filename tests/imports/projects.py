"""Small projects on disk, checked as a run would check them: each file for itself, the others around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent

import pytest
from _pytest.mark import ParameterSet

from mlsec_lint.engine import EngineOptions, check_source
from mlsec_lint.findings import FileResult, Finding, Problem, Profile
from mlsec_lint.imports.library import Library
from mlsec_lint.project.project import project_of
from mlsec_lint.run.deep_stack import DeepStack
from mlsec_lint.run.screening import needed_profile
from mlsec_lint.run.task import Task
from mlsec_lint.sources.reading import read
from tests.engine.checking import ALONE, catalogue

Told = tuple[str, str, int]
"""Rule, file and line of a finding."""

ROUTE = """
    from flask import Flask, request

    {imports}

    app = Flask(__name__)


    @app.route("/")
    def answer():
        return {call}
"""
"""A service whose only handler hands the caller's text to something."""

RUNNER = """
    def run(code):
        return str(eval(code))
"""
"""A module with a function that evaluates what it is given, in line 2."""


def route(imports: str, call: str = "run(request.args['q'])") -> str:
    """The text of a service that hands `request.args['q']` to what it imports."""
    return dedent(ROUTE).strip().format(imports=imports, call=call) + "\n"


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write the files of a project; texts are dedented, bytes are not."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = dedent(content).lstrip("\n").encode() if isinstance(content, str) else content
        path.write_bytes(data)


@dataclass
class Process:
    """A process that checks files of one project one after the other: what it has read and evaluated, it keeps."""

    root: Path
    options: EngineOptions = ALONE
    largest: int = 1_000_000

    def __post_init__(self) -> None:
        known = catalogue(self.options.profile).libraries
        self.options = replace(self.options, library=Library(self.root, self.root, self.largest, known))

    def check(self, name: str) -> FileResult:
        """What is said about one file."""
        path = self.root / name
        source = read(path, name, self.largest)
        assert not isinstance(source, Problem), source
        return check_source(source, project_of(path, self.root), catalogue(self.options.profile), self.options)

    def check_deep(self, name: str) -> FileResult:
        """The same on the stack that runs use."""
        stack = DeepStack(lambda task: self.check(task.shown))
        try:
            return stack.check(Task(str(self.root / name), name))
        finally:
            stack.close()


def checked(root: Path, files: Mapping[str, str | bytes], name: str, options: EngineOptions = ALONE) -> FileResult:
    """What is said about one file of a project that is made of these."""
    write(root, files)
    return Process(root, options).check(name)


def told(result: FileResult, profile: Profile = Profile.DEFAULT) -> list[Told]:
    """Rule, file and line of each finding that a profile shows."""
    return [tell(finding) for finding in result.findings if needed_profile(finding) <= profile]


def tell(finding: Finding) -> Told:
    """Rule, file and line."""
    return finding.rule, finding.location.path, finding.location.span.start_line


def files_of(finding: Finding) -> list[str]:
    """The files that the story of a finding goes through, in its order."""
    paths = [step.location.path for step in finding.trace]
    return [path for index, path in enumerate(paths) if not index or path != paths[index - 1]]


def story(finding: Finding) -> list[tuple[str, int]]:
    """File and line of every step."""
    return [(step.location.path, step.location.span.start_line) for step in finding.trace]


def only(result: FileResult) -> Finding:
    """The one finding of a result that the default profile shows."""
    (finding,) = (item for item in result.findings if needed_profile(item) <= Profile.DEFAULT)
    return finding


def each(cases: Iterable[str], unknown: Mapping[str, str]) -> list[ParameterSet]:
    """The cases of a table, with the reason for each that is not seen yet."""
    return [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=unknown[name]) if name in unknown else ())
        for name in cases
    ]
