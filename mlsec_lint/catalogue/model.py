"""The values that rules and models are made of; `load` makes them from TOML, `catalogue` selects and indexes them.

A *fact* (signature, source, sink, barrier, …) says what an API is. A *rule* says what is wrong.
API paths are written as Python writes them, with `()` for "the result of": `openai.OpenAI().chat.completions.create`.
The first segment `?` stands for a receiver of unknown type: `?.predict_proba`.
Alternation `{a,b}` is expanded when loading; `*` matches exactly one segment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from mlsec_lint.catalogue.taxonomies import Taxonomies
from mlsec_lint.findings import Confidence, Profile, Safety, Severity
from mlsec_lint.record import dataclass

if TYPE_CHECKING:
    from mlsec_lint.catalogue.notebook_tables import NotebookMatch

Literal: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Test:
    """A question about one value. Exactly one of the fields is set."""

    equals: tuple[Literal, ...] = ()
    """The value is one of these constants; `true` and `1` differ."""
    absent: bool | None = None
    """True: the argument is not given. False: it is given."""
    matches: str = ""
    """A regular expression that a constant string must contain (`re.search`)."""
    predicate: str = ""
    """The name of a Python predicate on values (`match/predicates.py`): `hub-id`, `commit-sha`, …"""
    api: tuple[str, ...] = ()
    """The value is, or is a subclass or an instance of, one of these API paths."""
    inside: bool = False
    """Whether `api` is asked of the members of a collection."""
    origin: tuple[str, ...] = ()
    """Data of one of these source kinds flows into the value."""
    contains: tuple[Literal, ...] = ()
    """The value is a collection (or a string) that has one of these members (or parts)."""
    command: str = ""
    """A regular expression found in a command line: a string, or a list of arguments with spaces between them."""
    negate: bool = False


Conditions: TypeAlias = tuple[tuple[str, Test], ...]
"""Argument name (or position `0`, `1`, `*` for any, `receiver`) and what is asked of it."""


@dataclass(frozen=True, slots=True)
class When:
    """A question about a version of a library in the scanned project."""

    library: str
    """Its normalised name on the package index."""
    specifier: str
    """PEP 440: `<2.6`."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What every match table may override of its rule; None or empty means: as the rule says."""

    message: str = ""
    remedy: str = ""
    severity: Severity | None = None
    confidence: Confidence | None = None
    profile: Profile | None = None
    maybe: Profile | None = Profile.STRICT
    """The first profile that shows the finding when a condition cannot be decided; None: never shown."""
    by_default: Profile | None = None
    """The same when nothing is open but that a caller may change a parameter's default; None: as `maybe`."""
    when: tuple[When, ...] = ()
    """All must be admitted by the project's own pins."""
    when_unknown: str = "maybe"
    """What to take when nothing pins the library: `yes`, `maybe` (reported, one confidence lower) or `no`."""
    at: str = ""
    """The argument to point at; empty: the called name."""
    imports: tuple[str, ...] = ()
    """Top-level packages of which the file must import at least one."""


@dataclass(frozen=True, slots=True)
class CallMatch:
    """A call of one of the APIs whose arguments fulfil every `where` and none of the `unless`."""

    api: tuple[str, ...]
    where: Conditions = ()
    unless: Conditions = ()
    unless_check: tuple[str, ...] = ()
    """Names of Python predicates on the whole call (`match/call_predicates.py`): `round-trip`, …"""
    where_check: tuple[str, ...] = ()
    """The same predicates: all of them must hold."""
    reference: bool = False
    """The API handed over as a value (`map(pickle.loads, xs)`) counts as a call with unknown arguments."""
    fine: bool = False
    """Such a call does no harm: nothing is said of it, and what Bandit says is answered."""
    opinion: Opinion = Opinion()


@dataclass(frozen=True, slots=True)
class KeywordMatch:
    """A keyword argument that convicts alone, whatever is called."""

    keyword: str
    value: Test
    where: Conditions = ()
    unless: Conditions = ()
    where_check: tuple[str, ...] = ()
    """Names of Python predicates on the whole call, all of which must hold."""
    not_api: tuple[str, ...] = ()
    """Callees that mean something else by the name."""
    parameter_default: bool = False
    """A parameter of a project function with this name and default counts too."""
    opinion: Opinion = Opinion()


