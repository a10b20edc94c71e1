"""How strongly the places of one item in two pictures are drawn together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import prefix_agreement
from emblink.types import FloatArray, IntArray, NeighborGraph

STRONGEST = 5.0  # beside an attraction of at most 2
_STEEPNESS = 8.0
_ADAPTATION = 0.4
_LEAST_KAPPA = 1e-3
_NEGLIGIBLE = 1e-4  # of the strongest
_STAYED = 0.5
"""Of a pair's mean overlap: an item that has as much may have stayed where it was."""
_ENOUGH = 0.5
"""Of an item's neighbours: as many must have stayed for these to tell whether it did."""


def tie_strengths(
    graphs: Sequence[NeighborGraph], rows: Sequence[IntArray], n_items: int, *, k: int
) -> NDArray[np.float32]:
    """Return the ties of every item, by pair of spaces.

    An item's tie grows steeply with its rank in how much of its neighbourhood two spaces share::

        tie = 5 * rank ** (8 / kappa ** 0.4)

    where ``rank`` is the share of items that agree less, ties counted half, or 1 for full
    agreement, and ``kappa`` the pair's mean overlap beyond chance. The rank adapts to noise, which
    lowers every agreement alike; the exponent lets go of all but the best-agreeing items of two
    spaces that have little in common.

    Those who went elsewhere, with less than half of the mean overlap, do not count among the
    neighbours of others: a cluster that many left or joined is held by its other items. An item is
    judged by all its neighbours where fewer than half of them stayed.

    Parameters
    ----------
    graphs : sequence of NeighborGraph
    rows : sequence of arrays of shape (n_space_items,)
        The item, in ``[0, n_items)``, of each row.
    n_items : int
    k : int
        Neighbours, among the items of both spaces, whose overlap is the agreement; clipped to what
        the graphs hold and to less than half of the items.

    Returns
    -------
    array of shape (n_items, n_spaces * (n_spaces - 1) / 2), float32
        0 or more, by pair (0, 1), (0, 2), ... (1, 2), ...; 0 where a space lacks the item.
    """
    pairs = list(combinations(range(len(graphs)), 2))
    ties = np.zeros((n_items, len(pairs)), np.float32)
    for column, (a, b) in enumerate(pairs):
        items, agreed, kappa = _agreement(graphs, rows, n_items, (a, b), k=k)
        ties[items, column] = _strength(agreed, kappa)
    return ties


def _strength(agreed: FloatArray, kappa: float) -> NDArray[np.float64]:
    if not len(agreed):
        return np.zeros(0)
    ordered = np.sort(agreed)
    below = np.searchsorted(ordered, agreed, side="left")
    within = np.searchsorted(ordered, agreed, side="right")
    rank = np.where(agreed >= 1, 1, (below + within) / (2 * len(agreed)))
    strength = rank ** (_STEEPNESS / max(kappa, _LEAST_KAPPA) ** _ADAPTATION)
    return np.asarray(STRONGEST * np.where(strength > _NEGLIGIBLE, strength, 0))


def common_lists(
    graphs: Sequence[NeighborGraph],
    rows: Sequence[IntArray],
    n_items: int,
    pair: tuple[int, int],
    *,
    k: int,
) -> tuple[IntArray, NDArray[np.int32], NDArray[np.int32]]:
    """Return the items of both spaces, and the neighbours of each among them in either space.

    Parameters
    ----------
    graphs, rows, n_items, k
        As in :func:`tie_strengths`.
    pair : (int, int)
        Of spaces.

    Returns
    -------
    items : array of shape (n_common,)
    first, second : arrays of shape (n_common, length), int32
        Items; -1 beyond the last. ``length`` is at most ``k``, and 0 for fewer than three items.
    """
    covered = np.zeros((2, n_items), bool)
    for side, space in enumerate(pair):
        covered[side, rows[space]] = True
    common = covered[0] & covered[1]
    items = np.flatnonzero(common)
    k = min(k, max(1, (len(items) - 1) // 2))
    lists = list(_lists(graphs, rows, pair, common=common, k=k))
    length = min((near.shape[1] for near in lists), default=0) if len(items) >= 3 else 0
    first, second = (np.ascontiguousarray(near[:, :length]) for near in lists)
    return items, first, second


def _agreement(
    graphs: Sequence[NeighborGraph],
    rows: Sequence[IntArray],
    n_items: int,
    pair: tuple[int, int],
    *,
    k: int,
) -> tuple[IntArray, NDArray[np.float64], float]:
    """Return the items of both spaces, each one's agreement in [0, 1], and the pair's kappa."""
    items, first, second = common_lists(graphs, rows, n_items, pair, k=k)
    length = first.shape[1]
    if length == 0:
        return items, np.zeros(len(items)), 0.0
    overlap, held = _overlap(first, second)
    mean, chance = float(overlap.mean()), length / (len(items) - 1)
    stayed = np.zeros(n_items + 1, bool)  # the last one is no one's
    stayed[items] = overlap >= _STAYED * mean
    _keep(stayed, first, second)
    among, left = _overlap(first, second)
    agreed = np.where(left >= _ENOUGH * held, among, overlap)
    return items, agreed, (mean - chance) / (1 - chance)


def _overlap(
    first: NDArray[np.int32], second: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the share of the shorter list of each row that the other has, and its length."""
    shared = prefix_agreement(first, second, depths=[first.shape[1]])[:, 0]
    held = np.minimum((first >= 0).sum(axis=1), (second >= 0).sum(axis=1))
    return shared / np.maximum(held, 1), held


def _keep(stayed: NDArray[np.bool_], first: NDArray[np.int32], second: NDArray[np.int32]) -> None:
    """Strike who did not stay from both lists, and the farthest from what is then the longer."""
    here = [stayed[near] for near in (first, second)]
    counts = np.minimum(*(of.sum(axis=1) for of in here))
    for near, of in zip((first, second), here, strict=True):
        of &= np.cumsum(of, axis=1, dtype=np.int32) <= counts[:, None]
        near[~of] = -1


def _lists(
    graphs: Sequence[NeighborGraph],
    rows: Sequence[IntArray],
    pair: tuple[int, int],
    *,
    common: NDArray[np.bool_],
    k: int,
) -> Iterator[NDArray[np.int32]]:
    """Yield each common item's first neighbours among the common items; -1 beyond the last."""
    for space in pair:
        graph, items = graphs[space], rows[space].astype(np.int32)
        held = np.flatnonzero(common[items])
        held = held[np.argsort(items[held])]
        near = items[graph.indices[held]]
        if len(held) < len(items):
            lacking = ~common[near]
            first = np.argsort(lacking, axis=1, kind="stable")[:, :k]
            near = np.take_along_axis(np.where(lacking, np.int32(-1), near), first, axis=1)
        yield near[:, :k]
