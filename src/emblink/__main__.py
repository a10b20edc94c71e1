"""The command, and ``python -m emblink``."""

import sys

from emblink._interrupt import INTERRUPTED, soon_ended


def main() -> None:
    """Run the command line; an interrupt ends it soon, while it is being loaded in silence."""
    try:
        soon_ended()
        from emblink.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
