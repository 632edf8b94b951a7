"""Variables and where they are looked up."""

from __future__ import annotations

from mlsec_lint.flow.value import Value, join
from mlsec_lint.syntax import expression as ex

Variables = dict[str, Value]
"""By name. What was proved of a part (`job.model`) or of the way (`OPTED_IN`) stands under names that are no identifiers."""

OPTED_IN = "<opted in>"
DEBUGGING = "<debugging>"


class Scope:
    """The variables of a module, function or class; `variables` is replaced as a whole where ways part and meet."""

    def __init__(self, parent: Scope | None = None, *, is_class: bool = False, is_comprehension: bool = False) -> None:
        self.variables: Variables = {}
        self.parent = parent
        self.is_class = is_class
        self.is_comprehension = is_comprehension
        self.globals: set[str] = set()
        self.walrus: Variables = {}
        self.parts: dict[str, set[str]] = {}
        """For a variable the names of its parts (`job.model`) of which something was proved somewhere."""

    def own(self, name: str) -> Value | None:
        """The value of a variable of this very scope."""
        return self.variables.get(name)

    def find(self, name: str) -> Value | None:
        """The value of a variable; classes around a function are skipped, as Python does."""
        found = self.own(name)
        scope = self.parent
        while found is None and scope is not None:
            if not scope.is_class:
                found = scope.own(name)
            scope = scope.parent
        return found

    def set_walrus(self, name: str, value: Value) -> None:
        """Assign by `:=`, which sees through comprehensions (PEP 572)."""
        scope = self
        while scope.is_comprehension and scope.parent is not None:
            scope = scope.parent
        scope.walrus[name] = value
        scope.set(name, value)

    def start_walrus(self) -> Variables:
        """Begin an expression whose parts are evaluated under conditions; gives back what `keep_walrus` wants."""
        outer, self.walrus = self.walrus, {}
        return outer

    def keep_walrus(self, outer: Variables) -> None:
        """End it: what its parts assigned by `:=` stays, whatever the conditions."""
        for name, value in self.walrus.items():
            self.set(name, value)
        self.walrus = {**outer, **self.walrus}

    def set(self, name: str, value: Value) -> None:
        """Assign here, or in an outer scope for a name that was declared `global` or `nonlocal`."""
        if name not in self.globals:
            if name in self.variables:  # what was proved of its parts is over
                for part in self.parts.get(name, ()):
                    self.variables.pop(part, None)
            self.variables[name] = value
            return
        scope = self.parent
        while scope is not None and scope.parent is not None and name not in scope.variables:
            scope = scope.parent
        if scope is not None:
            known = scope.variables.get(name)
            scope.variables[name] = value if known is None else join(known, value)


def differing(left: Variables, right: Variables) -> list[str]:
    """The variables of the right way that are others than on the left one."""
    return [name for name, value in right.items() if left.get(name) is not value]


def merge(left: Variables, right: Variables, others: list[str]) -> Variables:
    """The variables where two ways meet, `others` as `differing` gives them; what was proved holds only if it was on both."""
    merged = dict(left)
    for name in others:
        merged[name] = join(left[name], right[name]) if name in left else right[name]
    for name in merged.keys() - (left.keys() & right.keys()):
        if not name.isidentifier():
            del merged[name]
    return merged


def part_name(node: ex.Expression) -> str:
    """`job.model` for `job.model` and `job["model"]`; empty for anything longer."""
    match node:
        case (
            ex.Attribute(value=ex.Name(id=name), attr=part)
            | ex.Subscript(value=ex.Name(id=name), index=ex.Constant(value=str(part)))
        ):
            return f"{name}.{part}"
    return ""
