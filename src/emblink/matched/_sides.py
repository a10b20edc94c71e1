"""What each of two spaces brings to a comparison: its common items, alone."""

from __future__ import annotations

from dataclasses import dataclass

from emblink.matched._items import sensible_k
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

WIDE_NEIGHBORS = 50
"""Neighbours of each item that every comparison looks at."""


@dataclass(frozen=True, eq=False)
class Side:
    """Some items of one space: their vectors, and their neighbours among themselves.

    Attributes
    ----------
    name : str
    metric : {"cosine", "euclidean"}
    vectors : array of shape (n_common, n_dims)
    graph : NeighborGraph
        50 neighbours or more, or as many as there are others.
    cells : array of shape (n_common,)
        The cell of neighbours that each item lies in: a few items.
    clusters : array of shape (n_common,)
        The cluster that each item lies in: of few large ones.
    top_share : float
        Share of the whole space's variance in 1 % of its rows.
    """

    name: str
    metric: Metric
    vectors: FloatArray
    graph: NeighborGraph
    cells: IntArray
    clusters: IntArray
    top_share: float


def ks_of(graph: NeighborGraph, *, upto: int) -> int:
    """Return ``upto`` neighbours, or fewer where a graph has no sensible number of that size."""
    held: int = graph.indices.shape[1]
    return min(sensible_k(upto, len(graph.indices)), held)
