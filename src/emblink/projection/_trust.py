"""How far a picture may be believed, item by item."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import excess_rank
from emblink.types import FloatArray, IntArray, Metric

_BLOCK_CELLS = 16_000_000
_BLOCK_ROWS = 4096
_Prepare: TypeAlias = Callable[[FloatArray], NDArray[np.float32]]


def trustworthiness_continuity(
    vectors: FloatArray,
    coords: FloatArray,
    *,
    metric: Metric,
    k: int = 15,
    queries: IntArray | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Trustworthiness and continuity of each queried item's neighbourhood in a picture.

    With ``r(i, j)`` the rank of ``j`` among the high-dimensional neighbours of ``i``::

        T_i = 1 - 2 / (k (2n - 3k - 1)) * sum of max(0, r(i, j) - k) over the 2-D neighbours j

    ``C_i`` is the same with the two spaces exchanged. The means over all items are Venna and
    Kaski's measures.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
    coords : array of shape (n_items, 2)
    metric : {"cosine", "euclidean"}
        Of ``vectors``; the picture is Euclidean.
    k : int
        Neighbours, clipped to less than half of the items.
    queries : array of shape (n_queries,), or None
        Rows to judge, among all items as candidates; None for every row.

    Returns
    -------
    trustworthiness, continuity : arrays of shape (n_queries,), float32
        At most 1, and the means in [0, 1] (an item may fall below 0). Low trustworthiness: the
        item stands among strangers. Low continuity: its neighbours were torn away. Invariant to
        rotation, shift and scale of either space. Misleads on global structure: only ranks near
        ``k`` matter.

    References
    ----------
    .. [1] Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", 2001.
    """
    n = len(vectors)
    chosen = np.arange(n) if queries is None else np.asarray(queries)
    k = min(k, (n - 1) // 2)
    trust, continuity = np.ones((2, len(chosen)), np.float32)
    if k < 1:
        return trust, continuity
    worst = 2 / (k * (2 * n - 3 * k - 1))
    step = max(1, _BLOCK_CELLS // n)
    for begin in range(0, len(chosen), step):
        block = slice(begin, begin + step)
        far = _distances(vectors, chosen[block], metric=metric)
        near = _distances(coords, chosen[block], metric="euclidean")
        trust[block] = 1 - worst * excess_rank(near, far, k=k)
        continuity[block] = 1 - worst * excess_rank(far, near, k=k)
    return trust, continuity


def _distances(vectors: FloatArray, chosen: IntArray, *, metric: Metric) -> NDArray[np.float32]:
    """Return numbers (n_chosen, n) in the order of distances; infinite from a row to itself."""
    prepared = _prepared(vectors, metric)
    queries = prepared(vectors[chosen])
    found = np.empty((len(chosen), len(vectors)), np.float32)
    for begin in range(0, len(vectors), _BLOCK_ROWS):
        block = slice(begin, begin + _BLOCK_ROWS)
        rows = prepared(vectors[block])
        np.matmul(queries, -2 * rows.T, out=found[:, block])
        found[:, block] += np.einsum("ij,ij->i", rows, rows)
    found[np.arange(len(chosen)), chosen] = np.inf
    return found


def _prepared(vectors: FloatArray, metric: Metric) -> _Prepare:
    """Return what takes a common shift and size off rows: either would swamp their differences."""
    origin = _rows(vectors[:_BLOCK_ROWS], metric).mean(axis=0)
    scale = 1.0
    if metric == "euclidean":
        longest = max(abs(float(vectors.max())), abs(float(vectors.min())))
        scale = 2.0 ** -int(np.frexp(longest)[1])

    def prepared(rows: FloatArray) -> NDArray[np.float32]:
        return np.asarray((_rows(rows, metric) - origin) * scale, dtype=np.float32)

    return prepared


def _rows(vectors: FloatArray, metric: Metric) -> NDArray[np.float64]:
    rows = vectors.astype(np.float64)
    if metric == "cosine":
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows
