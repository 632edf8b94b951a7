"""Named questions about a value that rules may ask: whether a text is a commit hash, a hub id, a working secret."""

from __future__ import annotations

import ipaddress
import re
import stat
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from mlsec_lint.flow.credentials import (
    is_default_secret,
    is_placeholder,
    is_random_key,
    is_secret,
    is_strong_secret,
)
from mlsec_lint.flow.value import Value, is_own_text
from mlsec_lint.flow.verdict import Verdict

_SHA = re.compile(r"^[0-9a-f]{40}$")
_SHORT_SHA = re.compile(r"^[0-9a-f]{7,39}$")
_HUB_WITH_ORG = re.compile(r"^(?:hf://)?[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(?:[/@:].*)?$")
_HUB_SINGLE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{2,95}$")
_LOCAL = re.compile(r"^(?:\.{0,2}/|~|[A-Za-z]:\\|file:)|\\")
_FILE_SUFFIX = re.compile(
    r"\.(?:json|ya?ml|txt|csv|tsv|pt|pth|bin|ckpt|pkl|pickle|joblib|h5|hdf5|keras|onnx|safetensors|npy|npz|zip|tar|gz|py)$"
)
_LOCAL_DIRECTORY = re.compile(
    r"^(?:models?|checkpoints?|outputs?|data|weights|saved_models?|results|tmp|cache|ckpts?)(?:/|$)"
)
_PACKAGED_BUILDERS = frozenset(
    "csv json parquet text imagefolder audiofolder videofolder webdataset arrow xml pandas sql generator".split()
)
_PICKLE_FILE = re.compile(r"\.(?:pkl|pickle|pt|pth|bin|ckpt|joblib|h5|hdf5|npy|dill|sav|model)$", re.IGNORECASE)
_URI = re.compile(r"^[a-z][a-z0-9+.-]*://(?P<user>[^\s:/@]*):(?P<password>[^\s/@]+)@(?P<host>[^\s/:@]+)", re.IGNORECASE)
_PRIVATE_SUFFIXES = (".local", ".internal", ".svc", ".cluster.local", ".localhost", ".lan", ".home.arpa")
_BROAD_DIRECTORY = re.compile(
    r"^(?:\.{1,2}/?|~\w*/?|/|/(?:home|root|etc|mnt|var|usr|opt|srv|Users)/?|[A-Za-z]:[\\/]*|C:[\\/]Users[\\/]?)$"
)
_BROAD_PRODUCERS = frozenset({"os.getcwd", "os.getcwdb", "pathlib.Path.cwd", "pathlib.Path.home"})
_EXAMPLE_HOST = re.compile(r"(?:^|\.)example(?:\.(?:com|org|net))?$|\.(?:test|invalid)$")

Question = Callable[[str], bool]


def _texts(question: Question) -> Callable[[Value, str], Verdict]:
    """A predicate on constant texts, three-valued on everything else."""

    def predicate(value: Value, name: str) -> Verdict:
        return decide([isinstance(item, str) and question(item) for item in value.constants], value, name)

    predicate.__doc__ = question.__doc__
    return predicate


def decide(hits: list[bool], value: Value, name: str) -> Verdict:
    """Exact constants decide; a default that a caller may change only suggests."""
    if any(hits):
        return Verdict.of(True) if value.exact else Verdict.unless_changed(name)
    if value.exact and hits:
        return Verdict.of(False)
    if value.items is not None or value.fields is not None or value.definitions:
        return Verdict.of(False)
    return Verdict.maybe(f"the value of {name} is not known")


def is_commit_sha(text: str) -> bool:
    """A full commit hash: the Hub's client takes only 40 hexadecimal digits as one (huggingface_hub `REGEX_COMMIT_HASH`)."""
    return bool(_SHA.match(text))


def is_short_sha(text: str) -> bool:
    """An abbreviated hash, which no client treats as immutable."""
    return bool(_SHORT_SHA.match(text)) and not text.isalpha()


