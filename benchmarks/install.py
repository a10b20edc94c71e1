"""What a base install (no extras) brings into a fresh virtual environment, in MB and seconds."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT_MB = 300.0
UNWANTED = {"torch", "numba", "llvmlite", "jax", "tensorflow"}
SIZES = """
import json
from importlib.metadata import distributions
def size(files):
    paths = {str(file.locate()) for file in files or ()}
    return sum(os.path.getsize(path) for path in paths if os.path.isfile(path))
import os
print(json.dumps({d.metadata["Name"].lower(): size(d.files) / 1e6 for d in distributions()}))
"""


def install(scratch: Path) -> tuple[dict[str, float], float]:
    """Build a wheel, install it, and return MB per distribution and the seconds of installing."""
    venv.create(scratch / "venv", with_pip=True)
    python = scratch / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [str(python), "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(scratch), str(ROOT)], check=True)
    (wheel,) = scratch.glob("*.whl")
    start = time.perf_counter()
    subprocess.run([*pip, "install", str(wheel)], check=True)
    taken = time.perf_counter() - start
    told = subprocess.run([str(python), "-c", SIZES], check=True, capture_output=True, text=True)
    sizes: dict[str, float] = json.loads(told.stdout)
    return {name: mb for name, mb in sizes.items() if name not in ("pip", "setuptools")}, taken


def main() -> None:
    """Print the table; fail past the limit, or when something unwanted came along."""
    with tempfile.TemporaryDirectory() as name:
        sizes, taken = install(Path(name))
    for package, mb in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"{package:<24}{mb:8.1f} MB")
    total = sum(sizes.values())
    print(f"{'all':<24}{total:8.1f} MB   target {LIMIT_MB:.0f} MB")
    print(f"installed in {taken:.0f} s (pip's cache as it was)")
    if unwanted := UNWANTED & sizes.keys():
        raise SystemExit(f"unwanted: {', '.join(sorted(unwanted))}")
    if total > LIMIT_MB:
        raise SystemExit("too large")


if __name__ == "__main__":
    main()
