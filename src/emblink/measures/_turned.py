"""Whether one space is another, turned and scaled: row by row, not on average."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from emblink.measures._centered import block_rows, check_vectors, column_means
from emblink.rows import as_measured, few_dims
from emblink.types import FloatArray, Metric

# Of the median distance between two rows that differ, and of a row's own distance from another:
# what float32 rounding stays below after a rotation. No row far out moves either.
_NEAR = 1e-3
_ROUNDED = 1e-5
_CENTRAL = 10_000

Rows = NDArray[np.float64]


def is_turned_copy(x: FloatArray, y: FloatArray, *, metric: Metric = "cosine") -> bool:
    """Whether each row of one space is that of the other after one rotation and scaling.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item; the narrower is thought of as padded with zeros. Any
        float type; may be a memory map.
    metric : {"cosine", "euclidean"}
        Under cosine rows count by their direction and a shift makes another space; under euclidean
        both spaces are centred first.

    Returns
    -------
    bool
        True when every row misses its image by no more than a thousandth of the median distance
        between two rows that differ, or float32 rounding where it lies far out. Invariant to
        rotation and scale (of each row, under cosine) of either space.

    Raises
    ------
    VectorError
        The spaces have different numbers of items, or fewer than 2.

    Notes
    -----
    :func:`procrustes_similarity` is a mean of squares, which a few rows far out can carry to
    within 1e-9 of 1 while all others moved: here rows count alike in the rotation, and each has
    to fit. Misleads in favour of caution: of a true copy whose lengths span more than about six
    orders of magnitude the short rows may be lost to rounding. Two passes, memory
    ``O(n_items + min(d, n_items)² + block)``.
    """
    check_vectors(x, y, at_least=2)
    if max(x.shape[1], y.shape[1]) > len(x):
        x, y = (few_dims(as_measured(one, metric=metric), centred=False) for one in (x, y))
    if x.shape[1] > y.shape[1]:
        x, y = y, x
    origins = _origins(x, y) if metric == "euclidean" else None
    cross = np.zeros((x.shape[1], y.shape[1]))
    ratios = []
    for rows_x, rows_y in _pairs(x, y, origins):
        long_x, long_y = _lengths(rows_x), _lengths(rows_y)
        known = (long_x > 0) & (long_y > 0)
        weights = 1.0 / (long_x * long_y)[known]
        cross += (rows_x[known] * weights[:, None]).T @ rows_y[known]
        ratios.append(long_y[known] / long_x[known])
    scale = np.median(np.concatenate(ratios)) if any(map(len, ratios)) else 1.0
    left, _, right = np.linalg.svd(cross, full_matrices=False)
    turn = scale * (left @ right)
    missed, apart = [], []
    for rows_x, rows_y in _pairs(x, y, origins):
        missed.append(_lengths(rows_x @ turn - rows_y))
        apart.append(_lengths(rows_y - rows_y[::-1]))
    distances = np.concatenate(apart)
    usual = float(np.median(distances[distances > 0])) if distances.any() else 0.0
    allowed = np.maximum(_NEAR * usual, _ROUNDED * distances)
    return bool((np.concatenate(missed) <= allowed).all())


def _origins(x: FloatArray, y: FloatArray) -> tuple[Rows, Rows]:
    """Return the means of the same items, those near the mean of ``x``: no far row moves them."""
    mean = column_means(x)
    step = block_rows(x.shape[1])
    starts = range(0, len(x), step)
    far = np.concatenate([_lengths(np.asarray(x[i : i + step], np.float64) - mean) for i in starts])
    near = np.flatnonzero(far <= np.median(far))[:_CENTRAL]
    return column_means(x[near]), column_means(y[near])


def _pairs(
    x: FloatArray, y: FloatArray, origins: tuple[Rows, Rows] | None
) -> Iterator[tuple[Rows, Rows]]:
    """Yield blocks of both: about their origins, or as directions where there is none."""
    step = block_rows(x.shape[1] + y.shape[1])
    for start in range(0, len(x), step):
        both = (np.asarray(one[start : start + step], dtype=np.float64) for one in (x, y))
        rows_x, rows_y = (
            map(_directions, both)
            if origins is None
            else (rows - origin for rows, origin in zip(both, origins, strict=True))
        )
        yield rows_x, rows_y


def _directions(rows: Rows) -> Rows:
    lengths = _lengths(rows)
    directions: Rows = rows / np.where(lengths > 0, lengths, 1.0)[:, None]
    return directions


def _lengths(rows: Rows) -> Rows:
    lengths: Rows = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return lengths
