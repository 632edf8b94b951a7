"""The program: `mlsec-lint` and `python -m mlsec_lint`."""

from mlsec_lint.import_path import leave_working_directory


def main() -> None:
    """Run the command line and end with its status."""
    leave_working_directory()
    try:
        from mlsec_lint.run.garbage import collect_nothing

        collect_nothing()
        from mlsec_lint.cli.program import leave, run
    except KeyboardInterrupt:
        raise SystemExit(130) from None  # 128 and the number of the signal, before anybody could be told

    leave(run())


if __name__ == "__main__":
    main()
