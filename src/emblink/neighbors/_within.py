"""Each item's nearest neighbours among the items of its own label."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, silent
from emblink.errors import GraphMismatchError, InputError
from emblink.neighbors._exact import nearest_neighbors
from emblink.neighbors._points import spans
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

LARGE = 20_000
"""Of labels with more items, only a sample is asked: time stays linear in the items."""
QUERIES = 2_000

_CELLS = 1 << 20


def neighbors_within(
    vectors: FloatArray,
    codes: IntArray,
    *,
    k: int = 10,
    metric: Metric = "cosine",
    graph: NeighborGraph | None = None,
    first: int | None = None,
    large: int = LARGE,
    queries: int = QUERIES,
    seed: int = 0,
    progress: Progress = silent,
) -> NeighborGraph:
    """Find the exact ``k`` nearest neighbours of each item among the items of its own label.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
    codes : array of shape (n_items,), integer
        The label of each item as a number from 0; negative where the item has none.
    k : int
        Neighbours of each, at least 1.
    metric : {"cosine", "euclidean"}
    graph : NeighborGraph, optional
        Exact, of these vectors, of this metric: lists that hold enough items of the label are
        filtered instead of found again.
    first : int, optional
        Only so many items, the first, are asked for.
    large : int
        Of labels with more items, only ``queries`` are asked for.
    queries : int
        Items asked for of each such label, drawn by ``codes`` and ``seed`` alone: the same in
        every space. Their candidates are still all items of the label.
    seed : int
    progress : callable
        Called with ``(done, total)`` labels; raise from it to cancel.

    Returns
    -------
    NeighborGraph
        ``n_items`` lists, or ``first``, of rows of the whole set, nearest first, ties by row. Where
        there is no neighbour the index is -1 and the distance infinite: the end of lists in labels
        with ``k`` items or fewer, and the whole lists of items without a label or not asked for.

    Raises
    ------
    GraphMismatchError
        ``codes`` or the graph cover other items than the vectors, or the graph has another metric.
    InputError
        ``k`` or ``queries`` is below 1.
    VectorError
        Rows with NaN, infinities or (cosine) only zeros.
    TooLargeError
        One label alone is beyond what exact neighbours can be found for.

    Notes
    -----
    Time is at most ``n_items · large`` distances: linear in the items. With a graph it is mostly
    the filter of its lists.
    """
    codes = np.asarray(codes)
    _check(len(vectors), codes, graph, metric)
    if k < 1 or queries < 1:
        raise InputError(f"k={k} and queries={queries} must both be at least 1")
    n_lists = len(codes) if first is None else min(first, len(codes))
    indices = np.full((n_lists, k), -1, dtype=np.int32)
    distances = np.full((n_lists, k), np.inf, dtype=np.float32)
    members = members_of_labels(codes)
    if n_lists < len(codes):
        asked = np.arange(len(codes)) < n_lists
    else:
        asked = _asked(members, len(codes), large=large, queries=queries, seed=seed)
    known = np.zeros(len(codes), dtype=bool)
    if graph is not None:
        known = _filter(graph, codes, asked, into=(indices, distances))
    for label, rows in enumerate(members):
        progress(label, len(members))
        missing = np.flatnonzero(asked[rows] & ~known[rows])
        if not missing.size:
            continue
        reach = min(k, len(rows) - 1)
        # Blocks of a whole label are computed once for both sides: past half, that is less work.
        every = missing.size > len(rows) / 2
        found = nearest_neighbors(
            vectors[rows],
            k=reach,
            metric=metric,
            queries=None if every else missing,
            progress=lambda *_, at=label: progress(at, len(members)),
        )
        lists = missing if every else slice(None)
        indices[rows[missing], :reach] = rows[found.indices[lists]]
        distances[rows[missing], :reach] = found.distances[lists]
    progress(len(members), len(members))
    among = len(codes) if n_lists < len(codes) else None
    return NeighborGraph(indices, distances, metric, among=among)


def members_of_labels(codes: IntArray) -> list[NDArray[np.int64]]:
    """Return the rows of each label with two items or more, in order."""
    order = np.argsort(codes, kind="stable")
    order = order[np.count_nonzero(codes < 0) :]
    cuts = np.flatnonzero(np.diff(codes[order])) + 1
    return [rows for rows in np.split(order, cuts) if len(rows) > 1]


def _asked(
    members: list[NDArray[np.int64]], n_items: int, *, large: int, queries: int, seed: int
) -> NDArray[np.bool_]:
    asked = np.zeros(n_items, dtype=bool)
    rng = np.random.default_rng(seed)
    for rows in members:
        few = len(rows) <= max(large, queries)
        asked[rows if few else rng.choice(rows, size=queries, replace=False)] = True
    return asked


def _filter(
    graph: NeighborGraph,
    codes: IntArray,
    asked: NDArray[np.bool_],
    *,
    into: tuple[NDArray[np.int32], NDArray[np.float32]],
) -> NDArray[np.bool_]:
    """Write the first k of each list that carry the item's label, where these are surely all."""
    indices, distances = into
    k = indices.shape[1]
    known = np.zeros(len(codes), dtype=bool)
    stored = graph.indices.shape[1]
    if stored < k:
        return known
    complete = stored == len(codes) - 1
    queries = np.flatnonzero(asked)
    for span in spans(len(queries), max(1, _CELLS // stored)):
        rows = queries[span]
        near, far = graph.indices[rows], graph.distances[rows]
        foreign = codes[near] != codes[rows, None]
        order = np.argsort(foreign, axis=1, kind="stable")[:, :k]
        last = np.take_along_axis(far, order[:, -1:], axis=1)[:, 0]
        # At the distance of the last stored neighbour there may be others that were not stored.
        sure = ~np.take_along_axis(foreign, order[:, -1:], axis=1)[:, 0]
        sure &= complete | (last < far[:, -1])
        known[rows[sure]] = True
        indices[rows[sure]] = np.take_along_axis(near, order, axis=1)[sure]
        distances[rows[sure]] = np.take_along_axis(far, order, axis=1)[sure]
    return known


def _check(n: int, codes: IntArray, graph: NeighborGraph | None, metric: Metric) -> None:
    if codes.shape != (n,):
        raise GraphMismatchError(
            f"codes has shape {codes.shape}, but there are {n} vectors; give one code a vector"
        )
    if graph is None:
        return
    if graph.n_items != n:
        raise GraphMismatchError(
            f"the graph covers {graph.n_items} items and the vectors {n}; "
            "give the graph that was made from these vectors"
        )
    if graph.metric != metric:
        raise GraphMismatchError(
            f"the graph is of metric {graph.metric!r} and {metric!r} is asked for; give both alike"
        )
