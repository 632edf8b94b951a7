"""What an expression may be: a small set of API paths, constants, members and origins, joined where ways meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from mlsec_lint.flow import prose
from mlsec_lint.record import record, replace
from mlsec_lint.syntax.expression import Literal, Place

if TYPE_CHECKING:
    from mlsec_lint.flow.definition import Definition

T = TypeVar("T")

MAX_PATHS = 8
MAX_CONSTANTS = 16
MAX_ORIGINS = 12
MAX_MEMBERS = 64
MAX_STEPS = 16
MAX_DEPTH = 6
"""How deep members are kept inside members; deeper ones are only known by their origins."""
MAX_SIZE = 2_000
"""Members inside members, all together: `x = [x, x]` doubles them with every line."""

INHERITED = frozenset({"package-file", "self-made", "resolved"})
"""Marks that what is made of a value has too."""

Step: TypeAlias = tuple[Place, str]
"""A place on the way and a sentence about it."""


class Left(NamedTuple):
    """A place where data leaves a function."""

    place: Place
    """Of what is returned."""
    qualname: str
    """Of the function."""


@record
class Origin:
    """Where data comes from, and what happened to it on the way."""

    kind: str
    """A source kind of the catalogue, or `parameter`."""
    label: str
    """How a message names it: `request.args`; the name of a parameter."""
    place: Place
    traits: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = field(default=(), compare=False)
    left: Left | None = field(default=None, compare=False)
    """Where it left the last function that it came out of."""

    def with_step(self, place: Place, sentence: str) -> Origin:
        """The same data one step further; long ways are cut in the middle of the story, not at its end."""
        if place == (self.steps[-1][0] if self.steps else self.place):
            return self
        steps = self.steps if len(self.steps) < MAX_STEPS else self.steps[:-1]
        return replace(self, steps=(*steps, (place, sentence)))

    def with_traits(self, traits: Iterable[str]) -> Origin:
        """The same data, marked."""
        joined = self.traits.union(traits)
        return self if joined == self.traits else replace(self, traits=joined)

    @property
    def rank(self) -> tuple[object, ...]:
        """Where it stands among others: no order of a set may show in a report."""
        return (self.place, self.kind, self.label, sorted(self.traits), len(self.steps), self.steps)


Origins: TypeAlias = frozenset[Origin]
NO_ORIGINS: Origins = frozenset()


@record
class Value:
    """What an expression may be. The empty value is an unknown one."""

    paths: tuple[str, ...] = ()
    """API paths: `torch.load`, `openai.OpenAI()`; a first segment `?` is an object of unknown type."""
    constants: tuple[Literal, ...] = ()
    """Constants that it may be."""
    exact: bool = False
    """Whether the constants are all that it may be."""
    origins: Origins = NO_ORIGINS
    items: tuple[Value, ...] | None = None
    """Members of a list, tuple or set."""
    fields: tuple[tuple[Literal, Value], ...] | None = None
    """Members of a dict with constant keys, or arguments of a constructor."""
    open: bool = False
    """Whether it may have more members than the known ones."""
    definitions: tuple[Definition, ...] = ()
    """Functions and classes of the project that it may be, or instances of them."""
    weight: int = 0
    """How much of a prompt the developer wrote into a string, in words; see `prose`."""
    marks: frozenset[str] = frozenset()
    """What holds of it whatever its origin: `package-file`, `self-made`, `resolved`, `verified`, `unpacked`, `own-text`."""
    producer: str = ""
    """The API path of the call that made it, if it is known."""
    whole: bool = False
    """Whether it is what a project function has returned, as it was returned."""
    depth: int = field(default=0, init=False, compare=False, repr=False)
    """How deep its members go, and the objects and arguments that its definitions hold."""
    size: int = field(default=1, init=False, compare=False, repr=False)
    """It and all that is inside it."""

    def __post_init__(self) -> None:
        if self.items or self.fields or (self.definitions and any(item.depth for item in self.definitions)):
            self._bound()

    def _bound(self) -> None:
        """Keep members within the bounds; what is left out stays as origins."""
        items, fields = self.items or (), self.fields or ()
        extra = (*items[MAX_MEMBERS:], *(value for _, value in fields[MAX_MEMBERS:]))
        kept = (*items[:MAX_MEMBERS], *(value for _, value in fields[:MAX_MEMBERS]))
        inside = (*kept, *self.definitions)
        depth, size = 1 + max(item.depth for item in inside), 1 + sum(item.size for item in inside)
        changed: dict[str, object] = {}
        if depth > MAX_DEPTH or size > MAX_SIZE:
            extra, depth, size = (*kept, *extra), 0, 1
            items, fields = (), ()
            changed["definitions"] = tuple(item for item in self.definitions if not item.depth)
        changed.update(depth=depth, size=size)
        if extra:
            changed["origins"] = capped(self.origins.union(*(item.all_origins() for item in extra)))
            changed["items"] = items[:MAX_MEMBERS] if self.items is not None else None
            changed["fields"] = fields[:MAX_MEMBERS] if self.fields is not None else None
            changed["open"] = True
        for name, value in changed.items():
            object.__setattr__(self, name, value)

    def field(self, key: Literal) -> Value | None:
        """The member with a constant key; None when it is not known."""
        for name, value in self.fields or ():
            if name == key and type(name) is type(key):
                return value
        return None

    def members(self) -> Iterator[Value]:
        """The known members, of a list or of a dict."""
        yield from self.items or ()
        for _, value in self.fields or ():
            yield value

    def all_origins(self, depth: int = MAX_DEPTH) -> Origins:
        """Origins of the value and of everything inside it."""
        found = set(self.origins)
        if depth > 0:
            for member in self.members():
                found |= member.all_origins(depth - 1)
        return frozenset(found)

    def map_origins(self, origins: Origins) -> Value:
        """The same value with other origins of its own."""
        if origins is self.origins:
            return self
        return Value(
            self.paths, self.constants, self.exact, origins, self.items, self.fields, self.open, self.definitions,
            self.weight, self.marks, self.producer, self.whole,
        )  # fmt: skip


UNKNOWN = Value()


OWN_TEXT = "own-text"
"""The mark of a text that is made of nothing but constants of the program, though which of them is not known."""


def is_own_text(value: Value) -> bool:
    """Whether nothing of a text comes from elsewhere than the code: one of some constants, or made of such texts."""
    return bool(value.exact and value.constants) or OWN_TEXT in value.marks


def constant(value: Literal) -> Value:
    """A value known exactly."""
    return Value(constants=(value,), exact=True, weight=prose.weight(value) if isinstance(value, str) else 0)


def capped(origins: Iterable[Origin]) -> Origins:
    """At most `MAX_ORIGINS` of them, chosen by rank so that the same code gives the same answer.

    Of equal ones with different stories the one of the lowest rank stays.
    """
    if isinstance(origins, frozenset) and len(origins) <= MAX_ORIGINS:
        return origins
    ranked = sorted(origins, key=lambda item: item.rank)
    return frozenset(list(dict.fromkeys(ranked))[:MAX_ORIGINS])


def join(left: Value, right: Value) -> Value:
    """What is either of the two."""
    if left is right or left == right:
        return left
    return Value(
        paths=_union(left.paths, right.paths, MAX_PATHS),
        constants=_constants(left.constants, right.constants),
        exact=left.exact and right.exact,
        origins=capped(left.origins | right.origins),
        items=_join_items(left, right),
        fields=_join_fields(left, right),
        open=left.open or right.open or (left.fields is None) != (right.fields is None),
        definitions=_union(left.definitions, right.definitions, MAX_PATHS),
        weight=max(left.weight, right.weight),
        marks=left.marks & right.marks,
        producer=left.producer if left.producer == right.producer else "",
        whole=left.whole and right.whole,
    )


def join_all(values: Iterable[Value]) -> Value:
    """What is any of them; nothing known when there is none."""
    result: Value | None = None
    for value in values:
        result = value if result is None else join(result, value)
    return UNKNOWN if result is None else result


def _union(left: tuple[T, ...], right: tuple[T, ...], most: int) -> tuple[T, ...]:
    return (*left, *(item for item in right if item not in left))[:most]


def _constants(left: tuple[Literal, ...], right: tuple[Literal, ...]) -> tuple[Literal, ...]:
    known = {(type(item), item) for item in left}
    return (*left, *(item for item in right if (type(item), item) not in known))[:MAX_CONSTANTS]


def _join_items(left: Value, right: Value) -> tuple[Value, ...] | None:
    if left.items is None or right.items is None:
        return left.items if right.items is None else right.items
    if len(left.items) == len(right.items):
        return tuple(join(one, other) for one, other in zip(left.items, right.items, strict=True))
    longer, shorter = sorted((left.items, right.items), key=len, reverse=True)
    merged = [join(one, other) for one, other in zip(longer, shorter, strict=False)]
    return (*merged, *longer[len(shorter) :])


def _join_fields(left: Value, right: Value) -> tuple[tuple[Literal, Value], ...] | None:
    if left.fields is None or right.fields is None:
        return left.fields if right.fields is None else right.fields
    merged = dict(left.fields)
    for key, value in right.fields:
        merged[key] = join(merged[key], value) if key in merged else value
    return tuple(list(merged.items())[:MAX_MEMBERS])
