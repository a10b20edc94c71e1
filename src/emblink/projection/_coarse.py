"""How much of what lies far from an item changed: its distances to landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from emblink.projection._pca import prepared_rows
from emblink.types import FloatArray, IntArray, Metric

_LANDMARKS = 64
_FEWEST = 16
"""Landmarks without which nothing is said."""
_ROUNDS = 30
_BLOCK = 4096


def coarse_change(
    vectors: Sequence[FloatArray],
    rows: Sequence[IntArray],
    n_items: int,
    *,
    metrics: Sequence[Metric],
    held: Sequence[IntArray] | None = None,
    seed: int = 0,
) -> NDArray[np.float32]:
    """How much each item's distances to items all over the space changed, by pair of spaces.

    The distances of one space to a few landmarks are fitted to those of the other by a straight
    line, with least absolute residuals, so that what moves for itself does not bend the line.

    Parameters
    ----------
    vectors : sequence of arrays of shape (n_vectors, n_dims)
        May be memory maps; read in blocks of rows.
    rows : sequence of arrays of shape (n_space_items,)
        The item, in ``[0, n_items)``, of each row of each space, ascending.
    n_items : int
    metrics : sequence of {"cosine", "euclidean"}
    held : sequence of arrays of shape (n_space_items,), optional
        The vector of each row, where there are more vectors.
    seed : int
        Draws the landmarks: 64 items, those first that most spaces hold.

    Returns
    -------
    array of shape (n_items, n_pairs), float32
        By pair (0, 1), (0, 2), ... (1, 2), ...: median over the landmarks of the residual, in
        spreads (1.48 median absolute deviations) of the second space's distances. 0 for spaces
        alike but for turning, shift and scale; NaN where a space lacks the item or both share
        under 16 landmarks. An item that stays has a small one though others move, as long as most
        stay. Misleads where most items move: then those that stay are told as changed. Blind to
        what changes among nearest neighbours.
    """
    held = [np.arange(len(of)) for of in rows] if held is None else held
    spaces = [*map(FarSide, vectors, rows, held, metrics)]
    landmarks = _landmarks(rows, n_items, seed=seed)
    pairs = list(combinations(range(len(spaces)), 2))
    among = [one.distances(landmarks, landmarks) for one in spaces]
    fits = [_fit(among[a], among[b]) for a, b in pairs]
    change = np.full((n_items, len(pairs)), np.nan, np.float32)
    for start in range(0, n_items, _BLOCK):
        block = np.arange(start, min(n_items, start + _BLOCK))
        away = [one.distances(block, landmarks) for one in spaces]
        for column, ((a, b), fit) in enumerate(zip(pairs, fits, strict=True)):
            if fit is not None:
                change[block, column] = fit.residuals(away[a], away[b])
    return change


def _landmarks(rows: Sequence[IntArray], n_items: int, *, seed: int) -> IntArray:
    """Draw items at random, those first that most spaces hold."""
    holders = np.zeros(n_items, np.int64)
    for items in rows:
        holders[items] += 1
    drawn = np.random.default_rng(seed).permutation(n_items)
    return drawn[np.argsort(-holders[drawn], kind="stable")][:_LANDMARKS]


@dataclass(frozen=True, eq=False)
class FarSide:
    """Vectors, and which item each is of."""

    vectors: FloatArray
    rows: IntArray
    held: IntArray
    metric: Metric

    def holds(self, items: IntArray) -> tuple[NDArray[np.bool_], IntArray]:
        """Return which of some items the space holds, and the row of each that it does."""
        at = np.minimum(np.searchsorted(self.rows, items), max(len(self.rows) - 1, 0))
        return (self.rows[at] == items if len(self.rows) else np.zeros(len(items), bool)), at

    def distances(self, items: IntArray, landmarks: IntArray) -> NDArray[np.float64]:
        """Distance of items to landmarks; NaN where the space lacks one of the two."""
        (here, at), (there, fixed_at) = (self.holds(some) for some in (items, landmarks))
        found = np.full((len(items), len(landmarks)), np.nan)
        if not there.any():
            return found
        block, fixed = (
            prepared_rows(self.vectors[self.held[some]], self.metric)
            for some in (at[here], fixed_at[there])
        )
        origin = fixed.mean(axis=0)
        block, fixed = block - origin, fixed - origin
        squares = (block**2).sum(axis=1)[:, None] + (fixed**2).sum(axis=1) - 2 * block @ fixed.T
        found[np.ix_(here, there)] = np.sqrt(np.maximum(squares, 0))
        return found


@dataclass(frozen=True)
class _Fit:
    """The line by which distances of one space tell those of another, over some landmarks."""

    columns: NDArray[np.bool_]
    shift: float
    slope: float
    spread: float

    def residuals(self, here: FloatArray, there: FloatArray) -> NDArray[np.float32]:
        """Median residual of each row, in spreads; NaN where a space lacks the item."""
        found = np.full(len(here), np.nan, np.float32)
        both = np.isfinite(here[:, self.columns] + there[:, self.columns]).all(axis=1)
        here, there = (one[np.ix_(both, self.columns)] for one in (here, there))
        away = np.abs(there - self.shift - self.slope * here)
        found[both] = np.median(away, axis=1) / self.spread
        return found


def _fit(here: FloatArray, there: FloatArray) -> _Fit | None:
    """Fit what two spaces have of the distances between landmarks; None where that is too little.

    The line of least absolute residuals, by reweighting.
    """
    columns = np.isfinite(np.diagonal(here) + np.diagonal(there))
    if columns.sum() < _FEWEST:
        return None
    upper = np.triu_indices(int(columns.sum()), 1)
    x, y = (one[np.ix_(columns, columns)][upper] for one in (here, there))
    middle = float(np.median(y))
    spread = 1.4826 * float(np.median(np.abs(y - middle))) or middle
    if not spread > 0 or not np.ptp(x) > 0:
        return None
    weights, shift, slope = np.ones(len(x)), 0.0, 0.0
    for _ in range(_ROUNDS):
        share = weights / weights.sum()
        mean, goal = float(share @ x), float(share @ y)
        slope = float(share @ ((x - mean) * (y - goal))) / max(
            float(share @ (x - mean) ** 2), 1e-300
        )
        shift = goal - slope * mean
        away = np.abs(y - shift - slope * x)
        weights = 1 / np.maximum(away, 0.1 * float(np.median(away)) + 1e-9 * spread)
    return _Fit(columns, shift, slope, spread)
