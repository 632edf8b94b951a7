"""How are the figures shown? As text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from linters import Reported
from outcome import Outcome
from scoring import MISSION, Score, SinkVerdict, Verdict, score

Row: TypeAlias = Sequence[str]

_FIGURES = ("family", "linter", "recall", "", "alarms on ok", "precision")
_SINKS = ("family", "linter", "reported", "", "silent when fixed", "")


def render(outcome: Outcome, style: str, misses: bool) -> str:
    """Return the report as `text`, `markdown` or `json`."""
    if style == "json":
        return json.dumps(_plain(outcome), indent=1)
    table = _markdown if style == "markdown" else _aligned
    parts = []
    if any(outcome.verdicts.values()):
        parts.append(table("Labelled sites", [_FIGURES, *_figures(outcome)]))
    if any(outcome.sinks.values()):
        parts.append(table("Sinks of published vulnerabilities", [_SINKS, *_sink_figures(outcome)]))
    if misses:
        parts += [
            table(f"{linter}: {title}", rows) for linter in outcome.verdicts for title, rows in _lists(outcome, linter)
        ]
    parts.append(table("Not run", [("what", "why"), *outcome.not_run]))
    parts.append(table("Not analysed", [("linter", "what"), *outcome.problems]))
    times = [(linter, f"{seconds:.1f} s") for linter, seconds in outcome.seconds.items()]
    parts.append(table("Time", [("linter", "on the clock"), *times]))
    return "\n\n".join(part for part in parts if part)


def _groups(outcome: Outcome, linter: str) -> Iterator[tuple[str, Score]]:
    """The score of each family, of the six, and of all."""
    verdicts = outcome.verdicts[linter]
    families = sorted({verdict.site.family for verdict in verdicts}, key=lambda name: (name not in MISSION, name))
    for family in families:
        yield family, score(verdict for verdict in verdicts if verdict.site.family == family)
    yield "the six families", score(verdict for verdict in verdicts if verdict.site.family in MISSION)
    yield "all", score(verdicts)


def _figures(outcome: Outcome) -> list[Row]:
    rows = []
    for linter in outcome.verdicts:
        for name, one in _groups(outcome, linter):
            recall = (f"{one.hits}/{one.bad}", _share(one.recall))
            rows.append((name, linter, *recall, f"{one.alarms}/{one.ok}", _share(one.precision)))
    order = list(dict.fromkeys(row[0] for row in rows if row[0] not in {"the six families", "all"}))
    order += ["the six families", "all"]
    return sorted(rows, key=lambda row: order.index(row[0]))


def _sink_figures(outcome: Outcome) -> list[Row]:
    rows = []
    for linter, verdicts in outcome.sinks.items():
        for family in (*sorted({verdict.sink.family for verdict in verdicts}), "all"):
            mine = [verdict for verdict in verdicts if family in {verdict.sink.family, "all"}]
            before = [bool(verdict.before) for verdict in mine if verdict.before is not None]
            after = [not verdict.after for verdict in mine if verdict.after is not None]
            figures = (_part(before), _share_of(before), _part(after), _share_of(after))
            rows.append((family, linter, *figures))
    return sorted(rows, key=lambda row: (row[0] == "all", row[0]))


def _part(answers: Sequence[bool]) -> str:
    return f"{sum(answers)}/{len(answers)}"


def _share_of(answers: Sequence[bool]) -> str:
    return _share(sum(answers) / len(answers) if answers else None)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _lists(outcome: Outcome, linter: str) -> Iterator[tuple[str, list[Row]]]:
    verdicts = outcome.verdicts[linter]
    missed = [_site(verdict) for verdict in verdicts if verdict.site.bad and not verdict.by]
    yield "missed", [("id", "family", "place", "needs", "api", "reason"), *missed]
    alarms = [(*_site(verdict), _said(verdict.by)) for verdict in verdicts if not verdict.site.bad and verdict.by]
    yield "alarms", [("id", "family", "place", "needs", "api", "reason", "reported"), *alarms]
    sinks = outcome.sinks[linter]
    unseen = [_sink(verdict) for verdict in sinks if verdict.before == ()]
    yield "vulnerabilities missed", [("id", "family", "place", "needs", "sink", "fix"), *unseen]
    loud = [(*_sink(verdict), f"{verdict.sink.fixed}: {_said(verdict.after)}") for verdict in sinks if verdict.after]
    yield "reported although fixed", [("id", "family", "place", "needs", "sink", "fix", "reported"), *loud]


def _site(verdict: Verdict) -> Row:
    site = verdict.site
    return site.id, site.family, str(site.place), site.needs, site.api, site.reason


def _sink(verdict: SinkVerdict) -> Row:
    sink = verdict.sink
    return sink.id, sink.family, str(sink.vulnerable), sink.needs, sink.api, f"{sink.fixed_state}: {sink.reason}"


def _said(findings: Iterable[Reported]) -> str:
    return "; ".join(f"{found.rule} line {found.first_line} {found.message}".strip() for found in findings)


def _aligned(title: str, rows: Sequence[Row]) -> str:
    """Columns side by side; long texts last, as they are."""
    if len(rows) == 1:
        return ""
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in range(len(rows[0]) - 1)]
    narrow = [min(width, 60) for width in widths]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, narrow, strict=False)), row[-1]]) for row in rows
    ]
    return "\n".join([title, *(f"  {line}".rstrip() for line in lines)])


def _markdown(title: str, rows: Sequence[Row]) -> str:
    if len(rows) == 1:
        return ""
    head, *body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([f"### {title}", "", head, "|---" * len(rows[0]) + "|", *body])


def _plain(outcome: Outcome) -> dict[str, object]:
    return {
        "figures": [
            {"linter": linter, "family": name, "hits": one.hits, "bad": one.bad, "alarms": one.alarms, "ok": one.ok}
            for linter in outcome.verdicts
            for name, one in _groups(outcome, linter)
        ],
        "sites": [
            {"linter": linter, "id": one.site.id, "bad": one.site.bad, "by": [found.rule for found in one.by]}
            for linter, verdicts in outcome.verdicts.items()
            for one in verdicts
        ],
        "vulnerabilities": [
            {"linter": linter, "id": one.sink.id, "place": str(one.sink.vulnerable), **_answers(one)}
            for linter, verdicts in outcome.sinks.items()
            for one in verdicts
        ],
        "not_run": [{"what": what, "why": why} for what, why in outcome.not_run],
        "problems": [{"linter": linter, "what": what} for linter, what in outcome.problems],
        "seconds": outcome.seconds,
    }


def _answers(one: SinkVerdict) -> dict[str, object]:
    """Rules before and after the fix; null where it was not run or the place is gone."""
    before = None if one.before is None else [found.rule for found in one.before]
    after = None if one.after is None else [found.rule for found in one.after]
    return {"vulnerable": before, "fixed": after}
