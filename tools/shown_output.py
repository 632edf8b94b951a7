"""Writes what the README shows of a run: the excerpt in its text and docs/images/check.svg. `--check` only compares."""

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
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "check.svg"
EXAMPLE = "fixtures/example-service"
IN_TEXT = ("MLS304", "MLS502")
IN_PICTURE = ("MLS203", "MLS501")
WIDTH = 120
GAP = "\n\n[…]\n\n"
BLOCK = re.compile(r"(?<=<!-- output: example -->\n```text\n).*?(?=```\n)", re.DOTALL)


def run(*options: str, color: str) -> str:
    """What `mlsec-lint check` prints for the example service, which has findings."""
    env = os.environ | {"COLUMNS": str(WIDTH), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "mlsec_lint", "check", "--no-cache", EXAMPLE, "--color", color, *options]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 1:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def excerpt() -> str:
    """Some findings of the whole output, and its last lines."""
    *findings, closing = run(color="never").rstrip().split("\n\n")
    shown = [finding for finding in findings if any(f"[{rule}]" in finding for rule in IN_TEXT)]
    return GAP.join([*shown, closing]) + "\n"


def picture() -> str:
    """A terminal as SVG, in the reader's own fixed-width font instead of one from the network."""
    options = ("--select", ",".join(IN_PICTURE))
    typed = f"$ mlsec-lint check {EXAMPLE} {' '.join(options)}\n"
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(typed + run(*options, color="always")))
    svg = console.export_svg(title="mlsec-lint", theme=DIMMED_MONOKAI)
    without_fonts = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return without_fonts.replace("Fira Code, monospace", "monospace")


def shown() -> dict[Path, str]:
    """The files that show output, as they should be."""
    text = excerpt()
    return {PICTURE: picture(), README: BLOCK.sub(lambda _: text, README.read_text(encoding="utf-8"), count=1)}


def main(arguments: list[str]) -> int:
    """Write, or with `--check` say what is out of date; the exit code."""
    stale = {p: t for p, t in shown().items() if not p.is_file() or p.read_text(encoding="utf-8") != t}
    for path, text in stale.items():
        if arguments == ["--check"]:
            print(f"{path.relative_to(ROOT)} shows another output; run: python tools/shown_output.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return int(bool(stale) and arguments == ["--check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
