"""The scout's walk: what the nodes of a statement bind, read and mention. It visits every node of every file, so it is terse.

Each kind of node that says something has its own note; a table leads to it, for `match` over node types takes ten times as long.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import field
from typing import Any

from mlsec_lint.record import dataclass
from mlsec_lint.syntax.bounds import MAX_TREE_DEPTH, BoundExceeded
from mlsec_lint.syntax.scouted_texts import parameter_texts, spelled_out, texts_given


@dataclass(slots=True)
class Notes:
    """What was seen."""

    binds: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    defines: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    texts: list[tuple[str, str]] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    stores: set[str] = field(default_factory=set)
    handed: set[str] = field(default_factory=set)
    called: set[int] = field(default_factory=set)
    """What is called, by the identity of its node: whoever calls is visited before."""
    imported: list[tuple[str, str]] = field(default_factory=list)


def walk(
    statement: ast.stmt,
    notes: Notes,
    without: AbstractSet[ast.AST] = frozenset(),
    *,
    outer: bool = True,
    inside: bool = True,
) -> None:
    """Visit every node without recursion, or not those inside functions and classes. Raises `BoundExceeded`.

    `outer`: the statement stands at module level.
    """
    pending: list[tuple[ast.AST, int, bool]] = [(statement, 0, outer)]
    while pending:
        node, depth, outer = pending.pop()
        kind = node.__class__
        if depth > MAX_TREE_DEPTH:
            line = getattr(node, "lineno", statement.lineno)
            raise BoundExceeded(f"the code nests deeper than {MAX_TREE_DEPTH} levels at line {line}")
        note = _NOTES.get(kind)
        if note is not None:
            note(node, outer, notes)
        inner = outer and kind not in _SCOPES
        if not (inner or inside):
            continue
        for name in _fields(kind):
            child = getattr(node, name, None)
            if child.__class__ is list:
                pending.extend((item, depth + 1, inner) for item in child if item is not None and item not in without)
            elif child is not None:
                pending.append((child, depth + 1, inner))


_SCOPES = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda})
LEAVES = frozenset(
    {"ctx", "op", "ops", "id", "attr", "name", "asname", "names", "kind", "level", "module", "type_comment"}
    | {"arg", "rest", "kwd_attrs", "conversion", "is_async", "simple"}
)
"""Fields that hold no node that says anything, whatever the node."""
_KNOWN_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a kind of node that hold other nodes."""
    found = _KNOWN_FIELDS.get(kind)
    if found is None:
        leaves = LEAVES | {"value"} if kind in (ast.Constant, ast.MatchSingleton) else LEAVES
        found = _KNOWN_FIELDS[kind] = tuple(name for name in kind._fields if name not in leaves)
    return found


def _note_name(node: ast.Name, outer: bool, notes: Notes) -> None:  # one signature for all notes
    name = node.id
    notes.names.add(name)
    (notes.loads if not outer or node.ctx.__class__ is ast.Load else notes.binds).add(name)
    if id(node) not in notes.called:
        notes.handed.add(name)


def _note_attribute(node: ast.Attribute, outer: bool, notes: Notes) -> None:
    name = node.attr
    notes.names.add(name)
    if node.ctx.__class__ is ast.Load:
        notes.attributes.add(name)
    else:
        notes.stores.add(name)
        if node.ctx.__class__ is ast.Store:
            _note_changed(node.value, outer, notes)
    if id(node) not in notes.called:
        notes.handed.add(name)


def _note_subscript(node: ast.Subscript, outer: bool, notes: Notes) -> None:
    notes.names.update(spelled_out(node))
    if node.ctx.__class__ is ast.Store:
        _note_changed(node.value, outer, notes)


_MUTATORS = frozenset({"append", "add", "appendleft", "insert", "push", "extend", "update", "setdefault"})


def _note_call(node: ast.Call, outer: bool, notes: Notes) -> None:
    notes.called.add(id(node.func))
    notes.texts.extend(texts_given(node))
    if node.func.__class__ is ast.Attribute and node.func.attr in _MUTATORS:
        _note_changed(node.func.value, outer, notes)


def _note_changed(inner: ast.expr, outer: bool, notes: Notes) -> None:
    """A member of something is set: `x` and `y` of `x.y[0] = 1`, `x.y.append(1)` change."""
    while isinstance(inner, ast.Attribute | ast.Subscript):
        if isinstance(inner, ast.Attribute):
            notes.stores.add(inner.attr)
        inner = inner.value
    if isinstance(inner, ast.Name):
        (notes.binds if outer else notes.changes).add(inner.id)


def _note_given(node: ast.AST, outer: bool, notes: Notes) -> None:  # noqa: ARG001
    notes.texts.extend(texts_given(node))


def _note_assigned(node: ast.Assign, outer: bool, notes: Notes) -> None:  # noqa: ARG001
    notes.texts.extend(texts_given(node))
    notes.names.update(spelled_out(node))


