"""Items that came closer together, or drew apart, where they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.groups._cells import Cells
from emblink.groups._map import unexplained
from emblink.groups._thinned import noise_across, without_noise
from emblink.types import NeighborGraph

_NEIGHBORS = 15
_AROUND = 30
"""Neighbours by which noise is told."""
_LEAST_RADIUS = 1e-3
_LEAST_SPREAD = 0.1
_AS_GOOD = 1.25
_BLOCK = 1 << 14

Floats = NDArray[np.float32]


def densities(
    graphs: tuple[NeighborGraph, NeighborGraph],
    points: tuple[Floats, Floats],
    residuals: Floats,
    *,
    cells: Cells,
    taken: NDArray[np.bool_],
    seed: int = 0,
) -> tuple[Floats, Floats]:
    """Return how much denser each item's surroundings became, and its standard score.

    Parameters
    ----------
    graphs : (NeighborGraph, NeighborGraph)
        Of ``a`` and ``b``, over the same items, with more neighbours than 15 where some are
        ``taken``.
    points : (array of shape (n_items, n_dims), array of shape (n_items, n_dims)), float32
        The items of ``a`` and ``b`` by :func:`principal_points`.
    residuals : array of shape (n_items, n_dims), float32
        Of the items of ``b`` from where ``a`` lets them be expected.
    cells : Cells
        Of the items that stay together: no item has a say in what is expected of its own cell.
    taken : array of shape (n_items,), bool
        Items that changed otherwise: neither they nor their coming and going count.
    seed : int
        Deals the cells, and the items in none, into two halves.

    Returns
    -------
    change : array of shape (n_items,), float32
        Logarithm of the mean distance to the 15 nearest others in ``a`` over that in ``b``, less
        the median, less what noise that came or went makes of it (:func:`without_noise`) and less
        what an item's place and density in ``a`` let expect (a cross-fitted map): a bent space is
        denser on one side, everywhere. 0 for taken items, and where too few others are among the
        neighbours.
    z : array of shape (n_items,), float32
        The same over 1.4826 times its median absolute deviation, or over 0.1, a tenth in length,
        where that is less.
    """
    radii = [_radius(graph, taken) for graph in graphs]
    known = np.isfinite(radii[0]) & np.isfinite(radii[1]) & ~taken
    change, z = np.zeros((2, len(taken)), dtype=np.float32)
    a, b = points
    if np.count_nonzero(known) < 4 * (a.shape[1] + 3):
        return change, z
    before, after = (np.log(one[known]) for one in radii)
    lists = [np.ascontiguousarray(one.indices[:, :_AROUND], dtype=np.int32) for one in graphs]

    def gained() -> NDArray[np.float64]:
        return noise_across(residuals, b, lists[0])[known]

    def lost() -> NDArray[np.float64]:
        folds = np.random.default_rng([seed, 4]).permutation(len(taken)) % 2 == 1
        return noise_across(unexplained(b, a, folds=folds), a, lists[1])[known]

    grown = without_noise(before, after, gained=gained, lost=lost)
    left = _untold(a[known], before, grown - np.median(grown), cells.codes[known], seed=seed)
    left -= np.median(left)
    change[known] = left
    z[known] = left / max(1.4826 * float(np.median(np.abs(left))), _LEAST_SPREAD)
    return change, z


def _untold(
    points: Floats,
    before: NDArray[np.float64],
    grown: NDArray[np.float64],
    codes: NDArray[np.int64],
    *,
    seed: int,
) -> Floats:
    """Return what neither density nor place foretells.

    Of whole cells, by the simplest map that foretells those it has not seen about as well as any;
    of items within their cells, by one that follows no cell.
    """
    rng = np.random.default_rng([seed, 2])
    half = _permuted_cells(codes, rng)
    permuted = rng.permutation(len(codes)) % 2 == 1
    folds = np.where(codes >= 0, half[codes], permuted) if half.size else permuted
    level = before - np.median(before)
    length = np.einsum("ij,ij->i", points, points)
    place = points * np.sqrt(points.shape[1], dtype=np.float32)
    goal = grown.astype(np.float32)[:, None]
    told = np.empty((len(points), 0), dtype=np.float32)
    left = [goal]
    curve = _within(level)
    for more in (np.stack([curve, curve**2], axis=1), _within(length)[:, None], place):
        told = np.hstack([told, more], dtype=np.float32)
        left.append(unexplained(told, goal, folds=folds))
    misses = [_usual_miss(one[:, 0], codes) for one in left]
    chosen = left[next(at for at, miss in enumerate(misses) if miss <= _AS_GOOD * min(misses))]
    own = _centred(chosen, codes)
    inside = np.column_stack([place, length, level, level**2]).astype(np.float32)
    return (chosen - own + unexplained(_centred(inside, codes), own, folds=permuted))[:, 0]


def _permuted_cells(codes: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Deal the cells into two halves, neither of which is empty where two cells are known."""
    half = rng.permutation(int(codes.max(initial=-1)) + 1) % 2 == 1
    known = np.unique(codes[codes >= 0])
    if len(known) and len(set(half[known].tolist())) < 2:
        half[known] = np.arange(len(known)) % 2 == 1
    return np.asarray(half, dtype=bool)


def _centred(values: Floats, codes: NDArray[np.int64]) -> Floats:
    """Return values less the mean of each cell, and of the items in none."""
    sizes = np.maximum(np.bincount(codes + 1), 1)
    means = np.stack([np.bincount(codes + 1, weights=one) / sizes for one in values.T], axis=1)
    return np.asarray(values - means[codes + 1], dtype=np.float32)


def _within(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Centre values, the tenth at either end set to the end: beyond, a curve foretells nothing."""
    low, high = np.quantile(values, [0.1, 0.9])
    return np.asarray(np.clip(values, low, high) - np.median(values), dtype=np.float64)


def _usual_miss(left: Floats, codes: NDArray[np.int64]) -> float:
    """Return the median, over items in cells, of how far their cell is from what was foretold."""
    held = codes >= 0
    if not held.any():
        return float(np.median(np.abs(left)))
    sizes = np.bincount(codes[held])
    means = np.bincount(codes[held], weights=left[held]) / np.maximum(sizes, 1)
    return float(np.median(np.abs(means[codes[held]])))


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
