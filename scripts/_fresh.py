"""Fresh ground for the scripts: a copy of the checkout, and virtual environments."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def copy_checkout(target: Path) -> Path:
    """Copy what git tracks or would add, so that nothing already built comes along."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/data/"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    return target


def new_venv(scratch: Path) -> Path:
    """Make a fresh virtual environment and return the folder of its programs."""
    home = Path(tempfile.mkdtemp(dir=scratch))
    venv.create(home, with_pip=True)
    return home / ("Scripts" if sys.platform == "win32" else "bin")


def pip(
    programs: Path, *args: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a virtual environment's pip quietly; the caller looks at how it ended."""
    command = [str(programs / "python"), "-m", "pip", "-q", "--disable-pip-version-check", *args]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)
