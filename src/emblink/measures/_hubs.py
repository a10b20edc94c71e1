"""Items that are neighbours of very many, and how that changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.measures._lists import first_neighbors, own_neighbors, popularity
from emblink.measures._overlap import chance_overlap
from emblink.types import NeighborGraph


def hubness(graph: NeighborGraph, *, k: int = 10) -> NDArray[np.int64]:
    """Count of how many items list each item among their ``k`` nearest neighbours.

    Parameters
    ----------
    graph : NeighborGraph
        At least ``k`` neighbours.
    k : int

    Returns
    -------
    array of shape (n_items,), int64
        The in-degree, also called k-occurrence: from 0 to ``n_items - 1``, ``k`` on average.
        In a space without structure it is binomial, with variance ``k (1 - k / (n_items - 1))``.
        Invariant to anything that keeps each neighbour list as a set.

    Raises
    ------
    GraphMismatchError
        The graph holds fewer than ``k`` neighbours.

    Notes
    -----
    Misleads as a flaw of the item: many dimensions make hubs of whatever lies near the centre.

    References
    ----------
    .. [1] Radovanović, Nanopoulos and Ivanović, "Hubs in space", JMLR 11, 2010.
    """
    return popularity(own_neighbors(graph, k=k), len(graph.indices)).astype(np.int64)


def hubness_skewness(graph: NeighborGraph, *, k: int = 10) -> float:
    """Skewness of the k-occurrences: how far a few items are neighbours of very many.

    Parameters
    ----------
    graph : NeighborGraph
        At least ``k`` neighbours.
    k : int

    Returns
    -------
    float
        Third central moment over the cube of the standard deviation, of :func:`hubness`. 0 when
        every item is listed equally often; random lists reach :func:`chance_hubness_skewness`; the
        larger, the more lists a few items fill. Invariant like :func:`hubness`.

    Raises
    ------
    GraphMismatchError
        The graph holds fewer than ``k`` neighbours.

    Notes
    -----
    Misleads when spaces of different ``n_items`` or ``k`` are set side by side: the largest hub,
    and the skewness with it, grows with the items.

    References
    ----------
    .. [1] Radovanović, Nanopoulos and Ivanović, "Hubs in space", JMLR 11, 2010.
    """
    excess = hubness(graph, k=k).astype(np.float64) - k
    variance = float(np.mean(excess**2))
    return float(np.mean(excess**3)) / variance**1.5 if variance > 0.0 else 0.0


def chance_hubness_skewness(n_items: int, *, k: int = 10) -> float:
    """Skewness of the k-occurrences in random lists: that of a binomial.

    Parameters
    ----------
    n_items : int
    k : int

    Returns
    -------
    float
        ``(1 - 2q) / sqrt((n_items - 1) q (1 - q))`` with ``q = k / (n_items - 1)``, about
        ``1 / sqrt(k)``; 0 when every item must list all others. Misleads as a null of real vectors:
        a cloud of many dimensions has hubs without any structure.

    Raises
    ------
    GraphMismatchError
        An item cannot have ``k`` neighbours among ``n_items``.
    """
    q = chance_overlap(n_items, k=k)
    return float((1.0 - 2.0 * q) / np.sqrt((n_items - 1) * q * (1.0 - q))) if q < 1.0 else 0.0


def hubness_change(a: NeighborGraph, b: NeighborGraph, *, k: int = 10) -> NDArray[np.float32]:
    """How many times as popular each item is in ``b`` as in ``a``, as a binary logarithm.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    k : int

    Returns
    -------
    array of shape (n_items,), float32
        ``log2((h_b + 1) / (h_a + 1))`` of the counts :func:`hubness`: 1 where twice as many list
        the item, -1 where half as many; within ± ``log2(n_items)``. 0 where nothing changed;
        exchanging ``a`` and ``b`` turns the sign. Invariant to anything that keeps each list as a
        set; counts know no scale.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``k`` neighbours.

    Notes
    -----
    Misleads for unpopular items: from 0 to 1 is as large as from 9 to 19. Between unrelated
    spaces it is wide about 0, so read it against a replicate.
    """
    left, right = first_neighbors(a, b, k=k)
    before, after = (popularity(lists, a.n_items) + 1.0 for lists in (left, right))
    return np.log2(after / before).astype(np.float32)
