"""What unrelated spaces would have in common at the selected items."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from emblink.types import FloatArray, IntArray, NeighborGraph

_SHUFFLES = 5


def hub_chance_at(a: NeighborGraph, b: NeighborGraph, *, rows: IntArray, k: int) -> float:
    r"""Overlap expected at some items if each list of one space went to a random item.

    With ``h(j)`` the number of all items that list item ``j``, and ``h^S(j)`` that of the items
    ``S`` that do, the lists of one space handed out at random over *all* items agree with those
    of the other at ``S`` in a mean share of

    .. math:: \sum_j h_A^S(j)\,h_B(j) \,/\, (|S| (n - 1) k).

    The mean of this and of the same with the spaces exchanged is returned; for ``S`` all items,
    both are ``hub_chance_overlap``. Lists are not handed out within ``S`` alone: a cluster that
    stays together would then agree with itself by "chance".

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order.
    rows : array of shape (n_rows,)
        The items ``S``.
    k : int

    Returns
    -------
    float
        In [0, 1]; ``k / (n - 1)`` without hubs.
    """
    left, right = a.indices[:, :k], b.indices[:, :k]
    n_items = len(left)
    expected = _popularity(right, n_items)[left[rows]].sum()
    expected += _popularity(left, n_items)[right[rows]].sum()
    return min(1.0, float(expected) / (2 * len(rows) * (n_items - 1) * k))


def hub_chance_of_sample(
    a: NeighborGraph, b: NeighborGraph, *, overlap: FloatArray, n_items: int, k: int
) -> float:
    """Estimate ``hub_chance_overlap`` from the lists of a random sample of the items.

    Each pair of lists that belong to different items of the sample is one draw of lists handed
    out at random; an item's own two lists are not, and are counted as seldom as among all items.

    Parameters
    ----------
    a, b : NeighborGraph
        The lists of the sampled items.
    overlap : array of shape (n_sampled,)
        ``neighborhood_overlap`` of the two.
    n_items : int
        From which the sample was drawn.
    k : int

    Returns
    -------
    float
        In [0, 1], without bias; ``hub_chance_overlap`` itself when the sample is all items.
    """
    left, right, n_sampled = a.indices[:, :k], b.indices[:, :k], len(overlap)
    own = float(overlap.sum(dtype=np.float64))
    together = float(_popularity(left, n_items) @ _popularity(right, n_items)) / k
    return min(
        1.0, (together - own) / (n_sampled * (n_sampled - 1)) + own / n_sampled / (n_items - 1)
    )


def shuffled(
    measure: Callable[[FloatArray, FloatArray], float], x: FloatArray, y: FloatArray, *, seed: int
) -> float:
    """Return the mean of a measure when the rows of ``y`` go to random items."""
    rng = np.random.default_rng(seed)
    return float(np.mean([measure(x, y[rng.permutation(len(y))]) for _ in range(_SHUFFLES)]))


def _popularity(lists: IntArray, n_items: int) -> NDArray[np.float64]:
    return np.bincount(lists.ravel(), minlength=n_items).astype(np.float64)
