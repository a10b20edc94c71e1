"""The fuzzy graph of a space, and the consensus of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import SparseRows, fuzzy_weights
from emblink.types import FloatArray, IntArray, NeighborGraph

_BLOCK = 1 << 16
_MOST_BLOCKS = 16

Edges: TypeAlias = tuple[NDArray[np.int64], NDArray[np.float32]]


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
    n = len(indices)
    parts = [_symmetric(indices, weights, rows) for rows in _blocks(n)]
    return FuzzyGraph(n, *_joined(parts))


def _symmetric(indices: IntArray, weights: FloatArray, rows: slice) -> Edges:
    """Return the edges that leave some rows, be they listed there or by those they lead to."""
    n, k = indices.shape
    here = np.repeat(np.arange(rows.start, rows.stop), k)
    listed = (indices >= rows.start) & (indices < rows.stop)
    keys = np.concatenate(
        (
            here * n + indices[rows].reshape(-1),
            indices[listed].astype(np.int64) * n + np.nonzero(listed)[0],
        )
    )
    keys, starts, both = _gather(keys, np.concatenate((weights[rows].reshape(-1), weights[listed])))
    if not len(keys):
        return keys, both
    return keys, np.float32(1) - np.multiply.reduceat(np.float32(1) - both, starts)


def consensus(graphs: Sequence[FuzzyGraph], rows: Sequence[IntArray], n_items: int) -> FuzzyGraph:
    """Return the mean weight of every edge, over the spaces that cover both of its items."""
    covered = np.zeros((n_items, len(graphs)), bool)
    for space, items in enumerate(rows):
        covered[items, space] = True
    parts = [_mean(graphs, rows, covered, of) for of in _blocks(n_items)]
    return FuzzyGraph(n_items, *_joined(parts))


def _mean(
    graphs: Sequence[FuzzyGraph], rows: Sequence[IntArray], covered: NDArray[np.bool_], of: slice
) -> Edges:
    """Return the mean edges that leave some items."""
    n_items = len(covered)
    keys, total = np.empty(0, np.int64), np.empty(0, np.float32)
    for graph, items in zip(graphs, rows, strict=True):
        ends = np.searchsorted(items, [of.start, of.stop]) * graph.n
        first, last = np.searchsorted(graph.keys, ends)
        here, there = np.divmod(graph.keys[first:last], max(graph.n, 1))
        moved = items[here].astype(np.int64) * n_items + items[there]
        keys, starts, both = _gather(
            np.concatenate((keys, moved)), np.concatenate((total, graph.weights[first:last]))
        )
        total = np.add.reduceat(both, starts) if len(keys) else both
    here, there = np.divmod(keys, max(n_items, 1))
    covering = np.zeros(len(keys), np.float32)
    for of_space in covered.T:
        covering += of_space[here] & of_space[there]
    return keys, total / covering


def sparse_rows(graph: FuzzyGraph) -> SparseRows:
    """Compress a graph by rows."""
    starts = np.searchsorted(graph.keys, np.arange(graph.n + 1) * graph.n)
    there = np.empty(len(graph.keys), np.int32)
    for some in _blocks(len(there)):
        there[some] = graph.keys[some] % max(graph.n, 1)
    return SparseRows(starts.astype(np.int64), there, graph.weights)


def _blocks(n: int) -> list[slice]:
    """Cut rows into a few slices: what is sorted at once is much larger than what is kept."""
    step = max(_BLOCK, -(-n // _MOST_BLOCKS))
    return [slice(start, min(n, start + step)) for start in range(0, n, step)]


def _joined(parts: Sequence[Edges]) -> Edges:
    keys = np.concatenate([np.empty(0, np.int64), *(keys for keys, _ in parts)])
    return keys, np.concatenate([np.empty(0, np.float32), *(weights for _, weights in parts)])


def _gather(
    keys: NDArray[np.int64], weights: FloatArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
    """Sort by key; return the distinct keys, where each begins, and the weights in that order."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[starts], starts, weights[order]
