"""`[[match.literal]]` and `[[match.text]]`: constants given to telling names, and texts that are secrets by their shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mlsec_lint.catalogue.model import LiteralMatch, Rule
from mlsec_lint.flow.conditions import judge_value
from mlsec_lint.flow.event import Context
from mlsec_lint.flow.value import constant
from mlsec_lint.masking import mask
from mlsec_lint.match.matched import Judged, Matched, Matches
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.secrets import secret_texts
from mlsec_lint.match.telling_names import is_named
from mlsec_lint.match.text_formats import LONGEST
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.walk import Visit, walk

_GETENV = frozenset({"getenv", "env", "get_env", "getenv_default", "config"})
_ENVIRONMENT_READER = re.compile(
    r"_*(?:get|read|load|fetch)?_?env(?:iron(?:ment)?)?_?(?:value|var|variable|str|string|default|setting)"
)
"""Functions of projects that wrap `os.getenv`; what they read is named in capitals."""
_FIELDS = frozenset({"Field", "field", "mapped_column", "SecretStr", "StringField", "Secret", "attrib", "ib"})
_HOST = re.compile(r"(?i)^(?:\w+_)?(?:host|hostname|port|server|addr|address|database|dbname|endpoint)$")


class Named(NamedTuple):
    """A constant text and the name that it is given to."""

    context: str
    name: str
    node: ex.Constant


def match_literals(body: st.Body, rules: RuleIndex, found: Matches) -> None:
    """Every constant text of some statements."""
    for visit in walk(body):
        if visit.node.__class__ in _NAMING:
            for item in named_constants(visit):
                _match_named(item, visit, rules, found)
        elif isinstance(visit.node, ex.Constant):
            _match_text(visit.node, visit, rules, found)


def may_match(name: str, text: str, literals: Iterable[tuple[Rule, LiteralMatch]]) -> bool:
    """Whether a text given to a name can concern a rule; where one refines Bandit's check, the name is enough."""
    return any(
        rule.refines or judge_value(match.value, constant(text), name).truth is True
        for rule, match in literals
        if is_named(match.name, match.not_name, name)
    )


def _match_named(item: Named, visit: Visit, rules: RuleIndex, found: Matches) -> None:
    value = constant(item.node.value)
    for rule, match in rules.literals:
        if item.context not in match.context or not is_named(match.name, match.not_name, item.name):
            continue
        if rule.refines:
            found.judged.append(Judged(rule, item.node.place))
        if item.context == "dict-item" and (rule.id, item.name, visit.qualname) in found.spread:
            continue
        if not _says_itself(item) and judge_value(match.value, value, f"`{item.name}`").truth is True:
            found.matched.append(_matched(rule, match, item, visit))


def _says_itself(item: Named) -> bool:
    """`ACCESS_SECRET = "AccessSecret"` maps names; it holds no secret."""
    text = item.node.value if isinstance(item.node.value, str) else ""
    bare = re.sub(r"[\W_]", "", text).lower()
    return bool(bare) and item.context != "getenv-default" and re.sub(r"[\W_]", "", item.name).lower().endswith(bare)


def _matched(rule: Rule, match: LiteralMatch, item: Named, visit: Visit) -> Matched:
    shown = mask(item.node.value) if isinstance(item.node.value, str) else "…"
    words = {"name": item.name, "value": shown}
    secrets = tuple(secret_texts(match.value, constant(item.node.value)))
    place = Context(visit.statement, visit.qualname)
    return Matched(rule, match.opinion, item.node.place, place, words=words, secrets=secrets)


def _match_text(node: ex.Constant, visit: Visit, rules: RuleIndex, found: Matches) -> None:
    if _is_docstring(visit) or not isinstance(node.value, str | bytes):
        return
    text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    for secret in rules.text_formats.secrets_in(text[:LONGEST]):
        for rule, match in rules.texts:
            if not any(_is_format(secret.format.name, wanted) for wanted in match.format):
                continue
            if any(PLACES[name](visit) for name in match.unless_context):
                continue
            words = {"name": secret.format.name.removeprefix("key-"), "value": mask(secret.text, secret.format.prefix)}
            place = Context(visit.statement, visit.qualname)
            found.matched.append(Matched(rule, match.opinion, node.place, place, words=words))


