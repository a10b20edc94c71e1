"""Whether one more run is a run of a recipe, by what its runs differ by among themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.stats._student import student_p

Numbers = NDArray[np.float64]

OWN_SPREAD_DF = 4.0
"""Degrees of freedom that the spread over all quantities is worth beside a quantity's own."""

EXPECTED_DF = 0.5
"""The same for what is expected of the shift."""

UNEVEN = 0.15
"""Of a common shift, by how much single quantities take more or less of it than all."""

_MEDIAN = np.pi / 2
"""Variance of a median over that of a mean."""

FEWEST_TO_CENTRE = 4
"""With fewer quantities their median is no shift common to all."""


class OneMoreRun(NamedTuple):
    """How far another run lies from the runs of a recipe, quantity by quantity.

    Attributes
    ----------
    shift : float
        What the run differs by from the recipe in all quantities alike: their median.
    shift_p : float
        Two-sided, of no such shift, by how the runs' own medians spread.
    beside : array of shape (n,)
        What it differs by from the mean of the recipe's runs, less that shift.
    spread : array of shape (n,)
        How far one more run of the recipe strays, less its own shift.
    p : array of shape (n,)
        Two-sided, of no difference beside the shift.
    """

    shift: float
    shift_p: float
    beside: Numbers
    spread: Numbers
    p: Numbers


def one_more_run(runs: Numbers, other: Numbers, *, n_free: int | None = None) -> OneMoreRun:
    """Test each quantity of one more run against those of a recipe's runs.

    All are measured on the same items, so no sampling of items enters: what another run of the
    recipe would give is told by the runs alone. A run that is better or worse all over moves all
    quantities together, which says nothing of a single one: differences from the mean of the runs
    are taken less their median, run by run. With few runs a quantity's own spread is hardly known:
    it is moderated by that over all quantities (an empirical Bayes variance of four degrees of
    freedom). Quantities take unevenly of a shift, by ``UNEVEN`` of it: so much is added where the
    run's shift is larger than those that the runs' own spread already holds.

    Parameters
    ----------
    runs : array of shape (n_runs, n)
        At least two runs of the recipe, in a unit in which spreads are about alike.
    other : array of shape (n,)
        The run that is asked about.
    n_free : int, optional
        Quantities that vary freely; ``n`` by default. Pairs of labels are only as free as labels.

    Returns
    -------
    OneMoreRun

    Notes
    -----
    Misleads where most quantities change at once: the median then moves with them, and those that
    stayed seem to change the other way. Tell the shift beside it.

    References
    ----------
    .. [1] Smyth, "Linear models and empirical Bayes methods for assessing differential expression
       in microarray experiments", Statistical Applications in Genetics and Molecular Biology 2004.
    """
    n_runs, n = runs.shape
    df, free = n_runs - 1, n if n_free is None else min(n, n_free)
    middle = runs.mean(axis=0)
    strays, difference = runs - middle, other - middle
    shift, shift_p = 0.0, 1.0
    if n >= FEWEST_TO_CENTRE:
        shift, shifts = float(np.median(difference)), np.median(strays, axis=1)
        strays, difference = strays - shifts[:, None], difference - shift
        strays -= strays.mean(axis=0)
        free = max(1, free - 1)
    squares = (strays**2).sum(axis=0)
    pooled = float(squares.sum()) / (df * max(1, n - (n >= FEWEST_TO_CENTRE)))
    if n >= FEWEST_TO_CENTRE:
        shift_p = _p_of_shift(shift, shifts, expected=_MEDIAN * pooled / free)
    variance = (OWN_SPREAD_DF * pooled + squares) / (OWN_SPREAD_DF + df)
    if n >= FEWEST_TO_CENTRE:
        variance = variance + UNEVEN**2 * _farther(shift, shifts)
    spread = np.sqrt(variance * (1 + 1 / n_runs))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(difference == 0, 0.0, difference / spread)
    p = student_p(t, min(OWN_SPREAD_DF + df, float(df * free)))
    return OneMoreRun(shift, shift_p, difference, spread, p)


def _farther(shift: float, shifts: Numbers) -> float:
    """Return by how much the square of a shift exceeds that of the runs' own shifts."""
    usual = float(((shifts - shifts.mean()) ** 2).sum()) / (len(shifts) - 1)
    return max(0.0, shift**2 / (1 + 1 / len(shifts)) - usual)


def _p_of_shift(shift: float, strays: Numbers, *, expected: float) -> float:
    """Quantities that stray each for itself move their median too: that much is expected."""
    if shift == 0:
        return 1.0
    n_runs = len(strays)
    squares = float(((strays - strays.mean()) ** 2).sum())
    variance = (EXPECTED_DF * expected + squares) / (EXPECTED_DF + n_runs - 1)
    spread = np.sqrt(variance * (1 + 1 / n_runs))
    t = shift / spread if spread > 0 else np.inf
    return float(student_p(t, EXPECTED_DF + n_runs - 1))
