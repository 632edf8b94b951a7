"""Files that the program itself writes: a call reads what the same function, the same object or the same file of code has written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mlsec_lint.flow.event import CallEvent, Events
from mlsec_lint.syntax import expression as ex

_DUMPS = frozenset({"pickle.dump", "dill.dump", "cloudpickle.dump", "torch.save", "joblib.dump", "numpy.save"})
"""What fills an open file."""
_SAVES = {"torch.save": 1, "joblib.dump": 1, "numpy.save": 0, "numpy.savez": 0, "numpy.savez_compressed": 0}
"""What fills a file of a name, with the position of that name."""
_KEYWORDS = frozenset({"f", "filename", "file"})
_FILES = _KEYWORDS | {"path", "folder_path", "pretrained_model_name_or_path", "filepath_or_buffer"}
_FETCHES = re.compile(r"(?i)retrieve|download|fetch|copy|move|extract|upload|receive")
"""Calls that fill a file with what somebody else has made."""
_SAVING_METHODS = frozenset({"save_pretrained", "save_local", "to_pickle", "save_to_disk"})
"""Methods whose first argument names the file or directory that they fill."""
_ASKS = frozenset({"exists", "isfile", "isdir", "is_file", "is_dir"})
_SHARED = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - what is looked for
_OF_MODULES = frozenset({"os", "osp", "pathlib", "Path", "str"})


class _Written(NamedTuple):
    """A call that fills a file, the name of which is spelled so."""

    name: str
    event: CallEvent


def is_own_file(event: CallEvent, events: Events) -> bool:
    """What is read has the name under which the same function, or the same object, has saved: a cache of the program's own."""
    if not event.paths:
        return False
    here = event.context.qualname
    opened, written = _seen(events, len(events.calls))
    read = {_file_named(item) for item in opened if item.context.qualname == here and not _is_for_writing(item)}
    handle = any("open()" in path for given in event.arguments.all() for path in given.value.paths)
    names = {_named(event.node)} if not handle else read if len(read) == 1 else set()
    return any(_is_filled(name, event, written, events) for name in names if name)


@lru_cache(maxsize=1)
def _seen(events: Events, _number: int) -> tuple[list[CallEvent], list[_Written]]:
    """What a file opens, and what it fills: once for its events, of which there are so many."""
    opened = [item for item in events.calls.values() if "open" in item.paths]
    return opened, [*_saved(events), *_dumped(opened, events)]


def _named(node: ex.Call) -> str:
    """How the file that a loader reads is spelled: its first argument, or the one that has such a name."""
    first = node.arguments[:1] if node.arguments and not node.arguments[0].keyword else ()
    named = next((item for item in (*first, *node.arguments) if not item.keyword or item.keyword in _FILES), None)
    return _spelled(named.value) if named is not None and not named.star else ""


def _is_filled(name: str, event: CallEvent, written: list[_Written], events: Events) -> bool:
    around, alone = _reach(name, event)
    writers = [item.event for item in written if item.name == name and _is_within(item.event.context.qualname, around)]
    if not writers:
        return False
    same = [item for item in _opened_as(name, events) if _is_within(item.context.qualname, around)]
    if any(map(_is_shared, (event, *writers, *same))) or any(shared in name for shared in _SHARED):
        return False
    if "gettempdir" in name or any(_is_fetched(name, item) for item in events.calls.values()):
        return False
    first = min(item.node.place for item in writers)
    return not alone or first < event.node.place or _is_looked_for(name, event, events)


def _is_fetched(name: str, event: CallEvent) -> bool:
    """Whether a call fills the file with something from elsewhere: `urlretrieve(url, path)`."""
    called = ex.last_name(event.node.func)
    return bool(_FETCHES.search(called)) and name in (_spelled(item.value) for item in event.node.arguments)


def _is_within(qualname: str, around: str) -> bool:
    return not around or qualname == around or qualname.startswith(f"{around}.")


