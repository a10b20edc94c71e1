"""The exact graph of some of a space's items, from the graph of all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError, InputError
from emblink.neighbors._exact import nearest_neighbors
from emblink.neighbors._points import spans
from emblink.types import FloatArray, IntArray, NeighborGraph

_BLOCK = 8192


def restrict(graph: NeighborGraph, vectors: FloatArray, rows: IntArray, *, k: int) -> NeighborGraph:
    """Find the exact ``k`` nearest neighbours of ``vectors[rows]`` among themselves.

    The stored lists are filtered; only rows with too few neighbours left are computed again.

    Parameters
    ----------
    graph : NeighborGraph
        Exact, of all ``vectors``.
    vectors : array of shape (n_items, n_dims)
    rows : array of shape (n_rows,)
        Different rows, in any order.
    k : int
        Neighbours of each, from 1 to ``n_rows - 1``.

    Returns
    -------
    NeighborGraph
        ``nearest_neighbors(vectors[rows], k=k)``: renumbered 0 … ``n_rows - 1`` in the order
        of ``rows``. Where ``rows`` are not in order, neighbours whose distances are equal in
        float32 stand in order of their new numbers.

    Raises
    ------
    GraphMismatchError
        The graph is not over these vectors.
    InputError
        ``rows`` repeat or are out of range, or ``k`` is.
    """
    if len(graph.indices) != len(vectors):
        raise GraphMismatchError(
            f"the graph covers {len(graph.indices)} items and the vectors {len(vectors)}; "
            "restrict a graph with the vectors it was made from"
        )
    numbers = _numbers(rows, len(vectors))
    if not 1 <= k <= len(rows) - 1:
        raise InputError(
            f"k={k} neighbours asked of {len(rows)} rows; each has {len(rows) - 1} others, "
            f"so give k from 1 to {len(rows) - 1}"
        )
    stored = graph.indices.shape[1]
    if k <= stored and np.array_equal(rows, np.arange(len(vectors))):
        return NeighborGraph(graph.indices[:, :k], graph.distances[:, :k], graph.metric)
    indices = np.empty((len(rows), k), dtype=np.int32)
    distances = np.empty((len(rows), k), dtype=np.float32)
    known = np.zeros(len(rows), dtype=bool)
    if stored >= k:
        in_order = bool(np.all(np.diff(rows) > 0))
        for span in spans(len(rows), _BLOCK):
            indices[span], distances[span], known[span] = _filter(
                graph, rows[span], numbers, k=k, in_order=in_order
            )
    missing = np.flatnonzero(~known)
    if missing.size:
        # Blocks of the whole graph are computed once for both sides: past half, that is less work.
        queries = missing if missing.size < len(rows) / 2 else None
        again = nearest_neighbors(vectors[rows], k=k, metric=graph.metric, queries=queries)
        if queries is None:
            return again
        indices[missing], distances[missing] = again.indices, again.distances
    return NeighborGraph(indices, distances, graph.metric)


def _numbers(rows: IntArray, n: int) -> NDArray[np.int32]:
    """Return the new number of each row, -1 for those left out."""
    if rows.ndim != 1 or (rows.size and not (rows.min() >= 0 and rows.max() < n)):
        raise InputError(f"rows must be a flat array of rows from 0 to {n - 1}")
    numbers = np.full(n, -1, dtype=np.int32)
    numbers[rows] = np.arange(len(rows), dtype=np.int32)
    if np.count_nonzero(numbers >= 0) != len(rows):
        raise InputError("rows name an item twice; give each row once")
    return numbers


def _filter(
    graph: NeighborGraph,
    rows: IntArray,
    numbers: NDArray[np.int32],
    *,
    k: int,
    in_order: bool,
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.bool_]]:
    """Return the first k survivors of each list, and where they are surely the nearest."""
    kept = numbers[graph.indices[rows]]
    stored = graph.distances[rows]
    distances = np.where(kept >= 0, stored, np.float32(np.inf))
    if in_order:
        order = np.argsort(kept < 0, axis=1, kind="stable")[:, :k]
    else:  # new numbers order ties anew
        order = np.lexsort((kept, distances), axis=1)[:, :k]
    nearest = np.take_along_axis(distances, order, axis=1)
    # At the distance of the last stored neighbour there may be others that were not stored.
    complete = graph.indices.shape[1] == len(numbers) - 1
    known = np.isfinite(nearest[:, -1]) & (complete | (nearest[:, -1] < stored[:, -1]))
    return np.take_along_axis(kept, order, axis=1), nearest, known
