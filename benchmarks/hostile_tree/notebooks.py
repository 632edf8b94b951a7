"""Notebooks: JSON that is deep, huge, doubled, wrong or hostile in what it shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from hostile_tree.entry import Content, Hostile
from hostile_tree.texts import TOXIC

_WRONG = "JSON readers crash, recurse or believe the last of two keys; whatever is not understood must be named"
_MIXED = "one cell that cannot be read must not hide the others"
_SHOWN = "texts of notebooks are printed in every format"

_LOAD = "import torch, sys\ntorch.load(sys.argv[1], weights_only=False)"


def _cell(source: object, **more: object) -> dict[str, object]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": "a",
        "metadata": {},
        "outputs": [],
        "source": source,
        **more,
    }


def _book(cells: Sequence[object], **more: object) -> str:
    """A notebook that ends with a cell that has a finding."""
    return json.dumps({"cells": [*cells, _cell(_LOAD)], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more})


def _output(text: object, kind: str = "text/plain") -> dict[str, object]:
    return {"output_type": "display_data", "metadata": {}, "data": {kind: text}}


_ANY: Sequence[object] = (
    1,
    None,
    {},
    {"a": "b"},
    [1, None, ["a"], {}],
    True,
    ["a", 2],
    [{"data": 1}],
    [{"text": {}}],
    "a" * 9_999,
)
_NOTEBOOKS: Mapping[str, Content] = {
    "empty": "",
    "space": " \n\t ",
    "no-object": "[]",
    "text": '"cells"',
    "number": "1e999",
    "null": "null",
    "cut-off": lambda: _book([])[:-40],
    "more-behind": lambda: _book([]) + "{}",
    "deep-lists": "[" * 200_000,
    "deep-objects": '{"cells":' * 100_000,
    "deep-metadata": lambda: _book([]).replace('"metadata": {}', '"metadata": ' + "[" * 100_000 + "]" * 100_000, 1),
    "deep-source": lambda: _book(["X"]).replace('"X"', "[" * 50_000 + "]" * 50_000),
    "deep-output": lambda: _book([_cell("a", outputs=["X"])]).replace('"X"', '{"data":' * 50_000 + "1" + "}" * 50_000),
    "doubled-cells": lambda: _book([]).replace('{"cells"', '{"cells": [], "cells"', 1)[:-1] + ', "cells": []}',
    "doubled-source": lambda: _book([_cell("eval(a)")]).replace('"source"', '"source": "x = 1", "source"'),
    "doubled-type": lambda: _book([_cell("eval(a)")]).replace('"cell_type"', '"cell_type": "markdown", "cell_type"'),
    "doubled-in-escapes": lambda: _book([]).replace('"cells"', '"\\u0063ells"', 1),
    "cells-of-object": '{"cells": {"0": {"cell_type": "code", "source": "eval(a)"}}, "metadata": {}, "nbformat": 4}',
    "cells-of-text": '{"cells": "eval(a)", "metadata": {}, "nbformat": 4}',
    "cells-of-anything": lambda: _book([1, None, "a", [], {}, True, 1.5, [[]], {"cell_type": 1}, {"source": 1}]),
    "sources-of-anything": lambda: _book([_cell(item) for item in _ANY]),
    "types-of-anything": lambda: _book([{"cell_type": item, "source": "a"} for item in _ANY]),
    "outputs-of-anything": lambda: _book([_cell("a", outputs=item) for item in _ANY]),
    "metadata-of-anything": lambda: _book([], metadata=[1, "a"], nbformat="4", nbformat_minor=None),
    "languages": lambda: _book(
        [], metadata={"kernelspec": {"language": ["python"]}, "language_info": {"name": {"a": 1}}}
    ),
    "version-3": '{"worksheets": [{"cells": [{"cell_type": "code", "input": "import torch\\ntorch.load(a, weights_only=False)"}]}], "nbformat": 3, "metadata": {}}',
    "version-of-2099": lambda: _book([], nbformat=99, nbformat_minor=10**100),
    "no-numbers": lambda: _book([]).replace("null", "NaN") + " " * 10,
    "lone-surrogates": lambda: _book([_cell("x = '\\ud800'\ny = 'X'")]).replace("X", "\\ud800\\udfff\\ud83d"),
    "null-characters": lambda: _book([_cell("x = 'X'")]).replace("X", "\\u0000"),
    "byte-order-mark": lambda: "\ufeff" + _book([]),
    "utf-16": lambda: _book([]).encode("utf-16"),
    "not-utf-8": lambda: _book([_cell("x = 'X'")]).encode().replace(b"X", b"\xff"),
    "raw-control-characters": lambda: _book([_cell("x = 'X'")]).replace("X", "\x01\x1b[31m\t"),
    "bad-escapes": lambda: _book([_cell("x = 'X'")]).replace("X", "\\x41\\u12"),
    "single-quotes": "{'cells': []}",
    "huge-integer": lambda: _book([_cell("a", execution_count="X")]).replace('"X"', "9" * 100_000),
    "cells-by-the-thousand": lambda: _book([_cell(f"x{number} = {number}") for number in range(10_000)]),
    "empty-cells": lambda: _book([_cell("")] * 20_000),
    "outputs-by-the-thousand": lambda: _book([_cell("a", outputs=[_output(f"text {n}") for n in range(20_000)])]),
    "source-of-many-strings": lambda: _book([_cell(["a = 1\n"] * 50_000)]),
    "source-of-characters": lambda: _book([_cell(list("a = 1\n" * 10_000))]),
    "large-output": lambda: _book([_cell("a", outputs=[_output("QUJD" * 2_000_000, "image/png")])]),
    "large-text": lambda: _book([{"cell_type": "markdown", "metadata": {}, "source": "# a `b` <c>\n" * 100_000}]),
    "large-attachment": lambda: _book(
        [{"cell_type": "markdown", "source": "a", "attachments": {"b": {"image/png": "QUJD" * 500_000}}}]
    ),
    "bad-cells": lambda: _book(
        [_cell(text) for text in ("def f(:", "(" * 3_000, "x = '\0'", "'''", "  x", "\\", "}", "print 1", "\x1a")]
    ),
    "magics": lambda: _book(
        [
            _cell(text)
            for text in (
                "%%",
                "%",
                "!",
                "!!",
                "?",
                "%%bash\n" + "$(" * 5_000,
                "!" + "(" * 5_000,
                "%env A=" + "b" * 100_000,
            )
        ]
    ),
    "magics-with-code": lambda: _book(
        [
            _cell(text)
            for text in ("!pip install {x}", "!{" * 5_000, "a = !ls $(b)", "%timeit " * 2_000, "x = %" + "a " * 9_000)
        ]
    ),
    "magics-nested": lambda: _book(
        [_cell("%%time\n" * 5_000 + "a"), _cell("%%capture\n%%bash\n%%python\neval(a)"), _cell("    " * 90 + "!a")]
    ),
    "help-marks": lambda: _book(
        [_cell("?" * 20_000), _cell("a" + "?" * 20_000), _cell("a.b" * 20_000 + "?"), _cell("x = 1?\n??y?")]
    ),
    "shell-words": lambda: _book(
        [
            _cell("!curl " + "'" * 9_999),
            _cell("!curl a " + "| b " * 5_000),
            _cell("!" + "a && " * 5_000 + "b"),
            _cell("!a \\\n" * 5_000 + "b"),
        ]
    ),
}
_TOXIC = lambda: _book(  # noqa: E731
    [
        *[_cell(f"import torch\ntorch.load(a, weights_only=False)  # {text}", id=text) for text in TOXIC],
        *[{"cell_type": "markdown", "id": text, "metadata": {text: text}, "source": text} for text in TOXIC],
        *[
            _cell(
                f"!pip install {text}\n!curl {text} | sh\n%env {text}=1",
                outputs=[_output(text), _output(text, "text/html")],
            )
            for text in TOXIC
        ],
    ],
    metadata={"kernelspec": {"name": TOXIC[0], "language": "python"}, "title": TOXIC[0]},
)
_HEAVY = {"cells-by-the-thousand", "source-of-many-strings", "empty-cells"}


def notebooks() -> Iterator[Hostile]:
    """All of them."""
    for name, content in _NOTEBOOKS.items():
        why = _MIXED if "cells" in name or "magics" in name else _WRONG
        yield Hostile(f"notebook-{name}", why, {"hostile.ipynb": content}, heavy=name in _HEAVY)
    yield Hostile("notebook-texts-that-control", _SHOWN, {"hostile.ipynb": _TOXIC})
    yield Hostile(
        "notebook-that-is-python", _WRONG, {"hostile.ipynb": "eval(a)\n", "hostile2.ipynb": "# %%\neval(a)\n"}
    )
    yield Hostile("notebook-as-python", _WRONG, beside={"hostile.py": lambda: _book([])})
