"""Start-up: ``import emblink``, ``emblink --help``, and the demo until its first painted points.

Whole processes, interleaved with a Python that does nothing, medians. The demo starts with an empty
cache; its browser already runs, as a person's does.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EMBLINK = str(Path(sys.executable).with_name("emblink"))
RUNS = 15
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import emblink": [sys.executable, "-c", "import emblink"],
    "emblink --help": [EMBLINK, "--help"],
}
TARGETS = {"import emblink": 0.3, "emblink --help": 0.5, "demo, first points": 10.0}


def seconds(command: list[str]) -> float:
    """Run a command to its end and return how long it took."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def medians() -> dict[str, float]:
    """Return the median time of each command, the commands taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            taken[name].append(seconds(command))
    return {name: statistics.median(times) for name, times in taken.items()}


def demo() -> dict[str, float]:
    """Return the seconds from ``emblink demo`` to its address and to its first painted points."""
    page = subprocess.Popen(
        ["node", str(ROOT / "benchmarks" / "first_paint.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert page.stdin is not None
    assert page.stdout is not None
    if page.stdout.readline().strip() != "ready":
        raise SystemExit("no browser: run scripts/setup --browser")
    with tempfile.TemporaryDirectory() as cache:
        start = time.perf_counter()
        server = subprocess.Popen(
            [EMBLINK, "demo", "--no-open"],
            env={**os.environ, "XDG_CACHE_HOME": cache, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            address = served_address(server)
            served = time.perf_counter() - start
            said = page.communicate(f"{address}\n", timeout=120)[0].strip()
            painted = time.perf_counter() - start
        finally:
            server.terminate()
            server.wait(timeout=30)
            page.kill()
    if said != "painted":
        raise SystemExit(f"the page painted nothing: {said}")
    return {"demo, address": served, "demo, first points": painted}


def served_address(server: subprocess.Popen[str]) -> str:
    """Return the first address that a starting server prints."""
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S*", line):
            return found[0]
    raise SystemExit("`emblink demo` ended without an address")


def main() -> None:
    """Print each time beside its target; fail when one is missed."""
    times = {**medians(), **demo()}
    for name, taken in times.items():
        target = f"target {TARGETS[name]} s" if name in TARGETS else ""
        print(f"{name:<20}{taken:8.3f} s   {target}".rstrip())
    missed = [name for name, target in TARGETS.items() if times[name] >= target]
    if missed:
        raise SystemExit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
