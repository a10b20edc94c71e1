"""The same items on both sides: how near each is to its partner, and what a gap hides."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from emblink.rows import directions
from emblink.stats import sample_items
from emblink.types import FloatArray, IntArray, Metric

MOST_ASKED = 10_000
_WORK = 2e9
"""Queries times candidates, all in all: of many items fewer are asked, but never under 2,000."""
_LEAST_ASKED = 2_000
_CELLS = 1 << 24
_ROUNDING = 2.0**-24


@dataclass(frozen=True, eq=False)
class Way:
    """Ranks of partners, from one side to the other.

    Attributes
    ----------
    asked : array of shape (n_asked,), int64
        Places among the pairs.
    ranks : array of shape (n_asked,), float64
        1 where nothing of the other side is nearer than the partner.
    nearest : array of shape (n_asked,), int64
        Row of the other side that is nearest.
    n_others : int
        Items of the other side.
    """

    asked: NDArray[np.int64]
    ranks: NDArray[np.int64]
    nearest: NDArray[np.int64]
    n_others: int

    @property
    def recall(self) -> float:
        """Share of partners that are nearest, in [0, 1]; ``1 / n_others`` by chance."""
        return float((self.ranks == 1).mean())

    def recall_at(self, k: int) -> float:
        """Share of partners among the ``k`` nearest.

        Parameters
        ----------
        k : int

        Returns
        -------
        float
        """
        return float((self.ranks <= k).mean())

    @property
    def mrr(self) -> float:
        """Mean of one over the rank."""
        return float((1.0 / self.ranks).mean())

    @property
    def hub(self) -> tuple[int, int]:
        """The row that is nearest to most of those asked, and to how many."""
        counts = np.bincount(self.nearest)
        return int(counts.argmax()), int(counts.max())

    @property
    def found(self) -> int:
        """Rows of the other side that are nearest to any."""
        return len(np.unique(self.nearest))


@dataclass(frozen=True, eq=False)
class Ranked:
    """Ranks both ways, as the vectors are and with each side's mean taken off.

    Attributes
    ----------
    there, back : Way
    there_centred, back_centred : Way
    """

    there: Way
    back: Way
    there_centred: Way
    back_centred: Way


def partner_ranks(
    first: FloatArray, second: FloatArray, pairs: IntArray, *, metric: Metric, seed: int = 0
) -> Ranked:
    """Rank each item's partner among all items of the other side, both ways.

    Parameters
    ----------
    first, second : array of shape (n_first, n_dims), (n_second, n_dims)
        As given: nothing is normalised but what the metric does not see.
    pairs : array of shape (n_pairs, 2), integer
        Rows of ``first`` and of ``second`` that are one item.
    metric : {"cosine", "euclidean"}
    seed : int
        Of the items asked, where there are many.

    Returns
    -------
    Ranked
        Ranks are those of brute force in float64.
    """
    most = max(_LEAST_ASKED, int(_WORK / max(len(first), len(second))))
    some = sample_items(len(pairs), min(len(pairs), MOST_ASKED, most), seed=seed)
    asked = np.sort(some).astype(np.int64)
    rows = np.asarray(pairs, np.int64)[asked]
    ways = []
    for centred in (False, True):
        a, b = (seen(one, metric=metric, centred=centred) for one in (first, second))
        for mine, theirs, own, other in ((a, b, 0, 1), (b, a, 1, 0)):
            ranks, nearest = _ranks(mine[rows[:, own]], theirs, rows[:, other], metric=metric)
            ways.append(Way(asked, ranks, nearest, len(theirs)))
    return Ranked(*ways)


def seen(vectors: FloatArray, *, metric: Metric, centred: bool) -> NDArray[np.float64]:
    """Return what the metric sees of one side, with its mean taken off where asked.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
    metric : {"cosine", "euclidean"}
        Under cosine rows count by their direction, before and after the mean is taken off.
    centred : bool

    Returns
    -------
    array of shape (n_items, n_dims), float64
    """
    whole = directions(vectors) if metric == "cosine" else np.asarray(vectors, np.float64)
    if not centred:
        return whole
    moved = whole - whole.mean(axis=0)
    return directions(moved) if metric == "cosine" else moved


def _ranks(
    asked: NDArray[np.float64],
    others: NDArray[np.float64],
    partners: NDArray[np.int64],
    *,
    metric: Metric,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count what is nearer than the partner: float32 products, and float64 where these may err."""
    middle = others.mean(axis=0) if metric == "euclidean" else 0.0
    asked, others = asked - middle, others - middle
    half = (others * others).sum(axis=1) / 2 if metric == "euclidean" else np.zeros(len(others))
    reach = float(np.abs(half).max()) + float(
        np.sqrt((asked**2).sum(axis=1).max() * (others**2).sum(axis=1).max())
    )
    slack = 4 * (asked.shape[1] + 16) * _ROUNDING * reach + 1e-300
    quick, light = others.astype(np.float32).T, half.astype(np.float32)
    ranks, nearest = np.empty(len(asked), np.int64), np.empty(len(asked), np.int64)
    step = max(1, _CELLS // len(others))
    for start in range(0, len(asked), step):
        some = slice(start, start + step)
        scores = asked[some].astype(np.float32) @ quick - light
        goal = _exact(asked[some], others, half, np.arange(len(scores)), partners[some])
        best = scores.max(axis=1)
        ranks[some] = 1 + (scores > (goal + slack)[:, None]).sum(axis=1)
        near = np.abs(scores - goal[:, None]) <= slack
        row, column = np.nonzero(near)
        sure = _exact(asked[some], others, half, row, column) > goal[row]
        ranks[some] += np.bincount(row[sure], minlength=len(scores))
        row, column = np.nonzero(scores >= best[:, None] - 2 * slack)
        exact = _exact(asked[some], others, half, row, column)
        order = np.lexsort((column, -exact, row))
        firsts = np.searchsorted(row[order], np.arange(len(scores)))
        nearest[some] = column[order][firsts]
    return ranks, nearest


def _exact(
    asked: NDArray[np.float64],
    others: NDArray[np.float64],
    half: NDArray[np.float64],
    row: NDArray[np.int64],
    column: NDArray[np.int64],
) -> NDArray[np.float64]:
    found = np.empty(len(row))
    step = max(1, _CELLS // max(1, asked.shape[1]) // 4)
    for start in range(0, len(row), step):
        some = slice(start, start + step)
        products = (asked[row[some]] * others[column[some]]).sum(axis=1)
        found[some] = products - half[column[some]]
    return found


def gap_of(first: FloatArray, second: FloatArray, *, metric: Metric) -> float:
    """How far the two sides' means are apart, beside how far items are from their own mean.

    Parameters
    ----------
    first, second : array of shape (n_first, n_dims), (n_second, n_dims)
    metric : {"cosine", "euclidean"}

    Returns
    -------
    float
        0 or more: the distance of the means over the root mean square distance of the items of
        both sides, each side counted alike; near 0 for one population. Invariant to rotation,
        shift and scale of the whole.
    """
    a, b = (seen(one, metric=metric, centred=False) for one in (first, second))
    centres = a.mean(axis=0), b.mean(axis=0)
    spreads = [
        float(((one - centre) ** 2).sum(axis=1).mean())
        for one, centre in zip((a, b), centres, strict=True)
    ]
    apart = float(np.linalg.norm(centres[0] - centres[1]))
    spread = sqrt(sum(spreads) / 2)
    return apart / spread if spread > 0 else (0.0 if apart == 0 else float("inf"))
