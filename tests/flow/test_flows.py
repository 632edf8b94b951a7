from __future__ import annotations

import pytest

from tests.flow.programs import flows, hits, kinds

FLOWS = {
    "directly": "sink(source())",
    "assignment": "x = source()\nsink(x)",
    "attribute of an api": "x = app.request.args\nsink(x['q'])",
    "result's attribute": "x = source()\nsink(x.text)",
    "item": "x = source()\nsink(x['q'][0])",
    "slice": "x = source()\nsink(x[1:])",
    "tuple assignment": "a, b = 1, source()\nsink(b)",
    "tuple of a call": "a, b = source()\nsink(a)",
    "starred target": "a, *b = source()\nsink(b)",
    "augmented": "x = 'a'\nx += source()\nsink(x)",
    "augmented list": "x = []\nx += [source()]\nsink(x[0])",
    "plus": "sink('a' + source())",
    "percent": "sink('%s' % source())",
    "percent tuple": "sink('%s %s' % (1, source()))",
    "percent dict": "sink('%(a)s' % {'a': source()})",
    "f-string": "sink(f'a {source()}')",
    "nested f-string": "x = source()\nsink(f'{x!r:>10}')",
    "joined literals": "x = source()\nsink('a' f'{x}' 'b')",
    "format": "sink('{}'.format(source()))",
    "format keyword": "sink('{a}'.format(a=source()))",
    "join": "sink(', '.join([source()]))",
    "join generator": "sink(', '.join(x for x in source()))",
    "string method": "sink(source().strip().lower())",
    "replace": "sink('a'.replace('a', source()))",
    "str": "sink(str(source()))",
    "list": "x = [1, source()]\nsink(x[1])",
    "list unknown index": "x = [source()]\nsink(x[i])",
    "dict": "x = {'a': source()}\nsink(x['a'])",
    "dict get": "x = {'a': source()}\nsink(x.get('a'))",
    "dict unknown key": "x = {'a': source()}\nsink(x[k])",
    "dict spread": "x = {'a': source()}\ny = {**x}\nsink(y['a'])",
    "dict call": "x = dict(a=source())\nsink(x['a'])",
    "dict item": "x = {}\nx['a'] = source()\nsink(x['a'])",
    "cached property": "class K:\n    @functools.cached_property\n    def x(self):\n        return source()\n    def b(self):\n        sink(self.x)",
    "item of an item": "x = {'a': {}}\nx['a'][k] = source()\nsink(x['a'])",
    "item of an item of a member": "x = {'a': {'b': {}}}\nx['a']['b']['c'] = source()\nsink(x['a']['b'])",
    "append to an item": "x = {'a': []}\nx['a'].append(source())\nsink(x['a'])",
    "dict items": "x = {'a': source()}\nfor k, v in x.items():\n    sink(v)",
    "dict values": "x = {'a': source()}\nfor v in x.values():\n    sink(v)",
    "dict union": "x = {'a': source()} | {'b': 1}\nsink(x['a'])",
    "dict update": "x = {}\nx.update(a=source())\nsink(x['a'])",
    "setdefault": "x = {}\nsink(x.setdefault('a', source()))",
    "list spread": "x = [source()]\nsink([*x][0])",
    "append": "x = []\nx.append(source())\nsink(x[0])",
    "extend": "x = []\nx.extend([source()])\nsink(x[0])",
    "attribute append": (
        "class K:\n    def __init__(self):\n        self.x = []\n    def a(self):\n        self.x.append(source())\n"
        "    def b(self):\n        sink(self.x)"
    ),
    "list comprehension": "sink([x for x in source()])",
    "dict comprehension": "sink({k: v for k, v in source().items()})",
    "comprehension condition": "sink([x for x in source() if x])",
    "conditional": "sink(source() if a else 'b')",
    "or": "sink(None or source())",
    "and": "sink(a and source())",
    "for": "for x in source():\n    sink(x)",
    "for tuple": "for a, b in [(1, source())]:\n    sink(b)",
    "enumerate": "for i, x in enumerate([source()]):\n    sink(x)",
    "zip": "for a, b in zip([1], [source()]):\n    sink(b)",
    "next round": "x = 'a'\nfor i in y:\n    sink(x)\n    x = source()",
    "while": "x = 'a'\nwhile a:\n    sink(x)\n    x = source()",
    "break": "x = 'a'\nwhile a:\n    if b:\n        x = source()\n        break\nsink(x)",
    "one branch": "x = 'a'\nif a:\n    x = source()\nsink(x)",
    "loop else": "for i in y:\n    pass\nelse:\n    x = source()\nsink(x)",
    "with": "with source() as x:\n    sink(x)",
    "try": "try:\n    x = source()\nexcept ValueError:\n    x = 'a'\nsink(x)",
    "except": "try:\n    f()\nexcept ValueError:\n    x = source()\nelse:\n    x = 'a'\nsink(x)",
    "finally": "try:\n    x = source()\nfinally:\n    sink(x)",
    "match capture": "match source():\n    case {'q': q}:\n        sink(q)",
    "match rest": "match source():\n    case {'a': 1, **rest}:\n        sink(rest)",
    "match star": "match source():\n    case [a, *more]:\n        sink(more)",
    "walrus": "if (x := source()):\n    sink(x)",
    "walrus behind and": "if a and (x := source()):\n    sink(x)",
    "walrus behind or": "if a or (x := source()):\n    pass\nsink(x)",
    "walrus in conditional": "y = 1 if (x := source()) else 2\nsink(x)",
    "walrus in comprehension": "y = [x := source() for i in z]\nsink(x)",
    "await": "async def f():\n    sink(await source())",
    "async for": "async def f():\n    async for x in source():\n        sink(x)",
    "lambda": "f = lambda x: sink(x)\nf(source())",
    "lambda result": "f = lambda: source()\nsink(f())",
    "function": "def f(x):\n    sink(x)\nf(source())",
    "function keyword": "def f(x):\n    sink(x)\nf(x=source())",
    "function keyword-only": "def f(*, x):\n    sink(x)\nf(x=source())",
    "function star": "def f(*x):\n    sink(x[0])\nf(source())",
    "function star star": "def f(**x):\n    sink(x['a'])\nf(a=source())",
    "function spread": "def f(x):\n    sink(x)\nf(*[source()])",
    "function dict spread": "def f(x):\n    sink(x)\nf(**{'x': source()})",
    "function result": "def f(x):\n    return 'a' + x\nsink(f(source()))",
    "function two deep": "def f(x):\n    g(x)\ndef g(y):\n    sink(y)\nf(source())",
    "function defined later": "def f():\n    g(source())\ndef g(y):\n    sink(y)",
    "function returns source": "def f():\n    return source()\nsink(f())",
    "function returns dict": "def f(x):\n    return {'a': x}\nsink(f(source())['a'])",
    "recursion": "def f(x, n):\n    if n:\n        return f(x, n - 1)\n    return x\nsink(f(source(), 3))",
    "generator": "def f():\n    yield source()\nfor x in f():\n    sink(x)",
    "decorated": "@wrap\ndef f(x):\n    sink(x)\nf(source())",
    "closure": "def f():\n    x = source()\n    def g():\n        sink(x)\n    g()",
    "closure of a parameter": "def f(x):\n    def g():\n        sink(x)\n    g()\nf(source())",
    "closure of a parameter, lambda": "def f(x):\n    g = lambda: sink(x)\n    g()\nf(source())",
    "closure result": "def f(x):\n    def g():\n        return x\n    return g()\nsink(f(source()))",
    "same names": "def f(x):\n    def g(y):\n        sink(x)\n    g(1)\nf(source())",
    "global": "q = None\ndef a():\n    global q\n    q = source()\ndef b():\n    sink(q)",
    "nonlocal": "def f():\n    q = None\n    def a():\n        nonlocal q\n        q = source()\n    a()\n    sink(q)",
    "method": "class K:\n    def a(self, x):\n        sink(x)\nK().a(source())",
    "own method": "class K:\n    def a(self, x):\n        self.b(x)\n    def b(self, y):\n        sink(y)\nK().a(source())",
    "static method": "class K:\n    @staticmethod\n    def a(x):\n        sink(x)\nK().a(source())",
    "static method of the class": "class K:\n    @staticmethod\n    def a(x):\n        sink(x)\nK.a(source())",
    "class method": "class K:\n    @classmethod\n    def a(cls, x):\n        sink(x)\nK.a(source())",
    "class method of an object": "class K:\n    @classmethod\n    def a(cls, x):\n        sink(x)\nK().a(source())",
    "unbound method": "class K:\n    def a(self, x):\n        sink(x)\nK.a(k, source())",
    "inherited method": "class A:\n    def a(self, x):\n        sink(x)\nclass B(A):\n    pass\nB().a(source())",
    "attribute": "class K:\n    def a(self):\n        self.q = source()\n    def b(self):\n        sink(self.q)",
    "attribute set later": "class K:\n    def b(self):\n        sink(self.q)\n    def a(self):\n        self.q = source()",
    "property": "class K:\n    @property\n    def q(self):\n        return source()\n    def b(self):\n        sink(self.q)",
    "constructor": "class K:\n    def __init__(self, x):\n        sink(x)\nK(source())",
    "constructor keeps": "class K:\n    q: str\nk = K(q=source())\nsink(k.q)",
    "object attribute": "k = make()\nk.q = source()\nsink(k.q)",
    "partial": "import functools\nf = functools.partial(sink, source())\nf()",
    "partial argument": "from functools import partial\ndef g(a, b):\n    sink(b)\nf = partial(g, 1)\nf(source())",
    "getattr": "sink(getattr(source(), 'q'))",
    "function in a table": "t = {'a': sink}\nt['a'](source())",
    "instance's sink": "app.Client().run(source())",
    "passing api": "sink(same(source()))",
    "wrong barrier": "sink(app.only_scores(source()))",
    "read": "sink(source().read().decode())",
}


