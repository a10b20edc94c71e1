"""Counts of a few draws whose chance itself scatters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.types import FloatArray, IntArray

_LEAST_SCATTER = 1e-6


def at_most(
    counts: IntArray, draws: int, *, mean: FloatArray, scatter: float
) -> NDArray[np.float64]:
    """Chance that a beta-binomial count is as small as each of some, or smaller.

    Parameters
    ----------
    counts : array of shape (n,)
        In ``[0, draws]``.
    draws : int
    mean : array of shape (n,)
        Expected share of the draws, in (0, 1).
    scatter : float
        Correlation of two draws of one count, in [0, 1): 0 is the binomial distribution.

    Returns
    -------
    array of shape (n,), float64
        In [0, 1]. Uniform or larger, as p-values are, where counts follow that distribution.

    References
    ----------
    .. [1] Skellam, "A probability distribution derived from the binomial distribution by regarding
       the probability of success as variable between the sets of trials", JRSS B 1948.
    """
    weight = 1 / max(scatter, _LEAST_SCATTER) - 1
    yes, no = weight * np.asarray(mean, np.float64), weight * (1 - np.asarray(mean, np.float64))
    term = np.prod([(no + i) / (weight + i) for i in range(draws)], axis=0)
    total = np.zeros(len(counts))
    for count in range(draws + 1):
        total += np.where(counts >= count, term, 0)
        if count < draws:
            odds = (draws - count) / (count + 1)
            term = term * odds * (yes + count) / (no + draws - count - 1)
    return np.asarray(np.minimum(total, 1))


def scatter_of(counts: IntArray, draws: int, *, mean: FloatArray) -> float:
    """How much counts scatter about their means beyond the binomial distribution.

    Parameters
    ----------
    counts : array of shape (n,)
    draws : int
    mean : array of shape (n,)
        Expected share of the draws, in (0, 1).

    Returns
    -------
    float
        By moments, in [0, 0.95]: the scatter that :func:`at_most` takes. 0 for fewer than two
        draws, of which none can be told.
    """
    if draws < 2 or not len(counts):
        return 0.0
    expected = draws * (mean * (1 - mean)).sum()
    found = ((counts - draws * mean) ** 2).sum()
    return float(np.clip((found / max(expected, 1e-12) - 1) / (draws - 1), 0.0, 0.95))
