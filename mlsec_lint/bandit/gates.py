"""What can concern which plugin: cheap conditions that hold whenever the plugin could report a call.

They are facts about Bandit 1.9's plugins; a plugin that is not listed here is run on every node of its types, so that a
new one in a later Bandit costs time but no finding. `benchmarks/bandit_parity.py` compares the result with Bandit's own.
"""

from __future__ import annotations

from collections.abc import Collection

from mlsec_lint.bandit.plugins import Config
from mlsec_lint.record import dataclass

_HTTP_VERBS = frozenset({"get", "options", "head", "post", "put", "patch", "delete"})
_HTTP_CALLS = _HTTP_VERBS | {"request", "stream", "Client", "AsyncClient"}
_KEY_GENERATORS = frozenset(
    {f"cryptography.hazmat.primitives.asymmetric.{kind}.generate_private_key" for kind in ("dsa", "rsa", "ec")}
    | {f"{package}.PublicKey.{kind}.generate" for package in ("Crypto", "Cryptodome") for kind in ("DSA", "RSA")}
)


@dataclass(frozen=True, slots=True)
class CallGate:
    """Calls that a plugin can report; any of the conditions lets it look."""

    qualnames: frozenset[str] = frozenset()
    """The whole resolved name is one of these."""
    names: frozenset[str] = frozenset()
    """The last segment of the resolved name is one of these."""
    parts: tuple[str, ...] = ()
    """The last segment contains one of these."""
    keywords: frozenset[str] = frozenset()
    """A keyword argument has one of these names."""
    secret_keyword: bool = False
    """A keyword argument with a constant text has a name that may stand for a secret, or none (`**`)."""
    mentions: tuple[str, ...] = ()
    """Whatever the condition, the file has one of these texts somewhere; empty: nothing is known."""
    tables: tuple[str, ...] = ()
    """The whole resolved name stands in one of these lists of the plugin's options."""


_GATES = {
    "B102": CallGate(qualnames=frozenset({"exec"})),
    "B103": CallGate(parts=("chmod",)),
    "B106": CallGate(secret_keyword=True),
    "B113": CallGate(names=_HTTP_CALLS, mentions=("requests", "httpx")),
    "B201": CallGate(keywords=frozenset({"debug"}), mentions=("flask",)),
    "B202": CallGate(parts=("extractall",), mentions=("tarfile",)),
    "B324": CallGate(
        names=frozenset({"md4", "md5", "sha", "sha1", "new", "crypt", "mksalt"}), mentions=("hashlib", "crypt")
    ),
    "B501": CallGate(keywords=frozenset({"verify"}), mentions=("requests", "httpx")),
    "B502": CallGate(keywords=frozenset({"method", "ssl_version"})),
    "B504": CallGate(qualnames=frozenset({"ssl.wrap_socket"})),
    "B505": CallGate(qualnames=_KEY_GENERATORS),
    "B506": CallGate(names=frozenset({"load"}), mentions=("yaml",)),
    "B507": CallGate(names=frozenset({"set_missing_host_key_policy"}), mentions=("paramiko",)),
    "B508": CallGate(qualnames=frozenset({"pysnmp.hlapi.CommunityData"})),
    "B509": CallGate(qualnames=frozenset({"pysnmp.hlapi.UsmUserData"})),
    "B601": CallGate(names=frozenset({"exec_command"}), mentions=("paramiko",)),
    "B602": CallGate(tables=("subprocess",)),
    "B603": CallGate(tables=("subprocess",)),
    "B604": CallGate(keywords=frozenset({"shell"})),
    "B605": CallGate(tables=("shell",)),
    "B606": CallGate(tables=("no_shell",)),
    "B607": CallGate(tables=("subprocess", "shell", "no_shell")),
    "B609": CallGate(tables=("subprocess", "shell")),
    "B610": CallGate(names=frozenset({"extra"})),
    "B611": CallGate(names=frozenset({"RawSQL"}), mentions=("django",)),
    "B612": CallGate(qualnames=frozenset({"logging.config.listen"})),
    "B614": CallGate(qualnames=frozenset({"torch.load", "torch.serialization.load"})),
    "B615": CallGate(
        names=frozenset({"from_pretrained", "load_dataset", "hf_hub_download", "snapshot_download", "repository_id"}),
        mentions=("transformers", "datasets", "huggingface_hub"),
    ),
    "B701": CallGate(names=frozenset({"Environment"}), mentions=("jinja2",)),
    "B702": CallGate(names=frozenset({"Template"}), mentions=("mako",)),
    "B703": CallGate(
        names=frozenset({"mark_safe", "SafeText", "SafeUnicode", "SafeString", "SafeBytes"}), mentions=("safestring",)
    ),
    "B704": CallGate(qualnames=frozenset({"markupsafe.Markup", "flask.Markup"}), tables=("extend_markup_names",)),
}
GATED = frozenset(_GATES)
"""The tests whose calls are known."""
DYNAMIC_IMPORTS = CallGate(
    qualnames=frozenset({"importlib.import_module", "importlib.__import__"}), names=frozenset({"__import__"})
)
"""Calls that import a module by name, which the blacklists look into."""


def call_gate(test: str) -> CallGate | None:
    """What the test can report; None when it must see every call."""
    return _GATES.get(test)


def listed_names(gate: CallGate, options: Config) -> frozenset[str]:
    """The resolved names that the gate lets through, those of the options included."""
    names = set(gate.qualnames)
    for table in gate.tables:
        value = options.get(table)
        if isinstance(value, Collection) and not isinstance(value, str):
            names.update(str(name) for name in value)
    return frozenset(names)
