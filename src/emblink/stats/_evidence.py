"""How strongly a difference stands out of sampling and of what replicates differ by."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emblink.stats._intervals import Z95, standard_error
from emblink.stats._student import student_p, student_widening
from emblink.types import FloatArray, IntArray

Numbers = NDArray[np.float64]

# Below it the series of Student's quantile is off.
_LEAST_DF = 4.0


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
    """Standard error of a mean over dependent items: the larger of two.

    That of their cells, and the first approximation without cells: where a space has no clusters,
    items depend on each other across cells, as an edge within a label counts at both its ends.

    Parameters
    ----------
    per_item : array of shape (n_items,)
    cells : array of shape (n_items,), integer, optional
        Which cell of neighbours each item lies in.

    Returns
    -------
    Error
    """
    plain = Error(standard_error(per_item), max(1.0, len(per_item) - 1.0))
    if cells is None:
        return plain
    n_cells = len(np.unique(cells))
    if n_cells < 2:
        return plain
    clustered = Error(standard_error(per_item, cells), n_cells - 1.0)
    return clustered if clustered.value > plain.value else plain


def replicate_noise(deltas: FloatArray) -> Noise:
    """Estimate how replicates differ.

    Between two runs of one recipe the expected difference is 0, so the mean square estimates the
    noise of a difference of two runs. One replicate gives each quantity one draw: all are pooled,
    and a quantity that alone strayed further keeps its own (Student's t would otherwise be claimed
    of the noisy ones). A run that is better all over moves all quantities together; that part of
    the pooled square is worth one degree of freedom a replicate, the rest those of the quantities
    (Satterthwaite).

    Parameters
    ----------
    deltas : array of shape (n_replicates, n)
        NaN where unknown.

    Returns
    -------
    Noise
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
    """Two-sided p of no difference beyond sampling and noise, by Welch's approximate t.

    Parameters
    ----------
    delta, error, df : array of shape (n,)
        Each difference, its standard error over items, and the degrees of freedom of that.
    noise : Noise
        What replicates differ by.

    Returns
    -------
    array of shape (n,), float64
        In [0, 1].
    """
    delta, error, df = (np.asarray(one, dtype=np.float64) for one in (delta, error, df))
    variance, strayed = error**2, noise.scale**2
    total = variance + strayed
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(delta == 0, 0.0, delta / np.sqrt(total))
        joint = total**2 / (variance**2 / df + strayed**2 / noise.df)
    joint = np.where(np.isfinite(joint), joint, df)
    return student_p(t, joint)


def interval_reach(error: Error) -> float:
    """Half the width of a 95 % interval by Student's t.

    Parameters
    ----------
    error : Error

    Returns
    -------
    float
    """
    return error.value * Z95 * student_widening(max(_LEAST_DF, error.df))
