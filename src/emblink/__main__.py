"""The command, and ``python -m emblink``."""

import sys


def main() -> None:
    """Run the command line; an interrupt ends it soon, while it is being loaded in silence."""
    try:
        from emblink._interrupt import soon_ended

        soon_ended()
        from emblink.cli import main as run

        run()
    except KeyboardInterrupt:
        from emblink._interrupt import INTERRUPTED

        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
