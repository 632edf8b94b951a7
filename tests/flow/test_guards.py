from __future__ import annotations

import pytest

from tests.flow.programs import calls, kinds

PROVED = {
    "membership": "if x in ('a', 'b'):\n    sink(x)",
    "early return": "def f():\n    x = source()\n    if x not in ALLOWED:\n        return\n    sink(x)",
    "early raise": "if x not in ALLOWED:\n    raise ValueError\nsink(x)",
    "early exit": "import sys\nif x not in ALLOWED:\n    sys.exit(1)\nsink(x)",
    "continue": "for i in y:\n    x = source()\n    if x not in ALLOWED:\n        continue\n    sink(x)",
    "equality": "if x == 'a':\n    sink(x)",
    "else of inequality": "if x != 'a':\n    pass\nelse:\n    sink(x)",
    "else of not in": "if x not in ALLOWED:\n    y = 1\nelse:\n    sink(x)",
    "lower": "if x.lower() in ALLOWED:\n    sink(x)",
    "not not in": "if not x not in ALLOWED:\n    sink(x)",
    "and": "if a and x in ALLOWED:\n    sink(x)",
    "and in the expression": "a and x in ALLOWED and sink(x)",
    "or negated": "if a or x not in ALLOWED:\n    raise ValueError\nsink(x)",
    "conditional": "sink(x if x in ALLOWED else 'a')",
    "comprehension": "sink([y for y in x if y in ALLOWED])",
    "guard": "if guard(x):\n    sink(x)",
    "not guard": "if not guard(x):\n    raise ValueError\nsink(x)",
    "not guard under a setting": "if self.domains and not guard(x):\n    raise ValueError\nsink(x)",
    "checker by name": "if not is_valid_name(x):\n    raise ValueError\nsink(x)",
    "checker of the project": "def is_safe(y):\n    return y in ALLOWED\nx = source()\nif is_safe(x):\n    sink(x)",
    "rejecter": "if is_path_traversal(x):\n    raise ValueError\nsink(x)",
    "rejecter of a path": "if not _is_path(x):\n    sink(x)",
    "rejecter of the project": "def is_private(y):\n    return y == 'a'\nx = source()\nif is_private(x):\n    raise ValueError\nsink(x)",
    "digits": "if x.isdigit():\n    sink(x)",
    "number": "if isinstance(x, int):\n    sink(x)",
    "numbers": "if isinstance(x, (int, float)):\n    sink(x)",
    "walrus": "if (y := source()) in ALLOWED:\n    sink(y)",
    "falsy": "if not x:\n    sink(x)",
    "while": "while x in ALLOWED:\n    sink(x)",
    "either": "if a or x in ALLOWED:\n    pass\nif not (x in ALLOWED or x == 'b'):\n    raise ValueError\nsink(x)",
    "none": "if x is None:\n    sink(x)",
    "none or": "if x is not None and x not in ALLOWED:\n    raise ValueError\nsink(x)",
    "any of several": "import os\nx = os.path.realpath(x)\nif not any(x.startswith(d) for d in ROOTS):\n    raise ValueError\nsink(x)",
    "all of it": "if all(c.isalnum() or c == '-' for c in x):\n    sink(x)",
    "no part": "if any(part == '..' for part in x.parts):\n    raise ValueError\nsink(x)",
    "pattern": "import re\nif re.match('^[a-z]+$', x):\n    sink(x)",
    "compiled pattern": "import re\nname = re.compile('^[a-z]+$')\nif name.match(x) is None:\n    raise ValueError\nsink(x)",
    "match": "match x:\n    case 'a' | 'b':\n        sink(x)",
}


@pytest.mark.parametrize("code", PROVED.values(), ids=PROVED.keys())
def test_a_condition_proves_where_it_dominates(code: str) -> None:
    assert kinds("x = source()\n" + code) == set()


UNPROVED = {
    "other branch": "if x in ALLOWED:\n    pass\nelse:\n    sink(x)",
    "behind the if": "if x in ALLOWED:\n    y = 1\nsink(x)",
    "other variable": "if z in ALLOWED:\n    sink(x)",
    "or": "if a or x in ALLOWED:\n    sink(x)",
    "not guard": "if not guard(x):\n    sink(x)",
    "rejecter that agrees": "if is_private(x):\n    sink(x)",
    "local path": "if not is_local_path(x):\n    sink(x)",
    "text": "if isinstance(x, str):\n    sink(x)",
    "mixed": "if isinstance(x, (int, str)):\n    sink(x)",
    "against itself": "if x == source():\n    sink(x)",
    "in itself": "if 'a' in x:\n    sink(x)",
    "either of two": "if x in ALLOWED or a:\n    sink(x)",
    "not both": "if a and x not in ALLOWED:\n    raise ValueError\nsink(x)",
    "not none": "if x is not None:\n    sink(x)",
    "any of it": "if any(c.isalnum() for c in x):\n    sink(x)",
    "all of several": "import os\nx = os.path.realpath(x)\nif all(x.startswith(d) for d in ROOTS):\n    sink(x)",
    "loose pattern": "import re\nif re.match('^[a-z]+', x):\n    sink(x)",
    "pattern with alternatives": "import re\nif re.match('^a|b$', x):\n    sink(x)",
    "truth": "if x:\n    sink(x)",
    "assert": "assert x in ALLOWED\nsink(x)",
    "under a condition that is no setting": "if a() and not guard(x):\n    raise ValueError\nsink(x)",
    "before the test": "sink(x)\nif x not in ALLOWED:\n    raise ValueError",
    "changed after the test": "if x in ALLOWED:\n    x = source()\n    sink(x)",
    "one way does not leave": "if x not in ALLOWED:\n    if a:\n        raise ValueError\nsink(x)",
    "other case": "match x:\n    case 'a':\n        pass\n    case _:\n        sink(x)",
    "length": "if len(x) < 9:\n    sink(x)",
}


