"""How far items went along with their neighbours, and how far noise alone makes them seem to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import neighbor_spans
from emblink.neighbors import nearest_neighbors

LEAST_NOISE = 0.01
"""Of the usual distance to a neighbour."""

_NOTHING = 1e-12
_ASKED = 2000
_RARE = 0.99
_BLOCK = 1 << 14

Floats = NDArray[np.float32]
Lists = NDArray[np.int32]


def drift(residuals: Floats, points: Floats, lists: Lists) -> Floats:
    """Return how far each item went along with its neighbours, over its distance to them.

    Parameters
    ----------
    residuals, points : array of shape (n_items, n_dims), float32
    lists : array of shape (n_items, k), int32

    Returns
    -------
    array of shape (n_items,), float32
        The lesser of the length of the neighbours' mean residual and of the item's own residual
        along it, over the median distance to the neighbours, which counts as 1 % of the usual one
        where it is less; at least 0.
    """
    spans = neighbor_spans(points, lists)
    apart = np.maximum(quantile_of_rows(spans, 0.5), LEAST_NOISE * usual_span(spans))
    return np.asarray(_along(residuals, lists, residuals) / apart, dtype=np.float32)


def drift_of_noise(residuals: Floats, points: Floats, lists: Lists, *, seed: int = 0) -> float:
    """Return the drift that all but 1 % of items stay below where noise alone moved them.

    Neighbours are neighbours by their noise too, the more so the fewer dimensions it has and the
    greater it is beside what parts the items: then they seem to go along with each other.

    Parameters
    ----------
    residuals, points : array of shape (n_items, n_dims), float32
        Of the space whose neighbours are asked.
    lists : array of shape (n_items, k), int32
        Neighbours in the other space.
    seed : int

    Returns
    -------
    float
        Of at most 2,000 items, among all where they were expected, moved by noise: half the
        difference (of squares) of an item's residual to that of one of its neighbours, in which
        what moved both does not count.
    """
    rng = np.random.default_rng([seed, 3])
    n_items, k = lists.shape
    beside = lists[np.arange(n_items), rng.integers(k, size=n_items)]
    noise = np.asarray((residuals - residuals[beside]) / np.sqrt(2.0), dtype=np.float32)
    if not noise.any():
        return 0.0
    places = np.ascontiguousarray(points - residuals + noise, dtype=np.float32)
    asked = np.sort(rng.permutation(n_items)[:_ASKED])
    found = nearest_neighbors(places, k=k, metric="euclidean", queries=asked)
    apart = np.median(found.distances, axis=1)
    apart = np.maximum(apart, LEAST_NOISE * (float(np.median(apart)) or 1.0))
    own = np.ascontiguousarray(found.indices, dtype=np.int32)
    return float(np.quantile(_along(noise, own, noise[asked]) / apart, _RARE))


def _along(residuals: Floats, lists: Lists, own: Floats) -> NDArray[np.float64]:
    """Return how far some items went the way of their neighbours, at most as far as these."""
    found = np.empty(len(lists))
    for start in range(0, len(lists), _BLOCK):
        rows = slice(start, start + _BLOCK)
        common = residuals[lists[rows]].mean(axis=1)
        length = np.linalg.norm(common, axis=1)
        along = np.einsum("ij,ij->i", own[rows], common) / np.maximum(length, _NOTHING)
        found[rows] = np.maximum(np.minimum(length, along), 0)
    return found


def usual_span(spans: Floats) -> float:
    """Return the median span, the mean where most are of copies, or 1 where all are."""
    return float(np.median(spans)) or float(spans.mean(dtype=np.float64)) or 1.0


def quantile_of_rows(values: NDArray[np.floating], q: float) -> NDArray[np.float64]:
    """Return a quantile of each row, a block of rows at a time."""
    found = np.empty(len(values))
    for start in range(0, len(values), _BLOCK):
        rows = slice(start, start + _BLOCK)
        found[rows] = np.quantile(values[rows], q, axis=1)
    return found