def _defines_pattern(visit: Visit) -> bool:
    """The text is a regular expression, which describes secrets and is none."""
    return visit.call in ("compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "split")


def _is_shown(visit: Visit) -> bool:
    """The text is help, a log line or an error: it shows how a secret would look."""
    return visit.call.lower() in _SHOWING or visit.call.endswith(("Error", "Exception", "Warning"))


_SHOWING = frozenset(
    "print info debug warning warn error exception critical log echo secho add_argument write markdown dedent help fail".split()
)

PLACES = {"regex-definition": _defines_pattern, "shown-text": _is_shown}
"""Named questions about the place of a literal that rules may ask with `unless-context`."""


def _is_format(name: str, wanted: str) -> bool:
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted


def _is_docstring(visit: Visit) -> bool:
    """A text that is a statement of its own says nothing to the program."""
    return isinstance(visit.node, ex.Constant) and visit.alone


_NAMING = frozenset({st.Assign, ex.Parameter, st.If, ex.Call, ex.Mapping})
"""The nodes that give names to constants; most give none."""


def named_constants(visit: Visit) -> Iterator[Named]:
    """The constant texts that a node gives to names."""
    node = visit.node
    match node:
        case st.Assign(value=value) if value is not None:
            for target in node.targets:
                yield from _assigned(target, value, in_class=visit.in_class)
        case ex.Parameter(default=default) if default is not None:
            yield from _as("parameter-default", node.name, default)
        case st.If():
            yield from _fallbacks(node)
        case ex.Call():
            yield from _called(node)
        case ex.Mapping():
            yield from _items(node)


def _fallbacks(node: st.If) -> Iterator[Named]:
    """`if secret is None: secret = "dev"`: what counts where nobody has set anything."""
    match node.test:
        case ex.Unary(operator="not", operand=tested):
            pass
        case ex.Compare(left=tested, operators=("is",) | ("==",), rights=(ex.Constant(value=None),)):
            pass
        case _:
            return
    assigned = ((target, item.value) for item in node.body if isinstance(item, st.Assign) for target in item.targets)
    for target, value in assigned:
        name, _ = _target(target)
        if name and name == ex.last_name(tested):
            yield from _as("fallback", name, value)


def _items(node: ex.Mapping) -> Iterator[Named]:
    """The items of a dict; beside a host or a port they are the items of a connection."""
    keys = [key.value for key, _ in node.items if isinstance(key, ex.Constant)]
    connection = any(isinstance(key, str) and _HOST.match(key) for key in keys)
    for key, value in node.items:
        if isinstance(key, ex.Constant) and isinstance(key.value, str):
            yield from _as("dict-item", key.value, value)
            if connection:
                yield from _as("connection-item", key.value, value)


def _as(context: str, name: str, value: ex.Expression | None) -> Iterator[Named]:
    for node in _constants(value):
        yield Named(context, name, node)


def _constants(value: ex.Expression | None) -> Iterator[ex.Constant]:
    """The constants that an expression may be: `x or "text"`, `"a" if b else "c"`."""
    match value:
        case ex.Constant():
            yield value
        case ex.Conditional():
            yield from _constants(value.body)
            yield from _constants(value.orelse)


def _assigned(target: ex.Expression, value: ex.Expression, *, in_class: bool) -> Iterator[Named]:
    name, context = _target(target)
    if not name:
        return
    if in_class and context == "assignment":
        context = "field-default"
    yield from _as(context, name, value)
    if isinstance(value, ex.Boolean) and value.operator == "or":
        for operand in value.operands[1:]:
            yield from _as("get-default", name, operand)
    if isinstance(value, ex.Call) and ex.last_name(value.func) in _FIELDS:
        defaults = [item.value for item in value.arguments if item.keyword in ("default", "") and not item.star]
        for default in defaults[:1]:
            yield from _as("field-default", name, default)


def _target(target: ex.Expression) -> tuple[str, str]:
    match target:
        case ex.Name():
            return target.id, "assignment"
        case ex.Attribute():
            return target.attr, "attribute"
        case ex.Subscript(index=ex.Constant(value=str(key))):
            return key, "dict-item"
    return "", ""


def _called(node: ex.Call) -> Iterator[Named]:
    last, positional = (
        ex.last_name(node.func),
        [item.value for item in node.arguments if not item.keyword and not item.star],
    )
    keywords = {item.keyword: item.value for item in node.arguments if item.keyword}
    for name, value in keywords.items():
        yield from _as("keyword", name, value)
    key = positional[0].value if positional and isinstance(positional[0], ex.Constant) else None
    if not isinstance(key, str):
        return
    default = positional[1] if len(positional) > 1 else keywords.get("default")
    wrapped = key.isupper() and _ENVIRONMENT_READER.fullmatch(last)
    if last in _GETENV or wrapped or (last == "get" and _is_environment(node.func)):
        yield from _as("getenv-default", key, default)
    elif last in ("get", "setdefault", "pop"):
        yield from _as("get-default", key, default)
    elif last == "add_argument" or last in ("option", "Option"):
        options = [item.value for item in positional if isinstance(item, ex.Constant) and isinstance(item.value, str)]
        yield from _as("argparse-default", max(options, key=len).lstrip("-").replace("-", "_"), keywords.get("default"))


def _is_environment(func: ex.Expression) -> bool:
    owner = func.value if isinstance(func, ex.Attribute) else None
    match owner:
        case ex.Attribute(attr=name) | ex.Name(id=name):
            return name in ("environ", "env")
    return False
