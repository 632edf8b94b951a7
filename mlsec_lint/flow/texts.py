"""Strings that are built: f-strings, `+`, `%`, `format`, `join`; and how much of them the developer wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from string import Formatter

from mlsec_lint.flow import prose
from mlsec_lint.flow.endings import below, ended, is_fixed, shortened
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.segments import FIXED_ENDING, places_in_name
from mlsec_lint.flow.value import INHERITED, MAX_PATHS, NO_ORIGINS, OWN_TEXT, Origin, Value, capped, is_own_text
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex

# The width begins where the flags end, with another digit than 0: what can be either takes quadratic time.
_PERCENT = re.compile(r"%(?:%|[-#0 +]*(?:[1-9]\d*)?(?:\.\d+)?[a-zA-Z])")
_FIELD_END = re.compile(r"[.\[]")
_FEW_DECIMALS = re.compile(r"\.[0-2][eEfFgG%]$")
SCORES = frozenset({"score", "logits", "named-score", "model-output"})
_PATH = "pathlib.Path()"

MAX_TEXT = 100_000
"""Characters up to which a built text is kept as a constant: `s = s + s` doubles it with every line."""


def built(parts: Iterable[Value], place: ex.Place, *, unseen: int = 0) -> Value:
    """The string that is made of these parts; `unseen` is the weight of a template that is not known."""
    parts = tuple(parts)
    weight = unseen + sum(part.weight or prose.weight_of_unknown(part.paths) for part in parts)
    trait = (*prose.trait(weight), *tokens(parts))
    texts = [part.constants[0] if part.exact and len(part.constants) == 1 else None for part in parts]
    around = zip(_led(parts), places_in_name(texts), strict=True)
    led = [(*trait, *(("prefixed",) if is_led else ()), *named) for is_led, named in around]
    last = max(0, len(parts) - 1)
    fixed = bool(parts) and is_fixed(parts[last])
    before_end = ended if fixed else shortened
    seen = [*(before_end(part.all_origins()) for part in parts[:last]), *(part.all_origins() for part in parts[last:])]
    origins = (item.with_traits(led[index]) for index, part in enumerate(seen) for item in part)
    marks = frozenset().union(*(part.marks for part in parts)) & INHERITED if parts else frozenset()
    if fixed:
        marks |= {FIXED_ENDING}
    if parts and all(map(is_own_text, parts)):
        marks |= {OWN_TEXT}
    constants: tuple[ex.Literal, ...] = ()
    if sum(len(item) if isinstance(item, str) else MAX_TEXT + 1 for item in texts) <= MAX_TEXT:
        constants = ("".join(item for item in texts if isinstance(item, str)),)
    return Value(constants=constants, exact=bool(constants), origins=capped(origins), weight=weight, marks=marks)


def tokens(parts: Iterable[Value]) -> tuple[str, ...]:
    """The trait of what stands between special tokens."""
    texts = (item for part in parts for item in part.constants if isinstance(item, str))
    return ("special-tokens",) if any(prose.has_special_tokens(text) for text in texts) else ()


_SCHEMES = frozenset({"", "http://", "https://", "//", "hf://", "hf-hub:", "hf_hub:"})
_LONGEST_SCHEME = 9
"""One character more than the longest of them."""


def _led(parts: tuple[Value, ...]) -> Iterator[bool]:
    """Whether something stands before each part of a string, so that it does not choose the beginning (the host)."""
    before, unknown = "", False
    for part in parts:
        yield unknown or before not in _SCHEMES
        text = part.constants[0] if part.exact and part.constants else None
        unknown = unknown or not isinstance(text, str)
        before = (before + text)[:_LONGEST_SCHEME] if isinstance(text, str) else before


def text(node: ex.Text, at: Evaluation) -> Value:
    """An f-string."""
    return built((at.value(part) for part in node.parts), node.place)


def formatted(node: ex.Formatted, at: Evaluation) -> Value:
    """One `{…}` of an f-string: two decimals are a rounding."""
    value = at.value(node.value)
    return Value(
        constants=value.constants if not node.spec else (),
        exact=value.exact and not node.spec,
        origins=_rounded(value.all_origins(), node.spec),
        weight=value.weight or prose.weight_of_unknown(tuple(path for path in value.paths if _is_constant_name(path))),
        marks=value.marks,
    )


def _is_constant_name(path: str) -> bool:
    return path.rsplit(".", 1)[-1].isupper()


def _rounded(origins: frozenset[Origin], spec: str) -> frozenset[Origin]:
    if not _FEW_DECIMALS.search(spec):
        return origins
    return capped(item.with_traits(("rounded",)) if item.kind in SCORES else item for item in origins)


def operation(node: ex.Operation, at: Evaluation) -> Value:
    """`+` builds texts and lists, `%` fills in, arithmetic keeps what the numbers carry."""
    values = [at.value(item) for item in node.operands]
    if node.operator == "+":
        return _plus(values, node.place)
    if node.operator == "%" and _is_text(values[0]):
        return built([values[0], *_filled_in(values[0], values[1:])], node.place)
    if node.operator == "/":
        return _below(values)
    if node.operator == "|" and all(item.fields is not None for item in values):
        merged = {key: value for item in values for key, value in item.fields or ()}
        return Value(fields=tuple(merged.items()), origins=_all(values), open=any(item.open for item in values))
    paths = tuple(path for item in values for path in item.paths) if node.operator == "|" else ()
    return Value(origins=_all(values), paths=tuple(dict.fromkeys(paths))[:MAX_PATHS])


def _below(values: list[Value]) -> Value:
    """`directory / name`: a path that carries what both carry; or a division."""
    paths = (_PATH,) if any(_PATH in item.paths for item in values) else ()
    marks = frozenset({"package-file"}) if any("package-file" in item.marks for item in values) else frozenset[str]()
    made = below(values)
    return replace(made, paths=paths, marks=marks | made.marks)


def _plus(values: list[Value], place: ex.Place) -> Value:
    if any(item.items is not None for item in values):
        items = tuple(member for item in values for member in item.items or ())
        opened = any(item.items is None or item.open for item in values)
        own = frozenset(origin for item in values for origin in item.origins)
        return Value(items=items, open=opened, origins=own)
    return built(values, place)


def _filled_in(template: Value, values: list[Value]) -> list[Value]:
    """What `%` puts into a template, each value as its specification shows it."""
    given = [member for item in values for member in (item.items or [*item.members(), item])]
    specs = [found[0] for found in _PERCENT.finditer(_only_text(template)) if found[0] != "%%"]
    if len(specs) != len(given):
        specs = [""] * len(given)
    return [shown(value, [spec]) for value, spec in zip(given, specs, strict=True)]


def shown(value: Value, specs: list[str]) -> Value:
    """A value as format specifications show it: `.2f` is a rounding, if it is shown nowhere else."""
    if not specs or not all(_FEW_DECIMALS.search(spec) for spec in specs):
        return value
    return replace(value, origins=_rounded(value.all_origins(), specs[0]), items=None, fields=None)


def specifications(template: Value) -> dict[str, list[str]]:
    """What `format` does with each argument: its position or name, and its specifications."""
    found: dict[str, list[str]] = {}
    try:
        fields = list(Formatter().parse(_only_text(template)))
    except ValueError:  # no format string
        return found
    for _, name, spec, _ in fields:
        if name is not None:
            key = _FIELD_END.split(name, maxsplit=1)[0] or str(len(found))
            found.setdefault(key, []).append(spec or "")
    return found


def _only_text(template: Value) -> str:
    known = template.constants[0] if template.exact and len(template.constants) == 1 else ""
    return known if isinstance(known, str) else ""


def _is_text(value: Value) -> bool:
    return value.weight > 0 or any(isinstance(item, str) for item in value.constants)


def _all(values: Iterable[Value]) -> frozenset[Origin]:
    return capped(NO_ORIGINS.union(*(item.all_origins() for item in values)))


def template_weight(template: Value, name: str) -> int:
    """The weight of a template; one that cannot be seen counts by its name."""
    if template.weight or template.exact:
        return template.weight
    return prose.weight_of_unknown((name, *template.paths)) or prose.LEAD_IN


TEXTS: dict[type, Callable[..., Value]] = {ex.Text: text, ex.Formatted: formatted, ex.Operation: operation}
