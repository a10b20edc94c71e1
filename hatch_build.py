"""Build the two products that are never committed: the compiled kernels and the page."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent
PACKAGE = ROOT / "src" / "emblink"
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


def build_kernels() -> None:
    """Compile ``src/kernels/*.cpp`` into one shared library beside ``kernels.py``."""
    sources = sorted(str(path) for path in (ROOT / "src" / "kernels").glob("*.cpp"))
    target = PACKAGE / f"_kernels{SUFFIX}"
    compiler = shutil.which("c++") or "g++"
    subprocess.run(
        [
            compiler,
            "-O3",
            "-std=c++17",
            "-shared",
            "-fPIC",
            "-pthread",
            "-fvisibility=hidden",
            "-o",
            str(target),
            *sources,
        ],
        check=True,
    )


if __name__ == "__main__":
    build_kernels()