def is_local_path(text: str) -> bool:
    """A path on this machine rather than the name of a repository."""
    if text.startswith("hf://"):
        return False
    deep = text.count("/") > 1 and "://" not in text
    return bool(_LOCAL.search(text) or _FILE_SUFFIX.search(text) or _LOCAL_DIRECTORY.match(text) or deep)


def is_hub_id_with_org(text: str) -> bool:
    """`organisation/name`."""
    return bool(_HUB_WITH_ORG.match(text)) and not is_local_path(text)


def is_hub_id(text: str) -> bool:
    """`organisation/name`, or one of the Hub's single names; no path and no packaged dataset builder."""
    single = bool(_HUB_SINGLE.match(text)) and text not in _PACKAGED_BUILDERS and not is_local_path(text)
    return single or is_hub_id_with_org(text)


def is_pickle_file_name(text: str) -> bool:
    """A file name whose suffix usually holds pickled data."""
    return bool(_PICKLE_FILE.search(text.split("?", 1)[0]))


def is_uri_with_password(text: str) -> bool:
    """A connection string that carries a password which is no placeholder."""
    found = _URI.match(text)
    return found is not None and not is_placeholder(found["password"])


def host_of(text: str) -> str:
    """The host of a URL or `host:port`; empty when there is none."""
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        return (parts.hostname or "").lower()
    except ValueError:
        return ""


def is_remote_host(text: str) -> bool:
    """A host that is neither this machine nor a private network."""
    host = host_of(text)
    if not host or "." not in host or host.endswith(_PRIVATE_SUFFIXES) or _EXAMPLE_HOST.search(host):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True


def is_plain_http_url(text: str) -> bool:
    """An unencrypted address of a remote host."""
    return text.lower().startswith(("http://", "ftp://")) and is_remote_host(text)


def is_all_interfaces(text: str) -> bool:
    """An address that listens on every network interface."""
    return text in ("0.0.0.0", "::", "[::]", "") or text.startswith(("tcp://*", "tcp://0.0.0.0", "[::]:", "0.0.0.0:"))  # noqa: S104


def wildcard_origin(value: Value, name: str) -> Verdict:
    """`"*"`, alone or in a list, or a pattern that fits anything."""
    members = [item for member in (value, *(value.items or ())) for item in member.constants]
    hits = [item in ("*", ".*", "https?://.*") for item in members]
    if any(hits) and not value.constants and value.items is not None:
        return Verdict.of(True)
    return decide(hits or [False] * bool(value.items), value, name)


def is_broad_directory(text: str) -> bool:
    """A directory that holds far more than one means to show: the root, a home, the working directory."""
    return bool(_BROAD_DIRECTORY.match(text))


def broad_directory(value: Value, name: str) -> Verdict:
    """The same, also as `os.getcwd()` or `Path.home()`, alone or in a list."""
    members = [value, *(value.items or ())]
    if any(member.producer in _BROAD_PRODUCERS for member in members):
        return Verdict.of(True)
    texts = [text for member in members for text in member.constants if isinstance(text, str)]
    if any(map(is_broad_directory, texts)) and not value.constants and value.items is not None:
        return Verdict.of(True)
    return decide([is_broad_directory(text) for text in texts], value, name)


def world_writable(value: Value, name: str) -> Verdict:
    """File permissions that let every account write; with the sticky bit only their own files can be replaced."""
    numbers = [mode for mode in value.constants if isinstance(mode, int)]
    return decide([bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX for mode in numbers], value, name)


def is_none(value: Value, name: str) -> Verdict:
    """`None`, which TOML cannot write."""
    return decide([item is None for item in value.constants], value, name)


def is_constant(value: Value, name: str) -> Verdict:
    """A constant of any type."""
    return Verdict.of(value.exact and bool(value.constants))


