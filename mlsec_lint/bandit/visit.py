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
from mlsec_lint.bandit.strings import SECRET_PARENTS, SQL_PARENTS, SecretGate, SqlGate
from mlsec_lint.bandit.walk import Ancestors, walk
from mlsec_lint.record import dataclass

PLUGIN_ERRORS = (ArithmeticError, AttributeError, LookupError, NameError, RecursionError, TypeError, ValueError)
"""What Bandit's plugins raise on code that they did not foresee (`extractall(members=self.safe(x))`, `f(a={[]})`)."""

_BIDI = re.compile("[\u200f\u202a-\u202e\u2066-\u2069]")


def holds_bidi(text: str) -> bool:
    """Whether B613 can have something to report about a file."""
    return not text.isascii() and _BIDI.search(text) is not None


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
    _starts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Look up what is needed at every text."""
        self._starts = tuple(self.battery.strings.starts)

    def run(self, tree: ast.Module) -> None:
        """Show every node of the tree, and the file itself, to the checks that can report it."""
        by_type = self.battery.by_type
        for node, ancestors in walk(tree, self._wanted()):
            if isinstance(node, ast.Constant):
                if isinstance(node.value, str):
                    self._string(node, node.value, ancestors)
            elif isinstance(node, ast.Call):
                self._call(node, ancestors)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self._imports.add_import(node)
            if node.__class__ in by_type:
                self._other(by_type[node.__class__], node, ancestors)
        self._file(tree)

    def _wanted(self) -> frozenset[type[ast.AST]]:
        """The node types that some check is about; imports always, as they give names their meaning."""
        wanted: set[type[ast.AST]] = {ast.Import, ast.ImportFrom, *self.battery.by_type}
        if self.battery.calls.any:
            wanted.add(ast.Call)
        if self.battery.strings.any:
            wanted.add(ast.Constant)
        return frozenset(wanted)

    def _other(self, checks: Iterable[Check], node: ast.AST, ancestors: Ancestors) -> None:
        concerned = [check for check in checks if check.may_concern(node)]
        if concerned:
            self._ask(concerned, node, ancestors, {})

    def _call(self, node: ast.Call, ancestors: Ancestors) -> None:
        calls, name = self.battery.calls, self._imports.last_name(node)
        checks = [check for keyword in node.keywords for check in calls.for_keyword(keyword)] if node.keywords else []
        if not checks and not calls.may_concern(name):
            return
        qualname = self._imports.called_name(node)
        found = dict.fromkeys(calls.for_name(qualname, name) + checks)
        if found:
            self._ask(found, node, ancestors, {"call": node, "qualname": qualname, "name": name})

    def _string(self, node: ast.Constant, value: str, ancestors: Ancestors) -> None:
        strings, parent = self.battery.strings, ancestors[0].__class__ if ancestors else ast.Expr
        if parent is ast.Expr:
            return  # a docstring, or a text that nobody uses
        checks = list(strings.every)
        if value.startswith(self._starts):
            checks += [check for starts, check in strings.by_start if value.startswith(starts)]
        if parent in SECRET_PARENTS and strings.secret and self._secret(node, value, ancestors):
            checks += strings.secret
        if parent in SQL_PARENTS and strings.sql and self._sql(node, value, ancestors):
            checks += strings.sql
        if checks:
            self._ask(checks, node, ancestors, {"str": value})

    def _file(self, tree: ast.Module) -> None:
        if self.battery.files and holds_bidi(self.text):
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
