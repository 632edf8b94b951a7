"""Configuration, caches and modules in the scanned tree that would run, write, blind or stall."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from hostile_tree.entry import NEIGHBOUR, PROOF, Content, Hostile
from hostile_tree.names import OUTSIDE
from hostile_tree.texts import BIDI, COMMANDS, MARKUP, TITLE

_IMPORTED = "a program that has the working directory on its path imports these instead of its own modules"
_STARTED = "tools start what such files name, or import plug-ins from them"
_MISREAD = "a setting that cannot be read must be named, and switch nothing off"
_BLINDS = "a setting may switch rules off, but the run must say so, and `--isolated` must not heed it"
_STALLS = "patterns and tables whose reading takes for ever"

MARKERS = "markers"
"""The folder beside the tree where code that ran leaves a file."""

# Modules that the linter, its dependencies or the interpreter import.
_MODULES = (
    *("sitecustomize", "usercustomize", "libcst", "bandit", "click", "ast", "tomli", "tomllib", "rich", "pathspec"),
    *("packaging", "sarif_om", "yaml", "attr", "stevedore", "pbr", "setuptools", "json", "pickle", "re", "typing"),
    *(
        "dataclasses",
        "subprocess",
        "sqlite3",
        "encodings",
        "codecs",
        "antigravity",
        "readline",
        "colorama",
        "pkg_resources",
    ),
    *("conftest", "setup", "noxfile", "tasks", "_distutils_hack", "typing_extensions", "warnings", "os"),
)
_FOLDERS = ("libcst/__init__.py", "bandit/plugins/evil.py", "click/__main__.py", "rules/evil.py", "__main__.py")


def _leaving(folder: Path, name: str) -> str:
    """Code that leaves a marker when it is run, and has a finding."""
    root = next(parent for parent in folder.parents if (parent / MARKERS).is_dir())
    mark = str(root / MARKERS / name.replace("/", "-"))
    return f"import pathlib\npathlib.Path({mark!r}).touch()\n{NEIGHBOUR}raise SystemExit('this ran')\n"


def plant_modules(folder: Path) -> None:
    """Write modules that leave a marker when they are imported, under the names of what a linter imports."""
    for name in (*[f"{module}.py" for module in _MODULES], *_FOLDERS):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_leaving(folder, name), encoding="utf-8")
    (folder / "evil.pth").write_text(f"import pathlib; {_leaving(folder, 'pth').splitlines()[1]}\n", encoding="utf-8")


def _own_name(folder: Path) -> None:
    """`python -m mlsec_lint` would run this, since Python itself looks for that name in the working directory first."""
    for name in (
        "mlsec_lint.py",
        "mlsec_lint/__init__.py",
        "mlsec_lint/__main__.py",
        "mlsec_lint/cli/app.py",
        "runpy.py",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(_leaving(folder, name), encoding="utf-8")


def _command(folder: Path, name: str) -> str:
    root = next(parent for parent in folder.parents if (parent / MARKERS).is_dir())
    return f"touch {root / MARKERS / name}"


def _git(folder: Path) -> None:
    """A repository as `git init` leaves it, whose settings and hooks all run something."""
    git = folder / ".git"
    for name in ("objects", "refs/heads", "hooks", "info"):
        (git / name).mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    keys = {
        "fsmonitor": "git-fsmonitor",
        "hooksPath": "git-hooks",
        "pager": "git-pager",
        "sshCommand": "git-ssh",
        "editor": "git-editor",
    }
    core = "".join(f"\t{key} = {_command(folder, name)}\n" for key, name in keys.items())
    settings = f"[core]\n\trepositoryformatversion = 0\n{core}[diff]\n\texternal = {_command(folder, 'git-diff')}\n"
    settings += f'[alias]\n\tls-files = !{_command(folder, "git-alias")}\n[filter "a"]\n\tclean = {_command(folder, "git-filter")}\n'
    (git / "config").write_text(settings, encoding="utf-8")
    (folder / ".gitattributes").write_text("*.py filter=a diff=a\n", encoding="utf-8")
    for name in ("post-index-change", "fsmonitor-watchman", "pre-commit"):
        (git / "hooks" / name).write_text(f"#!/bin/sh\n{_command(folder, f'hook-{name}')}\n", encoding="utf-8")
        (git / "hooks" / name).chmod(0o755)
    (git / "index").write_bytes(b"DIRC\0\0\0\x02\xff\xff\xff\xff" + b"\0" * 1_000)


def _cache(folder: Path) -> None:
    """Caches of this and other tools in the tree, with files that an unpickler or a database would trip over."""
    for name in (".mlsec-lint-cache", ".cache/mlsec-lint", "mlsec-lint", ".mypy_cache", "__pycache__"):
        (folder / name).mkdir(parents=True)
        (folder / name / "results-1.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)
        (folder / name / "a.pickle").write_bytes(b"cos\nsystem\n(S'" + _command(folder, "pickle").encode() + b"'\ntR.")
    (folder / "__pycache__" / "neighbour.cpython-311.pyc").write_bytes(b"\0" * 100)


def _index(folder: Path) -> None:
    """An index of git, version 4: each name is the one before and a letter more, so that all together are endless."""
    entry = b"\0" * 60 + b"\0\0" + b"\0" + b"a\0"
    (folder / ".git").mkdir()
    (folder / ".git" / "index").write_bytes(
        b"DIRC" + (4).to_bytes(4, "big") + (100_000).to_bytes(4, "big") + entry * 100_000
    )
    (folder / ".gitignore").write_text("no/such/*\nneighbour.py\nimporter.py\n!*.py\n", encoding="utf-8")


def _elsewhere(folder: Path) -> None:
    """Settings that lead out of the tree."""
    outside = next(parent for parent in folder.parents if (parent / OUTSIDE).is_dir()) / OUTSIDE
    text = f"extend = '{outside / 'settings.toml'}'\nrules = ['{outside}', '../../{OUTSIDE}', '/etc']\n"
    (folder / "mlsec-lint.toml").write_text(text, encoding="utf-8")
    (folder / "linked").mkdir()
    (folder / "linked" / "mlsec-lint.toml").symlink_to(outside / "settings.toml")
    (folder / "linked" / "a.py").write_text(PROOF, encoding="utf-8")
    (folder / "linked" / "pyproject.toml").symlink_to(outside / "secret.py")
    (folder / ".git").write_text(f"gitdir: {outside}\n", encoding="utf-8")
    (folder / ".gitignore").symlink_to(outside / "secret.py")


# As TOML writes it.
_TOXIC = "\\n".join((*(f"\\u{ord(character):04x}" for character in TITLE + BIDI), *COMMANDS, *MARKUP))
_OWN = "mlsec-lint.toml"
_PROJECT = "pyproject.toml"

_SETTINGS: Mapping[str, tuple[str, Content]] = {
    "no-toml": (_OWN, "\0\xff = ["),
    "not-utf-8": (_OWN, b"select = ['\xff']\n"),
    "utf-16": (_OWN, "select = []".encode("utf-16")),
    "large": (_OWN, lambda: "# " + "a" * 3_000_000),
    "deep-lists": (_OWN, "select = " + "[" * 100_000),
    "deep-tables": (_OWN, "select = " + "{a = " * 50_000 + "1" + "}" * 50_000),
    "deep-keys": (_OWN, ".".join(["a"] * 100_000) + " = 1"),
    "deep-headers": (_OWN, "[" + ".".join(["a"] * 100_000) + "]"),
    "many-keys": (_OWN, lambda: "".join(f"key{number} = 1\n" for number in range(20_000))),
    "many-tables": (_OWN, lambda: "".join(f"[a{number}.b.c]\n" for number in range(20_000))),
    "huge-integer": (_OWN, "timeout = " + "9" * 100_000),
    "huge-hexadecimal": (_OWN, "max-file-size = 0x" + "f" * 200_000),
    "infinite-time": (_OWN, "timeout = inf\n"),
    "no-number-as-time": (_OWN, "timeout = nan\n"),
    "negative-time": (_OWN, "timeout = -1\nmax-file-size = -1\n"),
    "no-such-date": (_OWN, "a = 2026-99-99\n"),
    "wrong-types": (
        _OWN,
        "select = 1\nignore = {a = 1}\nprofile = []\nexclude = true\ntimeout = 'a'\nrules = [[]]\nassume = [1]\nbandit = 'no'\n",
    ),
    "toxic-texts": (
        _OWN,
        f'"{_TOXIC}" = 1\nprofile = "{_TOXIC}"\nselect = ["{_TOXIC}"]\nrules = ["{_TOXIC}"]\n[assume]\n"{_TOXIC}" = "{_TOXIC}"\n',
    ),
    "format": (_OWN, "format = '../../evil'\n"),
    "selectors": (_OWN, "select = ['" + "A" * 100_000 + "', '', '*', 'MLS', '\\\\']\n"),
    "extends-itself": (_OWN, "extend = 'mlsec-lint.toml'\n"),
    "extends-a-device": (_OWN, "extend = '/dev/zero'\nrules = ['/dev/zero', '/dev/stdin']\n"),
    "extends-null": (_OWN, 'extend = "a\\u0000b"\nrules = ["a\\u0000b"]\n'),
    "extends-long": (_OWN, "extend = '" + "a" * 10_000 + "'\nrules = ['" + "b/" * 10_000 + "']\n"),
    "versions": (_OWN, "[assume]\ntorch = '" + "1." * 50_000 + "'\ntransformers = '>=1,'\nnumpy = '!!!'\n"),
    "tool-is-a-list": (_PROJECT, "tool = ['mlsec-lint']\n"),
    "own-table-is-a-text": (_PROJECT, "[tool]\nmlsec-lint = 'a'\n"),
    "mentioned-and-broken": (_PROJECT, "# mlsec-lint\n[tool.mlsec-lint\n"),
    "format-in-project": (_PROJECT, "[tool.mlsec-lint]\nformat = 'exec'\noutput = '/etc/passwd'\nplugins = ['evil']\n"),
    "bandit-table": (
        _PROJECT,
        "[tool.bandit]\nplugins = ['evil']\nskips = 'B101'\ntests = [1]\nexclude_dirs = {a = 1}\n[tool.bandit.hardcoded_tmp_directory]\ntmp_dirs = 1\n",
    ),
    "bandit-deep": (_PROJECT, "[tool.bandit]\na = " + "[" * 50_000),
    "dependencies-of-anything": (
        _PROJECT,
        "[project]\ndependencies = [1, {}, ['a'], '', 'torch', '"
        "torch" + "==1" * 50_000 + "']\noptional-dependencies = 3\nrequires-python = []\n",
    ),
    "poetry-of-anything": (
        _PROJECT,
        "[tool.poetry.dependencies]\ntorch = [1, {version = 2}]\ntransformers = {version = ['a']}\n[tool.poetry.group]\na = 1\n",
    ),
    "deep-project": (_PROJECT, "[project]\ndependencies = " + "[" * 100_000),
    "requirements-circle": (
        "requirements.txt",
        "-r requirements.txt\n-c requirements.txt\n-r ../../../../etc/passwd\n-r /dev/zero\n--index-url http://a\n",
    ),
    "requirements-of-nothing": ("requirements.txt", b"-r a\0b\n-c " + b"c/" * 5_000 + b"\n-e .\0\n\0\n"),
    "git-directory": (".git", b"gitdir: a\0b\n"),
    "git-directory-device": (".git", "gitdir: /dev/zero\n"),
    "requirements-large": ("requirements.txt", lambda: "torch==1.0\n" * 300_000),
    "requirements-one-line": ("requirements.txt", "torch" + "==1.0," * 200_000),
    "requirements-binary": ("requirements.txt", bytes(range(256)) * 100),
    "lock-deep": ("uv.lock", "package = " + "[" * 100_000),
    "lock-of-anything": ("uv.lock", "package = [1, {name = 1}, {name = 'torch', version = []}]\n"),
    "pipfile-lock-deep": ("Pipfile.lock", '{"default": ' * 50_000),
    "pipfile-lock-of-anything": ("Pipfile.lock", '{"default": {"torch": [1], "a": {"version": 3}}, "develop": 1}'),
    "poetry-lock": ("poetry.lock", "[[package]]\nname = 'torch'\nversion = 1\n" * 20_000),
    "environment-bomb": (
        "environment.yml",
        "a: &a [b, b]\n"
        + "".join(f"a{n}: &a{n} [*a{n - 1 or ''}, *a{n - 1 or ''}]\n" for n in range(1, 40))
        + "dependencies: *a39\n",
    ),
    "environment-code": ("environment.yml", "dependencies: !!python/object/apply:os.system ['touch owned']\n"),
    "environment-deep": ("environment.yml", "dependencies: " + "[" * 50_000),
    "setup-cfg": (
        "setup.cfg",
        "[options]\ninstall_requires =\n" + "  torch>=1;a%(b)s\n" * 5_000 + "%(a)s = [\n[options]\n",
    ),
    "gitignore-bomb": (".gitignore", "*a" * 30 + "b\n" + "a**/" * 500 + "b\n" + "[a-" * 5_000 + "\n"),
    "gitignore-large": (".gitignore", lambda: "".join(f"no/such/{number}*/**/file\n" for number in range(30_000))),
    "gitignore-binary": (".gitignore", bytes(range(256)) * 100),
    "package-metadata": (
        "a-1.dist-info/METADATA",
        "Name: torch\nVersion: " + "1." * 50_000 + "\n" + "Requires-Dist: torch (>=1)\n" * 20_000,
    ),
    "baseline": (".mlsec-lint-baseline.json", '{"version": ' * 50_000),
    "pack-beside": ("rules/kinds.toml", "a = " + "[" * 100_000),
    "bandit-ini": (".bandit", "[bandit]\nplugins = evil\nexclude = /\nskips = B101\n"),
    "bandit-yaml": ("bandit.yaml", "!!python/object/apply:os.system ['touch owned']\n"),
    "pre-commit": (".pre-commit-config.yaml", "repos: [{repo: local, hooks: [{id: a, entry: touch owned}]}]\n"),
    "environment-file": (".env", "MLSEC_LINT_CACHE_DIR=.\nPYTHONPATH=.\nMLSEC_LINT_CHECK_OUTPUT=owned\n"),
}

_EVIL_RULE = """
id = "EVIL001"
name = "evil"
severity = "high"
profile = "default"
message = "{message}"
"""

_PACKS: Mapping[str, Mapping[str, Content]] = {
    "of-no-toml": {"pack/EVIL001-a.toml": "\0["},
    "of-deep-tables": {"pack/EVIL001-a.toml": "a = " + "{a = " * 50_000},
    "of-regular-expressions": {
        "pack/models/a.toml": "".join(
            f"[[text]]\nname = 'evil{n}'\nkeyword = ['a']\npattern = '{pattern}'\n"
            for n, pattern in enumerate(
                ("(a+)+$", "(a|a)*b", "(a*)*" * 20 + "b", "(?:a?){50}a{50}", "((((a+)+)+)+)+b", "[", "(?P<secret>" * 50)
            )
        )
    },
    "of-toxic-rules": {"pack/EVIL001-a.toml": _EVIL_RULE.replace("{message}", _TOXIC)},
    "of-code": {"pack/EVIL001.py": "raise SystemExit", "pack/__init__.py": "raise SystemExit"},
    "of-doubled-ids": {"pack/MLS103-a.toml": _EVIL_RULE.replace("EVIL001", "MLS103")},
}

_BLINDING: Mapping[str, str] = {
    "excludes-everything": "exclude = ['**']\n",
    "ignores-everything": "ignore = ['ALL']\n",
    "selects-nothing": "select = ['MLS999']\n",
    "hides-by-severity": "min-severity = 'critical'\n",
    "hides-by-file": "[per-file-ignores]\n'**' = ['ALL']\n",
    "no-time": "timeout = 0.000001\n",
    "no-size": "max-file-size = 1\n",
    "assumes-safety": "[assume]\ntorch = '99'\n",
}


def poison() -> Iterator[Hostile]:
    """All of them."""
    yield Hostile("poison-modules", _IMPORTED, plant=plant_modules)
    yield Hostile("poison-own-name", _IMPORTED, plant=_own_name, way="script")
    yield Hostile("poison-git", _STARTED, plant=_git)
    yield Hostile("poison-git-index", _STALLS, plant=_index)
    yield Hostile("poison-caches", _STARTED, plant=_cache)
    yield Hostile("poison-settings-elsewhere", _STARTED, plant=_elsewhere)
    for name, (file, content) in _SETTINGS.items():
        yield Hostile(f"settings-{name}", _MISREAD, beside={file: content})
    for name, files in _PACKS.items():
        hostile = "import re\nx = '" + "a" * 50_000 + "'\n" + PROOF
        yield Hostile(f"pack-{name}", _STALLS, {"hostile.py": hostile}, beside={**files, _OWN: "rules = ['pack']\n"})
    for name, text in _BLINDING.items():
        yield Hostile(f"blinds-{name}", _BLINDS, beside={_OWN: text}, options=("--isolated",))
    comments = "# mlsec: ignore-file\n# nosec\n# noqa\n# flake8: noqa\n# type: ignore\n# ruff: noqa\n" + PROOF
    yield Hostile("blinds-by-comments", _BLINDS, {"hostile.py": comments}, options=("--no-ignores",))
    if hasattr(os, "symlink"):
        yield Hostile("settings-are-a-link", _MISREAD, plant=lambda folder: (folder / _OWN).symlink_to("/dev/zero"))
