"""Cells of the union, small and large, found without a look at the sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import joint_arcs, leiden_levels
from emblink.types import IntArray

SMALLEST, USUAL, PART = 8, 25, 400
"""Items of a cell, or more: one in so many of all, from 8 to 25."""
FINEST, COARSER = 0.5, 0.4
"""Resolution of the smallest cells, and what each next level has of it."""
_ROUNDS = 5
_REACH = 30.0
"""Items of a cell, times its resolution, at 15 neighbours."""


def cells_of(lists: NDArray[np.int32], *, seed: int = 0) -> list[NDArray[np.int64]]:
    """Divide the union into communities of its neighbour graph, from small ones to large ones.

    Parameters
    ----------
    lists : array of shape (n_items, k), int32
        Nearest neighbours in the union.
    seed : int

    Returns
    -------
    list of array of shape (n_items,), int64
        A code per item and level, finest first: Leiden under the constant Potts model [1]_, at
        resolutions that fall by a constant factor until a cell would hold half of the items. Each
        level joins the cells of the one before. The sides are not looked at, so that what chance
        alone does to a cell can be dealt.

    References
    ----------
    .. [1] Traag, Waltman, van Eck, "From Louvain to Leiden: guaranteeing well-connected
       communities", Scientific Reports, 2019.
    """
    n, k = lists.shape
    whole = np.ascontiguousarray(lists)
    arcs = joint_arcs(whole, whole, np.arange(n))
    weights = arcs.counts / 2.0
    resolutions = [FINEST]
    while _REACH * k / 15.0 / (resolutions[-1] * COARSER) <= n / 2:
        resolutions.append(resolutions[-1] * COARSER)
    found = leiden_levels(
        arcs.begins, arcs.others, weights, resolutions=resolutions, rounds=_ROUNDS, seed=seed
    )
    return [*found.astype(np.int64)]


class Candidates:
    """What is tested: cells of every level, and the items of every label, each set once.

    Parameters
    ----------
    levels : sequence of array of shape (n_items,), integer
        A code per item; negative where it is in no cell.

    Notes
    -----
    Left out are cells of less than a 400th of the items (but never less than 8, nor more than 25
    items are asked for), and those of more than half of the items.
    """

    def __init__(self, levels: Sequence[IntArray]) -> None:
        self._levels: list[NDArray[np.int64]] = []
        self.sizes: NDArray[np.int64] = np.zeros(0, np.int64)
        kept_of = []
        for codes in levels:
            shifted = np.asarray(codes, np.int64) + 1
            counts = np.bincount(shifted)
            smallest = min(USUAL, max(SMALLEST, len(codes) // PART))
            fit = (counts >= smallest) & (counts <= len(codes) / 2)
            fit[0] = False
            place = np.full(len(counts), -1, np.int64)
            place[fit] = np.arange(int(fit.sum()))
            self._levels.append(place[shifted])
            kept_of.append(counts[fit])
        self._ends = np.cumsum([len(one) for one in kept_of])
        self.sizes = np.concatenate([self.sizes, *kept_of])

    def __len__(self) -> int:
        return len(self.sizes)

    def counts(self, marked: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count the marked items of each candidate.

        Parameters
        ----------
        marked : array of shape (n_items,), bool

        Returns
        -------
        array of shape (n_candidates,), int64
        """
        counted = []
        for at, codes in enumerate(self._levels):
            begin = 0 if at == 0 else int(self._ends[at - 1])
            found = np.bincount(codes[marked] + 1, minlength=int(self._ends[at]) - begin + 1)
            counted.append(found[1:])
        return np.concatenate([np.zeros(0, np.int64), *counted])

    def level(self, candidate: int) -> int:
        """Return the level of a candidate.

        Parameters
        ----------
        candidate : int

        Returns
        -------
        int
        """
        return int(np.searchsorted(self._ends, candidate, side="right"))

    def members(self, candidate: int) -> NDArray[np.int64]:
        """Return the items of a candidate.

        Parameters
        ----------
        candidate : int

        Returns
        -------
        array of shape (n_members,), int64
            Ascending.
        """
        level = self.level(candidate)
        begin = 0 if level == 0 else int(self._ends[level - 1])
        return np.flatnonzero(self._levels[level] == candidate - begin)
