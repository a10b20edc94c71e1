"""How well the best rotation lays one space on another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures._centered import centered_pairs, centered_rows, check_vectors, column_means
from emblink.types import FloatArray


def procrustes_similarity(x: FloatArray, y: FloatArray) -> float:
    """Cosine between two centred spaces after the best rotation: ``‖XᵀY‖* / (‖X‖ ‖Y‖)``.

    ``‖·‖*`` is the sum of singular values, ``‖·‖`` the Frobenius norm.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item; the narrower is thought of as padded with zeros. Any
        float type; may be a memory map.

    Returns
    -------
    float
        In [0, 1]; 1 if and only if one space is a rotation, reflection, scaling and shift of the
        other. ``Y = X + s * noise`` gives ``1 / sqrt(1 + s**2)`` for white ``X``. Invariant to
        rotation, isotropic scale and shift of either space, and to a permutation of the items of
        both. The angular shape distance is its arc cosine.

    Raises
    ------
    VectorError
        The spaces have different numbers of items, fewer than 2, or all items of one have the
        same vector.

    Notes
    -----
    Misleads when dims are many and items few: unrelated spaces then fit each other well (its
    chance is far above 0 and approaches 1 as ``n_dims`` reaches ``n_items``). Like CKA it can be
    carried by a few extreme rows. Memory ``O(min(d, n)² + block)``, and one copy of the vectors
    when ``d > n``.

    References
    ----------
    .. [1] Williams et al., "Generalized Shape Metrics on Neural Representations", NeurIPS 2021.
    """
    check_vectors(x, y, at_least=2)
    total_x = total_y = 0.0
    cross = np.zeros((x.shape[1], y.shape[1])) if max(x.shape[1], y.shape[1]) <= len(x) else None
    for rows_x, rows_y in centered_pairs(x, y):
        total_x += float(np.vdot(rows_x, rows_x))
        total_y += float(np.vdot(rows_y, rows_y))
        if cross is not None:
            cross += rows_x.T @ rows_y
    if total_x == 0 or total_y == 0:
        raise VectorError(
            f"all items of {'x' if total_x == 0 else 'y'} have the same vector, so its Procrustes "
            "similarity is undefined; leave the space out"
        )
    if cross is None:
        cross = _narrow(x).T @ _narrow(y)
    nuclear = float(np.linalg.svd(cross, compute_uv=False).sum())
    return min(1.0, nuclear / float(np.sqrt(total_x) * np.sqrt(total_y)))


def _narrow(vectors: FloatArray) -> NDArray[np.float64]:
    """Return the centred rows turned into at most ``n_items`` dims, which changes no distance."""
    rows = centered_rows(vectors, column_means(vectors), slice(None))
    if rows.shape[1] <= len(rows):
        return rows
    return np.asarray(np.linalg.qr(rows.T, mode="r"), dtype=np.float64).T
