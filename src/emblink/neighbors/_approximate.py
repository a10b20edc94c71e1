"""Approximate k-NN by NN-descent, and how many of the true neighbours it found.

A start by random trees, then rounds: whoever are near one row are likely near each other. They end
when a sample of exact lists says that enough is found, or that no more is; another sample says how
much was found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, one_blas_thread, silent
from emblink.errors import InputError, TooLargeError
from emblink.kernels import NearKeys
from emblink.neighbors._affordable import prefers_approximate, takes_a_minute
from emblink.neighbors._descent import descend, empty_lists, listed
from emblink.neighbors._exact import nearest_neighbors, search
from emblink.neighbors._points import prepare
from emblink.neighbors._recall import Recall, recall_of
from emblink.types import FloatArray, Metric, NeighborGraph

TARGET = 0.98
MEASURED = 1000
"""Rows whose exact neighbours say what was found."""
_STEERING = 200
"""Other rows whose exact neighbours say when to stop."""
_FEW = 4096
"""Up to so many rows, or so few times k, lists are exact."""
_TIMES_K = 8
_ATTEMPTS = 3


@dataclass(frozen=True, eq=False)
class ApproximateGraph:
    """Neighbour lists that may lack some neighbours, and how many they lack.

    Attributes
    ----------
    graph : NeighborGraph
        ``graph.recall`` is ``recall.share``.
    recall : Recall
    """

    graph: NeighborGraph
    recall: Recall


@one_blas_thread()
def approximate(
    vectors: FloatArray,
    k: int = 15,
    metric: Metric = "cosine",
    *,
    seed: int = 0,
    target: float = TARGET,
    progress: Progress = silent,
) -> ApproximateGraph:
    """Find nearly all of the ``k`` nearest neighbours of each row, in time nearly linear in rows.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        Float32 or float16; may be a memory map. At most one float32 copy of it is made.
    k : int
        Neighbours of each row, from 1 to ``n_items - 1``.
    metric : {"cosine", "euclidean"}
    seed : int
        Of the trees, the candidates and the rows on which recall is measured.
    target : float
        Recall aimed at, in (0, 1]. Where it is not reached, rows are searched exactly if that takes
        about a minute; else what was reached is said.
    progress : callable
        Called with ``(done, total)`` within rounds; raise from it to cancel. Rounds that turn out
        not to be needed are passed over at the end.

    Returns
    -------
    ApproximateGraph
        Lists as :func:`nearest_neighbors` gives them: nearest first by the same distances, ties by
        row, a row never its own neighbour. The same for a seed whatever the number of threads.

    Raises
    ------
    VectorError
        Fewer than two rows, not a table, or rows with NaN, infinities or (cosine) only zeros.
    InputError
        ``k`` or ``target`` out of range, or an unknown metric.
    TooLargeError
        2**31 rows or more.

    Notes
    -----
    Beside the vectors about ``16 k`` bytes an item; up to three times as many where neighbours are
    hard to find, as among rows without structure in many dims.

    References
    ----------
    .. [1] Dong, Moses, Li, "Efficient k-nearest neighbor graph construction for generic similarity
       measures", WWW 2011.
    .. [2] Dasgupta, Freund, "Random projection trees and low dimensional manifolds", STOC 2008.
    """
    vectors = np.asanyarray(vectors)
    _check(vectors, k, metric, target)
    n = len(vectors)
    if n <= max(_FEW, _TIMES_K * k):
        return _exact(vectors, k, metric, progress=progress)
    points = prepare(vectors, metric)
    rng = np.random.default_rng(seed)
    asked = rng.choice(n, size=MEASURED + _STEERING, replace=False)
    exact = search(points, asked, k=k, metric=metric, progress=lambda *_: progress(0, 1))
    last = exact.distances[:, -1].astype(np.float64)
    reaches = np.sqrt(2 * last) if metric == "cosine" else last
    lists = empty_lists(points, k=k, reaches=reaches, rng=rng)
    order = partial(listed, points, k=k, metric=metric)

    def enough(lists: NearKeys) -> bool:
        steering = _part(exact, slice(MEASURED, None))
        return recall_of(order(lists, asked[MEASURED:]), steering).share >= target

    shape = n, vectors.shape[1]
    attempts = _ATTEMPTS if prefers_approximate(*shape) else 1
    lists, found = descend(lists, seed=seed, attempts=attempts, enough=enough, progress=progress)
    if not found and takes_a_minute(*shape):
        return _exact(vectors, k, metric, progress=progress)
    progress(1, 1)
    graph = order(lists, np.arange(n))
    recall = recall_of(_part(graph, asked[:MEASURED]), _part(exact, slice(MEASURED)))
    return ApproximateGraph(replace(graph, recall=recall.share), recall)


def _exact(vectors: FloatArray, k: int, metric: Metric, *, progress: Progress) -> ApproximateGraph:
    graph = nearest_neighbors(vectors, k=k, metric=metric, progress=progress)
    return ApproximateGraph(graph, Recall(1.0, 1.0, 1.0, len(vectors)))


def _part(graph: NeighborGraph, rows: slice | NDArray[np.int64]) -> NeighborGraph:
    return NeighborGraph(graph.indices[rows], graph.distances[rows], graph.metric)


def _check(vectors: FloatArray, k: int, metric: Metric, target: float) -> None:
    if metric not in ("cosine", "euclidean"):
        raise InputError(f"metric is {metric!r}; expected 'cosine' or 'euclidean'")
    if not 0 < target <= 1:
        raise InputError(f"target is {target!r}; give the recall to aim at, above 0 and up to 1")
    n = len(vectors) if vectors.ndim else 0
    if n >= 2**31:
        raise TooLargeError(f"{n:,} items are more than the 2,147,483,647 that can be numbered")
    if n >= 2 and not 1 <= k <= n - 1:
        raise InputError(
            f"k={k} neighbours asked of {n} items; each has {n - 1} others, "
            f"so give k from 1 to {n - 1}"
        )
