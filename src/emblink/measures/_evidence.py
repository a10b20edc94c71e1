"""How strongly a difference stands out of sampling and of what replicates differ by."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emblink.measures._intervals import Z95, standard_error
from emblink.types import FloatArray, IntArray

Numbers = NDArray[np.float64]

# Fewer cells than this say too little of their own spread to be trusted alone.
_FEWEST_CELLS = 8

_NORMAL_DF = 1e4
_MOST_TERMS = 400


class Error(NamedTuple):
    """The standard error of a mean, and its degrees of freedom."""

    value: float
    df: float


class Noise(NamedTuple):
    """How far each difference strays from 0 between replicates.

    ``scale`` (n,) is a root mean square; ``df`` the degrees of freedom it is worth. Without
    replicates the scale is 0, of infinite ``df``.
    """

    scale: Numbers
    df: float


def error_of_mean(per_item: FloatArray, cells: IntArray | None = None) -> Error:
    """Standard error of a mean over dependent items, from their cells where those are enough.

    With fewer than eight cells the spread of cell totals is itself uncertain: the larger of it and
    of the first approximation without cells is taken.
    """
    plain = Error(standard_error(per_item), max(1.0, len(per_item) - 1.0))
    if cells is None:
        return plain
    n_cells = len(np.unique(cells))
    if n_cells < 2:
        return plain
    clustered = Error(standard_error(per_item, cells), n_cells - 1.0)
    if n_cells >= _FEWEST_CELLS or clustered.value > plain.value:
        return clustered
    return plain


def replicate_noise(deltas: FloatArray) -> Noise:
    """Estimate from ``deltas`` (n_replicates, n), NaN where unknown, how replicates differ.

    Between two runs of one recipe the expected difference is 0, so the mean square estimates the
    noise of a difference of two runs. One replicate gives each quantity one draw: all are pooled,
    and a quantity that alone strayed further keeps its own (Student's t would otherwise be claimed
    of the noisy ones). A run that is better all over moves all quantities together; that part of
    the pooled square is worth one degree of freedom a replicate, the rest those of the quantities
    (Satterthwaite).
    """
    known = np.isfinite(deltas)
    rows = known.any(axis=1)
    deltas, known = np.asarray(deltas, dtype=np.float64)[rows], known[rows]
    n_known = int(known.sum())
    if not n_known:
        return Noise(np.zeros(deltas.shape[1]), math.inf)
    filled = np.where(known, deltas, 0.0)
    counts = known.sum(axis=0)
    own = (filled**2).sum(axis=0) / np.maximum(1, counts)
    pooled = float((filled**2).sum() / n_known)
    common = float((filled.sum(axis=1) / known.sum(axis=1)) ** 2 @ known.sum(axis=1)) / n_known
    specific = max(0.0, pooled - common)
    spent = common**2 / len(deltas) + specific**2 / max(1, n_known - len(deltas))
    return Noise(np.sqrt(np.maximum(own, pooled)), pooled**2 / spent if spent > 0 else math.inf)


def p_values(delta: ArrayLike, error: ArrayLike, df: ArrayLike, *, noise: Noise) -> Numbers:
    """Two-sided p of no difference beyond sampling and noise, by Welch's approximate t."""
    delta, error, df = (np.asarray(one, dtype=np.float64) for one in (delta, error, df))
    variance, strayed = error**2, noise.scale**2
    total = variance + strayed
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(delta == 0, 0.0, delta / np.sqrt(total))
        joint = total**2 / (variance**2 / df + strayed**2 / noise.df)
    joint = np.where(np.isfinite(joint), joint, np.minimum(df, _NORMAL_DF))
    return student_p(t, joint)


def interval_reach(error: Error) -> float:
    """Half the width of a 95 % interval by Student's t (Cornish and Fisher's expansion)."""
    z, df = Z95, max(4.0, error.df)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return error.value * (z + first / df + second / df**2)


def student_p(t: ArrayLike, df: ArrayLike) -> Numbers:
    """Two-sided p of Student's t, elementwise; 0 for an infinite ``t``.

    It is the incomplete beta function ``I_x(df / 2, 1 / 2)`` at ``x = df / (df + t**2)``.
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
