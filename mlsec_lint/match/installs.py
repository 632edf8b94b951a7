"""What `pip install` and its kin are asked for: packages without a version, sources that nobody has pinned."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlsec_lint.flow.predicates import host_of, is_plain_http_url, is_remote_host
from mlsec_lint.sources.commands import Command, Word

_PIP, _CONDA = frozenset({"pip"}), frozenset({"conda", "mamba", "micromamba"})
_WITH_VALUE = frozenset(
    {
        "-c",
        "-e",
        "-f",
        "-i",
        "-n",
        "-p",
        "-r",
        "-t",
        "-C",
        "--channel",
        "--constraint",
        "--editable",
        "--extra-index-url",
    }
    | {"--find-links", "--index-url", "--name", "--platform", "--prefix", "--python-version", "--requirement", "--root"}
    | {
        "--target",
        "--trusted-host",
        "--abi",
        "--implementation",
        "--proxy",
        "--timeout",
        "--retries",
        "--log",
        "--cert",
    }
    | {
        "--no-binary",
        "--only-binary",
        "--cache-dir",
        "--src",
        "--upgrade-strategy",
        "--progress-bar",
        "--config-settings",
    }
    | {"--global-option", "--build-option", "--exists-action", "--index", "--default-index", "--python", "--file"}
    | {"--override-channels", "--report", "--root-user-action", "--group", "--use-feature", "--torch-backend"}
) - {"--override-channels"}
_CONSTRAINING = frozenset({"-c", "--constraint", "--require-hashes", "--no-index"})
_INDEXES = frozenset({"-i", "-f", "--index-url", "--extra-index-url", "--find-links", "--index", "--default-index"})
# Installing the newest of these is how an old environment learns to install at all.
_TOOLS = frozenset({"pip", "setuptools", "wheel", "uv", "conda", "mamba"})
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[\w,. -]*\])?")
_PINNED = re.compile(r"[^=<>!~]*={2,3}[^*]*\d")
_CONDA_PINNED = re.compile(r"[^=<>!~]*={1,2}\d")
_VARIABLE = re.compile(r"[{$]")
_ARCHIVE = re.compile(r"\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)(?:$|[?#])", re.IGNORECASE)
_DIGEST = re.compile(r"#(?:.*&)?sha(?:256|384|512)=[0-9a-fA-F]{64,}")
_COMMIT = re.compile(r"@[0-9a-f]{40}(?:$|[#?])")
_MOST_NAMED = 3


def unpinned(command: Command) -> tuple[Word, str] | None:
    """The first package without a version, and the names of some such packages."""
    words = tuple(_requirements(command))
    is_pip = command.program in _PIP
    if is_pip and any(word.text.split("=")[0] in _CONSTRAINING for word in command.arguments):
        return None
    pinned = _PINNED if is_pip else _CONDA_PINNED
    open_ = [word for word in words if _is_package(word.text) and not pinned.match(word.text.split(";")[0])]
    names = [found[0] for word in open_ if (found := _NAME.match(word.text)) and found[0].lower() not in _TOOLS]
    if not names:
        return None
    first = next(word for word in open_ if word.text.startswith(names[0]))
    shown = ", ".join(names[:_MOST_NAMED])
    return first, shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"


def unpinned_source(command: Command) -> Word | None:
    """The first repository without a commit, or archive without a digest, that is fetched over an encrypted connection."""
    for word in _requirements(command, editable=True):
        address = word.text.rsplit("@ ", 1)[-1].strip()
        if _VARIABLE.search(address) or not is_remote_host(address.removeprefix("git+")):
            continue
        if re.match(r"git\+(?:https|ssh)://", address) and not _COMMIT.search(address):
            return word
        if address.startswith("https://") and _ARCHIVE.search(address) and not _DIGEST.search(address):
            return word
    return None


def untrusted_index(command: Command) -> tuple[Word, str] | None:
    """The first address that is not protected on its way, and how it is used."""
    for option, word in _options(command):
        if option in _INDEXES and is_plain_http_url(word.text):
            return word, option
        if option == "--trusted-host" and is_remote_host(host_of(word.text)):
            return word, option
    for word in _requirements(command, editable=True):
        address = word.text.rsplit("@ ", 1)[-1].strip()
        plain = re.sub(r"^git(?:\+http)?://", "http://", address)
        if not _VARIABLE.search(plain) and is_plain_http_url(plain):
            return word, "the package itself"
    return None


def _arguments(command: Command) -> tuple[Word, ...]:
    """The words behind `install`; none if it is something else that is asked for."""
    known = command.program in _PIP | _CONDA
    at = next((n for n, word in enumerate(command.arguments) if not word.text.startswith("-")), None)
    if not known or at is None or command.arguments[at].text != "install":
        return ()
    return command.arguments[at + 1 :]


def _requirements(command: Command, *, editable: bool = False) -> Iterator[Word]:
    words = iter(_arguments(command))
    for word in words:
        if word.text in _WITH_VALUE:
            value = next(words, None)
            if editable and value is not None and word.text in ("-e", "--editable"):
                yield value
        elif word.text.startswith((">", "<", "2>", "&>")):
            return
        elif not word.text.startswith("-"):
            yield word


def _options(command: Command) -> Iterator[tuple[str, Word]]:
    words = _arguments(command)
    for number, word in enumerate(words):
        name, joined, value = word.text.partition("=")
        if joined and name.startswith("--"):
            yield name, Word(value, word.end - len(value), word.end)
        elif word.text.startswith("-") and number + 1 < len(words):
            yield word.text, words[number + 1]


def _is_package(text: str) -> bool:
    """A name on an index, and no path, address or variable."""
    plain = text.split(";", maxsplit=1)[0]
    return bool(_NAME.match(plain)) and not (
        "/" in plain or " @ " in plain or _VARIABLE.search(plain) or _ARCHIVE.search(plain)
    )
