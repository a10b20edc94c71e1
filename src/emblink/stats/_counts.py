"""Probabilities of what is dealt at random: counts, and means of some of all values."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from emblink.types import FloatArray, IntArray


def at_least_of(x: int, *, drawn: int, marked: int, n: int) -> float:
    """Return how likely ``drawn`` of ``n`` hold ``x`` or more of the ``marked`` ones.

    Parameters
    ----------
    x : int
    drawn, marked, n : int
        Both at most ``n``.

    Returns
    -------
    float
        Hypergeometric, in [0, 1].
    """
    first = max(x, 0, drawn + marked - n)
    whole = _choose(n, drawn)
    terms = (
        _choose(marked, i) + _choose(n - marked, drawn - i) - whole
        for i in range(first, min(drawn, marked) + 1)
    )
    return min(1.0, sum(map(math.exp, terms)))


def sign_test(first: int, second: int) -> float:
    """Return how likely two counts of equal chances differ as much, in either direction.

    Parameters
    ----------
    first, second : int

    Returns
    -------
    float
        In [0, 1]; 1 where both are 0.
    """
    n = first + second
    if n == 0:
        return 1.0
    half = n * math.log(2)
    tail = sum(math.exp(_choose(n, i) - half) for i in range(max(first, second), n + 1))
    return min(1.0, 2 * tail)


def subset_p(values: FloatArray, rows: IntArray) -> float:
    """Return how likely the mean of so many values, dealt at random, is as far from that of all.

    Parameters
    ----------
    values : array of shape (n,)
    rows : array of shape (n_some,)
        Which some are.

    Returns
    -------
    float
        Two-sided, in [0, 1], by mean, variance and skewness of a sample without replacement
        (Pearson's third curve, as Wilson and Hilferty approximate it): a few large values make
        small means likely. 1 where all values are the same.

    References
    ----------
    .. [1] Wilson and Hilferty, "The distribution of chi-square", PNAS 1931.
    """
    values = np.asarray(values, dtype=np.float64)
    n, some = len(values), len(rows)
    centred = values - values.mean()
    spread = float(np.sqrt(np.square(centred).mean()))
    if spread == 0.0 or not 0 < some < n:
        return 1.0
    share = some / n
    error = spread * math.sqrt(n / (n - 1) * (1 - share) / some)
    z = float(centred[rows].mean()) / error
    skew = float((centred**3).mean()) / spread**3 * (1 - 2 * share) / math.sqrt(some * (1 - share))
    z = _straightened(z, skew) if abs(skew) > _STRAIGHT else z
    return min(1.0, 2 * NormalDist().cdf(-abs(z)))


_STRAIGHT = 1e-3


def _straightened(z: float, skew: float) -> float:
    """Return a value of Pearson's third curve as one of the normal curve."""
    held = max(0.0, 1 + skew * z / 2)
    return 6 / skew * (float(np.cbrt(held)) - 1) + skew / 6


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
