"""docs/measures/permutation_test.md: how often unrelated spaces are called related."""

from __future__ import annotations

import numpy as np
from _tables import Section
from numpy.typing import NDArray

from emblink.measures import neighborhood_overlap, overlap_null
from emblink.neighbors import nearest_neighbors
from emblink.stats import permutation_test
from emblink.types import NeighborGraph

PAIRS, K = 300, 10
SETTINGS = ((60, 3), (80, 30), (100, 300))


def section() -> Section:
    """Return the share of pairs rejected at 5 %, by renamed items and by dealt lists."""
    rows: list[tuple[str, float, float]] = []
    for n, d in SETTINGS:
        rows.append((f"{n} items, {d} dims", *_rejected(n, d)))
    for norms in (0.1, 0.2, 0.3):
        name = f"100 items, 30 dims, the same norms (log-normal, {norms})"
        rows.append((name, *_rejected(100, 30, norms=norms)))
    title = f"rejected at 5 %, {PAIRS} pairs of unrelated spaces"
    return Section(title, ("pairs", "overlap_null", "lists dealt"), rows)


def _rejected(n: int, d: int, *, norms: float = 0.0) -> tuple[float, float]:
    found = []
    for seed in range(PAIRS):
        rng = np.random.default_rng(seed)
        x, y = rng.standard_normal((n, d)), rng.standard_normal((n, d))
        if norms:
            lengths = np.exp(norms * rng.standard_normal((n, 1)))
            x, y = (lengths * v / np.linalg.norm(v, axis=1, keepdims=True) for v in (x, y))
        a, b = (nearest_neighbors(v, k=K, metric="euclidean") for v in (x, y))
        found.append((overlap_null(a, b, k=K, seed=seed).p <= 0.05, _permuted(a, b, seed) <= 0.05))
    renamed, permuted = np.mean(found, axis=0)
    return float(renamed), float(permuted)


def _permuted(a: NeighborGraph, b: NeighborGraph, seed: int) -> float:
    def overlap(order: NDArray[np.int64]) -> float:
        lists = NeighborGraph(b.indices[order], b.distances, b.metric)
        return float(neighborhood_overlap(a, lists, k=K).mean())

    n = len(a.indices)
    return permutation_test(overlap(np.arange(n)), overlap, n_items=n, seed=seed).p
