"""The benchmarks, as modules and as commands."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


def imported(module: str) -> Any:
    """Import a module of the benchmarks by its name there."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module(module)
    finally:
        sys.path.remove(str(BENCHMARKS))


def sections(script: str, options: str) -> list[Any]:
    """Run a benchmark to its end, and return the sections that it prints as JSON."""
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *options.split(), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[Any] = json.loads(done.stdout)
    return found
