"""The numerical floor: what storing a space in 8 bits changes in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from emblink.compute import room
from emblink.measures._centered import BLOCK_CELLS, block_rows, centered_rows
from emblink.types import FloatArray, Metric

_STEPS = 127
_BEYOND_USUAL = 2.0
_USUAL = 0.98
_LOOKED_AT = 20_000


def quantize_int8(vectors: FloatArray, *, metric: Metric = "cosine") -> NDArray[np.float32]:
    """Round each dimension to 255 levels, and scale back.

    The recipe of the *numerical floor*: neighbours that do not survive it are within the
    rounding that production indexes apply. It is a floor of storage, not of training: without a
    replicate, nothing says how much another seed would change.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        Any float type; may be a memory map.
    metric : {"cosine", "euclidean"}
        Rows are rounded as they are, of unit length or not. The levels lie evenly about 0 for
        cosine, and about the median of the column for euclidean, whose neighbours do not depend on
        a shift.

    Returns
    -------
    array of shape (n_items, n_dims), float32
        Within half a step, ``max |column| / 254``, of the input (and float32 rounding); for
        euclidean the column less its median. Scaling a column scales the result alike; not
        invariant to rotation, nor for cosine to a shift. A row that would round to all zeros is
        kept as it was, for it has no direction left.

    Notes
    -----
    A column's levels reach to its largest number, but no further than twice what 98 % of its
    numbers reach: a few extreme rows would else widen the step of all. Numbers beyond become the
    nearest multiple of the step too, with more than 255 levels.

    Misleads when the vectors already hold few levels (counts, binary codes: nothing is rounded
    and the floor is 1), and when more than one row in fifty is extreme: the steps are then
    wide for all and the floor falls.

    References
    ----------
    .. [1] Jacob et al., "Quantization and Training of Neural Networks for Efficient
       Integer-Arithmetic-Only Inference", CVPR 2018.
    """
    return rounding_int8(vectors, metric=metric)(vectors)


def rounding_int8(
    vectors: FloatArray, *, metric: Metric = "cosine"
) -> Callable[[FloatArray], NDArray[np.float32]]:
    """Learn the levels of each dimension from some vectors, to round these and others by.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
    metric : {"cosine", "euclidean"}

    Returns
    -------
    callable
        From vectors of as many dimensions to rounded ones, as :func:`quantize_int8`.
    """
    largest = np.zeros(vectors.shape[1])
    centre, usual = _centre_and_usual(vectors, metric)
    for rows in _blocks(vectors):
        np.maximum(largest, np.abs(vectors[rows] - centre).max(axis=0), out=largest)
    reach = np.where(usual > 0, np.minimum(largest, usual), largest)
    scale = np.where(reach > 0, reach / _STEPS, 1.0)

    def rounded(others: FloatArray) -> NDArray[np.float32]:
        made = room(others.shape, np.float32)
        for rows in _blocks(others):
            levels = np.rint(centered_rows(others, centre, rows) / scale)
            made[rows] = levels * scale + centre
            vanished = ~made[rows].any(axis=1)
            made[rows][vanished] = others[rows][vanished]
        return made

    return rounded


def _blocks(vectors: FloatArray) -> list[slice]:
    step = block_rows(vectors.shape[1])
    return [slice(start, start + step) for start in range(0, len(vectors), step)]


def _centre_and_usual(
    vectors: FloatArray, metric: Metric
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle of each column, and twice what nearly all of its numbers reach from it."""
    centre, usual = np.zeros((2, vectors.shape[1]))
    every = -(-len(vectors) // _LOOKED_AT)
    step = max(1, BLOCK_CELLS // -(-len(vectors) // every))
    for columns in (slice(at, at + step) for at in range(0, vectors.shape[1], step)):
        looked_at = np.asarray(vectors[::every, columns], dtype=np.float64)
        if metric == "euclidean":
            centre[columns] = np.median(looked_at, axis=0)
        reach = np.abs(looked_at - centre[columns])
        usual[columns] = _BEYOND_USUAL * np.quantile(reach, _USUAL, axis=0, method="lower")
    return centre, usual
