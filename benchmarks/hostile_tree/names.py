"""Files that are no files, names that are no names, links that lead away."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from hostile_tree.entry import PROOF, Hostile
from hostile_tree.texts import BIDI, COMMANDS, MARKUP, TITLE

_NAMED = "the name of the file is printed in every format: it must not control, command, link or break a line"
_LINKED = "a link may lead out of what was asked for, round in circles, or to what cannot be read"
_SPECIAL = "opening it may block for ever, or have an effect"

OUTSIDE = "outside"
"""The folder beside the tree that links lead to; nothing of it may be read or touched."""

_NAMES: Mapping[str, str] = {
    "line-feed": "a\n::error::owned\n.py",
    "carriage-return": "a\r::error::owned\r.py",
    "leading-command": "::error file=x,line=1::owned.py",
    "set-output": "::set-output name=a::b.py",
    "older-commands": "##[error]owned.py",
    "pipeline-commands": "##vso[task.setvariable variable=a]b.py",
    "escape-sequences": f"{TITLE}.py",
    "bidirectional-marks": f"{BIDI}yp.exe.py",
    "line-separators": "a\u2028b\u2029c\x85d\x0be.py",
    "not-utf-8": os.fsdecode(b"\xff\xfe\x80.py"),
    "markdown": "[click](https:evil.example) **a** `b` | c.py",
    "html": "<img src=x onerror=alert(1)>.py",
    "script": "<script>alert(1)<:script>.py",
    "placeholders": "{0} {evil} %s %0A %25 ${a} $(b).py",
    "markup-of-rich": "[bold red]a[:bold red][link=https:evil]b.py",
    "option": "--output=owned.py",
    "short-option": "-o.py",
    "response-file": "@owned.py",
    "spaces": "  a  .py",
    "quotes": "a'b\"c`d.py",
    "backslashes": "a\\..\\..\\b.py",
    "uri": "file:%2F%2Fetc%2Fpasswd?a#b.py",
    "drive": "C:a.py",
    "dots": "...py",
    "glob": "*[!a]?{b,c}.py",
    "long": "a" * 250 + ".py",
    "colons": "a.py:1:1: MLS999 [critical] b.py",
    "json": '","path":"a.py',
    "emoji": "\U0001f600\u0301.py",
    "upper-case": "A.PY",
    "notebook-ending": "a.ipynb.py",
    "semicolons": "a;touch owned;.py",
}
"""`:` stands where people would want a slash, which no name can have."""

_FOLDERS: Mapping[str, str] = {
    "folder-of-commands": "::error::owned\n/::warning::owned/a.py",
    "folder-of-escapes": f"{TITLE}/{BIDI}/a.py",
    "folder-named-as-a-file": "a.py/b.ipynb/c.py",
    "long-path": "/".join(["b" * 100] * 30) + "/a.py",
    "deep-path": "/".join(["c"] * 500) + "/a.py",
    "folder-named-as-a-package": "torch/__init__.py",
}


def _hidden(folder: Path) -> Path:
    """Where links lead that leave the tree."""
    root = next(parent for parent in folder.parents if (parent / OUTSIDE).is_dir())
    return root / OUTSIDE


def _links(folder: Path) -> None:
    (folder / "loop").symlink_to(".")
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "first.py").symlink_to("second.py")
    (folder / "second.py").symlink_to("first.py")
    (folder / "up").symlink_to("..")
    (folder / "nowhere.py").symlink_to("no/such/file.py")
    (folder / "long.py").symlink_to("a/" * 1_000 + "b.py")
    chain = folder / "chain0.py"
    chain.symlink_to("neighbour.py")
    for number in range(60):
        (folder / f"chain{number + 1}.py").symlink_to(f"chain{number}.py")


def _escapes(folder: Path) -> None:
    outside = _hidden(folder)
    (folder / "out.py").symlink_to(outside / "secret.py")
    (folder / "out").symlink_to(outside)
    (folder / "root").symlink_to("/")
    (folder / "relative.py").symlink_to(os.path.relpath(outside / "secret.py", folder))
    (folder / "out.ipynb").symlink_to(outside / "secret.ipynb")
    (folder / "users.py").symlink_to("/etc/passwd")
    (folder / "hostile.py").symlink_to(outside / "secret.py")
    (folder / "hostile").symlink_to(outside)
    (folder / "requirements.txt").symlink_to(outside / "secret.py")


def _devices(folder: Path) -> None:
    for name in ("zero", "random", "full", "null", "stdin", "tty"):
        (folder / f"{name}.py").symlink_to(f"/dev/{name}")
    (folder / "memory.py").symlink_to("/proc/self/mem")
    (folder / "environ.ipynb").symlink_to("/proc/self/environ")
    (folder / "hostile.py").symlink_to("/dev/zero")


def _pipes(folder: Path) -> None:
    for name in ("pipe.py", "pipe.ipynb", "pipe", "hostile.py", "requirements.txt", ".gitignore"):
        os.mkfifo(folder / name)


def _pipes_as_settings(folder: Path) -> None:
    for name in ("pyproject.toml", "mlsec-lint.toml", "uv.lock", "setup.cfg", "setup.py", "Pipfile", "environment.yml"):
        os.mkfifo(folder / name)


def _sockets(folder: Path) -> None:
    before = Path.cwd()
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as one:
        os.chdir(folder)  # the address of a socket is a short path
        try:
            one.bind("socket.py")
        finally:
            os.chdir(before)


def _unreadable(folder: Path) -> None:
    for name in ("shut", "blind"):
        (folder / name).mkdir()
        (folder / name / "a.py").write_text(PROOF, encoding="utf-8")
    (folder / "shut.py").write_text(PROOF, encoding="utf-8")
    (folder / "shut.py").chmod(0)
    (folder / "blind").chmod(0o444)
    (folder / "shut").chmod(0)


def _folders_as_files(folder: Path) -> None:
    for name in (
        "a.py",
        "b.ipynb",
        "pyproject.toml",
        "mlsec-lint.toml",
        ".gitignore",
        "requirements.txt",
        "hostile.py",
        ".git",
    ):
        (folder / name).mkdir()


def _deep(name: str) -> Callable[[Path], None]:
    """Writes a file whose path is longer than a system call takes."""

    def write(folder: Path) -> None:
        before = os.open(".", os.O_RDONLY)
        os.chdir(folder)
        try:
            *parts, last = name.split("/")
            for part in parts:
                Path(part).mkdir(exist_ok=True)
                os.chdir(part)
            Path(last).write_text(PROOF, encoding="utf-8")
        finally:
            os.fchdir(before)
            os.close(before)

    return write


def names() -> Iterator[Hostile]:
    """All of them; what a system does not know (pipes, users) is left out there."""
    for name, path in {**_NAMES, **_FOLDERS}.items():
        if len(path) > 200 and "/" in path:  # noqa: PLR2004  # near what a path may have
            yield Hostile(f"name-{name}", _NAMED, plant=_deep(path))
        else:
            yield Hostile(f"name-{name}", _NAMED, {path: PROOF})
    yield Hostile(
        "name-many-of-a-kind",
        _NAMED,
        {f"{text.replace('/', ':')}{n}.py": PROOF for n, text in enumerate((*COMMANDS, *MARKUP))},
    )
    yield Hostile("link-circles", _LINKED, plant=_links)
    yield Hostile("link-escapes", _LINKED, plant=_escapes)
    yield Hostile("link-devices", _LINKED, plant=_devices)
    yield Hostile("special-folders-as-files", _SPECIAL, plant=_folders_as_files)
    if hasattr(os, "mkfifo"):
        yield Hostile("special-pipes", _SPECIAL, plant=_pipes)
        yield Hostile("special-pipes-as-settings", _SPECIAL, plant=_pipes_as_settings)
    if hasattr(socket, "AF_UNIX"):
        yield Hostile("special-sockets", _SPECIAL, plant=_sockets)
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        yield Hostile("special-unreadable", _SPECIAL, plant=_unreadable)
