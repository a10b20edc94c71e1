"""Groups whose share of the two sides differs, sought among cells and tested together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, expm1, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from emblink.population._cells import Candidates
from emblink.population._mixing import Deal, Side

LEVEL = 0.025
"""Of all that is claimed of a pair together: hardly one null in twenty claims anything."""
MOST_GROUPS = 200
_REACHED = 10
_EULER = 0.5772156649015329
_LEAST_LEFT = 0.5
"""Of a cell, what must be left by the groups told before it."""


@dataclass(frozen=True, eq=False)
class Sought:
    """A group that stands out.

    Attributes
    ----------
    members : array of shape (n_members,), int64
        Ascending rows of the union.
    n_first, n_second : int
        Its items of each side.
    p : float
        How often chance alone gives any cell a score as high. Holds for all groups of a pair.
    level : int
        Of its cell; labels come after the cells.
    """

    members: NDArray[np.int64]
    n_first: int
    n_second: int
    p: float
    level: int


@dataclass(frozen=True, eq=False)
class Search:
    """All that was sought.

    Attributes
    ----------
    groups : list of Sought
        By score, none sharing an item with another.
    p : float
        Of the cell that stands out most; 1 without cells.
    draws : array of shape (n_permutations,), float64
        The highest score of any cell, as chance deals the sides.
    """

    groups: list[Sought]
    p: float
    draws: NDArray[np.float64]


def seek(
    candidates: Candidates,
    deal: Deal,
    *,
    n_permutations: int,
    seed: int,
    level: float = LEVEL,
    beyond: bool = False,
) -> Search:
    """Find the cells that hold more, or fewer, items of a side than chance lets them.

    Parameters
    ----------
    candidates : Candidates
    deal : Deal
    n_permutations, seed : int
    level : float
        Of the p-value up to which a group is told.
    beyond : bool
        Read p-values below what the permutations can show off their Gumbel distribution.

    Returns
    -------
    Search
        Each group's p comes from the highest score of all cells in every deal (Westfall and Young,
        1993), so that all groups of a pair together are as rarely false as one. The first is the
        cell of the highest score; each next is what earlier groups leave of a cell, beside what
        they leave of all items.
    """
    rng = np.random.default_rng(seed)
    if not len(candidates):
        return Search([], 1.0, np.zeros(n_permutations))
    n, n_second = len(deal.side), int(deal.side.sum())
    draws = np.array(
        [
            scores(candidates.counts(deal.draw(rng)), candidates.sizes, n_second / n).max()
            for _ in range(n_permutations)
        ]
    )
    best = scores(candidates.counts(deal.side), candidates.sizes, n_second / n).max()
    draws_p = gumbel_p if beyond else p_of
    told = _told(candidates, deal.side, draws, level=level, p_of=draws_p)
    return Search(told, draws_p(best, draws), draws)


def scores(
    counts: NDArray[np.int64], sizes: NDArray[np.int64], share: float
) -> NDArray[np.float64]:
    """Score cells by how unlikely their counts of the second side are: twice a log likelihood.

    Parameters
    ----------
    counts, sizes : array of shape (n_cells,), int64
    share : float
        Of the second side among all items.

    Returns
    -------
    array of shape (n_cells,), float64
        The deviance of each count from a binomial one; 0 where the cell is as expected, or empty.
    """
    if not 0.0 < share < 1.0:
        return np.zeros(len(counts))
    others = sizes - counts
    whole = sizes.astype(np.float64)
    total = _deviance(counts, whole * share) + _deviance(others, whole * (1.0 - share))
    return np.asarray(2.0 * total)


def p_of(score: float, draws: NDArray[np.float64]) -> float:
    """Return how often chance reaches a score, the score itself counted.

    Parameters
    ----------
    score : float
    draws : array of shape (n_permutations,), float64

    Returns
    -------
    float
    """
    return float((1 + (draws >= score - 1e-9 * abs(score)).sum()) / (1 + len(draws)))


def gumbel_p(score: float, draws: NDArray[np.float64]) -> float:
    """Return how often chance reaches a score, beyond what so many draws can show.

    Parameters
    ----------
    score : float
    draws : array of shape (n_permutations,), float64
        Each the greatest of many scores.

    Returns
    -------
    float
        As :func:`p_of` where ten draws reach it, else by the Gumbel distribution of their mean
        and spread, which greatest values approach.
    """
    plain = p_of(score, draws)
    if plain * (1 + len(draws)) > _REACHED:
        return plain
    width = max(float(draws.std()), 1e-9) * sqrt(6.0) / pi
    return min(plain, -expm1(-exp(-(score - float(draws.mean())) / width - _EULER)))


def _deviance(found: NDArray[np.int64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = np.where(found > 0, found / np.where(expected > 0, expected, 1.0), 1.0)
    return np.asarray(found * np.log(ratio))


def _told(
    candidates: Candidates,
    side: Side,
    draws: NDArray[np.float64],
    *,
    level: float,
    p_of: Callable[[float, NDArray[np.float64]], float],
) -> list[Sought]:
    left = np.ones(len(side), dtype=bool)
    groups: list[Sought] = []
    while len(groups) < MOST_GROUPS:
        sizes, counts = candidates.counts(left), candidates.counts(left & side)
        n, n_second = int(left.sum()), int((left & side).sum())
        held = (sizes >= _LEAST_LEFT * candidates.sizes) & (sizes <= n / 2)
        found = np.where(held, scores(counts, sizes, n_second / max(n, 1)), 0.0)
        best = int(found.argmax())
        p = p_of(found[best], draws)
        if found[best] <= 0.0 or p > level:
            break
        rows = candidates.members(best)
        rows = rows[left[rows]]
        left[rows] = False
        second = int(side[rows].sum())
        groups.append(Sought(rows, len(rows) - second, second, p, candidates.level(best)))
    return groups
