from __future__ import annotations

import pytest

from tests.flow.programs import hits, kinds

ROUTER = "router = app.Router()\n"


@pytest.mark.parametrize(
    "code",
    [
        ROUTER + "@router.get('/')\ndef f(q):\n    sink(q)",
        ROUTER + "@router.get\ndef f(q):\n    sink(q)",
        ROUTER + "@router.get('/')\nasync def f(q: str):\n    sink(q)",
        ROUTER + "class K:\n    @router.get('/')\n    def f(self, q):\n        sink(q)",
        ROUTER + "def make():\n    @router.get('/')\n    def f(q):\n        sink(q)",
        "class K(app.BaseHandler):\n    def handle(self, q):\n        sink(q)",
        "class A(app.BaseHandler):\n    pass\nclass B(A):\n    def handle(self, q):\n        sink(q)",
        "class K(app.BaseHandler):\n    def handle(self, q):\n        self.go(q)\n    def go(self, x):\n        sink(x)",
        "class K(Generated):\n    def Predict(self, q, c: app.CallContext):\n        sink(q.path)",
        "class K(Generated):\n    async def Predict(self, q, c: 'app.CallContext | None' = None):\n        sink(q)",
    ],
)
def test_a_framework_fills_parameters(code: str) -> None:
    assert ("request", "shell") in kinds(code)


@pytest.mark.parametrize(
    "code",
    [
        ROUTER + "@router.get('/')\ndef f(q: int):\n    sink(q)",
        ROUTER + "@router.get('/')\ndef f(q: int | None = None):\n    sink(q)",
        ROUTER + "import uuid\n@router.get('/')\ndef f(q: uuid.UUID):\n    sink(q)",
        ROUTER + "from typing import Literal\n@router.get('/')\ndef f(q: Literal['a', 'b']):\n    sink(q)",
        "class K(app.BaseHandler):\n    def other(self, q):\n        sink(q)",
        "@app.tool\ndef f(c: app.Context):\n    sink(c)",
        "class K(Generated):\n    def Predict(self, q, c: app.CallContext):\n        sink(c)",
        "class K(Generated):\n    def Predict(self, q: int, c: app.CallContext):\n        sink(q)",
        "class K(Generated):\n    def Predict(self, q, c: other.CallContext):\n        sink(q)",
        "@app.tool\ndef f(c=app.Context()):\n    sink(c)",
        "class K(app.BaseHandler):\n    def handle(self, q):\n        sink(self)",
    ],
)
def test_not_every_parameter_holds_text(code: str) -> None:
    assert kinds(code) == set()


@pytest.mark.parametrize(
    "code",
    [
        "def f(q):\n    sink(q)\napp.Interface(fn=f)",
        "app.Interface(fn=lambda q: sink(q))",
        "class K:\n    def f(self, q):\n        sink(q)\n    def go(self):\n        app.Interface(fn=self.f)",
        "def f(q):\n    sink(q)\napp.Interface(fn=[f])",
        "app.Interface(fn=g)\ndef g(q):\n    sink(q)\ndef setup():\n    app.Interface(fn=g)",
        "def f(q):\n    sink(q)\nf('a')\napp.Interface(fn=f)",
    ],
)
def test_a_function_handed_over_is_called_with_what_people_type(code: str) -> None:
    assert ("chat", "shell") in kinds(code)


@pytest.mark.parametrize(
    "code",
    [
        ROUTER + "@router.get('/')\ndef f():\n    return app.store()",
        ROUTER + "@router.get('/')\ndef f():\n    yield app.store()",
        ROUTER + "@router.get('/')\ndef f():\n    return {'a': [app.store()]}",
        ROUTER + "def g():\n    return app.store()\n@router.get('/')\ndef f():\n    return g()",
        "app.Interface(fn=lambda q: app.store())",
        "class K(app.BaseHandler):\n    def handle(self, q):\n        return app.store()",
    ],
)
def test_what_a_handler_returns_reaches_its_client(code: str) -> None:
    assert ("retrieved", "response") in kinds(code)


def test_what_another_function_returns_reaches_nobody() -> None:
    assert kinds(ROUTER + "def f():\n    return app.store()") == set()


