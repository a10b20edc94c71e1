"""How many answers flip from right to wrong between runs of one recipe: the floor of flips."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from emblink.errors import InputError
from emblink.judge._floors import NoiseFloor
from emblink.stats import student_quantile

PRIOR_DF = 2.0
"""Runs that the spread of independent draws is worth beside what the runs show."""
_LEVEL = 0.975


def flip_floor(correct: ArrayLike) -> NoiseFloor:
    """Return how many items flip from right to wrong between runs of one recipe.

    Parameters
    ----------
    correct : array of shape (n_runs, n_items), bool
        Whether each run answers each item rightly; at least two runs and two items.

    Returns
    -------
    NoiseFloor
        ``value`` is the mean :func:`negative_flip_rate` over all pairs of runs, in both directions.
        ``limits`` hold that of one more run in 95 % of cases: by the spread of the square roots
        over these pairs, moderated by that of ``n_items`` independent draws (worth two runs);
        ``error`` is that spread as a rate. Invariant to the order of runs and items.

    Raises
    ------
    InputError
        There are fewer than two runs or items.

    Notes
    -----
    Misleads when replicates differ in more than their seed: they excuse what they should not.
    """
    right = np.asarray(correct, dtype=np.float64)
    if right.ndim != 2 or min(right.shape) < 2:
        raise InputError(
            f"correct has shape {right.shape}; give (n_runs, n_items), of two runs and items or "
            "more"
        )
    n_runs, n_items = right.shape
    rates = (right @ (1 - right).T)[~np.eye(n_runs, dtype=bool)] / n_items
    value, least = float(rates.mean()), 1 / (4 * n_items)
    roots = np.sqrt(rates + least)
    root = math.sqrt(value + least)
    squares = float(((roots - roots.mean()) ** 2).sum()) / (len(roots) - 1)
    df = PRIOR_DF + n_runs - 1
    # The variance of the root of a share of independent draws is 1 / 4n, whatever the share.
    variance = (PRIOR_DF * least + (n_runs - 1) * squares) / df
    spread = math.sqrt(variance * (1 + 1 / n_runs))
    low, high = _about(root, student_quantile(_LEVEL, df=df) * spread, least=least)
    below, above = _about(root, spread, least=least)
    limits = (low, high)
    return NoiseFloor(value, (above - below) / 2, "replicate", n_items, n_runs, limits)


def _about(root: float, reach: float, *, least: float) -> tuple[float, float]:
    return max(0.0, max(0.0, root - reach) ** 2 - least), min(1.0, (root + reach) ** 2 - least)


def excess(value: float, floor: NoiseFloor) -> tuple[float, tuple[float, float]]:
    """Return by how much a rate lies above that between runs, and what holds it.

    Parameters
    ----------
    value : float
    floor : NoiseFloor
        :func:`flip_floor`.

    Returns
    -------
    excess : float
    interval : (float, float)
        Above 0 where one more run would reach the value in 2.5 % of cases at most. No sampling of
        items enters: all runs share them.
    """
    low, high = floor.limits
    return value - floor.value, (value - high, value - low)
