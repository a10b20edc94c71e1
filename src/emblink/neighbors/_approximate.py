"""Approximate k-NN by NN-descent, and how many of the true neighbours it found.

A start by random trees, then rounds: whoever are near one row are likely near each other. They end
when a sample of exact lists says that enough is found, or that no more is; another sample says how
much was found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, one_blas_thread, silent
from emblink.errors import InputError, TooLargeError
from emblink.kernels import (
    Candidates,
    NearKeys,
    TopLists,
    descent_join,
    descent_sample,
    descent_tree,
    near_keys,
    topk_rerank,
)
from emblink.neighbors._exact import distances_of, search
from emblink.neighbors._points import Points, prepare, spans
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

_TREES = 12
_LEAF = 64
_CANDIDATES = 30
_ROUNDS = 12
_ATTEMPTS = 3
_SETTLED = 0.001
"""Share of new neighbours from which on another round finds hardly any."""
_JOINED = 1 << 15
"""Rows joined between two looks at whether to go on."""
_BLOCK = 8192


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
        Recall aimed at, in (0, 1]; where it is not reached, what was reached is said.
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
    Beside the vectors about ``16 k`` bytes an item.

    References
    ----------
    .. [1] Dong, Moses, Li, "Efficient k-nearest neighbor graph construction for generic similarity
       measures", WWW 2011.
    .. [2] Dasgupta, Freund, "Random projection trees and low dimensional manifolds", STOC 2008.
    """
    vectors = np.asanyarray(vectors)
    _check(vectors, k, metric, target)
    points = prepare(vectors, metric)
    n = len(vectors)
    rng = np.random.default_rng(seed)
    if n <= max(_FEW, _TIMES_K * k):
        every = search(points, np.arange(n), k=k, metric=metric, progress=progress)
        return ApproximateGraph(every, Recall(1.0, 1.0, 1.0, n))
    asked = rng.choice(n, size=min(n, MEASURED + _STEERING), replace=False)
    exact = search(points, asked, k=k, metric=metric, progress=lambda *_: progress(0, 1))
    steering = asked[MEASURED:]
    lists = near_keys(points.values, k=k, scale=_scale(points))

    def enough() -> bool:
        found = _listed(points, lists, steering, k=k, metric=metric)
        return recall_of(found, _part(exact, slice(MEASURED, None))).share >= target

    _descend(lists, seed=seed, enough=enough, progress=progress)
    indices = np.empty((n, k), dtype=np.int32)
    distances = np.empty((n, k), dtype=np.float32)
    for span in spans(n, _BLOCK):
        found = _listed(points, lists, np.arange(span.start, span.stop), k=k, metric=metric)
        indices[span], distances[span] = found.indices, found.distances
    graph = NeighborGraph(indices, distances, metric)
    recall = recall_of(_part(graph, asked[:MEASURED]), _part(exact, slice(MEASURED)))
    return ApproximateGraph(NeighborGraph(indices, distances, metric, recall.share), recall)


def _descend(lists: NearKeys, *, seed: int, enough: Callable[[], bool], progress: Progress) -> None:
    """Plant trees and join candidates until enough is found, or hardly anything more is."""
    n, k = lists.keys.shape
    leaf = max(_LEAF, 2 * (k + 1))
    size = min(_CANDIDATES, k + 5)
    seeds = iter(
        np.random.SeedSequence(seed).generate_state(_ATTEMPTS * (_TREES + _ROUNDS)).tolist()
    )
    blocks = spans(n, _JOINED)
    total = _ATTEMPTS * (_TREES + _ROUNDS * len(blocks))
    done = 0
    candidates = Candidates(*(np.zeros((n, size + 1), dtype=np.int32) for _ in range(2)))
    for _ in range(_ATTEMPTS):
        for _ in range(_TREES):
            order = descent_tree(lists, leaf=leaf, seed=next(seeds))
            done += 1
            progress(done, total)
        for _ in range(_ROUNDS):
            if enough():
                progress(total, total)
                return
            descent_sample(lists, candidates, seed=next(seeds))
            for span in blocks:
                descent_join(lists, candidates, rows=order[span])
                done += 1
                progress(done, total)
            if _new(lists) < _SETTLED * n * k:
                break
    progress(total, total)


def _new(lists: NearKeys) -> int:
    return sum(
        int(np.count_nonzero(lists.keys[span] & np.uint64(1)))
        for span in spans(len(lists.keys), _BLOCK)
    )


def _listed(
    points: Points, lists: NearKeys, rows: NDArray[np.int64], *, k: int, metric: Metric
) -> NeighborGraph:
    """Order the lists of some rows by distances in double precision, ties by row."""
    near = (lists.keys[rows] & np.uint64(0xFFFFFFFF)) >> np.uint64(1)
    held = near.shape[1]
    top = TopLists(
        keys=np.invert(near.astype(np.uint32)).astype(np.uint64),
        counts=np.full(len(rows), held, dtype=np.int32),
        thresholds=np.zeros(len(rows), dtype=np.float32),
        keep=held,
    )
    indices, squares = topk_rerank(top, points.values, queries=rows, first_list=0, k=k)
    return NeighborGraph(indices, distances_of(squares, metric).astype(np.float32), metric)


def _part(graph: NeighborGraph, rows: slice | NDArray[np.int64]) -> NeighborGraph:
    return NeighborGraph(graph.indices[rows], graph.distances[rows], graph.metric)


def _scale(points: Points) -> float:
    """Return the power of two that brings most squares near one, and lets none overflow."""
    lengths = points.norms[points.norms > 0] / points.scale
    if not lengths.size:
        return 1.0
    longest = max(float(lengths.max()), float(np.abs(points.values).max()))
    power = min(-np.frexp(np.median(lengths))[1], 60 - np.frexp(longest)[1])
    return float(2.0 ** np.clip(power, -120, 120))


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
