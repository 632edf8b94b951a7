"""One file under a battery of checks: every node that a check can report is shown to it."""

from __future__ import annotations

import ast
import contextlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import field

from mlsec_lint.bandit.battery import Battery, Check
from mlsec_lint.bandit.names import Imports
from mlsec_lint.bandit.plugins import Issue, load_builtins
from mlsec_lint.bandit.strings import SecretGate, SqlGate, may_name_secret
from mlsec_lint.bandit.walk import Ancestors, walk
from mlsec_lint.record import dataclass

PLUGIN_ERRORS = (ArithmeticError, AttributeError, LookupError, NameError, RecursionError, TypeError, ValueError)
"""What Bandit's plugins raise on code that they did not foresee (`extractall(members=self.safe(x))`, `f(a={[]})`)."""

BIDI = re.compile("[\u200f\u202a-\u202e\u2066-\u2069]")
"""Without one of these characters, B613 has nothing to report about a file."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An issue and the node that it was found at."""

    issue: Issue
    check: Check
    node: ast.AST
    ancestors: Ancestors

    @property
    def test(self) -> str:
        """The id; the blacklists say which of theirs it is."""
        return self.issue.test_id or self.check.plugin.id


@dataclass(slots=True)
class Failure:
    """A plugin that failed on nodes of the file."""

    check: Check
    error: str
    """The name of the exception."""
    lines: list[int]
    """Where, each as often as it failed there."""


@dataclass(slots=True)
class Visit:
    """The state of one file's visit."""

    battery: Battery
    path: str
    text: str
    hits: list[Hit] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    """By the plugin's name."""
    _given_up: set[Check] = field(default_factory=set)
    _imports: Imports = field(default_factory=Imports)
    _secret: SecretGate = field(default_factory=SecretGate)
    _sql: SqlGate = field(default_factory=SqlGate)

    def run(self, tree: ast.Module) -> None:
        """Show every node of the tree, and the file itself, to the checks that can report it."""
        by_type = self.battery.by_type
        for node, ancestors in walk(tree, self._wanted()):
            if isinstance(node, ast.Call):
                self._call(node, ancestors)
            elif isinstance(node, ast.Constant):
                if isinstance(node.value, str):
                    self._string(node, node.value, ancestors)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self._imports.add_import(node)
            checks = by_type.get(type(node))
            if checks:
                self._ask(checks, node, ancestors, {})
        self._file(tree)

    def _wanted(self) -> frozenset[type[ast.AST]]:
        """The node types that some check is about; imports always, as they give names their meaning."""
        wanted: set[type[ast.AST]] = {ast.Import, ast.ImportFrom, *self.battery.by_type}
        if self.battery.calls.any:
            wanted.add(ast.Call)
        if self.battery.strings.any:
            wanted.add(ast.Constant)
        return frozenset(wanted)

    def _call(self, node: ast.Call, ancestors: Ancestors) -> None:
        qualname = self._imports.called_name(node)
        name = qualname[qualname.rfind(".") + 1 :]
        calls = self.battery.calls
        checks = calls.every + calls.by_qualname.get(qualname, []) + calls.by_name.get(name, [])
        checks += [check for part, check in calls.by_part if part in name]
        for keyword in node.keywords:
            checks += calls.by_keyword.get(keyword.arg or "", [])
            if type(keyword.value) is ast.Constant and isinstance(keyword.value.value, str):
                checks += calls.secret_keyword if may_name_secret(keyword.arg or "token") else []
        if checks:
            self._ask(dict.fromkeys(checks), node, ancestors, {"call": node, "qualname": qualname, "name": name})

    def _string(self, node: ast.Constant, value: str, ancestors: Ancestors) -> None:
        if ancestors is None or isinstance(ancestors[0], ast.Expr):
            return  # a docstring, or a text that nobody uses
        strings = self.battery.strings
        checks = strings.every + [check for starts, check in strings.by_start if value.startswith(starts)]
        if strings.secret and self._secret(node, value, ancestors):
            checks += strings.secret
        if strings.sql and self._sql(node, value, ancestors):
            checks += strings.sql
        if checks:
            self._ask(checks, node, ancestors, {"str": value})

    def _file(self, tree: ast.Module) -> None:
        if self.battery.files and BIDI.search(self.text):
            self._ask(self.battery.files, tree, None, {"file_data": _DecodedFile(self.text), "lineno": 0})

    def _ask(self, checks: Iterable[Check], node: ast.AST, ancestors: Ancestors, more: dict[str, object]) -> None:
        asked = [check for check in checks if check not in self._given_up]
        context = load_builtins().context(
            {
                "node": node,
                "filename": self.path,
                "imports": self._imports.modules,
                "import_aliases": self._imports.aliases,
                **more,
            }
        )
        with _marked(node, ancestors) if any(check.climbs for check in asked) else contextlib.nullcontext():
            for check in asked:
                try:
                    issue = check.run(context)
                except PLUGIN_ERRORS as error:
                    self._note_failure(check, error, getattr(node, "lineno", 1))
                    continue
                if issue is not None:
                    self.hits.append(Hit(issue, check, node, ancestors))

    def _note_failure(self, check: Check, error: Exception, line: int) -> None:
        if isinstance(error, RecursionError):
            self._given_up.add(check)  # each further attempt at so deep a tree takes as long
        known = self.failures.get(check.plugin.name)
        if known:
            known.lines.append(line)
        else:
            self.failures[check.plugin.name] = Failure(check, type(error).__name__, [line])


@contextlib.contextmanager
def _marked(node: ast.AST, ancestors: Ancestors) -> Iterator[None]:
    """Mark parents on the way up, as plugins expect them, and take the marks off: the tree is not ours alone."""
    marked = []
    while ancestors:
        vars(node)["_bandit_parent"] = ancestors[0]
        marked.append(node)
        node, ancestors = ancestors
    try:
        yield
    finally:
        for child in marked:
            del vars(child)["_bandit_parent"]


class _DecodedFile(io.BytesIO):
    """A text as the binary file that a plugin wants to decode: without a first line it takes it for UTF-8."""

    def __init__(self, text: str) -> None:
        super().__init__(text.encode("utf-8", "surrogatepass"))

    def readline(self, _size: int | None = -1, /) -> bytes:
        """Hide a coding cookie: the text is decoded already."""
        return b""
