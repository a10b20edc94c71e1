"""A space as points of few dimensions, in which items can be expected somewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.projection import principal_components
from emblink.types import FloatArray, IntArray, Metric

MOST_DIMS = 48
_NEGLIGIBLE = 1e-9


def principal_points(
    vectors: FloatArray,
    *,
    metric: Metric,
    rows: IntArray | None = None,
    seed: int = 0,
    most: int = MOST_DIMS,
) -> NDArray[np.float32]:
    """Return the items of a space by their leading principal components, at a common scale.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        May be a memory map. Rows count by their direction under ``cosine``.
    metric : {"cosine", "euclidean"}
    rows : array of shape (n_items,), optional
        Only these rows, in this order.
    seed : int
        Draws the 20,000 rows that the components of a larger space are fitted on.
    most : int
        Dimensions kept.

    Returns
    -------
    array of shape (n_items, <= most), float32
        Centred, mean square length 1 (zeros where all vectors are alike). Invariant to rotation,
        scale and shift (``euclidean``) of the space, up to the sign of each component.
    """
    n_items = len(vectors) if rows is None else len(rows)
    wanted = max(1, min(most, vectors.shape[1], n_items - 1))
    scores = principal_components(vectors, metric=metric, n_components=wanted, rows=rows, seed=seed)
    variances = np.einsum("ij,ij->j", scores, scores) / len(scores)
    total = float(variances.sum())
    if total == 0.0:
        return np.zeros((len(scores), 1), dtype=np.float32)
    held = variances > _NEGLIGIBLE * variances.max()
    return np.ascontiguousarray(scores[:, held] / np.sqrt(total), dtype=np.float32)
