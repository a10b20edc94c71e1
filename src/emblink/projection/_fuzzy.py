"""The fuzzy graph of a space, and the consensus of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import SparseRows, fuzzy_weights
from emblink.types import FloatArray, IntArray, NeighborGraph


@dataclass(frozen=True, eq=False)
class FuzzyGraph:
    """Symmetric edge weights in [0, 1] over ``n`` nodes; edge ``i → j`` has key ``i * n + j``.

    Attributes
    ----------
    n : int
    keys : array of shape (n_edges,), int64
        Ascending; both directions of an edge are present.
    weights : array of shape (n_edges,), float32
    """

    n: int
    keys: NDArray[np.int64]
    weights: NDArray[np.float32]


def fuzzy_graph(graph: NeighborGraph, *, n_neighbors: int) -> FuzzyGraph:
    """Return the fuzzy union ``a + b - ab`` of every item's weighted neighbourhood.

    ``n_neighbors`` is clipped to what the graph holds.
    """
    indices = graph.indices[:, :n_neighbors]
    weights = fuzzy_weights(np.ascontiguousarray(graph.distances[:, :n_neighbors], np.float32))
    n, k = indices.shape
    here, there = np.repeat(np.arange(n), k), indices.reshape(-1).astype(np.int64)
    keys = np.concatenate((here * n + there, there * n + here))
    keys, starts, both = _gather(keys, np.concatenate((weights, weights), axis=None))
    if not len(keys):
        return FuzzyGraph(n, keys, both)
    return FuzzyGraph(n, keys, np.float32(1) - np.multiply.reduceat(np.float32(1) - both, starts))


def consensus(graphs: Sequence[FuzzyGraph], rows: Sequence[IntArray], n_items: int) -> FuzzyGraph:
    """Return the mean weight of every edge, over the spaces that cover both of its items."""
    keys, total = np.empty(0, np.int64), np.empty(0, np.float32)
    covered = np.zeros((n_items, len(graphs)), bool)
    for space, (graph, items) in enumerate(zip(graphs, rows, strict=True)):
        covered[items, space] = True
        here, there = np.divmod(graph.keys, max(graph.n, 1))
        moved = items[here].astype(np.int64) * n_items + items[there]
        keys, starts, both = _gather(
            np.concatenate((keys, moved)), np.concatenate((total, graph.weights))
        )
        total = np.add.reduceat(both, starts) if len(keys) else both
    here, there = np.divmod(keys, max(n_items, 1))
    covering = np.zeros(len(keys), np.float32)
    for of_space in covered.T:
        covering += of_space[here] & of_space[there]
    return FuzzyGraph(n_items, keys, total / covering)


def sparse_rows(graph: FuzzyGraph) -> SparseRows:
    """Compress a graph by rows."""
    here, there = np.divmod(graph.keys, max(graph.n, 1))
    starts = np.searchsorted(here, np.arange(graph.n + 1))
    return SparseRows(starts.astype(np.int64), there.astype(np.int32), graph.weights)


def _gather(
    keys: NDArray[np.int64], weights: FloatArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
    """Sort by key; return the distinct keys, where each begins, and the weights in that order."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[starts], starts, weights[order]
