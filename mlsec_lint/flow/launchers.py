"""Commands that fetch a package and run it: whether they say which version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from mlsec_lint.flow.predicates import decide
from mlsec_lint.flow.value import Value
from mlsec_lint.flow.verdict import NO, Verdict

Predicate: TypeAlias = Callable[[Value, str], Verdict]

_MOVING = r"(?:@(?:latest|next|beta|canary|\*|[\^~>][^ ]*))?"
_NPM = re.compile(
    r"^(?:exec |dlx |x )?(?:-(?!-package[ =]|p |c |-call )\S+ )*(?:(?:-p|--package)[ =])?(?:--package=)?"
    rf"(?:(?:@[\w.-]+/)?[A-Za-z][\w.-]*{_MOVING}|(?:github:)?[A-Za-z][\w.-]*/[\w.-]+)(?: |$)"
)
_PYTHON = re.compile(
    r"^(?:tool )?(?:run )?(?:--(?:python|with|index|index-url|default-index|refresh-package) \S+ |-p \S+ |-(?!-from\b|-spec\b)\S+ )*"
    r"(?:--(?:from|spec)[ =])?"
    rf"(?:[A-Za-z][\w.-]*(?:\[[\w,.-]+\])?(?:{_MOVING}|[<>~][^ ]*)|git\+https?://[^ @]+)(?: |$)"
)
_IMAGE = re.compile(
    r"^run (?:(?![a-z0-9][\w./-]*[:@])\S+ )*?(?<!-file )(?:[a-z0-9][\w.-]*(?::\d+)?/)+[a-z0-9][\w.-]*(?::latest)?(?: |$)"
)
"""An image with a path, and no tag; what stands behind a tagged one is its own business."""
_STARTERS: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("npx", "bunx", "pnpx"), _NPM),
    **dict.fromkeys(("uvx", "pipx"), _PYTHON),
    **dict.fromkeys(("docker", "podman"), _IMAGE),
}
_SUFFIX = re.compile(r"\.(?:cmd|exe)$", re.IGNORECASE)
_DEPTH = 3
"""How deep a table of servers holds their commands: `{"mcpServers": {"files": {"command": …}}}`."""


def arguments_of(pattern: re.Pattern[str]) -> Predicate:
    """A predicate on a list of arguments; an unknown one is taken for a value, never for an option."""

    def predicate(value: Value, name: str) -> Verdict:
        if value.items is None:
            return Verdict.maybe(f"the members of {name} are not all known")
        return Verdict.of(bool(pattern.search(_line(value.items))))

    return predicate


def server(value: Value, name: str) -> Verdict:
    """A server that is started by a command: its table, a table of such tables, the command line, or a list of these.

    An object that a call has made is judged where it is made.
    """
    if value.producer:
        return NO
    lines = [item for member in (value, *(value.items or ())) for item in member.constants if isinstance(item, str)]
    words = [line.partition(" ") for line in lines]
    commands = [*_commands(value, _DEPTH), *((command, arguments) for command, _, arguments in words)]
    if not any(_starts_unpinned(command, arguments) for command, arguments in commands):
        return NO
    return decide([True], value, name) if value.constants else Verdict.of(True)


def _commands(value: Value, depth: int) -> Iterator[tuple[str, str]]:
    command, arguments = value.field("command"), value.field("args")
    if command is not None and command.exact and arguments is not None and arguments.items is not None:
        yield str(command.constants[0]), _line(arguments.items)
    for member in value.members() if depth else ():
        if not member.producer:
            yield from _commands(member, depth - 1)


def _starts_unpinned(command: str, arguments: str) -> bool:
    pattern = _STARTERS.get(_SUFFIX.sub("", re.split(r"[/\\]", command)[-1]).lower())
    return pattern is not None and bool(pattern.search(arguments))


def _line(items: tuple[Value, ...]) -> str:
    return " ".join(str(item.constants[0]) if item.exact and len(item.constants) == 1 else "…" for item in items)


PREDICATES: Mapping[str, Predicate] = {
    "unpinned-image": arguments_of(_IMAGE),
    "unpinned-npm-package": arguments_of(_NPM),
    "unpinned-python-package": arguments_of(_PYTHON),
    "unpinned-server": server,
}
"""Named questions about what a command fetches and runs."""
