"""How far a picture may be believed, item by item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.compute import room
from emblink.errors import GraphMismatchError
from emblink.kernels import (
    TopLists,
    count_columns,
    count_rows,
    list_ranks,
    near_points,
    point_ranks,
    top_lists,
    topk_columns,
    topk_rerank,
    topk_rows,
)
from emblink.rows import same_directions
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

_BLOCK = 2048
_WIDE_CELLS = 1 << 21
"""Numbers of a block where there are more dims than items."""
_SPARE = 8
"""Candidates kept beyond k, as products round: the k nearest are chosen by direct distances."""
_GATHERED = 1 << 23
"""Numbers of rows gathered at a time."""
_Kernel: TypeAlias = Callable[..., None]


def trustworthiness_continuity(
    vectors: FloatArray,
    coords: FloatArray,
    *,
    metric: Metric,
    k: int = 15,
    queries: IntArray | None = None,
    graph: NeighborGraph | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Trustworthiness and continuity of each queried item's neighbourhood in a picture.

    With ``r(i, j)`` the rank of ``j`` among the high-dimensional neighbours of ``i``::

        T_i = 1 - 2 / (k (2n - 3k - 1)) * sum of max(0, r(i, j) - k) over the 2-D neighbours j

    ``C_i`` is the same with the two spaces exchanged. The means over all items are Venna and
    Kaski's measures.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
    coords : array of shape (n_items, 2) or (n_items, 3)
        Finite.
    metric : {"cosine", "euclidean"}
        Of ``vectors``; the picture is Euclidean.
    k : int
        Neighbours, clipped to less than half of the items.
    queries : array of shape (n_queries,), or None
        Rows to judge, among all items as candidates; None for every row.
    graph : NeighborGraph, optional
        Exact, of all vectors, with at least ``k`` neighbours: they are not sought again.

    Returns
    -------
    trustworthiness, continuity : arrays of shape (n_queries,), float32
        At most 1, and the means in [0, 1] (an item may fall below 0). Low trustworthiness: the
        item stands among strangers. Low continuity: its neighbours were torn away. Invariant to
        rotation, shift and scale of either space. Misleads on global structure: only ranks near
        ``k`` matter.

    Raises
    ------
    GraphMismatchError
        The picture or the graph is of other items.

    References
    ----------
    .. [1] Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", 2001.
    """
    (found,) = trust_of_pictures(
        vectors, [coords], metric=metric, k=k, queries=queries, graph=graph
    )
    return found


