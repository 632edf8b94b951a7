"""The selected checks, indexed by what they look at."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from dataclasses import field

from mlsec_lint.bandit.gates import DYNAMIC_IMPORTS, GATED, CallGate, call_gate, listed_names
from mlsec_lint.bandit.plugins import Builtins, Config, Issue, Plugin, load_builtins
from mlsec_lint.bandit.settings import BanditSettings
from mlsec_lint.bandit.statements import STATEMENT_GATES, Gate, imports_one_of
from mlsec_lint.bandit.strings import may_name_secret
from mlsec_lint.record import dataclass

_NO_CLIMBERS = GATED - {"B703"} | {"B101", "B104", "B107", "B108", "B110", "B112", "B503", "B613"}
"""Plugins that never ask for a node's parents."""
_TEXT_STARTS = {"B104": ("0.0.0.0",), "B108": ("/tmp", "/var/tmp", "/dev/shm")}  # noqa: S104, S108 # what they look for


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A plugin with its options."""

    plugin: Plugin
    options: Config | None
    climbs: bool
    """It asks nodes for their parents, which it wants marked on them."""
    gate: Gate | None = None
    """What can concern it, of nodes that are neither calls nor texts."""

    def may_concern(self, node: ast.AST) -> bool:
        """Whether it can report a node of its types, as far as its gate tells."""
        return self.gate is None or self.gate(node)

    def run(self, context: object) -> Issue | None:
        """Ask the plugin about the node that the context holds."""
        if self.options is None:
            return self.plugin.run(context)
        return self.plugin.run(context, self.options)


@dataclass(frozen=True, slots=True)
class CallChecks:
    """The checks for calls, by what lets them look."""

    every: list[Check] = field(default_factory=list)
    by_qualname: dict[str, list[Check]] = field(default_factory=dict)
    by_name: dict[str, list[Check]] = field(default_factory=dict)
    by_part: list[tuple[str, Check]] = field(default_factory=list)
    by_keyword: dict[str, list[Check]] = field(default_factory=dict)
    secret_keyword: list[Check] = field(default_factory=list)

    _names: set[str] = field(default_factory=set)
    """The last segments of all names that are asked about."""

    @property
    def any(self) -> bool:
        """Whether there is a check for calls at all."""
        return bool(self.every or self._names or self.by_part or self.by_keyword or self.secret_keyword)

    def may_concern(self, name: str) -> bool:
        """Whether there can be a check for what has this last segment; most calls are done with that."""
        if self.every or name in self._names:
            return True
        for part, _ in self.by_part:  # noqa: SIM110  # `any` takes three times as long, for every call of a file
            if part in name:
                return True
        return False

    def for_name(self, qualname: str, name: str) -> list[Check]:
        """The checks for what is called by a resolved name and its last segment."""
        found = self.every + self.by_qualname.get(qualname, []) + self.by_name.get(name, [])
        return found + [check for part, check in self.by_part if part in name]

    def for_keyword(self, keyword: ast.keyword) -> list[Check]:
        """The checks for calls with this argument."""
        found = self.by_keyword.get(keyword.arg or "", [])
        value = keyword.value
        if self.secret_keyword and value.__class__ is ast.Constant and isinstance(value.value, str):
            return found + self.secret_keyword if may_name_secret(keyword.arg or "token") else found
        return found

    def add(self, check: Check, gate: CallGate | None, options: Config) -> None:
        """File the check under each condition of its gate."""
        if gate is None:
            self.every.append(check)
            return
        self.by_part.extend((part, check) for part in gate.parts)
        for index, keys in (
            (self.by_qualname, listed_names(gate, options)),
            (self.by_name, gate.names),
            (self.by_keyword, gate.keywords),
        ):
            for key in keys:
                index.setdefault(key, []).append(check)
        self._names.update(name.rpartition(".")[2] for name in (*self.by_qualname, *self.by_name))
        if gate.secret_keyword:
            self.secret_keyword.append(check)


@dataclass(frozen=True, slots=True)
class StringChecks:
    """The checks for string literals, by what lets them look."""

    every: list[Check] = field(default_factory=list)
    by_start: list[tuple[tuple[str, ...], Check]] = field(default_factory=list)
    secret: list[Check] = field(default_factory=list)
    sql: list[Check] = field(default_factory=list)

    starts: list[str] = field(default_factory=list)
    """All beginnings of `by_start`."""

    @property
    def any(self) -> bool:
        """Whether there is a check for string literals at all."""
        return bool(self.every or self.by_start or self.secret or self.sql)

    def add(self, check: Check) -> None:
        """File the check under what its texts have in common."""
        test = check.plugin.id
        if test in _TEXT_STARTS:
            starts = (check.options or {}).get("tmp_dirs", _TEXT_STARTS[test])
            known = tuple(map(str, starts)) if isinstance(starts, Iterable) else ()
            self.by_start.append((known, check))
            self.starts.extend(known)
        else:
            {"B105": self.secret, "B608": self.sql}.get(test, self.every).append(check)


@dataclass(frozen=True, slots=True, eq=False)
class Battery:
    """All selected checks. Shared by all files of a run; nothing changes it after it is made."""

    calls: CallChecks
    strings: StringChecks
    by_type: dict[type[ast.AST], list[Check]]
    """Checks for all other node types, imports included."""
    files: list[Check]


@functools.lru_cache(maxsize=8)
def assemble(tests: frozenset[str], settings: BanditSettings) -> Battery:
    """Index the checks with one of the ids that the settings do not switch off."""
    builtins = load_builtins()
    selected = settings.effective(tests, builtins)
    battery = Battery(CallChecks(), StringChecks(), {}, [])
    for plugin in builtins.plugins:
        if plugin.id in selected:
            options = {**plugin.defaults, **settings.options_of(plugin.options)} if plugin.options else None
            check = Check(plugin, options, plugin.id not in _NO_CLIMBERS, STATEMENT_GATES.get(plugin.id))
            _add(battery, check, plugin.node_types)
    _add_blacklists(battery, builtins, selected)
    return battery


def _add(battery: Battery, check: Check, node_types: Iterable[str]) -> None:
    for node_type in node_types:
        if node_type == "Call":
            battery.calls.add(check, call_gate(check.plugin.id), check.options or {})
        elif node_type == "Str":
            battery.strings.add(check)
        elif node_type == "File":
            battery.files.append(check)
        else:
            battery.by_type.setdefault(getattr(ast, node_type), []).append(check)


def _add_blacklists(battery: Battery, builtins: Builtins, selected: frozenset[str]) -> None:
    lists = {
        node_type: kept
        for node_type, entries in builtins.denied.items()
        if (kept := [entry for entry in entries if entry.id in selected])
    }
    data = {node_type: [entry.data for entry in entries] for node_type, entries in lists.items()}
    plugin = Plugin("B001", "blacklist", builtins.blacklist, tuple(lists))
    for node_type, entries in lists.items():
        names = {name for entry in entries for name in entry.qualnames}
        if node_type == "Call":
            gate = CallGate(DYNAMIC_IMPORTS.qualnames | names, DYNAMIC_IMPORTS.names)
            battery.calls.add(Check(plugin, data, climbs=False), gate, {})
        else:
            _add(battery, Check(plugin, data, climbs=False, gate=imports_one_of(names)), (node_type,))
