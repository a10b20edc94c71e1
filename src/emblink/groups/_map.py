"""Where one space lets an item be expected in another: a robust map that has not seen the item."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.compute import in_threads
from emblink.types import FloatArray

_ROUNDS = 4
_RIDGE = 1e-6
_RIDGE_OF_FEW = 1e-3
_FEW = 5
"""Items for each dimension: of fewer, the map is held back more."""
_TOLERATED = 1.5
_BLOCK = 1 << 13
"""Rows that a processor holds close by."""
_MOST_FITTED = 25_000
"""Items of a half that the map is fitted on: the first, which are a random sample of more."""

Map = tuple[NDArray[np.float64], NDArray[np.float64]]


def unexplained(
    points: FloatArray,
    goals: FloatArray,
    *,
    folds: NDArray[np.bool_],
    trust: FloatArray | None = None,
    least: float = 0.0,
) -> NDArray[np.float32]:
    """Return each item's place less the one that a linear map from the other space expects.

    The map is fitted on the items of the other fold alone, the first 25,000 where these are more
    (the order has to be random), by ridge regression in four rounds of redescending weights
    ``1 / (1 + (|e| / 1.5 median)^4)``: the changes that are sought do not bend the map that they
    are measured by. Where the median is less than ``least`` this stands for it: a map that fits
    nearly all would else be fitted anew to the few that it fits best, and miss the others by far.

    Parameters
    ----------
    points : array of shape (n_items, n_dims)
        What is mapped.
    goals : array of shape (n_items, n_goal_dims)
        Onto what.
    folds : array of shape (n_items,), bool
        Two halves of the items.
    trust : array of shape (n_items,), optional
        In [0, 1]: how much each item counts in the fit, whatever its residual.
    least : float
        Residuals of less are all alike.

    Returns
    -------
    array of shape (n_items, n_goal_dims), float32
        Zero, but for rounding and ridge, where ``goals`` are an affine image of ``points``.
    """
    left = np.empty(goals.shape, dtype=np.float32)

    def of(fold: bool) -> None:
        seen, asked = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        seen = seen[:_MOST_FITTED]
        weights = None if trust is None else np.asarray(trust[seen], dtype=np.float64)
        fitted = _robust(points[seen], goals[seen], weights, least=least)
        left[asked] = _left(points[asked], goals[asked], fitted)

    for _ in in_threads(of, (False, True)):
        pass
    return left


def _robust(
    points: FloatArray, goals: FloatArray, trust: NDArray[np.float64] | None, *, least: float
) -> Map:
    trust = np.ones(len(points)) if trust is None else trust
    weights = trust
    for _ in range(_ROUNDS):
        left = _left(points, goals, _ridge(points, goals, weights))
        lengths = np.sqrt(np.einsum("ij,ij->i", left, left, dtype=np.float64))
        middle = max(least, float(np.median(lengths)))
        if middle == 0.0:
            break
        weights = trust / (1.0 + (lengths / (_TOLERATED * middle)) ** 4)
    return _ridge(points, goals, weights)


def _ridge(points: FloatArray, goals: FloatArray, weights: NDArray[np.float64]) -> Map:
    """Fit matrix and offset by weighted least squares, in float64 and blocks of rows."""
    n_dims, n_goals = points.shape[1], goals.shape[1]
    both = n_dims + n_goals
    sums, products = np.zeros(both), np.zeros((n_dims, both))
    for start in range(0, len(points), _BLOCK):
        rows = slice(start, start + _BLOCK)
        block = np.hstack([points[rows], goals[rows]], dtype=np.float64)
        weighted = block * weights[rows, None]
        sums += weighted.sum(axis=0)
        products += weighted[:, :n_dims].T @ block
    total = float(weights.sum())
    means = sums / total
    products -= total * np.outer(means[:n_dims], means)
    within, across = products[:, :n_dims], products[:, n_dims:]
    held_back = _RIDGE if len(points) >= _FEW * n_dims else _RIDGE_OF_FEW
    ridge = held_back * np.trace(within) / n_dims
    if ridge == 0.0:
        return np.zeros((n_dims, n_goals)), means[n_dims:]
    matrix = np.linalg.solve(within + ridge * np.eye(n_dims), across)
    return matrix, means[n_dims:] - means[:n_dims] @ matrix


def _left(points: FloatArray, goals: FloatArray, fitted: Map) -> NDArray[np.float32]:
    matrix, offset = fitted
    left = np.empty(goals.shape, dtype=np.float32)
    for start in range(0, len(points), _BLOCK):
        rows = slice(start, start + _BLOCK)
        left[rows] = goals[rows] - (points[rows].astype(np.float64) @ matrix + offset)
    return left
