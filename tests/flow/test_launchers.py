"""Commands that fetch a package and run it: which of them say the version."""

from __future__ import annotations

import pytest

from mlsec_lint.flow.launchers import PREDICATES
from mlsec_lint.flow.value import UNKNOWN, Value, constant


def arguments(line: str) -> Value:
    """A list of the words of a line; `…` is an unknown one."""
    return Value(items=tuple(UNKNOWN if word == "…" else constant(word) for word in line.split()))


@pytest.mark.parametrize(
    ("predicate", "line", "expected"),
    [
        ("unpinned-npm-package", "-y @modelcontextprotocol/server-filesystem /srv/data", True),
        ("unpinned-npm-package", "mcp-remote https://mcp.acme.io/sse", True),
        ("unpinned-npm-package", "-y @acme/server@latest", True),
        ("unpinned-npm-package", "-y @acme/server@^1.2", True),
        ("unpinned-npm-package", "-p @acme/server serve", True),
        ("unpinned-npm-package", "--package=@acme/server serve", True),
        ("unpinned-npm-package", "-y github:acme/server", True),
        ("unpinned-npm-package", "-y @acme/server@1.2.3", False),
        ("unpinned-npm-package", "-p @acme/server@1.2.3 serve", False),
        ("unpinned-npm-package", "--package=@acme/server@1.2.3 serve", False),
        ("unpinned-npm-package", "-y ./server", False),
        ("unpinned-npm-package", "-y …", False),
        ("unpinned-npm-package", "", False),
        ("unpinned-python-package", "mcp-server-git --repository /srv/repo", True),
        ("unpinned-python-package", "mcp-server-git@latest", True),
        ("unpinned-python-package", "--from acme[all] serve", True),
        ("unpinned-python-package", "--from git+https://github.com/acme/server serve", True),
        ("unpinned-python-package", "--python 3.12 mcp-server-git", True),
        ("unpinned-python-package", "run acme-server", True),
        ("unpinned-python-package", "mcp-server-git==1.2.3", False),
        ("unpinned-python-package", "mcp-server-git@1.2.3", False),
        ("unpinned-python-package", "--from acme==1.2 serve", False),
        ("unpinned-python-package", "--from git+https://github.com/acme/server@9f4c2d6 serve", False),
        ("unpinned-python-package", "--from … serve", False),
        ("unpinned-image", "run -i --rm mcp/fetch", True),
        ("unpinned-image", "run -i --rm -e TOKEN ghcr.io/acme/server:latest stdio", True),
        ("unpinned-image", "run -i --rm ghcr.io/acme/server:1.2 data/files", False),
        ("unpinned-image", "run -i ghcr.io/acme/server@sha256:0123 data/files", False),
        ("unpinned-image", "run -v /srv/data:/data --mount type=bind,src=/a/b,dst=/c acme", False),
        ("unpinned-image", "exec -i container sh", False),
    ],
)
def test_arguments(predicate: str, line: str, expected: bool) -> None:
    assert PREDICATES[predicate](arguments(line), "`args`").truth is expected


def table(command: str, line: str) -> Value:
    """The table of a server."""
    return Value(fields=(("command", constant(command)), ("args", arguments(line))))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (table("npx", "-y @acme/server"), True),
        (table("npx.cmd", "-y @acme/server"), True),
        (table("/usr/local/bin/uvx", "acme-server"), True),
        (table("uvx", "acme-server==1.2"), False),
        (table("python", "server.py"), False),
        (Value(fields=(("mcpServers", Value(fields=(("files", table("docker", "run mcp/files")),))),)), True),
        (constant("npx -y @acme/server"), True),
        (constant("npx -y @acme/server@1.2.3"), False),
        (constant("python server.py"), False),
        (Value(items=(constant("python server.py"), constant("npx -y @acme/server"))), True),
        (Value(fields=table("npx", "-y @acme/server").fields, producer="mcp.StdioServerParameters"), False),
        (
            Value(items=(Value(fields=table("npx", "-y @acme/server").fields, producer="mcp.StdioServerParameters"),)),
            False,
        ),
        (UNKNOWN, False),
    ],
)
def test_server(value: Value, expected: bool) -> None:
    assert PREDICATES["unpinned-server"](value, "`params`").truth is expected


def test_an_unknown_list_is_not_decided() -> None:
    assert PREDICATES["unpinned-npm-package"](UNKNOWN, "`args`").truth is None
