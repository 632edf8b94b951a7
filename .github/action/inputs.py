"""The action's inputs, checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PROFILES = ("default", "strict", "audit")
SEVERITIES = ("critical", "high", "medium", "low", "never")
UPLOADS = ("auto", "always", "never")
SWITCH = ("true", "false")


class InputError(ValueError):
    """An input has a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the workflow asked for."""

    paths: tuple[str, ...]
    profile: str
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    config: str
    fail_on: str
    allow_unfinished: bool
    annotations: bool
    upload: str
    sarif_file: str
    """Empty: a new file in the runner's temporary folder."""


def choice(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """The value of an input that must be one of a few words; InputError if it is another."""
    value = variable(environ, name).strip()
    if value not in allowed:
        raise InputError(f"input '{name}' is {value!r}; it must be one of: {', '.join(allowed)}")
    return value


def variable(environ: Mapping[str, str], name: str) -> str:
    """The value of an input, as action.yml hands it over; InputError if it does not."""
    key = "INPUT_" + name.replace("-", "_").upper()
    if key not in environ:
        raise InputError(f"input '{name}' is missing: the step must set {key}")
    return environ[key]


def lines(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """An input with one value a line; blank lines do not count."""
    return tuple(line.strip() for line in variable(environ, name).splitlines() if line.strip())


def words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """An input with values separated by commas, spaces or line ends."""
    return tuple(variable(environ, name).replace(",", " ").split())


def read_inputs(environ: Mapping[str, str]) -> Inputs:
    """All inputs from the step's environment; InputError names the first that is wrong."""
    return Inputs(
        paths=lines(environ, "paths") or (".",),
        profile=choice(environ, "profile", PROFILES),
        select=words(environ, "select"),
        ignore=words(environ, "ignore"),
        config=variable(environ, "config").strip(),
        fail_on=choice(environ, "fail-on", SEVERITIES),
        allow_unfinished=choice(environ, "allow-unfinished", SWITCH) == "true",
        annotations=choice(environ, "annotations", SWITCH) == "true",
        upload=choice(environ, "upload", UPLOADS),
        sarif_file=variable(environ, "sarif-file").strip(),
    )
