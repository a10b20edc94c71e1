"""Five million items in the page: runs ``many_points.mjs`` in Node, with the options given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Run the benchmark, and fail as it does."""
    script = Path(__file__).with_suffix(".mjs")
    raise SystemExit(subprocess.run(["node", str(script), *sys.argv[1:]], check=False).returncode)


if __name__ == "__main__":
    main()
