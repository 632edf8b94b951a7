"""What a regular expression says of a whole text that fits it: whether it can hold separators of paths or be `..`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlsec_lint.flow.routes import ONE_SEGMENT
from mlsec_lint.flow.value import NO_ORIGINS, Origins, Value, capped
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax.walk import children

# Ranges between letters and digits hold neither `.` (46) nor `/` (47); a `-` beside other signs could make one that does.
_CLASS = r"\[(?:[A-Za-z0-9]-[A-Za-z0-9]|\\[wds-]|[\w:@=~{dot}])+-?\]"
_PART = r"(?:{cls}|\\[wd]|[\w@:=~-]|\(\?:|[()|*+?]|\{{\d*,?\d*\}}|{dot})"
_WHOLE = r"(?:\^|\\A){part}+(?:\$|\\[Zz])"


def _whole(in_class: str, outside: str) -> re.Pattern[str]:
    part = _PART.format(cls=_CLASS.format(dot=in_class), dot=outside)
    return re.compile(_WHOLE.format(part=part))


_NO_DOTS = _whole("", r"\\[wd]")
_NO_SEPARATORS = _whole(r".", r"\\\.")
_LONGEST = 200
_CONSTRAINTS = frozenset({"Field", "constr", "StringConstraints", "Query", "Path", "Body", "Form", "Header", "Cookie"})


def kept(pattern: ex.Literal, origins: Origins) -> Origins:
    """What origins are worth behind a test that the whole text fits the pattern."""
    if not isinstance(pattern, str) or len(pattern) > _LONGEST or _has_alternatives(pattern):
        return origins
    if _NO_DOTS.fullmatch(pattern):
        return NO_ORIGINS
    if _NO_SEPARATORS.fullmatch(pattern):
        return capped(item.with_traits((ONE_SEGMENT,)) for item in origins)
    return origins


def _has_alternatives(pattern: str) -> bool:
    """`^a|b$`: either end is anchored in one alternative only."""
    depth = 0
    for sign in pattern:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth <= 0:
            return True
    return False


def pattern_of(compiled: Value) -> ex.Literal:
    """The pattern of a compiled regular expression; None when it is not known."""
    found = compiled.field("pattern")
    return found.constants[0] if found is not None and found.exact and len(found.constants) == 1 else None


def constrained(nodes: tuple[ex.Expression | None, ...], origins: Origins) -> Origins:
    """What origins are worth in a field or parameter with this annotation and default: `Field(pattern="^[a-z]+$")`."""
    for pattern in _constraints(nodes) if origins else ():
        origins = kept(pattern, origins)
    return origins


def _constraints(nodes: tuple[ex.Expression | None, ...]) -> Iterator[ex.Literal]:
    pending: list[object] = [node for node in nodes if isinstance(node, ex.Call | ex.Subscript)]
    while pending:
        item = pending.pop()
        if isinstance(item, ex.Call) and ex.last_name(item.func) in _CONSTRAINTS:
            for argument in item.arguments:
                if argument.keyword in ("pattern", "regex") and isinstance(argument.value, ex.Constant):
                    yield argument.value.value
        pending.extend(children(item))
