"""Centred rows of two spaces in bounded blocks, in float64."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.types import FloatArray

BLOCK_CELLS = 1 << 21


def block_rows(n_columns: int) -> int:
    """Return how many rows of ``n_columns`` numbers make one block."""
    return max(16, BLOCK_CELLS // max(1, n_columns))


def column_means(vectors: FloatArray) -> NDArray[np.float64]:
    """Return the mean of each column in float64; exact when all rows are the same.

    Sums are taken relative to the first row, so that a large common offset costs no digits.
    """
    origin = np.asarray(vectors[0], dtype=np.float64)
    total = np.zeros_like(origin)
    step = block_rows(vectors.shape[1])
    for start in range(0, len(vectors), step):
        total += (np.asarray(vectors[start : start + step], dtype=np.float64) - origin).sum(axis=0)
    mean: NDArray[np.float64] = origin + total / len(vectors)
    return mean


def centered_rows(
    vectors: FloatArray, mean: NDArray[np.float64], rows: slice
) -> NDArray[np.float64]:
    """Return some rows less the mean, in float64."""
    return np.asarray(vectors[rows], dtype=np.float64) - mean


def centered_pairs(
    x: FloatArray, y: FloatArray
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Yield matching blocks of the centred rows of two spaces."""
    mean_x, mean_y = column_means(x), column_means(y)
    step = block_rows(x.shape[1] + y.shape[1])
    for start in range(0, len(x), step):
        rows = slice(start, start + step)
        yield centered_rows(x, mean_x, rows), centered_rows(y, mean_y, rows)


def check_vectors(x: FloatArray, y: FloatArray, *, at_least: int) -> None:
    """Refuse anything but two tables of vectors over the same items."""
    for name, vectors in (("x", x), ("y", y)):
        if vectors.ndim != 2 or vectors.shape[1] == 0:
            raise VectorError(
                f"{name} has shape {vectors.shape}, not (n_items, n_dims); give one vector a row"
            )
    if len(x) != len(y):
        raise VectorError(
            f"x has {len(x)} rows and y has {len(y)}; give the vectors of the same items in the "
            "same order"
        )
    if len(x) < at_least:
        raise VectorError(f"{len(x)} items are too few; this measure needs at least {at_least}")