@pytest.mark.parametrize("code", FLOWS.values(), ids=FLOWS.keys())
def test_data_flows(code: str) -> None:
    assert flows(code)


CLEAN = {
    "nothing": "sink('a')",
    "not the argument": "sink('a', source())",
    "overwritten": "x = source()\nx = 'a'\nsink(x)",
    "other member": "x = ['a', source()]\nsink(x[0])",
    "other key": "x = {'a': source(), 'b': 1}\nsink(x['b'])",
    "other unpacked": "a, b = 'a', source()\nsink(a)",
    "number": "sink(int(source()))",
    "length": "sink(len(source()))",
    "comparison": "sink(source() == 'a')",
    "not": "sink(not source())",
    "decision": "sink(source().startswith('a'))",
    "barrier": "sink(clean(source()))",
    "barrier for this sink": "sink(quote(source()))",
    "status": "sink(source().status_code)",
    "type": "sink(type(source()).__name__)",
    "other branch": "if a:\n    x = source()\nelse:\n    x = 'a'\n    sink(x)",
    "after return": "def f():\n    x = 'a'\n    return x\n    sink(source())",
    "no call": "def f(x):\n    sink(x)",
    "other parameter": "def f(x, y):\n    sink(y)\nf(source(), 1)",
    "own number": "def f(x: int):\n    sink(x)\nf(source())",
    "barrier in the function": "def f(x):\n    sink(int(x))\nf(source())",
    "barrier in the result": "def f(x):\n    return int(x)\nsink(f(source()))",
    "method of another": "class K:\n    def a(self):\n        self.q = source()\n    def b(self):\n        sink(self.r)",
    "sink's conditions": "app.query(source(), safe=True)",
    "closed over another": "def f(x):\n    def g(x):\n        sink(x)\n    g(1)\nf(source())",
    "match constant": "match source():\n    case 'a':\n        sink('a')",
}


