"""The numerical floor: what storing a space in 8 bits changes in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.measures._centered import block_rows, centered_rows, column_means
from emblink.types import FloatArray, Metric

_STEPS = 127


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
        The levels lie evenly about 0 for cosine, and about the mean of the column for euclidean,
        whose neighbours do not depend on a shift.

    Returns
    -------
    array of shape (n_items, n_dims), float32
        Within half a step, ``max |column| / 254``, of the input (and float32 rounding); for
        euclidean the column less its mean. Scaling a column scales the result alike; not
        invariant to rotation, nor for cosine to a shift. A row that would round to all zeros is
        kept as it was, for it has no direction left.

    Notes
    -----
    Misleads when the vectors already hold few levels (counts, binary codes: nothing is rounded
    and the floor is 1), and when one extreme number widens a column's step for all items: the floor
    falls, and hides small changes.

    References
    ----------
    .. [1] Jacob et al., "Quantization and Training of Neural Networks for Efficient
       Integer-Arithmetic-Only Inference", CVPR 2018.
    """
    step = block_rows(vectors.shape[1])
    blocks = [slice(start, start + step) for start in range(0, len(vectors), step)]
    largest = np.zeros(vectors.shape[1])
    centre = column_means(vectors) if metric == "euclidean" else largest.copy()
    for rows in blocks:
        np.maximum(largest, np.abs(vectors[rows] - centre).max(axis=0), out=largest)
    scale = np.where(largest > 0, largest / _STEPS, 1.0)
    rounded = np.empty(vectors.shape, dtype=np.float32)
    for rows in blocks:
        levels = np.rint(centered_rows(vectors, centre, rows) / scale)
        rounded[rows] = levels * scale + centre
        vanished = ~rounded[rows].any(axis=1)
        rounded[rows][vanished] = vectors[rows][vanished]
    return rounded
