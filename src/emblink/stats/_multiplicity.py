"""P-values of several questions asked at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.types import FloatArray


def holm(p_values: FloatArray | Sequence[float]) -> NDArray[np.float64]:
    """Adjust p-values so that one false claim in all of them is as rare as in one.

    Parameters
    ----------
    p_values : array of shape (n_questions,)
        In [0, 1]; NaN where a question was not asked: it stays NaN and is not counted.

    Returns
    -------
    array of shape (n_questions,), float64
        Reject where at most 0.05, and the chance of any false rejection is at most 5 %, however
        the questions depend on each other. In the order given; never below ``p_values``.

    Raises
    ------
    InputError
        A p-value lies outside [0, 1].

    Notes
    -----
    Misleads by silence when questions are many: each must be clear enough to stand out of all.
    :func:`benjamini_hochberg` bounds the share of false claims instead.

    References
    ----------
    .. [1] Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
       of Statistics, 1979.
    """
    p, known, order = _ranked(p_values)
    adjusted = np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1))
    return _placed(adjusted, known, order)


def benjamini_hochberg(p_values: FloatArray | Sequence[float]) -> NDArray[np.float64]:
    """Adjust p-values so that few of the claims made are false.

    Parameters
    ----------
    p_values : array of shape (n_questions,)
        In [0, 1]; NaN where a question was not asked: it stays NaN and is not counted.

    Returns
    -------
    array of shape (n_questions,), float64
        Claim where at most 0.05, and of the claims at most 5 % are false on average. In the order
        given; never below ``p_values`` and never above :func:`holm`.

    Raises
    ------
    InputError
        A p-value lies outside [0, 1].

    Notes
    -----
    The bound holds for independent and for positively dependent questions. Misleads when single
    claims are picked out of the list afterwards: the bound is one of the whole list.

    References
    ----------
    .. [1] Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 1995.
    """
    p, known, order = _ranked(p_values)
    raised = p[order] * len(order) / np.arange(1, len(order) + 1)
    return _placed(np.minimum.accumulate(raised[::-1])[::-1], known, order)


def _ranked(
    p_values: FloatArray | Sequence[float],
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    p = np.asarray(p_values, dtype=np.float64)
    known = ~np.isnan(p)
    if p.ndim != 1 or np.any((p[known] < 0) | (p[known] > 1)):
        raise InputError("p-values must be a list of numbers from 0 to 1; NaN leaves one out")
    asked = p[known]
    return asked, known, np.argsort(asked, kind="stable")


def _placed(
    adjusted: NDArray[np.float64], known: NDArray[np.bool_], order: NDArray[np.int64]
) -> NDArray[np.float64]:
    back = np.empty(len(order))
    back[order] = np.minimum(1.0, adjusted)
    placed = np.full(len(known), np.nan)
    placed[known] = back
    return placed
