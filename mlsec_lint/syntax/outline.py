"""The scout: what each top-level statement binds and mentions, found with `ast` at a twentieth of LibCST's price.

It may only say "nothing here". A file that `ast` rejects has no outline, and LibCST decides whether it parses.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mlsec_lint.syntax.bounds import MAX_TREE_DEPTH, BoundExceeded
from mlsec_lint.syntax.scouted_texts import parameter_texts, spelled_out, texts_given


class MethodBody(NamedTuple):
    """The lines of a method's body."""

    first: int
    last: int
    column: int
    """Where it starts in its first line, in bytes; -1 for a compound statement, which always starts its line."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One chunk: the lines of one top-level statement (or of several that share a line)."""

    first_line: int
    last_line: int
    binds: frozenset[str]
    """Names that it may set at module level, or whose members it may change there."""
    changes: frozenset[str]
    """Names whose members its functions may change."""
    aliases: frozenset[str]
    """Those of `binds` that may be another name of something it mentions: all but its functions and classes."""
    loads: frozenset[str]
    """Names that it reads, anywhere inside."""
    words: frozenset[str]
    """Every identifier in it, attributes, keywords and texts that are identifiers included."""
    names: frozenset[str]
    """Those of `words` by which it can speak of an API: no keywords, of texts only keys and constants (and with `getattr` all)."""
    texts: tuple[tuple[str, str], ...] = ()
    """Constant texts, each with an empty name and with the names that it is given to."""
    imports: frozenset[str] = frozenset()
    """Top-level packages that it imports, anywhere inside."""
    imported: tuple[tuple[str, str], ...] = ()
    """What it imports, anywhere inside: the name that it binds (`*` for all of a module) and the dotted path."""
    attributes: frozenset[str] = frozenset()
    """Those of `names` that it reads as members of something."""
    stores: frozenset[str] = frozenset()
    """Members that it sets, of whatever object."""
    handed: frozenset[str] = frozenset()
    """Names and members that it takes without calling them: it may give them to somebody else."""
    parts: tuple[Outline, ...] = ()
    """Of a class: its frame (all but the methods), then its methods."""
    method: str = ""
    """The name of the method, if it is one."""
    body: MethodBody | None = None


@dataclass(slots=True)
class _Notes:
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


