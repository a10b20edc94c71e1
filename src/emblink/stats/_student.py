"""Student's t, which is wider than the normal where an error is itself uncertain."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

_NORMAL_DF = 1e4
_MOST_TERMS = 400
_NEWTON_STEPS = 60
_CLOSE = 1e-12


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
    a, square = df[narrow] / 2.0, t[narrow] ** 2
    x = 2 * a / (2 * a + square)
    y = square / (2 * a + square)  # 1 - x, without cancellation
    b = np.full_like(a, 0.5)
    swap = x >= (a + 1) / (a + b + 2)
    near = _incomplete_beta(np.where(swap, b, a), np.where(swap, a, b), np.where(swap, y, x))
    p[narrow] = np.clip(np.where(swap, 1 - near, near), 0.0, 1.0)
    return p


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
        step = (float(student_p(found, df)) / 2 - (1 - level)) / density
        found += step
        if abs(step) <= _CLOSE * found:
            break
    return found


def _incomplete_beta(a: Numbers, b: Numbers, x: Numbers) -> Numbers:
    """Regularised, by its continued fraction (DLMF 8.17.22) evaluated by Lentz's method."""
    log_beta = np.array(
        [math.lgamma(p) + math.lgamma(q) - math.lgamma(p + q) for p, q in zip(a, b, strict=True)]
    )
    with np.errstate(divide="ignore"):
        front = np.exp(a * np.log(x) + b * np.log1p(-x) - log_beta) / a
    tiny = np.finfo(np.float64).tiny
    upper, lower, value = np.ones_like(x), np.zeros_like(x), np.ones_like(x)
    for term in range(1, _MOST_TERMS):
        m = term // 2
        if term % 2:
            factor = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            factor = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        lower = 1.0 + factor * lower
        lower = 1.0 / np.where(np.abs(lower) < tiny, tiny, lower)
        upper = 1.0 + factor / upper
        upper = np.where(np.abs(upper) < tiny, tiny, upper)
        value *= upper * lower
        if bool(np.all(np.abs(upper * lower - 1.0) < 1e-15)):
            break
    beta: Numbers = front / value
    return beta
