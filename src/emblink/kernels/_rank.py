"""Kernels that count how many candidates come before given ones."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run


def count_rows(
    counts: NDArray[np.int32],
    block: NDArray[np.float32],
    bias: NDArray[np.float32],
    *,
    first_candidate: int,
    thresholds: NDArray[np.float32],
    members: NDArray[np.int32],
) -> None:
    """Add how many columns of a block of scores are above each row's thresholds.

    Candidate ``first_candidate + c`` scores ``block[r, c] - bias[c]`` for row ``r``. Threshold
    ``t`` of a row is the score of its candidate ``members[r, t]``, which is not counted itself;
    candidates before it count when they score as much.

    Parameters
    ----------
    counts : array of shape (n_rows, m), int32
        Added to in place.
    block : array of shape (n_rows, n_columns), float32
    bias : array of shape (n_columns,), float32
    first_candidate : int
    thresholds : array of shape (n_rows, m), float32
    members : array of shape (n_rows, m), int32
    """
    fit("count_rows", len(block) == len(counts) and block.shape[1] == len(bias))
    _count("count_rows", counts, block, bias, first_candidate, thresholds, members)


def count_columns(
    counts: NDArray[np.int32],
    block: NDArray[np.float32],
    bias: NDArray[np.float32],
    *,
    first_candidate: int,
    thresholds: NDArray[np.float32],
    members: NDArray[np.int32],
) -> None:
    """Add how many rows of a block of scores are above each column's thresholds.

    :func:`count_rows` of the block's transpose: candidate ``first_candidate + r`` scores
    ``block[r, c] - bias[r]`` for column ``c``.

    Parameters
    ----------
    counts : array of shape (n_columns, m), int32
        Added to in place.
    block : array of shape (n_rows, n_columns), float32
    bias : array of shape (n_rows,), float32
    first_candidate : int
    thresholds : array of shape (n_columns, m), float32
    members : array of shape (n_columns, m), int32
    """
    fit("count_columns", block.shape[1] == len(counts) and len(block) == len(bias))
    _count("count_columns", counts, block, bias, first_candidate, thresholds, members)


def _count(
    name: str,
    counts: NDArray[np.int32],
    block: NDArray[np.float32],
    bias: NDArray[np.float32],
    first_candidate: int,
    thresholds: NDArray[np.float32],
    members: NDArray[np.int32],
) -> None:
    fit(name, counts.shape == thresholds.shape == members.shape)
    run(
        name,
        pointer(block, np.float32),
        ctypes.c_int64(block.shape[0]),
        ctypes.c_int64(block.shape[1]),
        pointer(bias, np.float32),
        ctypes.c_int64(first_candidate),
        pointer(thresholds, np.float32),
        pointer(members, np.int32),
        ctypes.c_int64(counts.shape[1]),
        pointer(counts, np.int32),
    )
