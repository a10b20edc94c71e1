"""How many answers flip from right to wrong between runs of one recipe: the floor of flips."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
        ``error`` is how far one more run strays from it, on ``df`` degrees of freedom: the spread
        over these pairs, moderated by that of ``n_items`` independent draws (worth two runs).
        Invariant to the order of runs and items.

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
    value = float(rates.mean())
    squares = float(((rates - value) ** 2).sum()) / (len(rates) - 1)
    expected = (value * (1 - value) + 1 / n_items) / n_items
    df = PRIOR_DF + n_runs - 1
    variance = (PRIOR_DF * expected + (n_runs - 1) * squares) / df
    error = math.sqrt(variance * (1 + 1 / n_runs))
    return NoiseFloor(value, error, "replicate", n_items, df=df, n_runs=n_runs)


def excess(value: float, floor: NoiseFloor) -> tuple[float, NDArray[np.float64]]:
    """Return by how much a rate lies above that between runs, and what holds it.

    Parameters
    ----------
    value : float
    floor : NoiseFloor
        :func:`flip_floor`.

    Returns
    -------
    excess : float
    interval : array of shape (2,)
        Above 0 where one more run would exceed the floor by as little in 97.5 % of cases. No
        sampling of items enters: all runs share them.
    """
    above = value - floor.value
    reach = student_quantile(_LEVEL, df=floor.df) * floor.error
    return above, np.array([above - reach, above + reach])
