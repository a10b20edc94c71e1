"""Kernel of rank errors between two lists of distances."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run


def excess_rank(
    chosen_by: NDArray[np.float32], ranked_in: NDArray[np.float32], *, k: int
) -> NDArray[np.float64]:
    """Sum over the nearest of one list of how far they stand beyond ``k`` in another.

    Parameters
    ----------
    chosen_by, ranked_in : array of shape (n_rows, n), float32
        Distances; no NaN. Ties stand in order of column.
    k : int
        From 1 to ``n``.

    Returns
    -------
    array of shape (n_rows,), float64
        For each row, over the ``k`` least of ``chosen_by``: ``max(0, rank - k)``, the rank counted
        from 1 in the same row of ``ranked_in``.
    """
    n_rows, n = chosen_by.shape
    fit("excess_rank", chosen_by.shape == ranked_in.shape and 1 <= k <= n)
    excess = np.empty(n_rows, dtype=np.float64)
    run(
        "excess_rank",
        pointer(chosen_by, np.float32),
        pointer(ranked_in, np.float32),
        ctypes.c_int64(n_rows),
        ctypes.c_int64(n),
        ctypes.c_int64(k),
        pointer(excess, np.float64),
    )
    return excess
