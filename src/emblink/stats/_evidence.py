"""How sure a mean over dependent items is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from emblink.stats._intervals import standard_error
from emblink.stats._student import student_quantile
from emblink.types import FloatArray, IntArray

_LEVEL = 0.975
_LEAST_DF = 4.0
"""Fewer are read off the fourth powers of a few pulls, and mean that these are few."""


class Error(NamedTuple):
    """The standard error of a mean, and its degrees of freedom."""

    value: float
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


def error_of_influence(influence: FloatArray) -> Error:
    """Standard error of a value by how much each item pulls it.

    Parameters
    ----------
    influence : array of shape (n_items,)
        Derivatives of the value by the items' weights, times ``n_items``: what an item changes in
        the whole is in them already, so that they count as independent.

    Returns
    -------
    Error
        Infinite for fewer than two items.
    """
    n_items = len(influence)
    if n_items < 2:
        return Error(float("inf"), 1.0)
    pulls = np.asarray(influence, dtype=np.float64)
    spread = float(np.std(pulls, ddof=1)) / float(np.sqrt(n_items))
    return Error(spread, df_of_pulls(pulls, most=n_items - 1.0))


def df_of_pulls(pulls: FloatArray, *, most: float, n_zeros: int = 0) -> float:
    """Degrees of freedom of a spread: few where a few items make most of it.

    Parameters
    ----------
    pulls : array of shape (n_items,)
    most : float
        What independent items of a normal distribution have.
    n_zeros : int
        Further items, which pull nothing.

    Returns
    -------
    float
        ``2 n / (kurtosis - 1)``, from 1 to ``most``.
    """
    n_items = len(pulls) + n_zeros
    middle = float(pulls.sum()) / n_items
    squares = np.square(pulls - middle)
    total = float(squares.sum()) + n_zeros * middle**2
    if total <= 0.0:
        return most
    fourth = float(np.square(squares / total).sum()) + n_zeros * (middle**2 / total) ** 2
    beyond = fourth - 1.0 / n_items
    return most if beyond * most <= 2.0 else max(1.0, 2.0 / beyond)


def interval_reach(error: Error) -> float:
    """Half the width of a 95 % interval by Student's t.

    Parameters
    ----------
    error : Error

    Returns
    -------
    float
    """
    return error.value * student_quantile(_LEVEL, df=max(_LEAST_DF, error.df))
