"""Small programs and what the evaluation sees in them: `app.source()` gives data that `app.sink(…)` must not get."""

from __future__ import annotations

from textwrap import dedent

from mlsec_lint.catalogue import model
from mlsec_lint.flow.analysis import analyse
from mlsec_lint.flow.event import CallEvent, Events, Hit
from mlsec_lint.flow.facts import Facts
from mlsec_lint.syntax.module import Module

IS_TEXT = model.Test(matches="^clean")

FACTS: tuple[model.Fact, ...] = (
    model.Source("request", ("app.source", "app.request.args", "app.Request().form")),
    model.Source("score", ("app.score",)),
    model.Source("retrieved", ("app.store",)),
    model.Sink("shell", ("app.sink", "app.Client().run"), ("0",)),
    model.Sink("sql", ("app.query",), ("text",), where=(("safe", model.Test(absent=True)),)),
    model.Sink("prompt", ("app.chat",), ("messages",), roles=("user",)),
    model.Sink("system-prompt", ("app.chat",), ("messages",), roles=("system",)),
    model.Sink("message-list", ("app.chat",), ("messages",)),
    model.Signature(("app.query",), ("text", "limit", "*", "safe")),
    model.Signature(("app.load",), ("path", "mode", "*", "safe")),
    model.Barrier(("app.clean", "int"), ("*",)),
    model.Barrier(("app.quote",), ("*",), for_sinks=("shell",)),
    model.Barrier(("round",), adds=("rounded",)),
    model.Barrier(("app.only_scores",), ("score",)),
    model.Guard(("app.guard",)),
    model.Passes(("app.same", "str")),
    model.Passes(("app.marked",), traits=("lead-in",)),
    model.Alias("app.reexported", "app.load"),
    model.Alias("other.app", "app"),
    model.Alias("app.deep", "app.inner.deep"),
    model.Instance(("app.make_client",), "app.Client()"),
    model.Handler(decorator=("app.Router().get",), parameters="request", returns="response"),
    model.Handler(decorator=("app.Router().error",), exception_parameter=True, returns="response"),
    model.Handler(callback=("app.Interface",), argument=("fn",), parameters="chat", returns="response"),
    model.Handler(base=("app.BaseHandler",), method=("handle",), parameters="request", returns="response"),
    model.Handler(annotation=("app.CallContext",), parameters="request", skip_annotations=("app.CallContext",)),
    model.Handler(decorator=("app.tool",), parameters="tool-argument", skip_annotations=("app.Context()",)),
)

HEAD = "import app\nfrom app import source, sink, clean, quote, guard, same, score, load\n"


def evaluated(code: str, package: str = "") -> Events:
    """What the evaluation of a whole program sees."""
    module = Module(HEAD + dedent(code))
    return analyse([chunk.body for chunk in module.chunks], Facts(FACTS), package)


def hits(code: str) -> list[Hit]:
    """The flows of a program that are no parameter's."""
    return [hit for hit in evaluated(code).hits.values() if hit.origin.kind != "parameter"]


def kinds(code: str) -> set[tuple[str, str]]:
    """Source kind and sink kind of every flow; those by the mere name of a parameter are left out."""
    return {(hit.origin.kind, hit.sink) for hit in hits(code) if hit.origin.kind != "text-parameter"}


def flows(code: str) -> bool:
    """Whether the request reaches the shell, with nothing in doubt."""
    found = [hit for hit in hits(code) if (hit.origin.kind, hit.sink) == ("request", "shell")]
    return any("unknown-call" not in hit.origin.traits for hit in found)


def calls(code: str, package: str = "") -> list[CallEvent]:
    """The calls of a program in source order."""
    events = evaluated(code, package).calls
    return [events[place] for place in sorted(events)]


def paths(code: str, package: str = "") -> set[str]:
    """The API paths of all calls of a program."""
    return {path for event in calls(code, package) for path in event.paths}