def _note_keyword(node: ast.keyword, outer: bool, notes: Notes) -> None:  # noqa: ARG001
    notes.texts.extend(texts_given(node))
    if node.arg is not None:
        notes.words.add(node.arg)


def _note_parameter(node: ast.arg, outer: bool, notes: Notes) -> None:  # noqa: ARG001
    notes.names.add(node.arg)
    _note_annotation(node.annotation, notes)


def _note_definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, outer: bool, notes: Notes) -> None:
    notes.names.add(node.name)
    if outer:
        notes.binds.add(node.name)
        notes.defines.add(node.name)
    if not isinstance(node, ast.ClassDef):
        notes.texts.extend(parameter_texts(node))
        _note_annotation(node.returns, notes)


_NAMES = re.compile(r"[^\W\d]\w*")


def _note_annotation(node: ast.expr | None, notes: Notes) -> None:
    """The names in an annotation that is a text: `"Client"`, `list["Client"]`."""
    if node is None or node.__class__ is ast.Name:
        return
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            names = _NAMES.findall(inner.value)
            notes.loads.update(names)
            notes.names.update(names)


def _note_captured(node: ast.MatchAs | ast.MatchStar | ast.ExceptHandler, outer: bool, notes: Notes) -> None:
    _note_bound(node.name, notes, outer=outer)


def _note_rest(node: ast.MatchMapping, outer: bool, notes: Notes) -> None:
    _note_bound(node.rest, notes, outer=outer)


def _note_bound(name: str | None, notes: Notes, *, outer: bool) -> None:
    if name is not None:
        notes.names.add(name)
        if outer:
            notes.binds.add(name)


def _note_pattern(node: ast.MatchClass, outer: bool, notes: Notes) -> None:  # noqa: ARG001
    notes.names.update(node.kwd_attrs)


def _note_global(node: ast.Global, outer: bool, notes: Notes) -> None:  # noqa: ARG001
    notes.names.update(node.names)
    notes.binds.update(node.names)


def _note_try(node: ast.Try, outer: bool, notes: Notes) -> None:  # noqa: ARG001
    """What a caught exception says is data, of a source that has no other name."""
    if node.handlers:
        notes.names.add("except")


def _note_alias(node: Any, outer: bool, notes: Notes) -> None:  # noqa: ANN401  # `type X = …`
    _note_bound(node.name.id, notes, outer=outer)


def _note_constant(node: ast.Constant, outer: bool, notes: Notes) -> None:  # noqa: ARG001
    value = node.value
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if isinstance(text, str) and text:
        notes.texts.append(("", text))
        if text.isidentifier():
            notes.words.add(text)


def _note_import(node: ast.Import | ast.ImportFrom, outer: bool, notes: Notes) -> None:
    notes.imported.extend(_imported(node))
    for alias in node.names:
        notes.names.update(alias.name.split("."))
        bound = alias.asname or alias.name.split(".")[0]
        notes.names.add(bound)
        if outer:
            notes.binds.add(bound)
        if isinstance(node, ast.Import):
            notes.imports.add(alias.name.split(".")[0])
    if isinstance(node, ast.ImportFrom) and node.module:
        notes.names.update(node.module.split("."))
        notes.imports.add(node.module.split(".")[0])


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        joint = "" if module.endswith(".") else "."
        for alias in node.names:
            yield ("*", module) if alias.name == "*" else (alias.asname or alias.name, f"{module}{joint}{alias.name}")
        return
    for alias in node.names:
        yield alias.asname or alias.name.split(".")[0], alias.name


_NOTES: dict[type, Callable[[Any, bool, Notes], None]] = {
    ast.Name: _note_name,
    ast.Attribute: _note_attribute,
    ast.Subscript: _note_subscript,
    ast.Call: _note_call,
    ast.Dict: _note_given,
    ast.AnnAssign: _note_given,
    ast.Compare: _note_given,
    ast.Assign: _note_assigned,
    ast.keyword: _note_keyword,
    ast.arg: _note_parameter,
    ast.FunctionDef: _note_definition,
    ast.AsyncFunctionDef: _note_definition,
    ast.ClassDef: _note_definition,
    ast.MatchAs: _note_captured,
    ast.MatchStar: _note_captured,
    ast.ExceptHandler: _note_captured,
    ast.MatchMapping: _note_rest,
    ast.MatchClass: _note_pattern,
    ast.Global: _note_global,
    ast.Try: _note_try,
    ast.Constant: _note_constant,
    ast.Import: _note_import,
    ast.ImportFrom: _note_import,
}
if hasattr(ast, "TryStar"):  # Python 3.11
    _NOTES[ast.TryStar] = _note_try
if hasattr(ast, "TypeAlias"):  # Python 3.12
    _NOTES[ast.TypeAlias] = _note_alias
