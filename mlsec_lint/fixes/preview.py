"""What fixes would change, as a unified diff with the secrets of the file masked."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.fixes.document import Document
from mlsec_lint.fixes.rounds import Mended
from mlsec_lint.locate import secrets_in
from mlsec_lint.masking import mask_line
from mlsec_lint.match.secrets import public_prefixes
from mlsec_lint.report.escape import visible, visible_lines, without_command
from mlsec_lint.syntax.lines import end_of, with_ends
from mlsec_lint.syntax.module import Module


def diff(mended: Mended, catalogue: Catalogue) -> Iterator[str]:
    """The lines of the diff, each with its end; that a file lacks its last one is said as git says it."""
    before, after = (Document.of(data, mended.path).source for data in (mended.before, mended.after))
    found = secrets_in(before, Module(before.text), catalogue)
    secrets = sorted(found)
    name = visible(mended.path)
    lines = difflib.unified_diff(with_ends(before.raw), with_ends(after.raw), f"a/{name}", f"b/{name}")
    for line in lines:
        text, end = line.rstrip("\r\n"), end_of(line)
        masked = visible_lines(mask_line(text, secrets, public_prefixes(catalogue)))
        yield without_command(masked)  # a line that has not changed begins with a blank
        yield "\n" if end == "\r" else end or "\n\\ No newline at end of file\n"
