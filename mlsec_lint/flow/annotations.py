"""What a type annotation says about a value."""

from __future__ import annotations

import re

from mlsec_lint.flow import definition as de
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.expressions import variable
from mlsec_lint.flow.paths import extend
from mlsec_lint.flow.value import UNKNOWN, Value, join_all
from mlsec_lint.syntax import expression as ex

_SAYS_NOTHING = frozenset({"typing.Callable", "collections.abc.Callable", "typing.Any", "object", "callable"})
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_OPTIONAL = re.compile(r"^(?:\w+\.)?Optional\[(.*)\]$")
_WRAPPERS = frozenset(
    {"Optional", "Annotated", "Union", "Final", "ClassVar", "Required", "NotRequired", "Awaitable", "Type", "type"}
)


def annotated(annotation: ex.Expression, at: Evaluation) -> Value:
    """An object of the annotated type: `client: OpenAI` is `openai.OpenAI()`."""
    match annotation:
        case ex.Name() | ex.Attribute():
            return _object_of(at.value(annotation))
        case ex.Constant(value=str(text)):
            return _object_of(_quoted(text, at))
        case ex.Operation(operator="|"):
            return _alternatives([item for item in annotation.operands if not _is_none(item)], at)
        case ex.Subscript():
            return _subscripted(annotation, at)
    return UNKNOWN


def metadata(annotation: ex.Expression | None, at: Evaluation) -> Value:
    """What `Annotated` says besides the type: `Depends(get_store)` of `Annotated[Store, Depends(get_store)]`."""
    match annotation:
        case ex.Subscript(index=ex.Collection(items=(_, *more))) if ex.last_name(annotation.value) == "Annotated":
            return join_all(at.value(item) for item in more)
    return UNKNOWN


def _subscripted(annotation: ex.Subscript, at: Evaluation) -> Value:
    base = at.value(annotation.value)
    last = base.paths[0].rsplit(".", 1)[-1] if base.paths else ""
    if last == "Literal":
        return Value(paths=("typing.Literal[]()",))
    if last not in _WRAPPERS or annotation.index is None:
        return _object_of(Value(paths=base.paths))
    inner = annotation.index
    if isinstance(inner, ex.Collection):
        kept = inner.items[:1] if last == "Annotated" else inner.items
        return _alternatives([item for item in kept if not _is_none(item)], at)
    return annotated(inner, at)


def _alternatives(items: list[ex.Expression], at: Evaluation) -> Value:
    return join_all(annotated(item, at) for item in items)


def _is_none(node: ex.Expression) -> bool:
    return isinstance(node, ex.Constant) and node.value is None


def _quoted(text: str, at: Evaluation) -> Value:
    """`"Client"`, `"Optional[Client]"`, `"Client | None"`: what the text names, alternatives joined."""
    optional = _OPTIONAL.match(text)
    parts = [part.strip() for part in (optional[1] if optional else text).split("|")]
    named = [_named(part, at) for part in parts if part != "None" and _DOTTED.fullmatch(part)]
    return join_all(named)


def _named(text: str, at: Evaluation) -> Value:
    first, *rest = text.split(".")
    found = variable(first, at)
    paths = found.paths if found is not None else (first,)
    for segment in rest:
        paths = tuple(at.facts.canonical(extend(path, segment)) for path in paths)
    return Value(paths=paths, definitions=found.definitions if found is not None and not rest else ())


def _object_of(kind: Value) -> Value:
    paths = tuple(f"{path}()" for path in kind.paths if not path.startswith("?") and path not in _SAYS_NOTHING)
    instances = tuple(de.Instance(item) for item in kind.definitions if isinstance(item, de.ClassDefinition))
    return Value(paths=paths, definitions=instances)
