"""The steps of the GitHub Action: `python -I -X utf8 .github/action install`, `check` and `verdict`."""

from __future__ import annotations

import os
import subprocess
import sys

from check import check
from inputs import InputError, read_inputs
from install import install
from runner import say, set_output
from verdict import verdict

USAGE = 2


def main(step: str) -> int:
    """Run one step; its exit code."""
    if step == "install":
        set_output("python", str(install()))
        return 0
    if step == "verdict":
        return verdict()
    check(read_inputs(os.environ))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except (InputError, subprocess.CalledProcessError) as error:
        say("error", str(error))
        sys.exit(USAGE)