def parse(text: str) -> ast.Module:
    """Parse for the scout and for Bandit's checks; the only `ast.parse` in the package.

    Raises SyntaxError (also for NUL bytes) and `BoundExceeded`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (RecursionError, MemoryError) as error:
            raise BoundExceeded("the code nests deeper than Python's own parser allows") from error
        except ValueError as error:
            raise SyntaxError(str(error)) from error


def outlines(tree: ast.Module) -> tuple[Outline, ...]:
    """The chunks of a module in order. Raises `BoundExceeded`."""
    groups: list[list[ast.stmt]] = []
    for statement in tree.body:
        if groups and _first_line(statement) <= (groups[-1][-1].end_lineno or 0):
            groups[-1].append(statement)
        else:
            groups.append([statement])
    return tuple(_outline(group) for group in groups)


def _first_line(statement: ast.stmt) -> int:
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return statement.lineno
    return min(item.lineno for item in (statement, *statement.decorator_list))


def _outline(group: list[ast.stmt]) -> Outline:
    first, last = _first_line(group[0]), max(item.end_lineno or item.lineno for item in group)
    notes = _Notes()
    for statement in group:
        _walk(statement, notes)
    outline = _outlined(notes, first, last)
    if len(group) > 1 or not isinstance(group[0], ast.ClassDef):
        return outline
    return replace(outline, parts=_parts(group[0], first, last))


def _outlined(notes: _Notes, first: int, last: int) -> Outline:
    dynamic = "getattr" in notes.names
    names = notes.words | notes.names if dynamic else notes.names
    return Outline(
        first,
        last,
        frozenset(notes.binds),
        frozenset(notes.changes),
        frozenset(notes.binds - notes.defines),
        frozenset(notes.loads),
        frozenset(notes.words | notes.names),
        frozenset(names),
        tuple(notes.texts),
        frozenset(notes.imports),
        tuple(notes.imported),
        frozenset(names if dynamic else notes.attributes),
        frozenset(notes.stores),
        frozenset(notes.handed),
    )


def _parts(node: ast.ClassDef, first: int, last: int) -> tuple[Outline, ...]:
    """The frame of a class and its methods; none if it has no methods."""
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
    if not methods:
        return ()
    frame = _Notes()
    _walk(node, frame, frozenset(methods))
    return (_outlined(frame, first, last), *(_method(item) for item in methods))


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Outline:
    notes = _Notes()
    _walk(node, notes, outer=False)
    start = node.body[0]
    column = start.col_offset if not hasattr(start, "body") else -1
    last = node.end_lineno or node.lineno
    outline = _outlined(notes, _first_line(node), last)
    return replace(outline, method=node.name, body=MethodBody(_first_line(start), last, column))


def _walk(
    statement: ast.stmt, notes: _Notes, without: AbstractSet[ast.AST] = frozenset(), *, outer: bool = True
) -> None:
    """Visit every node without recursion, keeping the depth and whether it still is module level."""
    pending: list[tuple[ast.AST, int, bool]] = [(statement, 0, outer)]
    while pending:
        node, depth, outer = pending.pop()
        if depth > MAX_TREE_DEPTH:
            line = getattr(node, "lineno", statement.lineno)
            raise BoundExceeded(f"the code nests deeper than {MAX_TREE_DEPTH} levels at line {line}")
        _note(node, outer, notes)
        inner = outer and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
        pending.extend((child, depth + 1, inner) for child in ast.iter_child_nodes(node) if child not in without)


def _note(node: ast.AST, outer: bool, notes: _Notes) -> None:
    match node:
        case ast.Name() | ast.Attribute():
            _note_name(node, outer, notes)
        case ast.arg():
            _note_annotation(node.annotation, notes)
        case ast.Constant():
            _note_text(node.value, notes)
        case ast.Import() | ast.ImportFrom():
            _note_import(node, outer, notes)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            _note_definition(node, outer, notes)
        case ast.Call() | ast.Dict() | ast.Assign() | ast.AnnAssign() | ast.keyword() | ast.Compare() | ast.Subscript():
            notes.texts.extend(texts_given(node))
            notes.names.update(spelled_out(node))
    if isinstance(node, ast.Call):
        notes.called.add(id(node.func))
    _note_spelled(node, outer, notes)
    for changed in _changed(node):
        (notes.binds if outer else notes.changes).add(changed)
    notes.stores.update(_changed_members(node))


def _note_name(node: ast.Name | ast.Attribute, outer: bool, notes: _Notes) -> None:
    is_read = isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Name):
        name = node.id
        (notes.loads if is_read or not outer else notes.binds).add(name)
    else:
        name = node.attr
        (notes.attributes if is_read else notes.stores).add(name)
    notes.names.add(name)
    if id(node) not in notes.called:
        notes.handed.add(name)


def _note_spelled(node: ast.AST, outer: bool, notes: _Notes) -> None:
    names, bound = _spelled(node)
    (notes.words if isinstance(node, ast.keyword) else notes.names).update(names)
    if (outer and bound) or isinstance(node, ast.Global):
        notes.binds.update(names)


_NAMES = re.compile(r"[^\W\d]\w*")


def _note_annotation(node: ast.expr | None, notes: _Notes) -> None:
    """The names in an annotation that is a text: `"Client"`, `list["Client"]`."""
    for inner in ast.walk(node) if node is not None else ():
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            names = _NAMES.findall(inner.value)
            notes.loads.update(names)
            notes.names.update(names)


def _note_definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, outer: bool, notes: _Notes) -> None:
    if outer:
        notes.defines.add(node.name)
    if not isinstance(node, ast.ClassDef):
        notes.texts.extend(parameter_texts(node))
        _note_annotation(node.returns, notes)


def _spelled(node: ast.AST) -> tuple[list[str], bool]:
    """The identifiers that a node holds as texts, and whether it sets them as variables."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name], True
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            return [name], True
        case ast.arg(arg=name) | ast.keyword(arg=str(name)):
            return [name], False
        case ast.Try(handlers=[_, *_]):
            names = ["except"]  # what a caught exception says is data, of a source that has no other name
        case ast.ExceptHandler(name=str(name)):
            return [name], True
        case ast.MatchClass(kwd_attrs=names) | ast.Global(names=names):
            pass
        case _:
            names = []
    return names, False


_MUTATORS = frozenset({"append", "add", "appendleft", "insert", "push", "extend", "update", "setdefault"})


def _changed(node: ast.AST) -> Iterator[str]:
    """The variable whose members a node changes: `x` of `x.y = 1`, `x[0] = 1`, `x.append(1)`."""
    inner = _owner(node)
    while isinstance(inner, ast.Attribute | ast.Subscript):
        inner = inner.value
    if isinstance(inner, ast.Name):
        yield inner.id


def _changed_members(node: ast.AST) -> Iterator[str]:
    """The members whose own members a node changes: `y` of `x.y[0] = 1`, `x.y.append(1)`."""
    inner = _owner(node)
    while isinstance(inner, ast.Attribute | ast.Subscript):
        if isinstance(inner, ast.Attribute):
            yield inner.attr
        inner = inner.value


def _owner(node: ast.AST) -> ast.expr | None:
    """What a node changes a member of."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MUTATORS:
        return node.func.value
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        return node.value
    return None


def _note_text(value: object, notes: _Notes) -> None:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if isinstance(text, str) and text:
        notes.texts.append(("", text))
        if text.isidentifier():
            notes.words.add(text)


def _note_import(node: ast.Import | ast.ImportFrom, outer: bool, notes: _Notes) -> None:
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
