"""What the names in a condition say: digests, checkers, switches, and the ways to prove a path harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlsec_lint.syntax import expression as ex

DIGEST = re.compile(r"(?i)(digest|sha\d|md5|checksum|hash|signature|hmac|fingerprint)")
CHECKER = re.compile(
    r"(?i)^(?:_*)(?:is_|has_)?(?:valid|safe|allow|verif|check|trusted|permitted|authoriz|sanitiz|whitelist|ensure|assert_)"
    r"|^_*is_(?:\w+_)?(?:inside|within|contained|relative_to|subpath|sub_?directory|descendant|child_of)"
    r"(?:_(?:\w+_)?(?:dir|directory|folder|root|base|path|workspace|sandbox|project))?$"
)
REJECTER = re.compile(
    r"(?i)^_*(?:is|has|contains)_(?:path$|(?:\w+_)?(?:traversal|unsafe|malicious|dangerous|private|forbidden|blocked|denied)(?:$|_))"
)
"""Functions that say of what they are given that it does harm: `is_path_traversal`, `is_private_address`."""
SWITCH = re.compile(
    r"(?i)(?:^|_)(?:allow|trust|unsafe|insecure|dangerous|enable_pickle|enable_cors|open_cross|cross_domain)"
)
CHECK = re.compile(r"(?i)(?:^|_)(?:verify_(?:ssl|tls|cert\w*)|ssl_verif(?:y|ication)|tls_verify)$")
"""Switches that are off where somebody does without a check on purpose."""
DEBUG = re.compile(
    r"(?i)(?:^|[_-])(?:debug|debugging|dev|devel|develop|development|dev_?mode)(?:$|[_-])"
    r"|^(?:show|expose|include|return)_(?:full_|detailed_)?(?:traceback|stack_?trace|error_detail|exception_detail|exception|error)s?$"
)
"""Names of switches and of environments in which somebody develops."""
PRODUCTION = re.compile(r"(?i)(?:^|[_-])(?:prod|production)(?:$|[_-])")
TEXT_TESTS = frozenset({"isdigit", "isalnum", "isidentifier", "isnumeric", "isdecimal", "isalpha"})
NUMERIC = frozenset({"int", "float", "bool", "complex", "decimal.Decimal", "uuid.UUID", "enum.Enum"})
RESOLVERS = frozenset({"resolve", "realpath", "abspath"})
"""Functions whose result has no `..` and no links left."""

_HOST = frozenset({"hostname", "netloc", "host"})
"""What the parts of an address are called that say whose it is."""

_OFF = (False, None, 0, "", "0", "false", "False", "no", "off")
"""What a switch is compared with to learn whether it is off."""

_COMMON = frozenset({"commonpath", "commonprefix"})


def is_digest(node: ex.Expression) -> bool:
    """Whether an expression is a digest or signature by its name."""
    match node:
        case ex.Call():
            return is_digest(node.func)
        case ex.Attribute():
            return bool(DIGEST.search(node.attr))
        case ex.Name():
            return bool(DIGEST.search(node.id))
    return False


def is_opt_in(test: ex.Expression, truth: bool) -> bool:
    """Whether a test that came out so says that a switch is on: `allow_pickle`, `os.environ.get("ALLOW_X") != "1"` is false."""
    if isinstance(test, ex.Compare) and test.operators in (("!=",), ("is not",), ("not in",)):
        return not truth and is_switch(test.left)
    if not truth and _is_named(test, CHECK):
        return True
    return truth and is_switch(test)


def is_switch(test: ex.Expression) -> bool:
    """`allow_pickle`, `self.trust_remote_code`, `os.environ.get("ALLOW_UNSAFE")`: set by somebody on purpose."""
    match test:
        case ex.Name(id=name) | ex.Attribute(attr=name) | ex.Constant(value=str(name)):
            return bool(SWITCH.search(name))
        case ex.Call():
            return any(is_switch(argument.value) for argument in test.arguments[:1]) or is_switch(test.func)
        case ex.Subscript(index=ex.Constant() as index):
            return is_switch(index)
        case ex.Compare():
            return test.operators in (("==",), ("is",), ("in",)) and is_switch(test.left)
    return False


def is_debugging(test: ex.Expression, truth: bool) -> bool:
    """Whether a test that came out so says that somebody develops: `settings.debug`, `in_debug_mode()`, `env == "development"`."""
    if isinstance(test, ex.Compare) and len(test.operators) == 1:
        equal = test.operators[0] in ("==", "is", "in")
        if equal or test.operators[0] in ("!=", "is not", "not in"):
            says = truth == equal
            return _is_named(test.rights[0], DEBUG if says else PRODUCTION) or (says and _is_on(test))
        return False
    return _is_named(test, DEBUG if truth else PRODUCTION)


def _is_on(test: ex.Compare) -> bool:
    """`os.environ.get("DEBUG") == "1"`."""
    right = test.rights[0]
    return _is_named(test.left, DEBUG) and not (isinstance(right, ex.Constant) and right.value in _OFF)


def _is_named(test: ex.Expression, name: re.Pattern[str]) -> bool:
    match test:
        case ex.Name(id=text) | ex.Attribute(attr=text) | ex.Constant(value=str(text)):
            return bool(name.search(text))
        case ex.Call():
            return (
                any(_is_named(item.value, name) for item in test.arguments[:1])
                or _is_named(test.func, name)
                or (isinstance(test.func, ex.Attribute) and not test.arguments and _is_named(test.func.value, name))
            )
        case ex.Subscript(index=ex.Constant() as index):
            return _is_named(index, name)
        case ex.Collection():
            return any(_is_named(item, name) for item in test.items)
    return False


def contained(test: ex.Compare, truth: bool) -> list[str]:
    """The variables that a comparison proves to stay below a directory.

    `os.path.commonpath([base, p]) == base`, `base in p.parents`, and no `..` in it.
    """
    operator, left, right = test.operators[0], test.left, test.rights[0]
    equal = (operator == "==" and truth) or (operator == "!=" and not truth)
    for side in (left, right):
        if equal and isinstance(side, ex.Call) and ex.last_name(side.func) in _COMMON:
            return [name for argument in side.arguments for name in names_in(argument.value)]
    within = (operator == "in" and truth) or (operator == "not in" and not truth)
    if within and isinstance(right, ex.Attribute) and right.attr == "parents":
        return list(names_in(right.value))
    without = (operator == "in" and not truth) or (operator == "not in" and truth)
    if without and isinstance(left, ex.Constant) and left.value in ("..", "../", "/", "\\"):
        return list(names_in(right))
    return []


def asks_for_read(test: ex.Call) -> bool:
    """`hasattr(file, "read")`: what has no `read` is no file that somebody has uploaded."""
    asked = test.arguments[1].value if len(test.arguments) == 2 else None  # noqa: PLR2004 - object and name
    return isinstance(asked, ex.Constant) and asked.value == "read"


def address_of(node: ex.Expression) -> ex.Expression | None:
    """What the host in a comparison is the host of: `urlparse(url)` in `urlparse(url).hostname.lower()`."""
    while isinstance(node, ex.Call) and isinstance(node.func, ex.Attribute):
        node = node.func.value
    return node.value if isinstance(node, ex.Attribute) and node.attr in _HOST else None


def names_in(node: ex.Expression) -> Iterator[str]:
    """The variables that an expression is made of."""
    match node:
        case ex.Name():
            yield node.id
        case ex.Walrus():
            yield node.target.id
        case ex.Attribute() | ex.Subscript() | ex.Await() | ex.Formatted():
            yield from names_in(node.value)
        case ex.Call():
            yield from names_in(node.func)
            for argument in node.arguments:
                yield from names_in(argument.value)
        case ex.Operation():
            for operand in node.operands:
                yield from names_in(operand)
        case ex.Collection():
            for item in node.items:
                yield from names_in(item)
