"""What noise would do to a space, and what runs of a recipe do: asked of a sample of the items."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from emblink.compute import Progress, silent
from emblink.matched._items import sample, sensible_k
from emblink.matched._sides import Side
from emblink.measures import neighborhood_overlap, with_noise
from emblink.neighbors import nearest_neighbors, neighbors_of
from emblink.table import NEAR_NEIGHBORS
from emblink.types import FloatArray, IntArray, NeighborGraph

MOST_ITEMS = 10_000
"""Items among which neighbours are sought; of more, a sample."""
MOST_ASKED = 1_000
"""Items of these that are asked for their neighbours."""
FEW_ITEMS = 600
"""Items among which shares of noise are measured. How far 10 neighbours reach hangs on how many
items there are, and what a model changes hangs on how far one looks, as noise does not."""
DRAWS = 3
"""Such samples of more items."""


class Sampled(NamedTuple):
    """Some of the items that are compared, and those of them that are asked about.

    ``items`` are places among the compared items, ``asked`` places among ``items``; both ascend.
    """

    items: IntArray
    asked: IntArray

    @property
    def k(self) -> int:
        """Neighbours compared."""
        return sensible_k(NEAR_NEIGHBORS, len(self.items))


def sampled(n_items: int, *, seed: int) -> Sampled:
    """Draw the items that are asked about, and those among which neighbours are sought.

    Parameters
    ----------
    n_items : int
    seed : int

    Returns
    -------
    Sampled
        All of few items.
    """
    items = sample(np.arange(n_items), most=MOST_ITEMS, seed=seed)
    return Sampled(items, sample(np.arange(len(items)), most=MOST_ASKED, seed=seed + 1))


def few_at_a_time(n_items: int, *, seed: int) -> list[Sampled]:
    """Draw samples of as many items as shares of noise are measured among, whatever their number.

    Parameters
    ----------
    n_items : int
    seed : int

    Returns
    -------
    list of Sampled
        One of all, if these are 600 or fewer; else three of 600, which share items only where there
        are fewer than 1,800. All items of a sample are asked.
    """
    if n_items <= FEW_ITEMS:
        return [Sampled(np.arange(n_items), np.arange(n_items))]
    order = np.random.default_rng([seed, 5]).permutation(n_items)
    asked = np.arange(FEW_ITEMS)
    windows = [(draw * FEW_ITEMS + asked) % n_items for draw in range(DRAWS)]
    return [Sampled(np.sort(order[window]), asked) for window in windows]


def asked_neighbors(side: Side, chosen: Sampled, *, progress: Progress = silent) -> NeighborGraph:
    """Find the neighbours of the items asked about, among the sampled ones.

    Parameters
    ----------
    side : Side
        Of the sampled items.
    chosen : Sampled
    progress : callable

    Returns
    -------
    NeighborGraph
        A list for each item asked.
    """
    return nearest_neighbors(
        side.vectors, k=chosen.k, metric=side.metric, queries=chosen.asked, progress=progress
    )


def kept_with_noise(
    side: Side, chosen: Sampled, share: float, *, lists: NeighborGraph, seed: int
) -> FloatArray:
    """Measure how many neighbours a share of noise leaves a space.

    Parameters
    ----------
    side : Side
        Of the sampled items.
    chosen : Sampled
    share : float
    lists : NeighborGraph
        :func:`asked_neighbors` of the side.
    seed : int

    Returns
    -------
    array of shape (n_asked,), float32
    """
    noisy = with_noise(side.vectors, share=share, seed=seed)
    found = nearest_neighbors(noisy, k=chosen.k, metric=side.metric, queries=chosen.asked)
    return neighborhood_overlap(lists, found, k=chosen.k)


def index_kept(a: Side, b: Side, chosen: Sampled, *, lists: NeighborGraph) -> FloatArray | None:
    """Ask the first space's items with the second's vectors, as a swapped model would an old index.

    Parameters
    ----------
    a, b : Side
        Of the sampled items.
    chosen : Sampled
    lists : NeighborGraph
        :func:`asked_neighbors` of ``a``.

    Returns
    -------
    array of shape (n_asked,) or None
        Share of the first space's neighbours found; None where dims or metrics differ, so that the
        question makes no sense.
    """
    if a.metric != b.metric or a.vectors.shape[1] != b.vectors.shape[1]:
        return None
    k = min(chosen.k + 1, len(chosen.items))
    found = neighbors_of(b.vectors[chosen.asked], a.vectors, k=k, metric=a.metric).indices
    others = found != chosen.asked[:, None]
    # Whoever does not find itself has one neighbour too many: the last.
    others[others.all(axis=1), -1] = False
    kept = found[others].reshape(len(found), -1)
    answers = NeighborGraph(kept, np.zeros(kept.shape, dtype=np.float32), a.metric)
    return neighborhood_overlap(lists, answers, k=min(chosen.k, kept.shape[1]))
