"""The command line. Nothing heavy is imported here: child processes import this again."""


def main() -> None:
    """Run `vigil` with the process's arguments and exit with its code."""
    import sys

    from bot.cli.entry import run

    sys.exit(run(sys.argv[1:]))
