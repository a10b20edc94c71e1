"""How many ranks an item's neighbours moved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.kernels import list_ranks
from emblink.measures._lists import blocks, first_neighbors
from emblink.measures._overlap import chance_overlap
from emblink.types import NeighborGraph


def rank_displacement(
    a: NeighborGraph, b: NeighborGraph, *, k: int = 10, depth: int | None = None
) -> NDArray[np.float32]:
    """Mean number of ranks by which each item's nearest neighbours moved between two spaces.

    Over the first ``k`` neighbours of the item in ``a`` and its first ``k`` in ``b``: how far the
    rank in one space is from the rank in the other. A neighbour that is not among the first
    ``depth`` of the other space counts as standing at ``depth + 1``.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``depth`` neighbours each.
    k : int
        Neighbours looked for, from either side.
    depth : int, optional
        Ranks among which they are looked for, at least ``k``; all that both graphs hold by default.

    Returns
    -------
    array of shape (n_items,), float32
        In ranks, from 0 (the same first ``k`` in the same order) to ``depth + 1 - (k + 1) / 2``
        (none of them found). The same for ``b`` and ``a``. Expected of unrelated spaces without
        hubs: :func:`chance_rank_displacement`. Invariant to anything that keeps the order of each
        neighbour list.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold too few neighbours.

    Notes
    -----
    Misleads when figures of different ``depth`` are set side by side (the farther one looks, the
    farther a lost neighbour is found), and in dense regions, where many ranks are a small distance.
    """
    held = min(a.indices.shape[1], b.indices.shape[1])
    depth = held if depth is None else depth
    left, right = first_neighbors(a, b, k=depth)
    _check(k, depth)
    moved = np.empty(len(left), dtype=np.float32)
    for rows in blocks(len(left), width=depth):
        lists = [np.ascontiguousarray(side[rows], dtype=np.int32) for side in (left, right)]
        there = _moves(lists[0], lists[1], k=k)
        moved[rows] = (there + _moves(lists[1], lists[0], k=k)) / (2 * k)
    return moved


def chance_rank_displacement(n_items: int, *, depth: int, k: int = 10) -> float:
    """Rank displacement expected of two unrelated spaces without hubs.

    Parameters
    ----------
    n_items : int
    depth : int
        As in :func:`rank_displacement`.
    k : int

    Returns
    -------
    float
        In ranks: the neighbour of rank ``r`` stands at any of ``n_items - 1`` ranks alike, those
        beyond ``depth`` counted as ``depth + 1``. Misleads when the spaces have hubs: unrelated
        spaces then displace less.

    Raises
    ------
    GraphMismatchError
        ``k`` exceeds ``depth``, or an item cannot have ``depth`` neighbours among ``n_items``.
    """
    chance_overlap(n_items, k=depth)
    _check(k, depth)
    rank = np.arange(1, k + 1, dtype=np.float64)
    nearer, farther = rank * (rank - 1) / 2, (depth - rank) * (depth - rank + 1) / 2
    lost = (n_items - 1 - depth) * (depth + 1 - rank)
    return float((nearer + farther + lost).mean() / (n_items - 1))


def _moves(near: NDArray[np.int32], lists: NDArray[np.int32], *, k: int) -> NDArray[np.int64]:
    found = list_ranks(np.ascontiguousarray(near[:, :k]), lists).astype(np.int64)
    found[found == 0] = lists.shape[1] + 1
    total: NDArray[np.int64] = np.abs(found - np.arange(1, k + 1)).sum(axis=1)
    return total


def _check(k: int, depth: int) -> None:
    if not 1 <= k <= depth:
        raise GraphMismatchError(
            f"k={k} neighbours cannot be looked for among {depth}; choose k from 1 to {depth}"
        )
