# ruff: noqa: PTH120  # pathlib would be imported before the path is safe
"""The program of a worker process: run by its path, so that neither the working directory nor `-c` has a say in imports."""

import os
import sys

_FOLDER = os.path.dirname(os.path.realpath(__file__))
_ROOT = os.path.dirname(os.path.dirname(_FOLDER))

# Running a file puts its folder first on the path, where its names would hide others.
_PATH = [entry for entry in sys.path if os.path.realpath(entry) != _FOLDER]
sys.path[:] = [_ROOT]
import mlsec_lint.import_path  # noqa: E402  # the package that started us, and no other of its name

sys.path[:] = _PATH if _ROOT in _PATH else [*_PATH, _ROOT]
mlsec_lint.import_path.leave_working_directory()


def main() -> None:
    """Serve the supervisor."""
    from mlsec_lint.run.interrupts import ignore

    ignore()
    from mlsec_lint.run.examine import prepare
    from mlsec_lint.run.worker import serve

    serve(prepare)


if __name__ == "__main__":
    main()
