"""How far two populations are apart: whose the nearest neighbours are, and by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.types import IntArray

Side = NDArray[np.bool_]
"""Of each item, whether it is of the second population."""
Lists = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Deal:
    """Deals sides to items at random, as many of each side as there are, within blocks.

    Attributes
    ----------
    side : array of shape (n_items,), bool
    blocks : array of shape (n_items,), integer, or None
        Sides are dealt among the items of one block alone.
    partners : array of shape (n_pairs, 2), int64, or None
        Items that are one thing on both sides: these two exchange their sides, or do not.
    """

    side: Side
    blocks: IntArray | None = None
    partners: NDArray[np.int64] | None = None

    def among(self, rows: NDArray[np.int64]) -> Deal:
        """Return the deal of some of the items; a partner left without the other is free.

        Parameters
        ----------
        rows : array of shape (n_some,)
            Ascending.

        Returns
        -------
        Deal
        """
        blocks = None if self.blocks is None else self.blocks[rows]
        partners = None
        if self.partners is not None:
            place = np.full(len(self.side), -1, np.int64)
            place[rows] = np.arange(len(rows))
            moved = place[self.partners]
            partners = moved[(moved >= 0).all(axis=1)]
        return Deal(self.side[rows], blocks, partners)

    def draw(self, rng: np.random.Generator) -> Side:
        """Return sides as chance deals them.

        Parameters
        ----------
        rng : numpy.random.Generator

        Returns
        -------
        array of shape (n_items,), bool
        """
        free = np.ones(len(self.side), dtype=bool)
        dealt = self.side.copy()
        if self.partners is not None and len(self.partners):
            first, second = self.partners.T
            swapped = rng.random(len(first)) < 0.5
            free[self.partners] = False
            dealt[first] = np.where(swapped, self.side[second], self.side[first])
            dealt[second] = np.where(swapped, self.side[first], self.side[second])
        rows = np.flatnonzero(free)
        if self.blocks is None:
            dealt[rows] = rng.permutation(self.side[rows])
            return dealt
        block = self.blocks[rows]
        shuffled = np.lexsort((rng.random(len(rows)), block))
        dealt[rows[np.argsort(block, kind="stable")]] = self.side[rows[shuffled]]
        return dealt


def other_share(lists: Lists, side: Side) -> NDArray[np.float32]:
    """Share of each item's nearest neighbours that are of the other side.

    Parameters
    ----------
    lists : array of shape (n_items, k), int32
        Nearest neighbours in the union; -1 where an item has fewer.
    side : array of shape (n_items,), bool

    Returns
    -------
    array of shape (n_items,), float32
        In [0, 1]; NaN without neighbours. Expected of one population: the other side's share of
        all items but oneself.
    """
    if not (lists < 0).any():
        return np.asarray((side[lists] != side[:, None]).mean(axis=1, dtype=np.float32))
    held = lists >= 0
    others = ((side[lists] != side[:, None]) & held).sum(axis=1)
    counts = held.sum(axis=1)
    shares = np.where(counts > 0, others / np.maximum(counts, 1), np.nan)
    return np.asarray(shares, np.float32)


def apart(lists: Lists, side: Side) -> float:
    """How far two populations are apart, by whose the nearest neighbours are.

    Parameters
    ----------
    lists : array of shape (n_items, k), int32
        Nearest neighbours in the union.
    side : array of shape (n_items,), bool

    Returns
    -------
    float
        1 less the mean share of the other side among the neighbours of the first population, less
        the same of the second: 0 for one population however unequal the sizes, 1 where no neighbour
        is of the other side, below 0 where items seek the other side. Up to its scale the weighted
        edge count [1]_, in which the smaller side has as much say as the larger. 0 where a side is
        empty. Invariant to all that keeps the lists.

    References
    ----------
    .. [1] Chen, Chen and Su, "A weighted edge-count two-sample test for multivariate and object
       data", JASA 2018. Schilling, "Multivariate two-sample tests based on nearest neighbors",
       JASA 1986.
    """
    n_second = int(side.sum())
    if not 0 < n_second < len(side):
        return 0.0
    shares = other_share(lists, side)
    first, second = shares[~side], shares[side]
    if not (np.isfinite(first).any() and np.isfinite(second).any()):
        return 0.0
    return 1.0 - float(np.nanmean(first, dtype=np.float64) + np.nanmean(second, dtype=np.float64))


def lists_among(lists: Lists, rows: NDArray[np.int64]) -> Lists:
    """Return the lists of some items, of what of them is among these; -1 elsewhere.

    Parameters
    ----------
    lists : array of shape (n_items, k), int32
    rows : array of shape (n_some,)
        Ascending.

    Returns
    -------
    array of shape (n_some, k), int32
    """
    place = np.full(len(lists), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    return place[lists[rows]]


def draws_of(lists: Lists, deal: Deal, *, n_permutations: int, seed: int) -> NDArray[np.float64]:
    """Return how far apart sides are that chance deals.

    Parameters
    ----------
    lists : array of shape (n_items, k), int32
    deal : Deal
    n_permutations, seed : int

    Returns
    -------
    array of shape (n_permutations,), float64
    """
    rng = np.random.default_rng(seed)
    return np.array([apart(lists, deal.draw(rng)) for _ in range(n_permutations)])
