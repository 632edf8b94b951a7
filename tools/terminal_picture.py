"""Draws docs/images/check.svg: what a terminal shows for the example service. `--check` only compares."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "check.svg"
COMMAND = ("mlsec-lint", "check", "fixtures/example-service/service/app.py")
WIDTH = 110


def terminal_output() -> str:
    """What the command prints on a terminal with colours."""
    env = os.environ | {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "mlsec_lint", *COMMAND[1:]]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 1:
        raise SystemExit(f"{' '.join(COMMAND)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def picture(output: str) -> str:
    """The output as SVG, in the reader's own fixed-width font instead of one from the network."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(f"$ {' '.join(COMMAND)}\n{output}"), soft_wrap=False)
    svg = console.export_svg(title="mlsec-lint", theme=DIMMED_MONOKAI)
    without_fonts = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return without_fonts.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")


def main(arguments: list[str]) -> int:
    """Draw, or with `--check` say whether the picture is out of date; the exit code."""
    svg = picture(terminal_output())
    if arguments == ["--check"]:
        stale = not PICTURE.is_file() or PICTURE.read_text(encoding="utf-8") != svg
        if stale:
            print("docs/images/check.svg shows another output; run: python tools/terminal_picture.py")
        return int(stale)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(svg, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
