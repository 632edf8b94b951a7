"""Was a site reported? The rules by which findings count on labelled rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from linters import Reported
from rows import Place, Sink, Site

MISSION = ("unsafe-load", "unpinned-download", "credentials", "confidence", "prompt-concat", "error-leak")
"""The families that the project set out with."""

_NEAR = 2
_NEAR_SINK = 3
"""Lines between a sink of a vulnerability and a finding on it."""

_RULES = {
    "mlsec-lint": {
        "unsafe-load": r"MLS(1\d\d|207|813|918)",
        "unpinned-download": r"MLS2\d\d",
        "credentials": r"MLS(3\d\d|001|002|006)",
        "confidence": r"MLS4\d\d",
        "prompt-concat": r"MLS5\d\d",
        "error-leak": r"MLS60[1-5]",
        "llm-output-exec": r"MLS(7\d\d|502|917)",
        "serving-exposure": r"MLS(8\d\d|603)",
    },
    "bandit": {
        "unsafe-load": r"B(301|302|506|614)",
        "unpinned-download": r"B615",
        "credentials": r"B10[567]",
        "llm-output-exec": r"B(102|307|60[2-6]|608|703|704)",
        "serving-exposure": r"B(104|201)",
    },
    "ruff": {
        "unsafe-load": r"S(301|302|506)",
        "credentials": r"S10[567]",
        "llm-output-exec": r"S(102|307|60[2-6]|608|704)",
        "serving-exposure": r"S(104|201)",
    },
    "semgrep": {
        "unsafe-load": r"avoid-(pickle|dill|shelve|jsonpickle|pyyaml-load)|pickles-in-.*|scikit-joblib-load|insecure-deserialization",
        "credentials": r"hardcoded-(password-default-argument|token|config)|jwt-.*hardcode.*",
        "llm-output-exec": r"(exec|eval)-detected|dangerous-(subprocess|system)-.*|subprocess-shell-true"
        r"|sqlalchemy-execute-raw-query|formatted-sql-query|avoid-sqlalchemy-text",
        "serving-exposure": r"avoid_app_run_with_bad_host|debug-enabled|wildcard-cors|avoid-bind-to-all-interfaces",
    },
}
LINTERS = tuple(_RULES)


def is_about(linter: str, family: str, rule: str) -> bool:
    """Whether a rule is about the weakness of a family; mlsec-lint reports Bandit's rules under their own ids."""
    linters = (linter, "bandit") if linter == "mlsec-lint" else (linter,)
    patterns = (_RULES[one].get(family) for one in linters)
    return any(pattern is not None and re.fullmatch(pattern, rule) for pattern in patterns)


def is_on_point(linter: str, sink: Sink, rule: str) -> bool:
    """Whether a rule counts on a vulnerability: any of ours, and those of others that the table names."""
    if linter == "mlsec-lint":
        return rule.startswith("MLS") or rule in sink.onpoint["bandit"]
    return rule in sink.onpoint[linter]


def starts_near(found: Reported, place: Place, near: int) -> bool:
    """Whether it starts within `near` lines of the site, or spans it."""
    if found.cell != place.cell:
        return False
    lines = (place.line, *place.also)
    return any(abs(found.first_line - line) <= near or found.first_line <= line <= found.last_line for line in lines)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a linter said about one site."""

    site: Site
    by: tuple[Reported, ...]
    """The findings that count."""


def judge(linter: str, site: Site, findings: Iterable[Reported]) -> Verdict:
    """A bad site is hit by what starts within two lines; a look-alike is an alarm if something starts on or spans it."""
    near = _NEAR if site.bad else 0
    about = (found for found in findings if is_about(linter, site.family, found.rule))
    return Verdict(site, tuple(found for found in about if starts_near(found, site.place, near)))


def on_sink(linter: str, sink: Sink, place: Place, findings: Iterable[Reported]) -> tuple[Reported, ...]:
    """The findings that count on a vulnerability, at the vulnerable or the fixed place."""
    about = (found for found in findings if is_on_point(linter, sink, found.rule))
    return tuple(found for found in about if starts_near(found, place, _NEAR_SINK))


@dataclass(frozen=True, slots=True)
class Score:
    """Numbers over some sites."""

    hits: int
    bad: int
    alarms: int
    ok: int

    @property
    def recall(self) -> float | None:
        """The share of bad sites that was reported; None if there is none."""
        return self.hits / self.bad if self.bad else None

    @property
    def precision(self) -> float | None:
        """The share of bad ones among the sites that were reported; None if none was."""
        reported = self.hits + self.alarms
        return self.hits / reported if reported else None


def score(verdicts: Iterable[Verdict]) -> Score:
    """Count."""
    every = list(verdicts)
    bad = [bool(verdict.by) for verdict in every if verdict.site.bad]
    ok = [bool(verdict.by) for verdict in every if not verdict.site.bad]
    return Score(sum(bad), len(bad), sum(ok), len(ok))


@dataclass(frozen=True, slots=True)
class SinkVerdict:
    """What a linter said about a vulnerability's sink, before and after the fix."""

    sink: Sink
    before: tuple[Reported, ...] | None
    """None: not run."""
    after: tuple[Reported, ...] | None
    """None: gone, or not run."""
