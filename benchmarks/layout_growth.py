"""How an epoch of the layout grows with the items, in the order given and in one near in memory.

    python benchmarks/layout_growth.py --n 50000 --n 200000 --n 1000000

Two spaces of a graph whose neighbours are near each other in a plane, their rows in random order.
Prints nanoseconds of a core for each item and space, the least of a few epochs, and what putting
everything in order takes, once for some hundred epochs.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import SparseRows, layout_epoch
from emblink.projection._nearby import Order

DEGREE = 22


def plane(n: int) -> tuple[SparseRows, NDArray[np.float32]]:
    """Return a graph, and where its items lie."""
    rng = np.random.default_rng(0)
    row_at = rng.permutation(n)
    at = np.empty(n, np.int64)
    at[row_at] = np.arange(n)
    side = int(n**0.5)
    steps = rng.integers(-3, 4, (n, DEGREE)) + side * rng.integers(-3, 4, (n, DEGREE))
    near = row_at[(at[:, None] + steps) % n].astype(np.int32)
    weights = rng.random(n * DEGREE, dtype=np.float32)
    where = np.stack([at % side, at // side], axis=1).astype(np.float32) * np.float32(5 / side)
    return SparseRows(np.arange(0, n * DEGREE + 1, DEGREE), near.reshape(-1), weights), where


def epoch(
    graph: SparseRows, where: NDArray[np.float32], rows: NDArray[np.int32], *, times: int
) -> float:
    """Return the nanoseconds of a core of an item and space."""
    here, there = [where.copy(), where.copy()], [where.copy(), where.copy()]
    n, least = len(where), np.inf
    for at in range(times):
        begin = time.process_time()
        layout_epoch(
            here,
            there,
            graphs=[graph, graph],
            rows=rows,
            ties=np.full((n, 1), 0.5, np.float32),
            fixed=np.zeros(2, np.uint8),
            rate=10.0,
            repulsion=22.0,
            samples=30,
            seed=0,
            epoch=at,
        )
        least = min(least, time.process_time() - begin)
        here, there = there, here
    return float(least / n / 2 * 1e9)


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, action="append")
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    for n in options.n or [50_000, 200_000, 1_000_000]:
        graph, where = plane(n)
        rows = np.tile(np.arange(n, dtype=np.int32), (2, 1))
        given = epoch(graph, where, rows, times=options.times)
        begin = time.process_time()
        order = Order.of([where, where], rows)
        graph, rows = order.graph(0, graph), order.numbers(rows)
        spent = time.process_time() - begin
        near = epoch(graph, where[order.rows[0]], rows, times=options.times)
        print(
            f"{n:,}: {given:.0f} ns as given, {near:.0f} in order; ordering {spent:.2f} s of cores"
        )


if __name__ == "__main__":
    main()
