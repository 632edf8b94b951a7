"""`check --fix` and `check --diff`: mends what was found, or shows what that would change."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.cli.streams import say
from mlsec_lint.findings import Report, Safety
from mlsec_lint.fixes.document import UnchangeableError
from mlsec_lint.fixes.preview import diff
from mlsec_lint.fixes.rounds import Outcome, mend
from mlsec_lint.fixes.summary import summary
from mlsec_lint.fixes.writing import readable, write
from mlsec_lint.run.checking import INTERRUPTED, Checked, check
from mlsec_lint.run.plan import Request
from mlsec_lint.sources.discovery import shown_path


def fixed(checked: Checked, request: Request, given: Mapping[str, Any]) -> tuple[Checked, bool]:
    """What is left to report when fixes are applied (with --diff: what there was), and whether they change anything.

    Writes the changed files, or the diff or the text from standard input to standard output.
    """
    if any(problem.kind == INTERRUPTED for problem in checked.report.problems):
        return checked, False
    safeties = {Safety.SAFE, Safety.UNSAFE} if given["unsafe_fixes"] else {Safety.SAFE}
    files = _Files(request)
    outcome = mend(checked.report, safeties, files.read, files.recheck)
    if given["diff"]:
        _show(outcome)
        say(summary(outcome, safeties, would=True))
        return checked, bool(outcome.files)
    outcome = _written(outcome, request, files.stdin)
    report = outcome.report
    report = replace(report, notes=(*report.notes, summary(outcome, safeties)))
    return replace(checked, report=report), bool(outcome.files)


class _Files:
    """The files of a run, one of which may be standard input."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.stdin = shown_path(request.stdin.path, request.root) if request.stdin is not None else ""

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises UnchangeableError for one that is not to be changed."""
        if self._request.stdin is not None and path == self.stdin:
            return self._request.stdin.data
        return readable(self._request.root, path)

    def recheck(self, contents: Mapping[str, bytes]) -> Report:
        """Check the files that were changed, with what they would hold."""
        given = self._request.stdin
        stdin = replace(given, data=contents[self.stdin]) if given and self.stdin in contents else None
        files = {str(self._request.root / path): data for path, data in contents.items() if path != self.stdin}
        paths = tuple(Path(path) for path in files)
        return check(replace(self._request, paths=paths, stdin=stdin, contents=files, cache=None)).report


def _written(outcome: Outcome, request: Request, stdin: str) -> Outcome:
    """Write what has changed; what cannot be written is left as it was. `stdin` is the path of standard input."""
    refused: dict[str, str] = {}
    for file in outcome.files:
        if file.path == stdin:
            continue
        try:
            write(request.root, file.path, file.before, file.after)
        except UnchangeableError as error:
            refused[file.path] = str(error)
    if request.stdin is not None:
        text = next((file.after for file in outcome.files if file.path == stdin), request.stdin.data)
        sys.stdout.flush()
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
    return outcome.without(refused)


def _show(outcome: Outcome) -> None:
    catalogue = load_catalogue()
    for file in outcome.files:
        sys.stdout.write("".join(diff(file, catalogue)))
    sys.stdout.flush()
