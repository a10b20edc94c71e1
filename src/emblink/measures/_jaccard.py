"""Overlap of neighbour lists as a share of all that either space lists."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from emblink.measures._lists import agreement_blocks
from emblink.measures._overlap import chance_overlap
from emblink.types import NeighborGraph


def jaccard_similarity(a: NeighborGraph, b: NeighborGraph, *, k: int = 10) -> NDArray[np.float32]:
    """Shared neighbours over all neighbours that either space lists, per item.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    k : int
        Neighbours compared.

    Returns
    -------
    array of shape (n_items,), float32
        In [0, 1]; ``o / (2 - o)`` of the :func:`neighborhood_overlap` ``o``, so it orders items
        alike and its mean lies lower. Expected of unrelated spaces without hubs:
        :func:`chance_jaccard`. Invariant to anything that keeps each neighbour list as a set.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``k`` neighbours.

    Notes
    -----
    Misleads where :func:`neighborhood_overlap` does, and when a mean of it is set beside a mean
    overlap: half the neighbours in common are 0.33 here.

    References
    ----------
    .. [1] Jaccard, "Étude comparative de la distribution florale", 1901.
    """
    similarity = np.empty(len(a.indices), dtype=np.float32)
    for rows, common in agreement_blocks(a, b, depths=[k]):
        similarity[rows] = common[:, 0] / (2 * k - common[:, 0])
    return similarity


def chance_jaccard(n_items: int, *, k: int) -> float:
    """Jaccard similarity expected of two unrelated spaces without hubs.

    Parameters
    ----------
    n_items : int
    k : int

    Returns
    -------
    float
        In (0, 1]: the mean of ``x / (2k - x)`` where ``x``, the neighbours in common, is
        hypergeometric: ``k`` drawn of ``n_items - 1``, of which ``k`` count. Misleads like
        :func:`chance_overlap` when the spaces have hubs.

    Raises
    ------
    GraphMismatchError
        An item cannot have ``k`` neighbours among ``n_items``.
    """
    chance_overlap(n_items, k=k)
    others = n_items - 1
    ways = comb(others, k)
    return float(
        sum(
            x / (2 * k - x) * (comb(k, x) * comb(others - k, k - x) / ways) for x in range(1, k + 1)
        )
    )
