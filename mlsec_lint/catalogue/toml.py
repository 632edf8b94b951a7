"""Reading one TOML file of a pack, which may come from anybody."""

from __future__ import annotations

from pathlib import Path

import tomli

from mlsec_lint.catalogue.errors import RuleError

MAX_BYTES = 512 * 1024
"""The size of one file; the largest bundled model has a tenth of it."""


def read_bytes(path: Path, shown: str) -> bytes:
    """The bytes of one file; RuleError when it is too large or cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise RuleError(shown, "", f"cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise RuleError(shown, "", f"larger than {MAX_BYTES // 1024} KiB", "split it into several files")
    return data


def parse(data: bytes, shown: str) -> dict[str, object]:
    """The top-level table of a TOML text; RuleError with line and column when it is none.

    tomli bounds the nesting (400 levels, 1,000 parts of a key) and reports what lies beyond as RecursionError.
    """
    try:
        return tomli.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RuleError(shown, "", f"not UTF-8: byte {error.start}", "save it as UTF-8") from error
    except tomli.TOMLDecodeError as error:
        raise RuleError(shown, "", f"no valid TOML: {error}") from error
    except RecursionError as error:
        raise RuleError(shown, "", "nested too deeply", "a rule needs no more than five levels") from error
    except ValueError as error:  # tomli lets `datetime` refuse an impossible date
        raise RuleError(shown, "", "a date that does not exist", "no key takes a date; write a text") from error
