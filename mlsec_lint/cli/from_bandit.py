"""What `mlsec-lint init --from-bandit` carries over: a configuration of Bandit's, and a baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mlsec_lint.baseline.document import FILE, written
from mlsec_lint.baseline.entry import entries_of
from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.cli.day import today
from mlsec_lint.cli.failure import Failure
from mlsec_lint.cli.init import SEARCH
from mlsec_lint.cli.output import check_target
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.findings import Profile
from mlsec_lint.migration.carried import Carried
from mlsec_lint.migration.configuration import carried, configurations_in
from mlsec_lint.migration.matching import findings_known
from mlsec_lint.migration.report import read_report
from mlsec_lint.record import dataclass
from mlsec_lint.run.baselining import Keys
from mlsec_lint.run.checking import check
from mlsec_lint.run.plan import Request
from mlsec_lint.sources.discovery import shown_path

_NAMED = 10
"""Results of a baseline without a finding that are named one by one."""


@dataclass(frozen=True, slots=True)
class Migration:
    """What to write, and what to say about it."""

    carried: Carried
    baseline: tuple[Path, str] | None = None
    """A file to write beside the configuration, and its text."""


def migration(folder: Path, named: Sequence[str]) -> Migration:
    """What files of Bandit's say for the project in a folder; nothing is written.

    Raises Failure, BanditSettingsError, and OutputError where a baseline of ours cannot be written.
    """
    files = _files(folder, named)
    reports = [file for file in files if file.suffix == ".json"]
    configurations = [file for file in files if file not in reports]
    if len(reports) > 1 or len(configurations) > 1:
        names = ", ".join(map(_shown, reports if len(reports) > 1 else configurations))
        raise Failure(f"{names}: only one of them can be carried over; name it: --from-bandit FILE")
    found = Carried({}, ())
    if configurations:
        found = carried(configurations[0], _shown(configurations[0]), load_catalogue())
    return _with_baseline(folder, reports[0], found) if reports else Migration(found)


def _files(folder: Path, named: Sequence[str]) -> list[Path]:
    files = [Path(name) for name in named if name != SEARCH]
    if SEARCH in named and not any(file.suffix != ".json" for file in files):
        found = list(configurations_in(folder))
        if not found and not files:
            said = "no configuration of Bandit's is here: .bandit, bandit.yaml, or [tool.bandit] in pyproject.toml"
            raise Failure(f"{said}; name it: --from-bandit FILE")
        files += found
    for file in files:
        if not file.is_file():
            raise Failure(f"{_shown(file)}: there is no such file; name Bandit's configuration or its JSON report")
    return list(dict.fromkeys(files))


def _shown(file: Path) -> str:
    return shown_path(file, Path.cwd())


def _with_baseline(folder: Path, report: Path, found: Carried) -> Migration:
    file = folder / FILE
    check_target(file)
    if file.exists():
        raise Failure(f"{_shown(file)} is there already; `mlsec-lint baseline update` renews it")
    known, outside = read_report(report, _shown(report), folder.resolve())
    overrides = {"extend_select": ("B",), "profile": Profile.AUDIT}
    root = folder.resolve()
    request = Request((root,), Configuration(root, overrides, isolated=True), root, today=today())
    seen = check(replace(request, baseline=False)).seen
    findings = (*seen.findings, *seen.kept_back)
    refines = {rule.id: rule.refines for rule in load_catalogue().pack.rules}
    meant, left = findings_known(known, findings, refines)
    keys = Keys(root, seen)
    entries = entries_of(map(keys.of, meant))
    said = f"{_shown(report)}: {len(meant):,} of {len(known):,} results are findings here; {FILE} holds them"
    counted = Counter((item.path, item.test) for item in left)
    rest = [
        f"{_shown(report)}: {path}: {test} is not found here ({number})" for (path, test), number in counted.items()
    ]
    more = [f"{_shown(report)}: and {len(rest) - _NAMED:,} more that are not found here"] if len(rest) > _NAMED else []
    if outside:
        more.append(f"{_shown(report)}: {outside:,} results are about files elsewhere")
    values = {**found.values, "baseline": FILE}
    return Migration(Carried(values, (*found.remarks, said, *rest[:_NAMED], *more)), (file, written(entries)))
