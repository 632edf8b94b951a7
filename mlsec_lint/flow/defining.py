"""What the definition of a function or a class does to the variables."""

from __future__ import annotations

from mlsec_lint.flow import definition as de
from mlsec_lint.flow.evaluation import Evaluation, Frame
from mlsec_lint.flow.functions import summarise
from mlsec_lint.flow.scope import Scope
from mlsec_lint.flow.value import Value
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st

PROPERTIES = frozenset({"property", "cached_property", "lazyproperty", "lazy_property", "hybrid_property"})
"""Decorators, of Python and of libraries, that make an attribute of a method."""


def function(node: st.Function, at: Evaluation) -> bool:
    """Defines a function; it is evaluated when it is called or when its surroundings are done."""
    decorators = tuple(_decorator(item, at) for item in node.decorators)
    known = at.definitions.get(node.place)
    if not isinstance(known, de.FunctionDefinition):
        qualname = f"{at.frame.qualname}.{node.name}".lstrip(".")
        owner = at.frame.owner if at.frame.scope.is_class else None
        known = at.definitions[node.place] = de.FunctionDefinition(node, at.frame.scope, qualname, at, owner)
    known.scope = at.frame.scope
    known.decorators = decorators
    at.queue.setdefault(node.place, known)
    is_property = any(ex.last_name(item) in PROPERTIES for item in node.decorators)
    value = _property(known) if is_property else Value(definitions=(known,))
    at.frame.scope.set(node.name, value)
    if known.owner is not None:
        known.owner.members[node.name] = value
    return True


def _decorator(node: ex.Expression, at: Evaluation) -> Value:
    """What a decorator is; a framework that is checked itself imports its own by the name that models know."""
    value = at.value(node)
    called = isinstance(node, ex.Call)
    name = node.func if isinstance(node, ex.Call) else node
    imported = at.frame.scope.find(name.id) if isinstance(name, ex.Name) else None
    if imported is None or not any(isinstance(item, de.Imported) for item in imported.definitions):
        return value
    paths = (f"{path}()" if called else path for path in imported.paths)
    return replace(value, paths=tuple(dict.fromkeys((*value.paths, *paths))))


def _property(definition: de.FunctionDefinition) -> Value:
    """A property is what its function returns; parameters mean nothing outside."""
    program = definition.home.program
    summary = program.summary(definition) if program is not None else summarise(definition)
    returns = summary.returns
    return returns.map_origins(frozenset(item for item in returns.origins if item.kind != "parameter"))


def class_(node: st.Class, at: Evaluation) -> bool:
    """Evaluates the body; methods wait like functions."""
    bases = tuple(at.value(item) for item in node.bases)
    for item in node.decorators:
        at.value(item)
    known = at.definitions.get(node.place)
    if not isinstance(known, de.ClassDefinition):
        qualname = f"{at.frame.qualname}.{node.name}".lstrip(".")
        known = at.definitions[node.place] = de.ClassDefinition(node, qualname, at)
    known.bases = bases
    outer = at.frame
    scope_ = Scope(outer.scope, is_class=True)
    at.frame = Frame(scope_, known.qualname, outer.function, known, statement=node.place)
    at.execute(node.body)
    at.frame = outer
    known.members.update(scope_.variables)
    at.frame.scope.set(node.name, Value(paths=known.base_paths(), definitions=(known,)))
    return True
