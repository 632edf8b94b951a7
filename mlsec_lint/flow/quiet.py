"""What a guarded block can raise: nothing, a text that somebody wrote for it or that speaks of the caller's own input, or anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field

from mlsec_lint.flow import definition as de
from mlsec_lint.flow.clean_types import ENUMERATIONS
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.exceptions import kind_of
from mlsec_lint.flow.functions import summarise
from mlsec_lint.record import dataclass
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.walk import children, walk

NOTHING, WRITTEN, ANYTHING = range(3)
"""How telling a text is that can be raised."""

_DEEPEST = 6
_MOST = 600
"""Nodes that are looked at for one block."""

_IN_MEMORY = frozenset(
    "len str repr dict list set frozenset tuple isinstance issubclass print sorted min max sum zip range enumerate bool type"
    " getattr hasattr setattr callable id any all map filter reversed iter abs round".split()
)
_METHODS = frozenset(
    "append extend setdefault items keys values startswith endswith strip lstrip rstrip lower upper split rsplit join format"
    " removeprefix removesuffix title model_dump dict copy isdigit isalnum isalpha splitlines zfill encode decode isoformat hex"
    " total_seconds is_set __subclasses__".split()
)
_CLOSING = frozenset("close aclose close_connection disconnect".split())
"""Calls that end something; what goes wrong there speaks of little more than that it is closed already."""
_LOGGING = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
_LOGGERS = frozenset({"logger", "log", "logging", "_logger", "LOGGER", "LOG"})
_HARMLESS = (
    "logging.",
    "loguru.logger.",
    "structlog.",
    "os.path.",
    "os.getenv",
    "os.environ.get",
    "copy.",
    "collections.",
    "itertools.",
    "functools.",
    "operator.",
    "math.",
    "random.",
    "secrets.",
    "hashlib.",
    "html.",
    "json.dumps",
    "dataclasses.asdict",
    "io.BytesIO",
    "io.StringIO",
    "asyncio.sleep",
    "asyncio.Event",
    "asyncio.Queue",
    "threading.Event",
    "threading.Lock",
    "datetime.",
    "time.",
    "timeit.",
    "uuid.",
    "flask.jsonify",
    "flask.Response",
    "flask.make_response",
    "fastapi.responses.",
    "starlette.responses.",
    "fastapi.Response",
    "fastapi.HTTPException",
    "starlette.exceptions.",
)
"""Modules and classes whose calls raise nothing that tells of the program."""
_INPUT = re.compile(
    r"^(?:json\.loads|ast\.literal_eval|base64\.\w+|urllib\.parse\.\w+|re\.\w+|int|float|(?:fastapi\.|starlette\.requests\.)Request\(\)\.(?:json|form|body)|flask\.request\.(?:get_json|get_data)"
    r"|quart\.request\.(?:get_json|get_data)|aiohttp\.web\.Request\(\)\.(?:json|text|read|post)|sanic\.Request\(\)\.json)$"
)
"""Parsers whose errors speak of what the caller has sent."""
_RUNNERS = re.compile(r"^(?:run_in_threadpool|to_thread|run_in_executor|run_sync|sync_to_async|\w*func_to_async)$")
"""Calls that run a function which they are given."""
_DECORATORS = frozenset({"staticmethod", "classmethod", "property", "override", "cached_property"})
_PLAIN_BASES = ("pydantic.", "typing.", "abc.ABC", "object", "enum.", "sqlmodel.SQLModel", *_HARMLESS)


def raised_by(body: st.Body, at: Evaluation) -> int:
    """How telling the text of what a block raises can be. Raises `BoundExceeded`."""
    return _Look().body(body, at)


@dataclass(slots=True)
class _Look:
    seen: int = 0
    depth: int = 0
    entered: set[ex.Place] = field(default_factory=set)
    caught: set[str] = field(default_factory=set)
    """Names of errors that handlers have caught."""

    def body(self, body: Iterable[object], at: Evaluation) -> int:
        worst = NOTHING
        for item in body:
            worst = max(worst, self.node(item, at))
            if worst == ANYTHING:
                break
        return worst

    def node(self, node: object, at: Evaluation) -> int:
        self.seen += 1
        match node:
            case st.Function() | st.Class() | ex.Lambda():
                return NOTHING
            case st.Try():
                return self._try(node, at)
            case st.Raise():
                return self._raise(node, at)
            case ex.Call():
                return self._call(node, at)
            case st.Import():
                return WRITTEN
        return ANYTHING if self._is_open(node, at) else self.body(children(node), at)

    def _is_open(self, node: object, at: Evaluation) -> bool:
        """Whether anything can be raised by what stands there, or there is too much of it."""
        match node:
            case st.With() | ex.Yield():
                return True
            case st.For(iterable=iterable) | ex.Generator(iterable=iterable):
                return not (self._at_hand(iterable, at) or self._is_enumeration(iterable, at))
            case ex.Await(value=value):
                return not isinstance(value, ex.Call)
        return self.seen > _MOST

    def _try(self, node: st.Try, at: Evaluation) -> int:
        self.caught.update(handler.name for handler in node.handlers if handler.name)
        rest = self.body((*(item for one in node.handlers for item in one.body), *node.orelse, *node.final), at)
        stopped = any(item.type is None or _is_any(item.type) for item in node.handlers)
        return rest if stopped or rest == ANYTHING else max(rest, self.body(node.body, at))

    def _raise(self, node: st.Raise, at: Evaluation) -> int:
        """An error with a text of its own; `raise` alone and `raise X(str(error))` hand on what was caught."""
        inner = [visit.node for visit in walk((st.Evaluate(node.value, node.place),))] if node.value else []
        if not inner or any(isinstance(item, ex.Name) and item.id in self.caught for item in inner):
            return ANYTHING
        if not isinstance(node.value, ex.Call):
            return WRITTEN
        given = [argument.value for argument in node.value.arguments]
        own = NOTHING if all(isinstance(item, ex.Constant) for item in given) else WRITTEN
        return max(own, self.body(given, at))

    def _at_hand(self, node: ex.Expression, at: Evaluation) -> bool:
        """Whether all that a loop goes through is there: no generator, cursor or stream."""
        if isinstance(node, ex.Call):
            event = at.events.calls.get(node.place)
            definitions = event.callee.definitions if event is not None else ()
            return event is not None and not any(_is_generator(item) for item in definitions)
        return isinstance(node, ex.Collection | ex.Mapping | ex.Constant | ex.Comprehension)

    def _is_enumeration(self, node: ex.Expression, at: Evaluation) -> bool:
        """Whether a loop goes through the members of an enumeration, or a list that the module has written down."""
        if not isinstance(node, ex.Name):
            return False
        found = at.value(node)
        owners = [item for item in found.definitions if isinstance(item, de.ClassDefinition)]
        listed = found.items is not None and not found.open and node.id.isupper()
        return listed or any(ENUMERATIONS.intersection(item.base_paths()) for item in owners)

    def _call(self, node: ex.Call, at: Evaluation) -> int:
        event = at.events.calls.get(node.place)
        own = self._called(event) if event is not None else ANYTHING
        return own if own == ANYTHING else max(own, self.body(children(node), at))

    def _called(self, event: CallEvent) -> int:
        name = ex.last_name(event.node.func)
        if _RUNNERS.match(name):
            handed = [item for given in event.arguments.positional for item in given.value.definitions]
            run = [item for item in handed if isinstance(item, de.FunctionDefinition | de.Method)]
            return max((self._definition(item) for item in run), default=ANYTHING)
        func = event.node.func
        if name.endswith("executor"):
            return NOTHING
        if event.callee.definitions:
            return max(self._definition(item) for item in event.callee.definitions)
        if isinstance(func, ex.Attribute) and (name in _METHODS or _logs(func)):
            return NOTHING
        if isinstance(func, ex.Attribute) and name in _CLOSING:
            return WRITTEN
        return max(map(_by_path, event.paths), default=ANYTHING)

    def _definition(self, item: de.Definition) -> int:
        if isinstance(item, de.Method):
            return self._definition(item.function)
        if isinstance(item, de.ClassDefinition):
            return self._class(item)
        if not isinstance(item, de.FunctionDefinition) or not isinstance(item.node, st.Function):
            return ANYTHING
        decorators = {ex.last_name(one) for one in item.node.decorators}
        if not decorators <= _DECORATORS or _says_nothing(item.node.body) or self.depth >= _DEEPEST:
            return ANYTHING
        if _is_generator(item) or item.node.place in self.entered:
            return NOTHING
        return self._function(item, item.node.body)

    def _function(self, item: de.FunctionDefinition, body: st.Body) -> int:
        self.entered.add(item.node.place)
        program = item.home.program
        _ = program.summary(item) if program is not None else summarise(item)
        if item.home.summaries.get(item.node.place) is None:
            return ANYTHING
        self.depth += 1
        outer, self.caught = self.caught, set()
        found = self.body(body, item.home)
        self.caught = outer
        self.depth -= 1
        return found

    def _class(self, item: de.ClassDefinition) -> int:
        made = item.find("__init__")
        if made is not None:
            return max((self._definition(one) for one in made.definitions), default=ANYTHING)
        return NOTHING if all(map(_is_plain, item.base_paths())) else ANYTHING


def _logs(func: ex.Attribute) -> bool:
    return func.attr in _LOGGING and ex.last_name(func.value) in _LOGGERS


def _is_any(types: ex.Expression) -> bool:
    """`Exception`, `BaseException`, alone or among others."""
    members = types.items if isinstance(types, ex.Collection) else (types,)
    return any(ex.last_name(item) in ("Exception", "BaseException") for item in members)


def _is_plain(base: str) -> bool:
    return base.startswith(_PLAIN_BASES) or base.endswith(".BaseModel")


def _by_path(path: str) -> int:
    if path in _IN_MEMORY or path.startswith(_HARMLESS):
        return NOTHING
    return WRITTEN if _INPUT.match(path) else ANYTHING


def _is_generator(item: de.Definition) -> bool:
    """Whether a call of it runs nothing yet."""
    function = item.function if isinstance(item, de.Method) else item
    if not isinstance(function, de.FunctionDefinition) or not isinstance(function.node, st.Function):
        return False
    return any(isinstance(visit.node, ex.Yield) and not visit.qualname for visit in walk(function.node.body))


def _says_nothing(body: st.Body) -> bool:
    """A body that others fill in: `pass`, `...`, `raise NotImplementedError`."""
    return all(_is_empty(item) for item in body)


def _is_empty(item: st.Statement) -> bool:
    if isinstance(item, st.Raise):
        return any(getattr(one, "id", "") == "NotImplementedError" for one in _names(item))
    return isinstance(item, st.Evaluate) and isinstance(item.value, ex.Constant)


def _names(item: st.Statement) -> Iterator[object]:
    return (visit.node for visit in walk((item,)))


def kind_behind(body: st.Body, paths: tuple[str, ...], at: Evaluation) -> str:
    """The source kind of what a handler of these types catches from a block; empty if that can tell nothing."""
    kind = kind_of(paths)
    if kind != "exception":
        return kind
    return {NOTHING: "", WRITTEN: "narrow-exception", ANYTHING: kind}[raised_by(body, at)]