@pytest.mark.parametrize("code", UNPROVED.values(), ids=UNPROVED.keys())
def test_a_condition_proves_nothing_elsewhere(code: str) -> None:
    assert kinds("x = source()\n" + code) == {("request", "shell")}


def test_a_score_is_no_harmless_score_because_it_was_compared() -> None:
    assert kinds("x = score()\nif x in ALLOWED:\n    sink(x)") == {("score", "shell")}


VERIFIED = {
    "compare_digest": "import hmac\nif not hmac.compare_digest(a, b(x)):\n    raise ValueError\nload(x)",
    "equal digests": "import hashlib\nif hashlib.sha256(x).hexdigest() != known:\n    raise ValueError\nload(x)",
    "guard": "if guard(x):\n    load(x)",
}


@pytest.mark.parametrize("code", VERIFIED.values(), ids=VERIFIED.keys())
def test_a_checked_digest_marks_what_was_checked(code: str) -> None:
    (event,) = [item for item in calls("x = source()\n" + code) if item.paths == ("app.load",)]
    assert "verified" in event.arguments.positional[0].value.marks


def test_a_digest_that_only_is_computed_marks_nothing() -> None:
    (event,) = [
        item
        for item in calls("import hashlib\nx = source()\nhashlib.sha256(x)\nload(x)")
        if item.paths == ("app.load",)
    ]
    assert "verified" not in event.arguments.positional[0].value.marks


OPT_IN = {
    "name": "if not allow_pickle:\n    raise ValueError\nload(x)",
    "environment": "import os\nif os.environ.get('ALLOW_PICKLE') != '1':\n    raise ValueError\nload(x)",
    "equality": "import os\nif os.environ.get('ALLOW_PICKLE') == '1':\n    load(x)",
}


@pytest.mark.parametrize("code", OPT_IN.values(), ids=OPT_IN.keys())
def test_a_switch_that_is_on_is_known_where_it_dominates(code: str) -> None:
    (event,) = [item for item in calls("x = source()\n" + code) if item.paths == ("app.load",)]
    assert event.context.opted_in


def test_a_switch_that_is_off_is_no_opt_in() -> None:
    code = "import os\nx = source()\nif os.environ.get('ALLOW_PICKLE') != '1':\n    load(x)"
    (event,) = [item for item in calls(code) if item.paths == ("app.load",)]
    assert not event.context.opted_in


def test_a_check_that_somebody_switches_off_on_purpose_is_an_opt_in() -> None:
    (event,) = [item for item in calls("if not args.verify_ssl:\n    load(x)") if item.paths == ("app.load",)]
    assert event.context.opted_in


DEBUGGING = {
    "function": "if in_debug_mode():\n    load(x)",
    "setting": "if settings.debug:\n    load(x)",
    "environment": "import os\nif os.environ.get('DEBUG') == '1':\n    load(x)",
    "name of it": "if env in ('dev', 'local'):\n    load(x)",
    "not production": "if env != 'production':\n    load(x)",
    "else": "if is_production():\n    pass\nelse:\n    load(x)",
    "left": "if not DEBUG:\n    raise ValueError\nload(x)",
    "command line": "import sys\nif '--debug' in sys.argv:\n    load(x)",
}


@pytest.mark.parametrize("code", DEBUGGING.values(), ids=DEBUGGING.keys())
def test_a_switch_for_debugging_is_known_where_it_dominates(code: str) -> None:
    (event,) = [item for item in calls(code) if item.paths == ("app.load",)]
    assert event.context.debugging


NOT_DEBUGGING = {
    "production": "if env == 'production':\n    load(x)",
    "off": "if settings.debug == False:\n    load(x)",
    "other branch": "if DEBUG:\n    pass\nelse:\n    load(x)",
    "afterwards": "if DEBUG:\n    pass\nload(x)",
    "another word": "if device.developers:\n    load(x)",
}


@pytest.mark.parametrize("code", NOT_DEBUGGING.values(), ids=NOT_DEBUGGING.keys())
def test_no_other_condition_says_that_somebody_debugs(code: str) -> None:
    (event,) = [item for item in calls(code) if item.paths == ("app.load",)]
    assert not event.context.debugging
