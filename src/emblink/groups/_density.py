"""Items that came closer together, or drew apart, where they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.groups._map import unexplained
from emblink.types import NeighborGraph

_NEIGHBORS = 15
_LEAST_RADIUS = 1e-3
_LEAST_SPREAD = 0.1
_BLOCK = 1 << 14

Floats = NDArray[np.float32]


def densities(
    a: NeighborGraph,
    b: NeighborGraph,
    points: Floats,
    *,
    folds: NDArray[np.bool_],
    taken: NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    """Return how much denser each item's surroundings became, and its standard score.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items, with more neighbours than 15 where some are ``taken``.
    points : array of shape (n_items, n_dims), float32
        The items of ``a`` by :func:`principal_points`.
    folds : array of shape (n_items,), bool
        Two halves of the items.
    taken : array of shape (n_items,), bool
        Items that changed otherwise: neither they nor their coming and going count.

    Returns
    -------
    change : array of shape (n_items,), float32
        Logarithm of the mean distance to the 15 nearest others in ``a`` over that in ``b``, less
        the median and less what an item's place and density in ``a`` let expect (a cross-fitted
        map): noise thins out what was dense, and a bent space is denser on one side, everywhere.
        0 for taken items, and where too few others are among the neighbours.
    z : array of shape (n_items,), float32
        The same over 1.4826 times its median absolute deviation, or over 0.1, a tenth in length,
        where that is less.
    """
    radii = [_radius(graph, taken) for graph in (a, b)]
    known = np.isfinite(radii[0]) & np.isfinite(radii[1]) & ~taken
    change, z = np.zeros((2, len(taken)), dtype=np.float32)
    if np.count_nonzero(known) < 4 * (points.shape[1] + 3):
        return change, z
    before, after = (np.log(one[known]) for one in radii)
    grown = before - after
    level = before - np.median(before)
    place = points[known] * np.sqrt(points.shape[1], dtype=np.float32)
    length = np.einsum("ij,ij->i", points[known], points[known])
    told = np.column_stack([place, length, level, level**2]).astype(np.float32)
    left = unexplained(told, grown[:, None] - np.median(grown), folds=folds[known])[:, 0]
    left -= np.median(left)
    change[known] = left
    z[known] = left / max(1.4826 * float(np.median(np.abs(left))), _LEAST_SPREAD)
    return change, z


def _radius(graph: NeighborGraph, taken: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean distance to the nearest 15 that are not taken; NaN where there are fewer."""
    wanted = min(_NEIGHBORS, graph.indices.shape[1])
    radius = np.empty(len(taken))
    for start in range(0, len(taken), _BLOCK):
        rows = slice(start, start + _BLOCK)
        lengths = graph.distances[rows].astype(np.float64)
        if graph.metric == "cosine":
            lengths = np.sqrt(2.0 * np.maximum(lengths, 0.0))
        free = ~taken[graph.indices[rows]]
        first = free & (np.cumsum(free, axis=1) <= wanted)
        held = first.sum(axis=1)
        mean = (lengths * first).sum(axis=1) / np.maximum(held, 1)
        radius[rows] = np.where(held == wanted, mean, np.nan)
    apart = radius[radius > 0.0]
    if not apart.size:
        return np.ones_like(radius)
    return np.maximum(radius, _LEAST_RADIUS * np.median(apart))
