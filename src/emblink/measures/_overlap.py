"""How far two spaces give an item the same nearest neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.types import NeighborGraph

_BLOCK_CELLS = 1 << 20


def neighborhood_overlap(a: NeighborGraph, b: NeighborGraph, *, k: int = 10) -> NDArray[np.float32]:
    """Share of each item's ``k`` nearest neighbours that two spaces have in common.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    k : int
        Neighbours compared.

    Returns
    -------
    array of shape (n_items,), float32
        In [0, 1]. Expected value for unrelated spaces without hubs: ``k / (n_items - 1)``
        (:func:`chance_overlap`); with hubs, :func:`hub_chance_overlap`. Invariant to anything
        that keeps each neighbour list as a set.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``k`` neighbours.

    Notes
    -----
    Misleads when ``n_items`` differs between two figures that are set side by side (overlap at
    fixed ``k`` falls as items are added), when many items tie (copies of one vector list each
    other in an arbitrary order), and when both spaces share hubs: read ``kappa`` beside it.

    References
    ----------
    .. [1] Huh et al., "The Platonic Representation Hypothesis", ICML 2024.
    """
    left, right = first_neighbors(a, b, k=k)
    n_items = len(left)
    overlap = np.empty(n_items, dtype=np.float32)
    step = max(1, _BLOCK_CELLS // (2 * k))
    for start in range(0, n_items, step):
        rows = slice(start, start + step)
        both = np.concatenate([left[rows], right[rows]], axis=1)
        both.sort(axis=1)
        overlap[rows] = (both[:, 1:] == both[:, :-1]).sum(axis=1) / k
    return overlap


def chance_overlap(n_items: int, *, k: int) -> float:
    """Overlap expected of two unrelated spaces without hubs: ``k / (n_items - 1)``.

    Parameters
    ----------
    n_items : int
    k : int

    Returns
    -------
    float
        In (0, 1]. Misleads when the spaces have hubs, which raise the overlap of unrelated
        spaces: see :func:`hub_chance_overlap`.

    Raises
    ------
    GraphMismatchError
        An item cannot have ``k`` neighbours among ``n_items``.
    """
    if not 1 <= k <= n_items - 1:
        raise GraphMismatchError(
            f"{n_items} items have no {k} neighbours each; choose k from 1 to {n_items - 1}"
        )
    return k / (n_items - 1)


def hub_chance_overlap(a: NeighborGraph, b: NeighborGraph, *, k: int = 10) -> float:
    r"""Overlap expected of two unrelated spaces whose items are as popular as in these two.

    The popularity of item ``j`` is its in-degree ``h(j)``: how many items list it among their
    first ``k`` neighbours. Draw for every item two independent lists in which ``j`` stands with
    probability ``h(j) / (n - 1)``: the mean share they have in common is

    .. math:: \sum_j h_A(j)\,h_B(j) \,/\, (n (n - 1) k).

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    k : int

    Returns
    -------
    float
        In [0, 1]; exactly ``k / (n - 1)`` when one of the spaces has no hubs (all in-degrees
        equal). Invariant to any shuffling of the neighbour lists among the items, and to a
        renumbering of the items of both spaces alike.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``k`` neighbours.

    Notes
    -----
    Misleads when a real relation shows in the popularity itself (a small dense cluster kept by
    both spaces makes the same few items popular): the correction is then too strong.
    """
    left, right = first_neighbors(a, b, k=k)
    n_items = len(left)
    popular_a = np.bincount(left.ravel(), minlength=n_items).astype(np.float64)
    popular_b = np.bincount(right.ravel(), minlength=n_items).astype(np.float64)
    return min(1.0, float(popular_a @ popular_b) / (n_items * (n_items - 1) * k))


def kappa(value: float, chance: float) -> float:
    """Agreement beyond chance: ``(value - chance) / (1 - chance)``.

    Parameters
    ----------
    value : float
        An agreement in [0, 1], such as a mean overlap.
    chance : float
        What unrelated spaces would reach; for an overlap, :func:`hub_chance_overlap`.

    Returns
    -------
    float
        1 for full agreement, 0 for chance, negative below it; 0 when chance itself is 1, for
        then nothing can be seen. Misleads when ``chance`` is near 1: little noise becomes much.

    References
    ----------
    .. [1] Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    return (value - chance) / (1.0 - chance) if chance < 1.0 else 0.0


def first_neighbors(
    a: NeighborGraph, b: NeighborGraph, *, k: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the first ``k`` neighbours of two graphs that cover the same items."""
    if len(a.indices) != len(b.indices):
        raise GraphMismatchError(
            f"the neighbour graphs cover {len(a.indices)} and {len(b.indices)} items; build both "
            "on the items that the two spaces have in common"
        )
    held = min(a.indices.shape[1], b.indices.shape[1])
    if not 1 <= k <= held:
        raise GraphMismatchError(
            f"k={k} neighbours are asked for, but the graphs hold {held}; choose k from 1 to "
            f"{held}, or build the graphs with more neighbours"
        )
    return a.indices[:, :k], b.indices[:, :k]