EXCEPTIONS = {
    "broad": ("except Exception as e:\n        sink(str(e))", "exception"),
    "bare": ("except:\n        import traceback", ""),
    "narrow": ("except ValueError as e:\n        sink(str(e))", "narrow-exception"),
    "several": ("except (ValueError, OSError) as e:\n        sink(e)", "exception"),
    "own": ("except Own as e:\n        sink(f'{e}')", "narrow-exception"),
    "arguments": ("except Exception as e:\n        sink(e.args[0])", "exception"),
    "type only": ("except Exception as e:\n        sink(type(e).__name__)", ""),
    "unused": ("except Exception:\n        sink('failed')", ""),
    "star": ("except* Exception as e:\n        sink(str(e))", "exception"),
}


@pytest.mark.parametrize(("handler", "kind"), EXCEPTIONS.values(), ids=EXCEPTIONS.keys())
def test_a_caught_exception_is_a_source(handler: str, kind: str) -> None:
    code = f"class Own(Exception): ...\ndef f():\n    try:\n        g()\n    {handler}\n"
    assert kinds(code) == ({(kind, "shell")} if kind else set())


HANDLED = {
    "all": ("Exception", "exc", "exception"),
    "own errors of the server": ("500", "exc", "exception"),
    "mistakes of the client": ("404", "exc", "narrow-exception"),
    "one type": ("ValueError", "exc", "narrow-exception"),
    "by annotation": ("kinds[0]", "exc: ValueError", "narrow-exception"),
    "own type by annotation": ("kinds[0]", "exc: Own", "narrow-exception"),
}


@pytest.mark.parametrize(("handled", "parameter", "kind"), HANDLED.values(), ids=HANDLED.keys())
def test_an_exception_handler_gets_what_it_handles(handled: str, parameter: str, kind: str) -> None:
    own = "class Own(Exception): ...\n"
    code = own + ROUTER + f"@router.error({handled})\ndef f(request, {parameter}):\n    return str(exc)"
    assert kinds(code) == {(kind, "response")}


MESSAGES = {
    "dict": ("[{'role': 'system', 'content': source()}]", {"system-prompt"}),
    "user": ("[{'role': 'user', 'content': source()}]", {"prompt"}),
    "assistant": ("[{'role': 'assistant', 'content': source()}]", set()),
    "pair": ("[('system', source())]", {"system-prompt"}),
    "content parts": ("[{'role': 'user', 'content': [{'type': 'text', 'text': source()}]}]", {"prompt"}),
    "role from outside": ("[{'role': source(), 'content': 'a'}]", {"message-list"}),
    "whole list": ("source()", {"message-list"}),
    "appended": ("xs", {"prompt"}),
    "spread": ("[*xs, {'role': 'system', 'content': 'a'}]", {"prompt"}),
    "plus": ("[{'role': 'system', 'content': 'a'}] + xs", {"prompt"}),
    "conditional role": ("[{'role': 'system' if a else 'user', 'content': source()}]", {"system-prompt"}),
}


@pytest.mark.parametrize(("messages", "sinks"), MESSAGES.values(), ids=MESSAGES.keys())
def test_the_role_of_a_message_says_where_its_text_goes(messages: str, sinks: set[str]) -> None:
    code = f"xs = []\nxs.append({{'role': 'user', 'content': source()}})\napp.chat(messages={messages})"
    assert {hit.sink for hit in hits(code)} == sinks


def test_an_unknown_chat_is_known_by_its_messages() -> None:
    assert kinds("unknown.create(messages=[{'role': 'system', 'content': source()}])") == {("request", "system-prompt")}


def test_a_parameter_named_for_text_is_a_source_of_its_own() -> None:
    (hit,) = hits("def f(question):\n    sink(question)")
    assert (hit.origin.kind, hit.sink) == ("text-parameter", "shell")


def test_a_caller_knows_better_than_the_name_of_a_parameter() -> None:
    found = {
        (hit.origin.kind, bool(hit.origin.steps)) for hit in hits("def f(question):\n    sink(question)\nf(source())")
    }
    assert found == {("text-parameter", False), ("request", True)}
