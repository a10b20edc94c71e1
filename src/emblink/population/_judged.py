"""What is told of two populations: groups, drift of what is left, and how sure both are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from emblink.population._cells import Candidates
from emblink.population._mixing import Deal, Lists, apart, draws_of, lists_among, other_share
from emblink.population._sought import LEVEL, Search, Sought, p_of, seek
from emblink.types import IntArray

EVERYWHERE = 0.5
"""Of the items of a side: groups that hold as many do not stand out, but are drift of all."""
_REACHED = 10
_BESIDE = 1 / 3
"""Of an item's neighbours: one with as many in groups is at their edge, and not of the rest."""


@dataclass(frozen=True, eq=False)
class Judged:
    """Tests of one pair; p-values are those of this pair alone.

    Attributes
    ----------
    other : array of shape (n_items,), float32
        Share of the other side among each item's nearest neighbours.
    apart, apart_p : float
        Of all items.
    rest, rest_p : float
        Of what is left without the groups, and without what is at their edge.
    n_rest : int
    search : Search
    everywhere : bool
        The groups hold half of the items of a side, or more.
    """

    other: NDArray[np.float32]
    apart: float
    apart_p: float
    rest: float
    rest_p: float
    n_rest: int
    search: Search
    everywhere: bool

    @property
    def drift_p(self) -> float:
        """Of drift beyond groups."""
        return self.apart_p if self.everywhere else self.rest_p

    def claimed(self, factor: float = 1.0, *, level: float = LEVEL) -> list[Sought]:
        """Return the groups that are told when p-values are multiplied.

        Parameters
        ----------
        factor : float
            By which all questions asked raise a p-value.
        level : float

        Returns
        -------
        list of Sought
        """
        return [one for one in self.search.groups if one.p * factor <= level]


def normal_p(value: float, draws: NDArray[np.float64]) -> float:
    """Return how often chance is as far apart, beyond what so many draws can show.

    Parameters
    ----------
    value : float
    draws : array of shape (n_permutations,), float64
        Sums over many items.

    Returns
    -------
    float
        As by the draws where ten reach it, else by the normal curve of their mean and spread.
    """
    plain = p_of(value, draws)
    if plain * (1 + len(draws)) > _REACHED or not draws.std():
        return plain
    return min(
        plain,
        NormalDist(float(draws.mean()), float(draws.std())).cdf(2 * float(draws.mean()) - value),
    )


def judge(
    lists: Lists,
    deal: Deal,
    *,
    levels: Sequence[IntArray],
    n_permutations: int,
    seed: int,
    beyond: bool = False,
) -> Judged:
    """Seek groups, and test whether what is left of the two sides is mixed as one population.

    Parameters
    ----------
    lists : array of shape (n_items, k), int32
        Nearest neighbours in the union.
    deal : Deal
    levels : sequence of array of shape (n_items,), integer
        Cells and labels.
    n_permutations, seed : int
    beyond : bool
        Read p-values below what the permutations can show off the shape of their distribution:
        of many pairs each must be clear enough to stand out of all.

    Returns
    -------
    Judged
    """
    draws_p = normal_p if beyond else p_of
    side = deal.side
    streams = np.random.SeedSequence(seed).generate_state(3)
    found = seek(
        Candidates(levels),
        deal,
        n_permutations=n_permutations,
        seed=int(streams[0]),
        beyond=beyond,
    )
    whole = apart(lists, side)
    draws = draws_of(lists, deal, n_permutations=n_permutations, seed=int(streams[1]))
    whole_p = draws_p(whole, draws)
    inside = np.zeros(len(side), dtype=bool)
    for one in found.groups:
        inside[one.members] = True
    everywhere = any(bool(inside[of].mean() >= EVERYWHERE) for of in (side, ~side))
    rest, rest_p, n_rest = whole, whole_p, len(side)
    if found.groups and not everywhere:
        rows = np.flatnonzero(~inside & (inside[lists].mean(axis=1) < _BESIDE))
        among, left = lists_among(lists, rows), deal.among(rows)
        rest, n_rest = apart(among, left.side), len(rows)
        draws = draws_of(among, left, n_permutations=n_permutations, seed=int(streams[2]))
        rest_p = draws_p(rest, draws)
    return Judged(other_share(lists, side), whole, whole_p, rest, rest_p, n_rest, found, everywhere)
