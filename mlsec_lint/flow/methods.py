"""Method calls by name, where no model knows the object: strings, containers, and data that stays inside."""

from __future__ import annotations

import re

from mlsec_lint.flow import prose
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.keywords import seen_by
from mlsec_lint.flow.segments import as_parts
from mlsec_lint.flow.targets import bind
from mlsec_lint.flow.texts import built, shown, specifications, template_weight, tokens
from mlsec_lint.flow.value import INHERITED, MAX_MEMBERS, UNKNOWN, Value, capped, constant, join, join_all
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex

CLEAN = frozenset(
    "startswith endswith isdigit isalnum isalpha isidentifier isnumeric isdecimal islower isupper isspace count find rfind"
    " rindex bit_length is_integer argmax argmin argsort exists is_file is_dir any all fileno tell close".split()
)
"""Methods that give a decision, a number or nothing: no text and no score is left in their result."""

_GETENV = frozenset({"os.getenv", "os.environ.get"})
_INDEX_LIKE = frozenset({"index"})
_MUTATORS = frozenset({"append", "add", "appendleft", "insert", "push"})


def method_call(event: CallEvent, at: Evaluation) -> Value | None:
    """The result of a method known by its name; None when the name says nothing."""
    func = event.node.func
    if not isinstance(func, ex.Attribute):
        return None
    receiver = event.receiver
    if func.attr in CLEAN or (func.attr in _INDEX_LIKE and event.arguments.positional):
        return UNKNOWN
    if func.attr == "format":
        return _format(func, event)
    if func.attr == "join" and not receiver.paths:
        return _join(event)
    if func.attr in _MUTATORS or func.attr in ("extend", "update", "setdefault"):
        return _mutate(func, event, at)
    parts = _split(func, event, at) if func.attr == "split" else seen_by(func.attr, receiver)
    return parts or _read(func.attr, event)


def _format(func: ex.Attribute, event: CallEvent) -> Value:
    """`template.format(…)`: a template whose text is not known counts by its name."""
    template = event.receiver
    unseen = template_weight(template, _spelled(func.value))
    specs = specifications(template)
    named = [*((str(index), item) for index, item in enumerate(event.arguments.positional)), *event.arguments.keywords]
    given = [shown(item.value, specs.get(name, [])) for name, item in named] + [event.arguments.hidden()]
    value = built([replace(template, weight=0, paths=()), *given], event.node.place, unseen=unseen)
    fills_own = "{" in "".join(item for item in template.constants if isinstance(item, str))
    return replace(value, constants=(), exact=False) if fills_own or given else value


def _spelled(node: ex.Expression) -> str:
    while isinstance(node, ex.Call):
        node = node.func
    return ex.last_name(node)


def _join(event: CallEvent) -> Value:
    """`", ".join(parts)`: the parts become one string."""
    parts = join_parts(event.arguments.everything())
    return built([event.receiver, *parts], event.node.place)


def join_parts(value: Value) -> list[Value]:
    """The members of a list, and what flows out of it otherwise."""
    return [*(value.items or ()), Value(origins=value.origins)]


def _mutate(func: ex.Attribute, event: CallEvent, at: Evaluation) -> Value:
    """`xs.append(x)` changes the variable `xs`."""
    given = [item.value for item in event.arguments.positional]
    changed = _changed(func.attr, event, given)
    if isinstance(func.value, ex.Name):
        at.frame.scope.set(func.value.id, changed)
    elif isinstance(func.value, ex.Attribute | ex.Subscript):
        bind(func.value, changed, at)
    return join_all(given[-1:]) if func.attr == "setdefault" else UNKNOWN


