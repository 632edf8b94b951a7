from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from memory import PeakMemory
from noise import draw, measure, show

LOADS = "import pickle\n\n\ndef load(data):\n    return pickle.loads(data)\n"


@pytest.mark.slow
def test_findings_are_counted_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "load.py").write_text(LOADS, encoding="utf-8")
    run = measure(tmp_path, ["--jobs", "1"])
    assert run.rules == {"MLS101": 1}
    show([run, run])
    draw([run], 5, seed=1)
    lines = capsys.readouterr().out.splitlines()
    assert ": 1 files, 5 lines, 1 findings (200.000 for 1,000 lines, 1000.00 for 5,000), " in lines[0]
    assert lines[2].startswith("together: 10 lines, 2 findings (200.000 for 1,000 lines, 1000.00 for 5,000), ")
    assert lines[3] == "  MLS101  2"
    assert "        5 |     return pickle.loads(data)" in lines


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_of_children_counts() -> None:

    child = "x = bytearray(60_000_000); import time; time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent]) as process:
        memory = PeakMemory(process.pid)
        process.wait()
        peak = memory.stop()
    assert peak is not None
    assert peak > 60_000_000
