"""Compare two spaces with more dims than items: ``python benchmarks/wide.py 1000x30000 30x20000``.

Clusters with noise, float32, cosine. Prints seconds of the whole comparison, the memory by which it
grew beyond the vectors, and that as so many copies of one space.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time

import numpy as np

import emblink as eb


def peak() -> int:
    """Return the most bytes that this process has held so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def compared(n: int, n_dims: int) -> None:
    """Compare two spaces, the second with noise in a quarter of its items."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((max(1, n // 50), n_dims), dtype=np.float32)
    x = centres[rng.integers(len(centres), size=n)]
    x += rng.standard_normal(x.shape, dtype=np.float32)
    y = x.copy()
    y[: n // 4] += rng.standard_normal((n // 4, n_dims), dtype=np.float32)
    before, start = peak(), time.perf_counter()
    scores = eb.compare({"x": x, "y": y}).pair("x", "y").scores
    seconds, grown = time.perf_counter() - start, peak() - before
    print(
        f"{n:,} x {n_dims:,}: {seconds:6.1f} s, {grown / 2**20:7,.0f} MiB beyond the vectors "
        f"({grown / x.nbytes:.1f} copies), linear CKA {scores['linear_cka']['value']:.3f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", default=["10x100000", "30x20000", "1000x30000"])
    for shape in parser.parse_args().shapes:
        compared(*map(int, shape.split("x")))