@pytest.mark.parametrize("code", CLEAN.values(), ids=CLEAN.keys())
def test_data_does_not_flow(code: str) -> None:
    assert kinds(code) == set()


def test_a_barrier_for_one_sink_leaves_the_others() -> None:
    code = "x = quote(source())\nsink(x)\napp.query(x)"
    assert kinds(code) == {("request", "sql")}


def test_an_unknown_call_is_remembered() -> None:
    (hit,) = hits("sink(unknown(source()))")
    assert "unknown-call" in hit.origin.traits


def test_a_marking_barrier_marks() -> None:
    (hit,) = hits("sink(round(source(), 2))")
    assert hit.origin.traits == {"rounded"}


def test_a_passing_api_may_mark() -> None:
    (hit,) = hits("sink(app.marked(source()))")
    assert hit.origin.traits == {"lead-in"}


def test_the_trace_names_the_steps() -> None:
    (hit,) = hits("def f(x):\n    y = x\n    sink(y)\nq = source()\nf(q)")
    assert [sentence for _, sentence in hit.origin.steps] == ["kept as `q`", "passed to `f` as `x`", "kept as `y`"]


def test_each_source_of_a_sink_is_a_flow() -> None:
    assert kinds("sink(source() + app.store())") == {("request", "shell"), ("retrieved", "shell")}


@pytest.mark.parametrize(
    ("code", "traits"),
    [
        (
            "sink('You are a helpful assistant. Summarize the following text for a child: ' + source())",
            {"instructions"},
        ),
        ("sink(f'The question was: {source()}')", {"lead-in"}),
        ("sink(f'Q: {source()}')", set()),
        ("TEMPLATE_PROMPT = load('a')\nsink(TEMPLATE_PROMPT.format(source()))", {"instructions"}),
        ("sink('You are a helpful assistant, answer this question: {}'.format(source()))", {"instructions"}),
        ("sink('You are a helpful assistant, answer this question: %s' % source())", {"instructions"}),
        ("sink('\\n'.join(['You are a helpful assistant, answer this question:', source()]))", {"instructions"}),
        ("x = 'You are a helpful assistant, answer this: '\nx += source()\nsink(x)", {"instructions"}),
        (
            "x = 'You are a helpful assistant, answer this: QUESTION'\nsink(x.replace('QUESTION', source()))",
            {"instructions"},
        ),
    ],
)
def test_how_much_a_developer_instructs_around_it(code: str, traits: set[str]) -> None:
    (hit,) = hits(code)
    assert hit.origin.traits - {"prefixed", "within-name", "fixed-ending"} == traits
