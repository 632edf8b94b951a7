from __future__ import annotations

from pathlib import Path

import pytest
from rows import Package, Place, TableError, read_sinks, read_sites

SITES = "id family label package version dist file line cell api source needs reason split bandit ruff semgrep also"
SINKS = (
    "cve package vulnerable_version fixed_version dist family file line sink needs fixed_file fixed_line_or_gone "
    "fixed_state fix note bandit_onpoint ruff_onpoint semgrep_onpoint bandit_fixed_onpoint ruff_fixed_onpoint "
    "semgrep_fixed_onpoint"
)


def table(folder: Path, head: str, *rows: str) -> Path:
    path = folder / "table.tsv"
    path.write_text("\n".join("\t".join(row.split()) for row in (head, *rows)) + "\n", encoding="utf-8")
    return path


def test_sites(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        SITES,
        "UL-1 unsafe-load bad some 1.0 wheel some/a.py 10 - pickle.load - call why dev B301 S301 - -",
        "UL-2 unsafe-load ok some 1.0 wheel some/a.ipynb 3 4 pickle.load - call why dev - - - 5,6",
        "UL-3 unsafe-load debatable some 1.0 wheel some/a.py 30 - pickle.load - call why dev - - - -",
    )
    bad, ok = read_sites(path)
    package = Package("some", "1.0", "wheel")
    assert (bad.bad, bad.place) == (True, Place(package, "some/a.py", 10))
    assert (ok.bad, ok.place) == (False, Place(package, "some/a.ipynb", 3, (5, 6), 4))


def test_quotes_are_text(tmp_path: Path) -> None:
    row = 'UL-1 unsafe-load bad some 1.0 wheel some/a.py 10 - "pickle - call why dev - - - -'
    assert read_sites(table(tmp_path, SITES, row))[0].api == '"pickle'


def test_sinks(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        SINKS,
        "CVE-1 some 1.0 1.1 wheel other a.py 5 eval call b.py 7 guarded fix note B307,B102 S307 sg.eval-detected B301 - -",
        "CVE-2 some 1.0 1.1 wheel other a.py 5 eval call - gone gone fix note - - tob.pickles - - -",
    )
    guarded, gone = read_sinks(path)
    assert guarded.vulnerable == Place(Package("some", "1.0", "wheel"), "a.py", 5)
    assert guarded.fixed == Place(Package("some", "1.1", "wheel"), "b.py", 7)
    assert guarded.onpoint["bandit"] == {"B307", "B102", "B301"}
    assert guarded.onpoint["semgrep"] == {"eval-detected"}
    assert gone.fixed is None
    assert gone.onpoint["semgrep"] == {"pickles"}
    assert gone.onpoint["ruff"] == frozenset()


@pytest.mark.parametrize(
    "row",
    [
        "UL-1 unsafe-load maybe some 1.0 wheel some/a.py 10 - pickle.load - call why dev - - - -",
        "UL-1 unsafe-load bad some 1.0 wheel some/a.py ten - pickle.load - call why dev - - - -",
    ],
)
def test_a_row_with_a_mistake_names_file_and_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(TableError, match=r"table\.tsv, line 2"):
        read_sites(table(tmp_path, SITES, row))


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, "a b", "1 2")
    with pytest.raises(TableError, match="'label'"):
        read_sites(path)
    with pytest.raises(TableError, match="cannot be read"):
        read_sinks(tmp_path / "none.tsv")


def test_repositories_are_named_by_commit() -> None:
    package = Package("owner/name", "0123456", "git:owner/name@0123456789abcdef")
    assert package.repository == ("owner/name", "0123456789abcdef")
    assert Package("some", "1.0", "sdist").repository == ("", "")
