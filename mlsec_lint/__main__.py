"""The program: `mlsec-lint` and `python -m mlsec_lint`."""

from mlsec_lint.import_path import leave_working_directory


def main() -> None:
    """Run the command line and end with its status."""
    leave_working_directory()
    from mlsec_lint.cli.program import leave, run

    leave(run())


if __name__ == "__main__":
    main()
