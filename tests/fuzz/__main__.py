"""Long runs: ``python -m tests.fuzz COUNT [SEED [NAME …]]``; WORKERS processes, by default 2."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.files import NAMES
from tests.fuzz.pool import Tally, Worker

BATCH = 200


def _run(name: str, seeds: range) -> Tally:
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(Path(folder))
        try:
            return worker.run(name, seeds)
        finally:
            worker.close()


def main(count: int = 5000, seed: int = 1, names: tuple[str, ...] = NAMES) -> int:
    """Read ``count`` damaged files of each format; print what must not be, and the counts."""
    first = seed * 10_000_000
    jobs = [
        (name, range(at, min(at + BATCH, first + count)))
        for at in range(first, first + count, BATCH)
        for name in names
    ]
    n_faults = 0
    counts: Counter[str] = Counter()
    with ThreadPoolExecutor(int(os.environ.get("WORKERS", "2"))) as pool:
        for tally in pool.map(lambda job: _run(*job), jobs):
            counts += tally.counts
            n_faults += len(tally.faults)
            print(*tally.faults, sep="\n", end="\n" if tally.faults else "", flush=True)
            print(f"\r{sum(counts.values()):,} inputs", end="", file=sys.stderr, flush=True)
    print(f"{sum(counts.values()):,} inputs:", dict(counts))
    return min(n_faults, 1)


if __name__ == "__main__":
    given = sys.argv[1:]
    count, seed = [*map(int, given[:2]), *(5000, 1)[len(given[:2]) :]]
    sys.exit(main(count, seed, tuple(given[2:]) or NAMES))
