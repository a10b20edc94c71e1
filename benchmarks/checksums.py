"""What a bundle's checksums and settlements cost: share of a comparison's time, and fsyncs.

Two spaces of Gaussian clusters are compared into a new bundle. Then all bytes of its arrays are
hashed as a run does: CRC-32 of each as it is written, and the content hash of vectors and item
columns, once before and once while they are written. Both times are of this machine, one after the
other; ``--n 100000`` is the claim. ``--demo`` counts the fsyncs of the demo, which were 1,033
before columns were settled together.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import zlib
from hashlib import blake2b
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import emblink as eb
from emblink.bundle import verify
from emblink.demo import compare_emoji

MOST_SHARE = 0.02
FSYNCS_BEFORE = 1033
BY_CONTENT = ("vectors-", "items-", "order-")
BLOCK = 1 << 24


def clustered(n: int, n_dims: int) -> dict[str, Any]:
    """Return two spaces of the same clusters."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((max(1, n // 200), n_dims), dtype=np.float32)
    old = centres[rng.integers(len(centres), size=n)] + rng.standard_normal(
        (n, n_dims), dtype=np.float32
    )
    return {"old": old, "new": old + 0.3 * rng.standard_normal((n, n_dims), dtype=np.float32)}


def hashing(path: Path) -> tuple[float, int]:
    """Return the seconds that a run's hashes of all arrays take, and their bytes."""
    taken, n_bytes = 0.0, 0
    for file in sorted(path.glob("columns/*/*.npy")):
        data = file.read_bytes()
        start = time.perf_counter()
        for at in range(0, len(data), BLOCK):
            zlib.crc32(data[at : at + BLOCK])
        if file.parent.name.startswith(BY_CONTENT):
            for _ in range(2):
                blake2b(data, digest_size=16)
        taken += time.perf_counter() - start
        n_bytes += len(data)
    return taken, n_bytes


def measure(n: int, n_dims: int) -> bool:
    """Print the share of hashing in a comparison; return whether it is as claimed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run.emblink")
        spaces = clustered(n, n_dims)
        start = time.perf_counter()
        eb.compare(spaces, out=path)
        compared = time.perf_counter() - start
        hashed, n_bytes = hashing(path)
        start = time.perf_counter()
        found = verify(path)
        verified = time.perf_counter() - start
        assert not found.faults
    print(f"{n:,} × {n_dims}, a pair: compared in {compared:,.1f} s; {n_bytes / 1e6:,.0f} MB")
    print(f"  its hashes    {hashed:8.2f} s   {hashed / compared:6.2%}   target {MOST_SHARE:.0%}")
    print(f"  verified in   {verified:8.2f} s   {verified / compared:6.2%}")
    return hashed / compared <= MOST_SHARE


def fsyncs() -> bool:
    """Print how often the demo waits for the disk; return whether that is less than before."""
    settle = os.fsync
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(os, "fsync", side_effect=settle) as counted,
    ):
        compare_emoji(Path(folder, "demo.emblink"))
    print(f"fsyncs of the demo: {counted.call_count:,} (before: {FSYNCS_BEFORE:,})")
    return counted.call_count < FSYNCS_BEFORE


def main() -> None:
    """Measure, print, and fail when a claim does not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--dims", type=int, default=384)
    parser.add_argument("--demo", action="store_true", help="count the fsyncs of the demo only")
    asked = parser.parse_args()
    held = fsyncs() if asked.demo else measure(asked.n, asked.dims) and fsyncs()
    if not held:
        raise SystemExit("missed")


if __name__ == "__main__":
    main()
