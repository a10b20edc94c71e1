"""``python -m emblink``."""

from emblink.cli import main

main()
