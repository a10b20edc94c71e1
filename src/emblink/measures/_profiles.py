"""Match items of two spaces that are copies of each other but for order, rotation and scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.types import IntArray, NeighborGraph

_RANKS = 20
_WINDOW = 8
_BLOCK_ROWS = 4096


def match_by_profile(a: NeighborGraph, b: NeighborGraph) -> IntArray:
    """Match each item of ``a`` to the item of ``b`` with the likest neighbour distances.

    Only items next to each other in order of their mean distance are compared, so time is
    ``O(n log n)``: enough for copies, whose profiles differ by rounding alone.

    Returns
    -------
    array of shape (n_items,), integer
        Rows of ``b``, each at most once; -1 where an item has no match.
    """
    ranks = min(_RANKS, a.distances.shape[1], b.distances.shape[1])
    profile_a, profile_b = _profile(a, ranks), _profile(b, ranks)
    key_a, key_b = profile_a.mean(axis=1), profile_b.mean(axis=1)
    order_b = np.argsort(key_b, kind="stable")
    place = np.searchsorted(key_b[order_b], key_a)
    n_items = len(key_a)
    match = np.empty(n_items, dtype=np.int64)
    misfit = np.empty(n_items)
    reach = np.arange(-_WINDOW, _WINDOW)
    for start in range(0, n_items, _BLOCK_ROWS):
        rows = slice(start, start + _BLOCK_ROWS)
        near = order_b[np.clip(place[rows, None] + reach, 0, n_items - 1)]
        distance = np.abs(profile_b[near] - profile_a[rows, None, :]).sum(axis=2)
        best = distance.argmin(axis=1)[:, None]
        match[rows] = np.take_along_axis(near, best, axis=1)[:, 0]
        misfit[rows] = np.take_along_axis(distance, best, axis=1)[:, 0]
    return _one_to_one(match, misfit)


def _profile(graph: NeighborGraph, ranks: int) -> NDArray[np.float64]:
    distances = graph.distances[:, :ranks].astype(np.float64)
    scale = float(distances.mean())
    return distances / scale if scale > 0 else distances


def _one_to_one(match: IntArray, misfit: NDArray[np.float64]) -> IntArray:
    """Keep the best fitting of the items that claim the same match."""
    order = np.argsort(misfit, kind="stable")
    _, first = np.unique(match[order], return_index=True)
    kept = np.full(len(match), -1, dtype=np.int64)
    kept[order[first]] = match[order[first]]
    return kept
