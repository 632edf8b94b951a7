"""Bandit's built-in plugins and blacklists, loaded without Bandit's plug-in manager.

`import bandit` would load every installed distribution that registers a `bandit.plugins` entry point, and with it code
that nobody asked for. So its package start-up is skipped: stand-ins take the place of `bandit` and `bandit.core` while
its plugin modules are imported, and `sys.modules` is afterwards as it was before.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

from mlsec_lint.record import dataclass

Config = Mapping[str, object]
"""The options of one plugin, by name."""


class Weakness(Protocol):
    """Bandit's `Cwe`."""

    id: int


class Issue(Protocol):
    """What a plugin returns when it has something to report."""

    severity: str
    confidence: str
    text: str
    test_id: str
    cwe: Weakness
    lineno: int | None
    linerange: Sequence[int]
    col_offset: int


@dataclass(frozen=True, slots=True)
class Plugin:
    """One of Bandit's test functions."""

    id: str
    name: str
    """Its registered name, which `# nosec` accepts as well as the id."""
    run: Callable[..., Issue | None]
    node_types: tuple[str, ...]
    """What it is registered for: `Call`, `Str`, `File`, …"""
    options: str = ""
    """The configuration table that it takes; empty: none."""
    defaults: Config = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Denied:
    """One entry of Bandit's blacklists: names whose use or import is reported."""

    id: str
    name: str
    qualnames: tuple[str, ...]
    data: Mapping[str, object]
    """As Bandit's blacklist function takes it."""


@dataclass(frozen=True, slots=True)
class Builtins:
    """Everything that Bandit itself ships."""

    plugins: tuple[Plugin, ...]
    denied: Mapping[str, tuple[Denied, ...]]
    """Blacklists by node type: `Call`, `Import`, `ImportFrom`."""
    blacklist: Callable[..., Issue | None]
    context: Callable[[dict[str, object]], object]
    """Bandit's `Context`, which plugins ask about the node."""
    ids: frozenset[str]
    names: Mapping[str, str]
    """Test ids by registered name."""


@functools.cache
def load_builtins() -> Builtins:
    """Import Bandit's plugins, once in a process; takes some 30 ms.

    Raises ModuleNotFoundError when Bandit is not installed.
    """
    directory = _package_directory()
    with _private_modules(directory):
        plugins = tuple(_plugins(entry_points("bandit.plugins", directory)))
        denied = _denied(entry_points("bandit.blacklists", directory))
        blacklist = importlib.import_module("bandit.core.blacklisting").blacklist
        context = importlib.import_module("bandit.core.context").Context
    names = {entry.name: entry.id for entries in denied.values() for entry in entries}
    names.update((plugin.name, plugin.id) for plugin in plugins)
    return Builtins(plugins, denied, blacklist, context, frozenset(names.values()), names)


class EntryPoint(NamedTuple):
    """A name that Bandit registers, and what it means by it: `module:attribute`."""

    name: str
    value: str


def entry_points(group: str, directory: Path) -> tuple[EntryPoint, ...]:
    """What Bandit itself registers, by what stands beside its package; importlib.metadata takes 0.05 s to import."""
    files = list(directory.parent.glob("bandit-*.dist-info/entry_points.txt"))
    if len(files) != 1:
        from importlib.metadata import distribution

        found = distribution("bandit").entry_points.select(group=group)
        return tuple(EntryPoint(point.name, point.value) for point in found)
    _, _, rest = f"\n{files[0].read_text(encoding='utf-8')}\n".partition(f"\n[{group}]\n")
    lines = rest.partition("\n[")[0].splitlines()
    return tuple(EntryPoint(*map(str.strip, line.split("=", 1))) for line in lines if "=" in line)


@contextlib.contextmanager
def _private_modules(directory: Path) -> Iterator[None]:
    """Let Bandit's modules import each other, and leave `sys.modules` as it was."""
    before = _take_modules()
    try:
        package, core = _stand_in("bandit", directory), _stand_in("bandit.core", directory / "core")
        package.core = core  # type: ignore[attr-defined] # modules take any attribute
        for name in ("constants", "issue", "test_properties"):
            vars(package).update(_public(importlib.import_module(f"bandit.core.{name}")))
        yield
    finally:
        _take_modules()
        sys.modules.update(before)


def _package_directory() -> Path:
    spec = importlib.util.find_spec("bandit")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("Bandit is not installed; run: pip install bandit", name="bandit")
    return Path(spec.submodule_search_locations[0])


def _take_modules() -> dict[str, types.ModuleType]:
    names = [name for name in sys.modules if name.partition(".")[0] == "bandit"]
    return {name: sys.modules.pop(name) for name in names}


def _stand_in(name: str, directory: Path) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__path__ = [str(directory)]
    sys.modules[name] = module
    return module


def _public(module: types.ModuleType) -> dict[str, object]:
    return {name: value for name, value in vars(module).items() if not name.startswith("_")}


def _plugins(points: Iterable[EntryPoint]) -> Iterator[Plugin]:
    for point in points:
        module, function = _resolve(point)
        options = getattr(function, "_takes_config", "")
        yield Plugin(
            id=function._test_id,  # noqa: SLF001 # where Bandit's decorators keep it, as the next ones
            name=point.name,
            run=function,
            node_types=tuple(function._checks),  # noqa: SLF001
            options=options,
            defaults=(module.gen_config(options) or {}) if options else {},
        )


def _resolve(point: EntryPoint) -> tuple[Any, Any]:  # explicit Any: a module and what it defines
    if not point.value.startswith("bandit."):
        raise ModuleNotFoundError(f"Bandit registers {point.value}, which is not its own", name=point.value)
    path, _, attribute = point.value.partition(":")
    module = importlib.import_module(path)
    return module, getattr(module, attribute)


def _denied(points: Iterable[EntryPoint]) -> Mapping[str, tuple[Denied, ...]]:
    lists: dict[str, tuple[Denied, ...]] = {}
    for point in points:
        for node_type, entries in _resolve(point)[1]().items():
            lists[node_type] = lists.get(node_type, ()) + tuple(_entry(data) for data in entries)
    return lists


def _entry(data: Mapping[str, object]) -> Denied:
    names = cast("list[str]", data["qualnames"])
    return Denied(str(data["id"]), str(data["name"]), tuple(names), data)
