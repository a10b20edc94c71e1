"""How alike an item's similarities to its neighbours are in two spaces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.rows import spans
from emblink.stats import sample_items
from emblink.types import FloatArray, IntArray, Metric

_CELLS = 1 << 16
"""Numbers of neighbours' vectors that are held at once."""
_CHANCE_ITEMS = 2_000
"""Items paired at random, at most."""


def second_order_similarity(
    a: FloatArray,
    b: FloatArray,
    *,
    rows: IntArray,
    lists: tuple[IntArray, IntArray],
    metrics: tuple[Metric, Metric] = ("cosine", "cosine"),
) -> NDArray[np.float32]:
    """Cosine of an item's similarities to all its neighbours in one space and in the other.

    The local neighbourhood measure of Hamilton, Leskovec and Jurafsky (2016), as a similarity.

    Parameters
    ----------
    a, b : array of shape (n_items, n_dims)
        The same items in two spaces; dims may differ.
    rows : array of shape (n_rows,)
        The items that are asked.
    lists : two arrays of shape (n_rows, k)
        Their neighbours in ``a`` and in ``b``, as rows of either.
    metrics : two of {"cosine", "euclidean"}
        Of ``a`` and of ``b``: where distances are Euclidean, cosines are about the mean of all
        items, for the origin means nothing.

    Returns
    -------
    array of shape (n_rows,), float32
        In [-1, 1], 1 where the cosine similarities to the neighbours of either list are the same
        but for a positive factor; 0 where an item has no similarity to any. Invariant to rotation
        and to the length of each row, or (Euclidean) to rotation, scale and shift.
        Expected of unrelated spaces: :func:`chance_second_order_similarity`.

    Notes
    -----
    Misleads where all rows point one way: then all similarities are alike, and so is this, by
    chance. Blind to a shift of all neighbours by one factor. Memory ``O(block)``.

    References
    ----------
    .. [1] Hamilton, Leskovec and Jurafsky, "Cultural shift or linguistic drift? Comparing two
       computational measures of semantic change", EMNLP 2016.
    """
    both = np.concatenate(lists, axis=1)
    counts = np.ones(both.shape)
    # A neighbour of both lists stands in their union once.
    counts[:, lists[0].shape[1] :] = ~_listed(lists[1], lists[0])
    left, right = (
        _similarities(one, rows, both, centre=_centre(one, metric))
        for one, metric in zip((a, b), metrics, strict=True)
    )
    found = _cosines(left, right, counts)
    return found.astype(np.float32)


def chance_second_order_similarity(
    a: FloatArray,
    b: FloatArray,
    *,
    rows: IntArray,
    lists: tuple[IntArray, IntArray],
    metrics: tuple[Metric, Metric] = ("cosine", "cosine"),
    seed: int = 0,
) -> float:
    """Second-order similarity of spaces whose items are paired at random.

    Parameters
    ----------
    a, b, rows, lists, metrics
        As for :func:`second_order_similarity`.
    seed : int

    Returns
    -------
    float
        In [-1, 1]: each item of ``a`` against another of ``b``, whose neighbours are then random
        items to the first. Above 0 where rows share a direction, for then all are similar.
    """
    sampled = sample_items(len(rows), _CHANCE_ITEMS, seed=seed)
    rows, lists = rows[sampled], (lists[0][sampled], lists[1][sampled])
    rng = np.random.default_rng(seed)
    n_rows, k = lists[0].shape
    others = np.roll(rng.permutation(n_rows), 1)
    strangers = [rng.integers(0, len(a), size=(n_rows, k)) for _ in range(2)]
    left, right = (
        _similarities(one, items, np.concatenate(to, axis=1), centre=_centre(one, metric))
        for one, metric, items, to in (
            (a, metrics[0], rows, (lists[0], strangers[0])),
            (b, metrics[1], rows[others], (strangers[1], lists[1][others])),
        )
    )
    found = _cosines(left, right, np.ones(left.shape))
    return float(found.mean())


def _listed(these: IntArray, those: IntArray) -> NDArray[np.bool_]:
    return np.stack([(those == these[:, [i]]).any(axis=1) for i in range(these.shape[1])], axis=1)


def _centre(vectors: FloatArray, metric: Metric) -> NDArray[np.float64]:
    if metric == "cosine":
        return np.zeros(1)
    return np.asarray(vectors.mean(axis=0, dtype=np.float64))


def _similarities(
    vectors: FloatArray, rows: IntArray, to: IntArray, *, centre: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the cosine of each row with each of its own list, seen from the centre."""
    found = np.empty(to.shape)
    lengths = _lengths(vectors, centre)
    step = max(1, _CELLS // (to.shape[1] * vectors.shape[1]))
    for start in range(0, len(rows), step):
        block = slice(start, start + step)
        items, listed = vectors[rows[block]], vectors[to[block].ravel()]
        if centre.any():
            items, listed = _seen(items, centre), _seen(listed, centre)
        listed = listed.reshape(*to[block].shape, -1)
        products = np.matmul(listed, items[:, :, None])[:, :, 0]
        found[block] = products / (lengths[rows[block], None] * lengths[to[block]])
    return found


def _lengths(vectors: FloatArray, centre: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each row is from the centre; 1 for rows at it."""
    found = np.empty(len(vectors))
    for rows in spans(*vectors.shape):
        seen = _seen(vectors[rows], centre)
        found[rows] = np.sqrt(np.einsum("ij,ij->i", seen, seen))
    return np.where(found > 0.0, found, 1.0)


def _seen(vectors: FloatArray, centre: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.subtract(vectors, centre, dtype=np.float64)


def _cosines(
    left: NDArray[np.float64], right: NDArray[np.float64], counts: NDArray[np.float64]
) -> NDArray[np.float64]:
    dot, left_square, right_square = (
        (one * other * counts).sum(axis=1)
        for one, other in ((left, right), (left, left), (right, right))
    )
    length = np.sqrt(left_square * right_square)
    cosines: NDArray[np.float64] = np.zeros(len(dot))
    np.divide(dot, length, out=cosines, where=length > 0.0)
    return cosines.clip(-1.0, 1.0)
