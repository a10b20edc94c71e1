"""Where a space became denser or sparser."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.measures._lists import blocks, first_neighbors
from emblink.types import NeighborGraph

_LEAST = 1e-3


def log_density_change(a: NeighborGraph, b: NeighborGraph, *, k: int = 20) -> NDArray[np.float32]:
    """How much closer each item's neighbours stand in ``b`` than in ``a``, against the other items.

    The logarithm of the mean distance of an item's ``k`` nearest neighbours in ``a`` over that in
    ``b``, less the median of this over the items: a change of scale of either space drops out.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each. Cosine distances are
        read as chords between unit rows, ``sqrt(2 (1 - cos))``, so that both metrics are lengths.
    k : int

    Returns
    -------
    array of shape (n_items,), float32
        In natural logarithms of length: ``log 2`` where neighbours came twice as near as is usual
        for the pair. Above 0: denser in ``b``. 0 in the median, so also where nothing changed.
        Exchanging ``a`` and ``b`` turns the sign. Invariant to rotation, shift (``euclidean``) and
        scale of either space, and to which items the neighbours are.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``k`` neighbours.

    Notes
    -----
    It is a change of length: of the density proper it is that divided by the dimension in which the
    items spread. A mean distance below a thousandth of the space's median, as among copies of one
    vector, is read as a thousandth of it, so copies are very dense and not infinitely so.

    Misleads when the spaces spread in different numbers of dimensions (in more of them, distances
    are more alike: what was dense seems to thin out), when more than half of the items changed
    alike (the median moves with them), and for an item with few copies (its mean mixes zeros and
    lengths). Read it against a replicate.
    """
    first_neighbors(a, b, k=k)
    change = np.log(_radius(a, k=k)) - np.log(_radius(b, k=k))
    return np.asarray(change - np.median(change), dtype=np.float32)


def _radius(graph: NeighborGraph, *, k: int) -> NDArray[np.float64]:
    """Return each item's mean distance to its ``k`` nearest, over the median of those not 0."""
    radius = np.empty(len(graph.indices))
    for rows in blocks(len(radius), width=k):
        distances = graph.distances[rows, :k].astype(np.float64)
        if graph.metric == "cosine":
            distances = np.sqrt(2.0 * np.maximum(distances, 0.0))
        radius[rows] = distances.mean(axis=1)
    apart = radius[radius > 0.0]
    if not apart.size:
        return np.ones_like(radius)
    return np.maximum(radius / np.median(apart), _LEAST)
