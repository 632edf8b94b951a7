"""The closed word lists that rules and models choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from mlsec_lint.catalogue.model import Kind
from mlsec_lint.record import dataclass

VALUE_PREDICATES = frozenset(
    {
        "all-interfaces",
        "broad-directory",
        "commit-sha",
        "constant",
        "own-text",
        "constant-login",
        "default-secret",
        "hub-id",
        "hub-id-with-org",
        "local-path",
        "mutable-revision",
        "named-directory",
        "opaque",
        "none",
        "package-file",
        "pickle-file-name",
        "placeholder",
        "plain-http-url",
        "random-key",
        "remote-host",
        "secret",
        "short-sha",
        "strong-secret",
        "unpinned-image",
        "unpinned-npm-package",
        "unpinned-python-package",
        "unpinned-server",
        "uri-with-password",
        "wildcard-origin",
        "world-writable",
    }
)
"""Questions about one value: `{ is = "commit-sha" }`."""

CALL_PREDICATES = frozenset(
    {
        "debugging",
        "no-secret-shown",
        "opted-in",
        "own-file",
        "own-temporary-file",
        "own-unpickler",
        "packaged-file",
        "round-trip",
        "verified-before",
    }
)
"""Questions about a whole call: `unless-check = ["round-trip"]`."""

PLACE_PREDICATES = frozenset({"regex-definition", "shown-text"})
"""Questions about the place of a string literal: `unless-context = ["regex-definition"]`."""

LITERAL_CONTEXTS = frozenset(
    {
        "argparse-default",
        "assignment",
        "attribute",
        "connection-item",
        "dict-item",
        "fallback",
        "field-default",
        "get-default",
        "getenv-default",
        "keyword",
        "parameter-default",
    }
)
"""Where `[[match.literal]]` looks."""

COMMAND_PREDICATES = frozenset(
    {
        "downloaded-script",
        "passed-secret",
        "run-clone",
        "unpinned-install",
        "unpinned-source",
        "untrusted-index",
    }
)
"""Questions about a command of a notebook: `is = "unpinned-install"`."""

STORED_PREDICATES = frozenset({"active-content", "personal-data"})
"""Questions about text that a notebook stores: `is = "personal-data"`."""

STORED_PARTS = frozenset({"attachment", "foreign", "markdown", "metadata", "output", "raw"})
"""Where `[[match.stored]]` looks."""

PLACEHOLDERS = frozenset({"api", "library", "name", "sink", "source", "value", "version"})
"""What `message` and `remedy` may hold in braces."""

ROLES = ("source", "sink", "trait")
"""The tables of `kinds.toml`."""

STRIDE = frozenset(
    {
        "denial-of-service",
        "elevation-of-privilege",
        "information-disclosure",
        "repudiation",
        "spoofing",
        "tampering",
    }
)
CIA = frozenset({"availability", "confidentiality", "integrity"})
ATTACKS = frozenset(
    {
        "evasion",
        "extraction",
        "inversion",
        "membership-inference",
        "poisoning",
        "prompt-injection",
        "supply-chain",
    }
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the rules and models of one run may name."""

    source: frozenset[str] = frozenset()
    sink: frozenset[str] = frozenset()
    trait: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    """Names of `[[text-format]]` facts."""
    value_predicates: frozenset[str] = field(default=VALUE_PREDICATES)
    call_predicates: frozenset[str] = field(default=CALL_PREDICATES)
    place_predicates: frozenset[str] = field(default=PLACE_PREDICATES)
    complete: bool = True
    """False when a file that adds words could not be read: then no word is called unknown."""


def names_by_role(kinds: Iterable[Kind]) -> dict[str, frozenset[str]]:
    """The names of kinds for each of `ROLES`."""
    names: dict[str, set[str]] = {role: set() for role in ROLES}
    for kind in kinds:
        names[kind.role].add(kind.name)
    return {role: frozenset(found) for role, found in names.items()}
