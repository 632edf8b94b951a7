"""Functions and classes of the project, as values of the evaluation."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from mlsec_lint.flow.arguments import Arguments
from mlsec_lint.flow.scope import Scope
from mlsec_lint.flow.value import Origin, Value, join
from mlsec_lint.imports.library import ProjectModule
from mlsec_lint.record import dataclass, record
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.walk import walk

if TYPE_CHECKING:
    from mlsec_lint.flow.evaluation import Evaluation


@dataclass(eq=False, slots=True)
class FunctionDefinition:
    """A function, method or lambda; one object a place, however often its statement is evaluated."""

    depth: ClassVar[int] = 0
    size: ClassVar[int] = 1

    node: st.Function | ex.Lambda
    scope: Scope
    qualname: str
    home: Evaluation
    """The evaluation of the module that it stands in."""
    owner: ClassDefinition | None = None
    decorators: tuple[Value, ...] = ()

    @property
    def name(self) -> str:
        """The name it was defined by."""
        return self.node.name if isinstance(self.node, st.Function) else "<lambda>"

    def is_decorated(self, decorator: str) -> bool:
        """Whether a decorator with this API path stands above it."""
        return any(decorator in item.paths for item in self.decorators)


@dataclass(eq=False, slots=True)
class ClassDefinition:
    """A class with what its methods were seen to store in `self`."""

    depth: ClassVar[int] = 0
    size: ClassVar[int] = 1

    node: st.Class
    qualname: str
    home: Evaluation
    """The evaluation of the module that it stands in."""
    bases: tuple[Value, ...] = ()
    members: dict[str, Value] = field(default_factory=dict)
    """Class variables and methods."""
    attributes: dict[str, Value] = field(default_factory=dict)
    """What any method assigned to `self.name`."""
    given: dict[str, frozenset[Origin]] = field(default_factory=dict)
    """The parameters of the constructor that `self.name` was made of."""
    asked: set[str] = field(default_factory=set)
    """The attributes that somebody has asked for, whether there are any or not."""
    _setters: tuple[FunctionDefinition, ...] | None = None

    def base_paths(self) -> tuple[str, ...]:
        """API paths of the classes that it derives from, through classes of the same file."""
        return tuple(dict.fromkeys(path for base in self.bases for path in base.paths))

    def base_classes(self) -> list[ClassDefinition]:
        """The classes of the project that it derives from directly."""
        return [item for base in self.bases for item in base.definitions if isinstance(item, ClassDefinition)]

    def ancestors(self) -> list[ClassDefinition]:
        """The classes of the project that it derives from, each once, the nearest first."""
        found = list(dict.fromkeys(self.base_classes()))
        seen = {self, *found}
        for item in found:  # grows on the way
            new = [base for base in dict.fromkeys(item.base_classes()) if base not in seen]
            seen.update(new)
            found.extend(new)
        return found

    def setters(self) -> tuple[FunctionDefinition, ...]:
        """Its methods that assign to attributes."""
        if self._setters is None:
            methods = (item for member in self.members.values() for item in member.definitions)
            self._setters = tuple(
                item for item in methods if isinstance(item, FunctionDefinition) and _stores(item.node)
            )
        return self._setters

    def find(self, name: str) -> Value | None:
        """A member or attribute, here or in the bases of the same file."""
        for current in (self, *self.ancestors()):
            current.asked.add(name)
            if name in current.attributes:
                return current.attributes[name]
            if name in current.members:
                return current.members[name]
        return None

    def store(self, name: str, value: Value) -> None:
        """A method assigns to `self.name`; who has asked for it before has not been told all."""
        known = self.attributes.get(name)
        self.attributes[name] = value if known is None else join(known, value)
        if name in self.asked and self.attributes[name] is not known:
            self.home.settled = False

    def store_given(self, name: str, given: frozenset[Origin]) -> None:
        """`self.name` is made of some parameters of the constructor."""
        known = self.given.get(name)
        self.given[name] = given if known is None else known | given
        if name in self.asked and self.given[name] != known:
            self.home.settled = False

    def given_to(self, name: str) -> frozenset[Origin]:
        """The parameters of the constructor, here or in the bases, that an attribute was made of."""
        self.asked.add(name)
        found = self.given.get(name, frozenset())
        return found.union(*(item.given.get(name, ()) for item in self.base_classes()))


def _stores(node: st.Function | ex.Lambda) -> bool:
    """Whether a function assigns to attributes."""
    statements = (visit.node for visit in walk(node.body)) if isinstance(node, st.Function) else ()
    targets = (target for item in statements if isinstance(item, st.Assign) for target in item.targets)
    return any(isinstance(target, ex.Attribute) for target in targets)


@record
class Instance:
    """An object of a class of the project."""

    depth: ClassVar[int] = 0
    size: ClassVar[int] = 1

    of: ClassDefinition


@record
class Method:
    """A function taken from an object, which it will get as its first argument."""

    function: FunctionDefinition
    receiver: Value

    @property
    def depth(self) -> int:
        """How deep the object goes, with what it holds; see `Value.depth`."""
        return 1 + self.receiver.depth

    @property
    def size(self) -> int:
        """How much the object holds; see `Value.size`."""
        return 1 + self.receiver.size


@record
class Prepared:
    """A function with some of its arguments: `functools.partial(function, …)`."""

    target: Value
    arguments: Arguments

    @property
    def depth(self) -> int:
        """How deep partials stand inside partials, and members inside their arguments; see `Value.depth`."""
        return 1 + max(value.depth for value in self._values())

    @property
    def size(self) -> int:
        """How much it holds, all together; see `Value.size`."""
        return 1 + sum(value.size for value in self._values())

    def _values(self) -> tuple[Value, ...]:
        return self.target, *(given.value for given in self.arguments.all()), self.arguments.hidden()


@record
class Imported:
    """Something of another module of the project, until somebody uses it."""

    depth: ClassVar[int] = 0
    size: ClassVar[int] = 1

    path: str
    """As the import names it: `service.predict`, `.model`."""
    importer: str
    """The file that imports it, absolute."""


@record
class ModuleDefinition:
    """A module of the project."""

    depth: ClassVar[int] = 0
    size: ClassVar[int] = 1

    module: ProjectModule


Definition: TypeAlias = (
    FunctionDefinition | ClassDefinition | Instance | Method | Prepared | Imported | ModuleDefinition
)