def constant_login(value: Value, name: str) -> Verdict:
    """A pair of constant texts (user, password), or a list of such pairs."""
    pairs = [item for item in (value, *(value.items or ())) if item.items is not None and len(item.items) == 2]  # noqa: PLR2004
    return Verdict.of(
        any(all(part.exact and isinstance(part.constants[0], str) for part in pair.items or ()) for pair in pairs)
    )


def opaque(value: Value, name: str) -> Verdict:
    """A value whose members do not stand in the code: handed on as it came, operators included."""
    return Verdict.of(value.items is None and value.fields is None and not value.exact)


def mutable_revision(value: Value, name: str) -> Verdict:
    """`None`, a branch or a tag: anything that its owner can move."""
    hits = [item is None or (isinstance(item, str) and not is_commit_sha(item)) for item in value.constants]
    return decide(hits, value, name)


def local_path(value: Value, name: str) -> Verdict:
    """A path on this machine, by its text or because a test before says so."""
    return Verdict.of(True) if "local" in value.marks else _texts(is_local_path)(value, name)


def hub_id(value: Value, name: str) -> Verdict:
    """A name of the Hub; no directory that the program has just filled or seen to exist."""
    return Verdict.of(False) if "local" in value.marks else _texts(is_hub_id)(value, name)


def hub_id_with_org(value: Value, name: str) -> Verdict:
    """The same for `organisation/name`."""
    return Verdict.of(False) if "local" in value.marks else _texts(is_hub_id_with_org)(value, name)


def package_file(value: Value, name: str) -> Verdict:
    """Derived from `__file__` or from package resources, with nothing from outside in it."""
    return Verdict.of(is_packaged(value))


def is_packaged(value: Value) -> bool:
    """The same as a plain question."""
    kinds = {origin.kind for origin in value.all_origins()}
    return kinds == {"package-file"} or ("package-file" in value.marks and not kinds - {"package-file"})


_DIRECTORY_NAME = re.compile(r"(?i)(?:^|_)(?:dir|directory|folder)$")


def named_directory(value: Value, name: str) -> Verdict:
    """Nothing is known of the value but the name of its variable, which says that it is a directory; no fresh download."""
    origins = value.all_origins()
    names = [path.rsplit(".", 1)[-1] for path in value.paths if not path.endswith("()")]
    names = names or [item.label for item in origins if item.kind == "parameter"]
    elsewhere = {item.kind for item in origins} - {"parameter", "text-parameter", "cli", "environment"}
    known = bool(value.constants or elsewhere)
    return Verdict.of(bool(names) and not known and all(map(_DIRECTORY_NAME.search, names)))


def own_text(value: Value, name: str) -> Verdict:
    """A text of the program itself: constants, what is made of nothing else, or source text of its own files."""
    return Verdict.of(is_own_text(value) or is_packaged(value))


PREDICATES: Mapping[str, Callable[[Value, str], Verdict]] = {
    "constant": is_constant,
    "own-text": own_text,
    "constant-login": constant_login,
    "hub-id": hub_id,
    "hub-id-with-org": hub_id_with_org,
    "local-path": local_path,
    "commit-sha": _texts(is_commit_sha),
    "short-sha": _texts(is_short_sha),
    "none": is_none,
    "world-writable": world_writable,
    "mutable-revision": mutable_revision,
    "secret": _texts(is_secret),
    "default-secret": _texts(is_default_secret),
    "strong-secret": _texts(is_strong_secret),
    "random-key": _texts(is_random_key),
    "placeholder": _texts(is_placeholder),
    "uri-with-password": _texts(is_uri_with_password),
    "wildcard-origin": wildcard_origin,
    "all-interfaces": _texts(is_all_interfaces),
    "broad-directory": broad_directory,
    "remote-host": _texts(is_remote_host),
    "plain-http-url": _texts(is_plain_http_url),
    "pickle-file-name": _texts(is_pickle_file_name),
    "package-file": package_file,
    "named-directory": named_directory,
    "opaque": opaque,
}
