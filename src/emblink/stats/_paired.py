"""How sure a mean difference over pairs is, when most pairs do not differ."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from emblink.stats._student import student_quantile
from emblink.types import FloatArray


class Paired(NamedTuple):
    """A mean over pairs, its centre for intervals, and its error.

    Attributes
    ----------
    mean : float
    centre : float
        The mean with one more pair of the typical change in each direction.
    error : float
        Standard error; infinite for fewer than two pairs.
    df : float
    """

    mean: float
    centre: float
    error: float
    df: float


def paired(changes: FloatArray) -> Paired:
    """Mean of differences of independent pairs, of which many may be zero.

    Parameters
    ----------
    changes : array of shape (n_pairs,)
        Finite; differences of the same thing measured twice.

    Returns
    -------
    Paired
        The error is that of the differences with two more, of plus and minus their typical size
        (the root mean square of those that are not zero; 1 where all are), as Agresti and Coull
        add to shares: a mean that rests on a few changes is less sure than its spread says, and
        one without any is not certain.

    Notes
    -----
    Intervals of 95 % hold .93 to .97 from about ten changed pairs on, and more with fewer
    (``tests/test_stats_paired.py``). Misleads where pairs depend on each other.

    References
    ----------
    .. [1] Agresti and Coull, "Approximate is better than 'exact' for interval estimation of
       binomial proportions", The American Statistician 1998.
    """
    changes = np.asarray(changes, dtype=np.float64)
    n = len(changes)
    if n < 2:
        return Paired(float(changes.mean()) if n else 0.0, 0.0, float("inf"), 1.0)
    moved = changes[changes != 0]
    size = float(np.sqrt(np.square(moved).mean())) if len(moved) else 1.0
    more = np.concatenate((changes, [size, -size]))
    error = float(more.std(ddof=1) / np.sqrt(len(more)))
    return Paired(float(changes.mean()), float(more.mean()), error, float(n + 1))


def paired_interval(changes: FloatArray, *, level: float = 0.95) -> tuple[float, float]:
    """Interval of the mean of differences of independent pairs.

    Parameters
    ----------
    changes : array of shape (n_pairs,)
    level : float
        In (0, 1): how often it holds the mean of the population.

    Returns
    -------
    (float, float)
        Infinite for fewer than two pairs.
    """
    found = paired(changes)
    if not np.isfinite(found.error):
        return float("-inf"), float("inf")
    reach = found.error * student_quantile((1 + level) / 2, df=found.df)
    return found.centre - reach, found.centre + reach


def share_interval(values: FloatArray, *, level: float = 0.95) -> tuple[float, float]:
    """Interval of the mean of independent values from 0 to 1, of which many may be at an end.

    Parameters
    ----------
    values : array of shape (n,)
        In [0, 1].
    level : float
        In (0, 1): how often it holds the mean of the population.

    Returns
    -------
    (float, float)
        In [0, 1]: that of the values with one more 0 and one more 1; all of [0, 1] for fewer than
        two. Misleads where values depend on each other.

    References
    ----------
    .. [1] Agresti and Coull, 1998, as :func:`paired`.
    """
    values = np.asarray(values, dtype=np.float64)
    if len(values) < 2:
        return 0.0, 1.0
    more = np.concatenate((values, [0.0, 1.0]))
    error = float(more.std(ddof=1) / np.sqrt(len(more)))
    reach = error * student_quantile((1 + level) / 2, df=len(values) + 1.0)
    middle = float(more.mean())
    return max(0.0, middle - reach), min(1.0, middle + reach)
