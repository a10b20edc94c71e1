"""Centred rows of two spaces in bounded blocks, in float64."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.types import FloatArray

BoolArray = NDArray[np.bool_]
Means = tuple[NDArray[np.float64], NDArray[np.float64]]

BLOCK_CELLS = 1 << 21


def block_rows(n_columns: int) -> int:
    """Return how many rows of ``n_columns`` numbers make one block."""
    return max(16, BLOCK_CELLS // max(1, n_columns))


def column_means(vectors: FloatArray, *, keep: BoolArray | None = None) -> NDArray[np.float64]:
    """Return the mean of each column in float64; exact when all rows are the same.

    Sums are taken relative to the first row, so that a large common offset costs no digits. Only
    the rows of ``keep`` count when it is given.
    """
    first = 0 if keep is None else int(np.argmax(keep))
    origin = np.asarray(vectors[first], dtype=np.float64)
    total = np.zeros_like(origin)
    step = block_rows(vectors.shape[1])
    for start in range(0, len(vectors), step):
        rows = slice(start, start + step)
        block = np.asarray(vectors[rows], dtype=np.float64) - origin
        total += (block if keep is None else block[keep[rows]]).sum(axis=0)
    n_rows = len(vectors) if keep is None else int(keep.sum())
    mean: NDArray[np.float64] = origin + total / n_rows
    return mean


def centered_rows(
    vectors: FloatArray, mean: NDArray[np.float64], rows: slice
) -> NDArray[np.float64]:
    """Return some rows less the mean, in float64."""
    return np.asarray(vectors[rows], dtype=np.float64) - mean


def pair_means(x: FloatArray, y: FloatArray, *, keep: BoolArray | None = None) -> Means:
    """Return :func:`column_means` of two spaces."""
    return column_means(x, keep=keep), column_means(y, keep=keep)


def centered_pairs(
    x: FloatArray,
    y: FloatArray,
    *,
    keep: BoolArray | None = None,
    means: Means | None = None,
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Yield matching blocks of the centred rows of two spaces: all, or those of ``keep``.

    With ``means``, those of an earlier pass over the same rows.
    """
    mean_x, mean_y = means or pair_means(x, y, keep=keep)
    step = block_rows(x.shape[1] + y.shape[1])
    for start in range(0, len(x), step):
        rows = slice(start, start + step)
        rows_x, rows_y = centered_rows(x, mean_x, rows), centered_rows(y, mean_y, rows)
        yield (rows_x, rows_y) if keep is None else (rows_x[keep[rows]], rows_y[keep[rows]])


def check_vectors(x: FloatArray, y: FloatArray, *, at_least: int) -> None:
    """Refuse anything but two tables of vectors over the same items.

    Parameters
    ----------
    x, y : array of shape (n_items, n_dims)
    at_least : int
        Items needed.

    Raises
    ------
    VectorError
    """
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
