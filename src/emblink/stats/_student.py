"""Student's t, which is wider than the normal where an error is itself uncertain."""

from __future__ import annotations

import math
import sys
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

_NORMAL_DF = 1e4
_MOST_TERMS = 400
_NEWTON_STEPS = 60
_CLOSE = 1e-12
_CONVERGED = 1e-15
_TINY = sys.float_info.min


def student_p(t: ArrayLike, df: ArrayLike) -> Numbers:
    """Two-sided p of Student's t, elementwise; 0 for an infinite ``t``.

    It is the incomplete beta function ``I_x(df / 2, 1 / 2)`` at ``x = df / (df + t**2)``.

    Parameters
    ----------
    t, df : array of one shape, or float
        Degrees of freedom from 1.

    Returns
    -------
    array, float64
        In [0, 1].
    """
    t, df = np.broadcast_arrays(np.abs(np.asarray(t, dtype=np.float64)), np.asarray(df))
    p = np.zeros(t.shape)
    wide = np.isfinite(t) & (df >= _NORMAL_DF)
    p[wide] = [math.erfc(one / math.sqrt(2)) for one in t[wide]]
    narrow = np.isfinite(t) & (df < _NORMAL_DF)
    p[narrow] = [
        _two_sided(float(one), float(free)) for one, free in zip(t[narrow], df[narrow], strict=True)
    ]
    return p


def _two_sided(t: float, df: float) -> float:
    a, b, square = df / 2.0, 0.5, t * t
    x, y = df / (df + square), square / (df + square)  # 1 - x, without cancellation
    swap = x >= (a + 1) / (a + b + 2)
    near = _incomplete_beta(b, a, y) if swap else _incomplete_beta(a, b, x)
    return min(1.0, max(0.0, 1 - near if swap else near))


@lru_cache(maxsize=4096)
def student_quantile(level: float, *, df: float) -> float:
    """Quantile of Student's t, by Newton's method from the normal one, which it is of infinite df.

    Parameters
    ----------
    level : float
        In (0.5, 1).
    df : float
        Degrees of freedom, from 1.

    Returns
    -------
    float
    """
    found = NormalDist().inv_cdf(level)
    if df >= _NORMAL_DF:
        return found
    scale = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    for _ in range(_NEWTON_STEPS):
        density = math.exp(scale - (df + 1) / 2 * math.log1p(found**2 / df))
        step = (_two_sided(found, df) / 2 - (1 - level)) / density
        found += step
        if abs(step) <= _CLOSE * found:
            break
    return found


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised, by its continued fraction (DLMF 8.17.22) evaluated by Lentz's method."""
    if x <= 0.0:
        return 0.0
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta) / a
    upper, lower, value = 1.0, 0.0, 1.0
    for term in range(1, _MOST_TERMS):
        m = term // 2
        if term % 2:
            factor = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            factor = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        lower = 1.0 / _away(1.0 + factor * lower)
        upper = _away(1.0 + factor / upper)
        value *= upper * lower
        if abs(upper * lower - 1.0) < _CONVERGED:
            break
    return front / value


def _away(value: float) -> float:
    """Return a value that can be divided by."""
    return _TINY if abs(value) < _TINY else value