def trust_of_pictures(
    vectors: FloatArray,
    pictures: Sequence[FloatArray],
    *,
    metric: Metric,
    k: int = 15,
    queries: IntArray | None = None,
    graph: NeighborGraph | None = None,
) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """:func:`trustworthiness_continuity` of several pictures of one space, in one pass.

    Ranks are counted, not sorted: each block of products is compared with the scores of the items
    whose ranks are wanted, for all pictures at once, and counts for its rows and its columns.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        One float32 copy of it is made.
    pictures : sequence of arrays of shape (n_items, 2) or (n_items, 3)
    metric : {"cosine", "euclidean"}
    k : int
    queries : array of shape (n_queries,), or None
    graph : NeighborGraph, optional

    Returns
    -------
    list of (trustworthiness, continuity)
        Two arrays of shape (n_queries,) for each picture.

    Raises
    ------
    GraphMismatchError
        A picture or the graph is of other items.
    """
    n = len(vectors)
    k = min(k, (n - 1) // 2)
    flat = [_checked(coords, n) for coords in pictures]
    rows = np.arange(n) if queries is None else np.asarray(queries, np.int64)
    if k < 1 or not flat:
        return [(np.ones(len(rows), np.float32), np.ones(len(rows), np.float32)) for _ in flat]
    if graph is not None and (len(graph.indices) != n or graph.indices.shape[1] < k):
        raise GraphMismatchError(
            f"a graph of shape {graph.indices.shape} is given for {n} vectors and k={k}; give "
            "the graph of these vectors with at least k neighbours, or none"
        )
    near = [near_points(coords, coords[rows], k=k, selves=rows) for coords in flat]
    points = _prepare(vectors, metric)
    members = np.concatenate(near, axis=1)
    counts = np.zeros(members.shape, np.int32)
    asked = _Asked(rows, members, _scores(points, rows, members), counts)
    lists = top_lists(len(rows), keep=min(n - 1, k + _SPARE)) if graph is None else None
    if queries is None:
        _count_all(points, asked, lists)
    else:
        _count_queries(points, asked, lists)
    if lists is not None:
        far, _ = topk_rerank(lists, points.values, queries=rows, first_list=0, k=k)
    elif graph is not None:
        far = np.ascontiguousarray(graph.indices[rows, :k], np.int32)
    worst = 2 / (k * (2 * n - 3 * k - 1))
    found = []
    for at, coords in enumerate(flat):
        ranks = counts[:, at * k : (at + 1) * k] + 1, point_ranks(coords, far, queries=rows)
        trust, continuity = (
            1 - worst * np.maximum(0, rank.astype(np.int64) - k).sum(axis=1) for rank in ranks
        )
        found.append((trust.astype(np.float32), continuity.astype(np.float32)))
    return found


@dataclass(frozen=True, eq=False)
class NeighborErrors:
    """What a picture did to each item's ``k`` neighbours, as shares in [0, 1].

    Attributes
    ----------
    preservation : array of shape (n_items,), float32
        Of the ``k`` nearest in the space, those among the ``k`` nearest in the picture.
    false_neighbors : array of shape (n_items,), float32
        Of the ``k`` nearest in the picture, those that are not among the ``reach`` in the space.
    missing_neighbors : array of shape (n_items,), float32
        Of the ``k`` nearest in the space, those that are not among the ``reach`` in the picture.
    """

    preservation: NDArray[np.float32]
    false_neighbors: NDArray[np.float32]
    missing_neighbors: NDArray[np.float32]


def neighbor_errors(
    graph: NeighborGraph, coords: FloatArray, *, k: int = 15, reach: int | None = None
) -> NeighborErrors:
    """Count the false and the missing neighbours of every item of a picture.

    A neighbour in the picture is false when it is far in the space; one in the space is missing
    when it is far in the picture. Far is beyond the ``reach`` nearest: at ``k`` itself the two
    would be one number, ``1 - preservation``, for both lists are of one length.

    Parameters
    ----------
    graph : NeighborGraph
        Of the space, with ``reach`` neighbours; of all items or of the first of them.
    coords : array of shape (n_items, 2) or (n_items, 3)
    k : int
        Clipped to less than half of the items.
    reach : int, optional
        At least ``k``, clipped to all other items. Default: ``3 k``.

    Returns
    -------
    NeighborErrors
        Exact for any number of items. By chance, where the picture has nothing to do with the
        space, preservation is ``k / (n - 1)`` and the errors are ``1 - reach / (n - 1)``. Invariant
        to rotation, shift and scale. Misleads where ``reach`` is much of all items: then little
        is far.

    Raises
    ------
    GraphMismatchError
        The graph is of other items, or holds too few neighbours.

    References
    ----------
    .. [1] Martins et al., "Visual analysis of dimensionality reduction quality for parameterized
       projections", 2014.
    """
    n, n_lists = graph.n_items, len(graph.indices)
    coords = _checked(coords, n)
    k = min(k, (n - 1) // 2)
    reach = min(3 * k if reach is None else max(k, reach), n - 1)
    if graph.indices.shape[1] < reach:
        raise GraphMismatchError(
            f"the graph holds {graph.indices.shape[1]} neighbours and {reach} are needed for "
            f"k={k}; find more, or lower k"
        )
    if k < 1:
        return NeighborErrors(np.ones(n_lists, np.float32), *np.zeros((2, n_lists), np.float32))
    near = near_points(coords, coords[:n_lists], k=reach, selves=np.arange(n_lists))
    far = np.ascontiguousarray(graph.indices[:, :reach], np.int32)
    seen = list_ranks(np.ascontiguousarray(near[:, :k]), far)
    meant = list_ranks(np.ascontiguousarray(far[:, :k]), near)
    return NeighborErrors(
        preservation=_share((seen > 0) & (seen <= k)),
        false_neighbors=_share(seen == 0),
        missing_neighbors=_share(meant == 0),
    )


def _share(held: NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.asarray(held.mean(axis=1), np.float32)


@dataclass(frozen=True, eq=False)
class _Points:
    """Rows for which ``x · y - bias[y]`` orders the rows y by their distance to x."""

    values: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Asked:
    """Whose ranks are wanted: those of ``members`` of each row, counted so far in ``counts``."""

    rows: NDArray[np.int64]
    members: NDArray[np.int32]
    scores: NDArray[np.float32]
    counts: NDArray[np.int32]


def _checked(coords: FloatArray, n: int) -> NDArray[np.float32]:
    if coords.shape not in ((n, 2), (n, 3)):
        raise GraphMismatchError(
            f"a picture of shape {coords.shape} is given for {n} items; expected ({n}, 2)"
        )
    return np.ascontiguousarray(coords, np.float32)


def _prepare(vectors: FloatArray, metric: Metric) -> _Points:
    """Take a common shift and size off the rows: either would swamp their differences."""
    values = room(vectors.shape, np.float32)
    n, n_dims = vectors.shape
    step = _BLOCK if n_dims <= n else min(_BLOCK, max(16, _WIDE_CELLS // n_dims))
    spans = [slice(begin, begin + step) for begin in range(0, n, step)]
    origin = _rows(vectors[spans[0]], metric).mean(axis=0)
    first = same_directions(vectors) if metric == "cosine" else None
    scale = 1.0
    if metric == "euclidean":
        longest = max(abs(float(vectors.max())), abs(float(vectors.min())))
        scale = 2.0 ** -int(np.frexp(longest)[1])
    for span in spans:
        rows = span if first is None else first[span]
        values[span] = (_rows(vectors[rows], metric) - origin) * scale
    return _Points(values, np.float32(0.5) * np.einsum("ij,ij->i", values, values))


def _rows(vectors: FloatArray, metric: Metric) -> NDArray[np.float64]:
    rows = vectors.astype(np.float64)
    if metric == "cosine":
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def _scores(
    points: _Points, rows: NDArray[np.int64], members: NDArray[np.int32]
) -> NDArray[np.float32]:
    found = -points.bias[members]
    step = max(1, min(_BLOCK, _GATHERED // points.values.shape[1]) // members.shape[1])
    for begin in range(0, len(rows), step):
        span = slice(begin, begin + step)
        query = points.values[rows[span], :, None]
        # Short products raise the flag on lanes that hold no number; what is read is finite.
        with np.errstate(invalid="ignore"):
            found[span] += (points.values[members[span]] @ query)[..., 0]
    return found


def _count_all(points: _Points, asked: _Asked, lists: TopLists | None) -> None:
    """Count in every block of the upper half, for its rows and for its columns."""
    spans = _spans(len(points.values))
    for at, top in enumerate(spans):
        for side in spans[at:]:
            block = points.values[top] @ points.values[side].T
            if side is top:
                np.fill_diagonal(block, -np.inf)
            else:
                _count(count_columns, block, points.bias[top], asked, at=side, first=top.start)
            _count(count_rows, block, points.bias[side], asked, at=top, first=side.start)
            if lists is None:
                continue
            _top_rows(lists, block, points, asked.rows, at=top, side=side)
            if side is not top:
                topk_columns(
                    lists,
                    block,
                    points.bias[top],
                    first_candidate=top.start,
                    first_list=side.start,
                )


def _count_queries(points: _Points, asked: _Asked, lists: TopLists | None) -> None:
    for at in _spans(len(asked.rows)):
        rows = asked.rows[at]
        for side in _spans(len(points.values)):
            block = points.values[rows] @ points.values[side].T
            own = np.flatnonzero((rows >= side.start) & (rows < side.stop))
            block[own, rows[own] - side.start] = -np.inf
            _count(count_rows, block, points.bias[side], asked, at=at, first=side.start)
            if lists is not None:
                _top_rows(lists, block, points, asked.rows, at=at, side=side)


def _count(
    kernel: _Kernel,
    block: NDArray[np.float32],
    bias: NDArray[np.float32],
    asked: _Asked,
    *,
    at: slice,
    first: int,
) -> None:
    kernel(
        asked.counts[at],
        block,
        bias,
        first_candidate=first,
        thresholds=asked.scores[at],
        members=asked.members[at],
    )


def _top_rows(
    lists: TopLists,
    block: NDArray[np.float32],
    points: _Points,
    rows: NDArray[np.int64],
    *,
    at: slice,
    side: slice,
) -> None:
    topk_rows(
        lists,
        block,
        points.bias[side],
        first_candidate=side.start,
        selves=rows[at],
        first_list=at.start,
    )


def _spans(n: int) -> list[slice]:
    return [slice(begin, min(n, begin + _BLOCK)) for begin in range(0, n, _BLOCK)]
