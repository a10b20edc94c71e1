"""Exact k-NN: fast products of blocks propose candidates, direct distances decide.

Products in float32 are off by a bounded amount. A row's proposals are certified when everything
that was turned away is farther than its k-th neighbour by more than that bound; the few other rows
are scanned again, measuring whatever the bound leaves in doubt. So the result does not depend on
how products are rounded, nor on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, one_blas_thread, silent
from emblink.errors import InputError, VectorError
from emblink.kernels import TopLists, near_lists, top_lists, topk_rerank, topk_resolve
from emblink.neighbors._affordable import check_affordable
from emblink.neighbors._bounded import bounded_search
from emblink.neighbors._points import Points, below, operand, prepare, scores_at, spans
from emblink.neighbors._scan import BLOCK, SUMMED, buffer_of_block, product
from emblink.neighbors._search import find_all, find_for, is_done_here
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph


@one_blas_thread()
def nearest_neighbors(
    vectors: FloatArray,
    *,
    k: int = 100,
    metric: Metric = "cosine",
    queries: IntArray | None = None,
    likely: IntArray | None = None,
    progress: Progress = silent,
) -> NeighborGraph:
    """Find the exact ``k`` nearest neighbours of each row among all other rows.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        Float32 or float16; may be a memory map. At most one float32 copy of it is made.
    k : int
        Neighbours of each row, from 1 to ``n_items - 1``.
    metric : {"cosine", "euclidean"}
        ``cosine`` ignores the length of each row; ``euclidean`` ignores a common shift.
    queries : array of shape (n_queries,), optional
        The rows to answer for; all of them by default. Candidates are always all rows.
    likely : array of shape (n_queries, n_likely), optional
        Rows likely near each query, of an approximate graph, say. They change nothing that is
        found, and let most candidates be passed over where rows vary along few directions.
    progress : callable
        Called with ``(done, total)`` between blocks; raise from it to cancel.

    Returns
    -------
    NeighborGraph
        ``n_queries`` lists, nearest first, ties by row. A row is never its own neighbour, its
        copies are. The same for any number of threads.

    Raises
    ------
    VectorError
        Fewer than two rows, not a table, or rows with NaN, infinities or (cosine) only zeros.
    InputError
        ``k``, ``queries`` or ``likely`` out of range, or an unknown metric.
    TooLargeError
        The work is beyond ``BUDGET``.
    """
    vectors = np.asanyarray(vectors)
    if metric not in ("cosine", "euclidean"):
        raise InputError(f"metric is {metric!r}; expected 'cosine' or 'euclidean'")
    check_affordable(vectors.shape, n_queries=None if queries is None else len(queries))
    points = prepare(vectors, metric)
    n = len(vectors)
    if not 1 <= k <= n - 1:
        raise InputError(
            f"k={k} neighbours asked of {n} items; each has {n - 1} others, "
            f"so give k from 1 to {n - 1}"
        )
    rows = _query_rows(queries, n)
    _check_likely(likely, queries, n)
    if queries is not None:
        return search(points, rows, k=k, metric=metric, likely=likely, progress=progress)
    lists = top_lists(rows.size, keep=min(n - 1, k + max(8, k // 8)))
    total = find_all(points, lists, progress)
    check = partial(progress, total, total)
    return _decide(points, rows, lists, k=k, metric=metric, check=check, n_candidates=n)


def search(
    points: Points,
    rows: NDArray[np.int64],
    *,
    k: int,
    metric: Metric,
    likely: IntArray | None = None,
    progress: Progress = silent,
) -> NeighborGraph:
    """Find the exact ``k`` nearest other points of some of the points."""
    n = len(points.values)
    if likely is not None and is_done_here(points, rows.size, n_candidates=n):
        found = bounded_search(points, rows, likely, k=k, progress=progress)
        if found is not None:
            distances = distances_of(found.squares, metric).astype(np.float32)
            return NeighborGraph(found.rows, distances, metric)
    lists = top_lists(rows.size, keep=min(n - 1, k + max(8, k // 8)))
    total = find_for(points, rows, lists, progress, n_candidates=n)
    check = partial(progress, total, total)
    return _decide(points, rows, lists, k=k, metric=metric, check=check, n_candidates=n)


@one_blas_thread()
def neighbors_of(
    new: FloatArray,
    vectors: FloatArray,
    *,
    k: int = 15,
    metric: Metric = "cosine",
    progress: Progress = silent,
) -> NeighborGraph:
    """Find the exact ``k`` nearest rows of a space for vectors that are not in it.

    Parameters
    ----------
    new : array of shape (n_new, n_dims)
    vectors : array of shape (n_items, n_dims)
        Both are copied into one float32 array.
    k : int
        From 1 to ``n_items``.
    metric : {"cosine", "euclidean"}
    progress : callable

    Returns
    -------
    NeighborGraph
        ``n_new`` lists of rows of ``vectors``, nearest first, ties by row. A copy of a row has it
        at distance 0.

    Raises
    ------
    VectorError
        Tables of different widths, or rows with NaN, infinities or (cosine) only zeros.
    InputError
        ``k`` out of range.
    TooLargeError
        The work is beyond ``BUDGET``.
    """
    new, n = np.asarray(new), len(vectors)
    if new.ndim != 2 or new.shape[1] != vectors.shape[1]:
        raise VectorError(
            f"the new vectors have shape {new.shape}; expected (n_new, {vectors.shape[1]}), as "
            "wide as those of the space"
        )
    if not 1 <= k <= n:
        raise InputError(f"k={k} neighbours asked among {n} items; give k from 1 to {n}")
    check_affordable((n, *new.shape[1:]), n_queries=len(new))
    points = prepare(np.concatenate((vectors, new), dtype=np.float32), metric)
    rows = np.arange(n, n + len(new))
    lists = top_lists(len(new), keep=min(n, k + max(8, k // 8)))
    total = find_for(points, rows, lists, progress, n_candidates=n)
    check = partial(progress, total, total)
    return _decide(points, rows, lists, k=k, metric=metric, check=check, n_candidates=n)


def _query_rows(queries: IntArray | None, n: int) -> NDArray[np.int64]:
    if queries is None:
        return np.arange(n)
    rows = np.ascontiguousarray(queries, dtype=np.int64)
    if rows.ndim != 1 or (rows.size and not (rows.min() >= 0 and rows.max() < n)):
        raise InputError(f"queries must be a flat array of rows from 0 to {n - 1}")
    return rows


def _check_likely(likely: IntArray | None, queries: IntArray | None, n: int) -> None:
    if likely is None:
        return
    if queries is None:
        raise InputError("likely neighbours are given without queries; give both")
    fits = likely.ndim == 2 and len(likely) == len(queries)
    if not fits or (likely.size and not (likely.min() >= 0 and likely.max() < n)):
        raise InputError(
            f"likely has shape {likely.shape}; expected rows from 0 to {n - 1} for each of the "
            f"{len(queries)} queries"
        )


def _decide(
    points: Points,
    queries: NDArray[np.int64],
    lists: TopLists,
    *,
    k: int,
    metric: Metric,
    check: Callable[[], None],
    n_candidates: int,
) -> NeighborGraph:
    indices = np.empty((queries.size, k), dtype=np.int32)
    distances = np.empty((queries.size, k), dtype=np.float32)
    cutoffs = np.empty(queries.size)
    # Of more terms that many at a time are off, for their sums are added in float64.
    summed = min(points.values.shape[1], SUMMED)
    for span in spans(queries.size, BLOCK):
        check()
        rows, squares = topk_rerank(
            lists, points.values, queries=queries[span], first_list=span.start, k=k
        )
        indices[span], distances[span] = rows, distances_of(squares, metric)
        cutoffs[span] = scores_at(points, queries[span], squares[:, -1], summed=summed)
    doubtful = np.flatnonzero(lists.thresholds >= cutoffs)
    for span in spans(doubtful.size, BLOCK):
        at = doubtful[span]
        rows, squares = _resolve(
            points, queries[at], cutoffs[at], k=k, check=check, n_candidates=n_candidates
        )
        indices[at], distances[at] = rows, distances_of(squares, metric)
    return NeighborGraph(indices, distances, metric)


def _resolve(
    points: Points,
    queries: NDArray[np.int64],
    cutoffs: NDArray[np.float64],
    *,
    k: int,
    check: Callable[[], None],
    n_candidates: int,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    lists = near_lists(queries.size, k=k)
    left, buffer = operand(points, queries), buffer_of_block()
    floor = below(cutoffs)
    for side in spans(n_candidates, BLOCK):
        check()
        topk_resolve(
            lists,
            product(left, operand(points, side), buffer),
            points.bias[side],
            first_candidate=side.start,
            cutoffs=floor,
            points=points.values,
            selves=queries,
        )
    return lists.rows, lists.squares


def distances_of(squares: NDArray[np.float64], metric: Metric) -> NDArray[np.float64]:
    return np.minimum(squares / 2, 2.0) if metric == "cosine" else np.sqrt(squares)