@dataclass(frozen=True, slots=True)
class AssignMatch:
    """An assignment to an attribute or module variable known by its API path (`openai.api_key = …`, `?.x`)."""

    target: tuple[str, ...]
    value: Test
    opinion: Opinion = Opinion()


@dataclass(frozen=True, slots=True)
class EnvironmentMatch:
    """An environment variable set in code: `os.environ[…] =`, `setdefault`, `update`, `putenv`, `env=` of a process."""

    variable: tuple[str, ...]
    value: Test
    opinion: Opinion = Opinion()


@dataclass(frozen=True, slots=True)
class TextMatch:
    """A string or bytes literal (no docstring) that holds text of one of the named formats."""

    format: tuple[str, ...]
    """Names of `TextFormat` facts, or a prefix with `*`: `key-*`."""
    unless_context: tuple[str, ...] = ()
    """Names of predicates on the place of the literal: `regex-definition`, …"""
    opinion: Opinion = Opinion()


@dataclass(frozen=True, slots=True)
class LiteralMatch:
    """A constant given to something whose name says what it is: `password = "…"`."""

    name: str
    """A regular expression for the name (searched, case ignored)."""
    context: tuple[str, ...]
    """Where: `assignment`, `attribute`, `parameter-default`, `field-default`, `keyword`, `dict-item`, `get-default`,
    `fallback`, `getenv-default`, `argparse-default`, `connection-item` (beside a host)."""
    value: Test
    not_name: str = ""
    opinion: Opinion = Opinion()


@dataclass(frozen=True, slots=True)
class FlowMatch:
    """Data of a source kind that reaches a sink kind without a barrier on its way."""

    source: tuple[str, ...]
    sink: tuple[str, ...]
    traits: tuple[str, ...] = ()
    """What must have happened on the way, all of them: `instructions` (spliced into developer's instructions), …"""
    not_traits: tuple[str, ...] = ()
    """What must not have happened, any of them: `rounded`, `guarded`, …"""
    unless_check: tuple[str, ...] = ()
    """Predicates on the call that is the sink, any of which makes it fine."""
    not_within: str = ""
    """A regular expression for the function of the sink (searched in its qualified name) where it is something else."""
    one_file: bool = False
    """Only a flow that stays inside one file: over longer ways the kinds say too little."""
    opinion: Opinion = Opinion()


InCode: TypeAlias = "CallMatch | KeywordMatch | AssignMatch | EnvironmentMatch | TextMatch | LiteralMatch | FlowMatch"
Match: TypeAlias = "InCode | NotebookMatch"


@dataclass(frozen=True, slots=True)
class FixRecipe:
    """How a rule's finding is mended: keyword arguments to set or to drop."""

    safety: Safety
    message: str = ""
    set: tuple[tuple[str, Literal], ...] = ()
    drop: tuple[str, ...] = ()
    call: tuple[tuple[str, str], ...] = ()
    """What a function is called, and what to call in its place: both last names of one module or object."""
    pin: str = ""
    """The keyword argument for the commit of the repository on the Hugging Face Hub that another argument names."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One opinion: what is wrong, how bad, why, and how it is mended."""

    id: str
    name: str
    summary: str
    severity: Severity
    message: str
    remedy: str
    attack: str
    """What an attacker does with it, some sentences."""
    confidence: Confidence = Confidence.HIGH
    profile: Profile = Profile.DEFAULT
    tags: tuple[str, ...] = ()
    taxonomies: Taxonomies = field(default_factory=Taxonomies)
    refines: tuple[str, ...] = ()
    """Ids of Bandit's checks that this rule replaces where it has judged."""
    references: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    fix: FixRecipe | None = None
    fine: str = ""
    """When it is not a problem."""
    flagged: str = ""
    """Canonical example that is reported."""
    allowed: str = ""
    """The same, right."""
    origin: str = ""
    """The file it was read from, relative to its pack."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of an API in order, so that positional arguments get their names."""

    api: tuple[str, ...]
    parameters: tuple[str, ...]
    """Positional ones first; those after `*` are keyword-only."""


