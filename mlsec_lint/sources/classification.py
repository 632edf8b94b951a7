"""Which files are tests, examples or demos, where the same mistake does less harm."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_FOLDER = re.compile(
    r"(?:unit|integration|functional|e2e)?[-_]?tests?|examples?|demos?|samples?|tutorials?|cookbooks?|quickstarts?|docs?",
    re.IGNORECASE,
)
_FILE = re.compile(r"test_.*|.*_test|tests?|conftest", re.IGNORECASE)
_SHOWN = re.compile(
    r"(?:^|[-_ .])(?:demo|examples?|tutorial|quickstart|getting[-_ ]started)(?:$|[-_ .])", re.IGNORECASE
)


def is_test(path: str) -> bool:
    """Whether a path, as shown, belongs to a test, an example, a demo or a sample in the documentation."""
    shown = PurePosixPath(path)
    if any(_FOLDER.fullmatch(part) for part in shown.parts[:-1]):
        return True
    return bool(_FILE.fullmatch(shown.stem) or _SHOWN.search(shown.stem))
