"""What ``scripts/setup`` installs from, and whether it is what was installed.

``python -m scripts._stamp`` prints it, for setup to keep; with ``--stale`` it says what is missing
or out of date, and fails.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import hatch_build

ROOT = Path(__file__).resolve().parents[1]
STAMP = ROOT / ".venv-dev" / ".setup"
PAGE_STAMP = ROOT / "frontend" / "node_modules" / ".installed"
INSTALLED = (
    "name",
    "version",
    "requires-python",
    "dependencies",
    "optional-dependencies",
    "scripts",
)


def wanted() -> str:
    """Return all that an install depends on: another text, another install."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = {
        "python": sys.version,
        "checkout": str(ROOT),
        "build-system": project["build-system"],
        "project": {name: project["project"].get(name) for name in INSTALLED},
        "hatch": project["tool"]["hatch"],
        "tools": [hatch_build.ZIG, hatch_build.NODE],
        "setup": (ROOT / "scripts" / "setup").read_text(encoding="utf-8"),
    }
    return json.dumps(parts, indent=1, sort_keys=True)


def stale() -> str:
    """Return what scripts/setup has to bring up to date, or nothing."""
    if _text(STAMP) != wanted():
        return ".venv-dev was not installed from what is here now"
    lock = hatch_build._digest([hatch_build.FRONTEND / "package-lock.json"])
    if _text(PAGE_STAMP) != lock:
        return "the page's packages in frontend/node_modules are not those of package-lock.json"
    return ""


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


if __name__ == "__main__":
    asked = sys.argv[1:] == ["--stale"]
    found = stale() if asked else wanted()
    print(found)
    sys.exit(1 if asked and found else 0)