@dataclass(frozen=True, slots=True)
class Source:
    """An API whose result (or value, for an attribute) is data of a kind."""

    kind: str
    api: tuple[str, ...]
    where: Conditions = ()
    traits: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    """Arguments that name a file which then holds the data: `urlretrieve(url, filename)`."""


@dataclass(frozen=True, slots=True)
class Sink:
    """An API where data of the wrong kind does harm."""

    kind: str
    api: tuple[str, ...]
    arguments: tuple[str, ...]
    """Names or positions that are dangerous; `*` for all, `receiver` for the object."""
    where: Conditions = ()
    roles: tuple[str, ...] = ()
    """For a list of messages: only those with one of these roles."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """An API whose result no longer carries data of the given kinds, or only with a trait."""

    api: tuple[str, ...]
    stops: tuple[str, ...] = ()
    """Source kinds, `*` for all."""
    adds: tuple[str, ...] = ()
    """Traits instead of a full stop: `rounded`."""
    for_sinks: tuple[str, ...] = ()
    """Sink kinds for which the result is clean; empty: all (a shell quote does not clean HTML)."""
    where: Conditions = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """An API that, used as a condition on a value, proves it harmless where it dominates."""

    api: tuple[str, ...]
    stops: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class Passes:
    """An API whose result carries what its arguments carry."""

    api: tuple[str, ...]
    arguments: tuple[str, ...] = ("*",)
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """Another spelling of the same thing: `tensorflow.keras` is `keras`."""

    name: str
    same_as: str


@dataclass(frozen=True, slots=True)
class Instance:
    """What calling (or subscripting, awaiting) an API gives, as an API path: `openai.OpenAI()`."""

    api: tuple[str, ...]
    is_a: str
    where: Conditions = ()


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that a framework calls: its parameters are a source, its result is a sink.

    One of `decorator`, `callback` (with `argument`), `base` (with `method`) and `annotation` says how the framework
    finds it.
    """

    decorator: tuple[str, ...] = ()
    callback: tuple[str, ...] = ()
    argument: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    annotation: tuple[str, ...] = ()
    """Types that only the framework makes, of one of its parameters: `grpc.ServicerContext`."""
    parameters: str = ""
    """Source kind of its parameters; empty: none."""
    returns: str = ""
    """Sink kind of what it returns or yields; empty: none."""
    exception_parameter: bool = False
    """A parameter is the exception that is being handled (`@app.exception_handler`)."""
    skip_parameters: tuple[str, ...] = ()
    """Names of parameters that are no input: `self`, `request_id`."""
    skip_annotations: tuple[str, ...] = ()
    """API paths of annotations or defaults that are no input: `fastapi.Depends()`."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """The shape of a secret or another telling text inside string literals."""

    name: str
    keyword: tuple[str, ...]
    """Lower-case texts of which one must occur before the pattern is tried."""
    pattern: str
    """The secret is the group `secret`, or the whole match."""
    prefix: str = ""
    """The vendor's public prefix that a masked value may show."""
    entropy: float = 0.0
    """Shannon entropy in bits a character that the secret must have."""
    near: tuple[str, ...] = ()
    """Words of which one must occur in the same statement (formats that collide with others)."""


Fact: TypeAlias = Signature | Source | Sink | Barrier | Guard | Passes | Alias | Instance | Handler | TextFormat


@dataclass(frozen=True, slots=True)
class Kind:
    """A word of the closed vocabulary for sources, sinks and traits."""

    name: str
    role: str
    """`source`, `sink` or `trait`."""
    meaning: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that one directory of TOML files says."""

    rules: tuple[Rule, ...] = ()
    facts: tuple[Fact, ...] = ()
    kinds: tuple[Kind, ...] = ()
    bandit: Mapping[str, BanditCheck] = field(default_factory=dict)
    digest: str = ""
    """SHA-256, in hexadecimal, of the files that it was read from."""


@dataclass(frozen=True, slots=True)
class BanditCheck:
    """What we say about one of Bandit's test ids (`rules/bandit.toml`)."""

    id: str
    name: str
    summary: str
    help: str
    family: str
    profile: Profile
    reason: str
    """Why it stands in that profile."""
    cwe: int = 0