def _reach(name: str, event: CallEvent) -> tuple[str, bool]:
    """Where a file may be written under a name that means the same there, and whether that is this function alone."""
    here = event.context.qualname
    roots = set(re.findall(r"(?<![\w.'])[A-Za-z_]\w*", re.sub(r"'[^']*'", "", name))) - _OF_MODULES
    if all(root.isupper() for root in roots):
        return "", False
    if all(root == "self" or root.isupper() for root in roots):
        return here.rpartition(".")[0], False
    return here, True


def _is_looked_for(name: str, event: CallEvent, events: Events) -> bool:
    """Whether the function asks if there is such a file: it is read where there is one and written where there is none."""
    return any(
        isinstance(item.node.func, ex.Attribute)
        and item.node.func.attr in _ASKS
        and item.context.qualname == event.context.qualname
        and name in (_spelled(asked) for asked in _asked(item.node, item.node.func))
        for item in events.calls.values()
    )


def _asked(node: ex.Call, func: ex.Attribute) -> Iterator[ex.Expression]:
    """`os.path.exists(path)`, `path.exists()`, `Path(path).exists()`."""
    yield from (item.value for item in node.arguments[:1])
    yield func.value
    if isinstance(func.value, ex.Call):
        yield from (item.value for item in func.value.arguments[:1])


def _saved(events: Events) -> Iterator[_Written]:
    """What is saved under a name: `torch.save(model, path)`, `store.save_local(folder)`."""
    for event in events.calls.values():
        position = next((_SAVES[path] for path in event.paths if path in _SAVES), None)
        if position is None and isinstance(event.node.func, ex.Attribute) and event.node.func.attr in _SAVING_METHODS:
            position = 0
        given = event.node.arguments
        named = next((item for item in given if item.keyword in _KEYWORDS), None)
        if position is not None and named is None and position < len(given) and not given[position].keyword:
            named = given[position]
        if position is not None and named is not None and (name := _spelled(named.value)):
            yield _Written(name, event)


def _dumped(opened: list[CallEvent], events: Events) -> Iterator[_Written]:
    """What is opened for writing in a function that dumps."""
    within = {item.context.qualname for item in events.calls.values() if _DUMPS.intersection(item.paths)}
    for item in opened:
        if _is_for_writing(item) and item.context.qualname in within and (name := _file_named(item)):
            yield _Written(name, item)


def _opened_as(name: str, events: Events) -> Iterator[CallEvent]:
    return (item for item in events.calls.values() if "open" in item.paths and _file_named(item) == name)


def _file_named(event: CallEvent) -> str:
    """How the name of an opened file is spelled: `path`, `self.path`, `os.path.join(folder, 'index.pkl')`."""
    return _spelled(event.node.arguments[0].value) if event.node.arguments else ""


def _is_for_writing(event: CallEvent) -> bool:
    mode = event.arguments.find("mode")
    return mode is not None and any("w" in item for item in mode.value.constants if isinstance(item, str))


def _is_shared(event: CallEvent) -> bool:
    """Whether the file lies where every account of the machine can put one."""
    texts = [text for given in event.arguments.all() for text in given.value.constants]
    return any(isinstance(text, str) and text.startswith(_SHARED) for text in texts)


def _spelled(node: ex.Expression) -> str:
    """An expression as text, to compare it with others; empty if it is more than names, parts, constants and paths built of them."""
    parts: tuple[ex.Expression, ...] = ()
    ending = ""
    match node:
        case ex.Name(id=name):
            return name
        case ex.Constant(value=str(text)):
            return repr(text)
        case ex.Attribute(value=value, attr=part) | ex.Subscript(value=value, index=ex.Constant(value=str(part))):
            parts, ending = (value,), f".{part}"
        case ex.Formatted(value=value, spec=""):
            parts = (value,)
        case ex.Text():
            parts, ending = node.parts, "~"
        case ex.Operation(operator=("+" | "/") as operator):
            parts, ending = node.operands, operator
        case ex.Call(arguments=arguments) if not any(item.star or item.keyword for item in arguments):
            parts, ending = (node.func, *(item.value for item in arguments)), "()"
    texts = [_spelled(part) for part in parts]
    return ",".join(texts) + ending if texts and all(texts) else ""
