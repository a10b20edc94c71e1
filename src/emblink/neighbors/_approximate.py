"""Stands in for the approximate graph until there is one."""

from __future__ import annotations

from emblink.compute import Progress, silent
from emblink.neighbors._exact import nearest_neighbors
from emblink.types import FloatArray, Metric, NeighborGraph


def approximate(
    vectors: FloatArray,
    *,
    k: int,
    metric: Metric,
    seed: int = 0,
    progress: Progress = silent,
) -> NeighborGraph:
    """Find the exact graph."""
    return nearest_neighbors(vectors, k=min(k, len(vectors) - 1), metric=metric, progress=progress)