def _changed(name: str, event: CallEvent, given: list[Value]) -> Value:
    base = event.receiver
    if name in _MUTATORS and given:
        items = base.items or ()
        if len(items) < MAX_MEMBERS:
            return replace(base, items=(*items, given[-1]), open=base.open or base.items is None)
        return replace(base, origins=capped(base.origins | given[-1].all_origins()), open=True)
    if name == "extend" and given:
        items = (*(base.items or ()), *(given[0].items or ()))[:MAX_MEMBERS]
        loose = base.origins | given[0].origins
        return replace(base, items=items, open=base.open or given[0].items is None, origins=capped(loose))
    fields = dict(base.fields or ())
    for value in given[:1] if name == "update" else ():
        fields.update(value.fields or ())
    for key, item in event.arguments.keywords:
        fields[key] = item.value
    if name == "setdefault" and len(given) == 2 and given[0].exact:  # noqa: PLR2004 - key and default
        fields.setdefault(given[0].constants[0], given[1])
    loose = base.origins | event.arguments.everything().origins
    return replace(base, fields=tuple(fields.items())[:MAX_MEMBERS], origins=capped(loose), open=True)


_READERS = re.compile(r"^(?:get|pop|items|values|keys|copy|tolist|item|max|min|mean|sum|numpy|cpu|detach|to|squeeze|unsqueeze"
                      r"|flatten|reshape|view|float|double|half|softmax|sigmoid|log_softmax|topk|sort|round|to_dict|dict|json"
                      r"|model_dump|read|readline|readlines|decode|encode|strip|lstrip|rstrip|split|rsplit|splitlines|lower"
                      r"|upper|title|replace|translate|removeprefix|removesuffix|partition|rpartition|group|groups|__str__|__repr__)$")  # fmt: skip


def _read(name: str, event: CallEvent) -> Value | None:
    """What a method that hands out the inside of its object gives."""
    if not _READERS.match(name):
        return None
    base = event.receiver
    positional = event.arguments.positional
    if name in ("get", "pop") and positional and positional[0].value.exact:
        return _get(base, positional[0].value.constants[:1], [item.value for item in positional[1:2]])
    if name == "items" and base.fields is not None:
        pairs = tuple(Value(items=(constant(key), value)) for key, value in base.fields)
        return (
            Value(items=(join_all(pairs),), open=True, origins=base.origins) if pairs else Value(origins=base.origins)
        )
    if name == "values":
        return Value(items=tuple(base.members()), open=base.open, origins=base.origins)
    if name == "copy":
        return base
    origins = list(base.all_origins())
    if name == "replace":
        origins = [item.with_traits(_removed(event)) for item in origins]
        trait = (*prose.trait(base.weight), *tokens((base,)))
        origins.extend(item.with_traits(trait) for item in event.arguments.everything().all_origins())
    return as_parts(name, Value(origins=capped(origins), weight=base.weight, marks=base.marks & INHERITED), event)


def _split(func: ex.Attribute, event: CallEvent, at: Evaluation) -> Value | None:
    """The parts of what a variable of the environment is by default: `os.getenv("ORIGINS", "*").split(",")`."""
    read = at.events.calls.get(func.value.place) if isinstance(func.value, ex.Call) else None
    if read is None or not _GETENV.intersection(read.paths):
        return None
    default, separator = read.arguments.find("default"), event.arguments.find("0")
    texts = [item.value.constants[0] for item in (default, separator) if item is not None and item.value.exact]
    if len(texts) != 2 or not all(isinstance(item, str) and item for item in texts):  # noqa: PLR2004 - text and separator
        return None
    parts = str(texts[0]).split(str(texts[1]))
    return Value(items=tuple(map(constant, parts)), open=True, origins=event.receiver.origins)


def _removed(event: CallEvent) -> tuple[str, ...]:
    """The trait of a text from which special tokens are taken out: `text.replace("<|im_end|>", "")`."""
    return ("tokens-removed",) if tokens([item.value for item in event.arguments.positional[:1]]) else ()


def _get(base: Value, keys: tuple[ex.Literal, ...], default: list[Value]) -> Value:
    found = base.field(keys[0]) if keys else None
    if found is not None:
        return found.map_origins(found.origins | base.origins)
    fallback = join_all(default)
    known = Value(origins=base.origins)
    return join(known, replace(fallback, exact=False)) if default else known
