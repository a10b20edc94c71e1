"""How many neighbours items keep, beside how many they keep between runs of one recipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.stats import at_most, benjamini_hochberg, scatter_of
from emblink.types import IntArray

CHANGED = 0.05
"""Share of the items called changed that are so by chance."""
_BORROWED = 4.0
"""Items that the mean of all counts for beside those of a cell."""
_EDGE = 1e-3


@dataclass(frozen=True, eq=False)
class RunKept:
    """What items keep from a space to another run of its recipe.

    Attributes
    ----------
    rows : array of shape (n_held,)
        Which of the items both runs hold.
    kept : array of shape (n_held,)
        Neighbours that each kept.
    """

    rows: IntArray
    kept: IntArray


@dataclass(frozen=True, eq=False)
class BesideRuns:
    """Neighbours kept, judged.

    Attributes
    ----------
    expected : array of shape (n_items,), float64
        Neighbours that an item of that place keeps between runs.
    changed : array of shape (n_items,), bool
        Whether it kept fewer than that, at a false discovery rate of 5 %.
    telling : bool
        Whether an item could be said to have changed at all: runs keep enough.
    """

    expected: NDArray[np.float64]
    changed: NDArray[np.bool_]
    telling: bool


def beside_runs(
    kept: IntArray, sides: Sequence[Sequence[RunKept]], *, k: int, cells: IntArray
) -> BesideRuns:
    """Hold the neighbours that each item kept against what runs of one recipe keep there.

    Parameters
    ----------
    kept : array of shape (n_items,)
        Of ``k`` neighbours, how many stayed from one space of a pair to the other.
    sides : sequence of sequences of RunKept
        By space of the pair: it against each of its replicates.
    k : int
    cells : array of shape (n_items,)
        Items of one cell lie near each other.

    Returns
    -------
    BesideRuns
        What runs keep is a beta-binomial count of each cell's own mean, drawn to that of all, and
        of one scatter; of two spaces with replicates, an even mixture. Misleads where runs keep
        little: then an item that lost every neighbour may be like any other.

    References
    ----------
    .. [1] Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 1995.
    """
    means, tails, least = [], [], []
    for runs in sides:
        mean = _mean_by_cell(runs, k=k, cells=cells)
        every = np.concatenate([one.kept for one in runs])
        scatter = scatter_of(every, k, mean=np.concatenate([mean[one.rows] for one in runs]))
        means.append(mean)
        tails.append(at_most(kept, k, mean=mean, scatter=scatter))
        least.append(at_most(np.zeros_like(kept), k, mean=mean, scatter=scatter))
    changed = benjamini_hochberg(np.mean(tails, axis=0)) <= CHANGED
    telling = bool((np.mean(least, axis=0) <= CHANGED).any())
    return BesideRuns(k * np.mean(means, axis=0), changed, telling)


def _mean_by_cell(runs: Sequence[RunKept], *, k: int, cells: IntArray) -> NDArray[np.float64]:
    """Return each item's expected share of kept neighbours."""
    n_cells = int(cells.max()) + 1
    total, asked = np.zeros(n_cells), np.zeros(n_cells)
    for one in runs:
        total += np.bincount(cells[one.rows], one.kept / k, n_cells)
        asked += np.bincount(cells[one.rows], minlength=n_cells)
    overall = total.sum() / max(asked.sum(), 1)
    borrowed = _BORROWED * len(runs)
    mean = (total + borrowed * overall) / (asked + borrowed)
    return np.asarray(np.clip(mean, _EDGE, 1 - _EDGE)[cells])
