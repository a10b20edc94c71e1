"""What a base install (no extras) brings into a fresh virtual environment, in MB and seconds."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def install(scratch: Path) -> tuple[Path, float]:
    """Build a wheel and install it; return the environment's Python and the seconds that took."""
    venv.create(scratch / "venv", with_pip=True)
    python = scratch / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [str(python), "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(scratch), str(ROOT)], check=True)
    (wheel,) = scratch.glob("*.whl")
    start = time.perf_counter()
    subprocess.run([*pip, "install", str(wheel)], check=True)
    return python, time.perf_counter() - start


def main() -> None:
    """Print the seconds and the table; fail as ``scripts/weight.py`` does."""
    with tempfile.TemporaryDirectory() as name:
        python, taken = install(Path(name))
        print(f"installed in {taken:.0f} s (pip's cache as it was)", flush=True)
        weighed = subprocess.run([sys.executable, ROOT / "scripts" / "weight.py", python])
    sys.exit(weighed.returncode)


if __name__ == "__main__":
    main()
