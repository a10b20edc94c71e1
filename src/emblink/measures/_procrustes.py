"""How well the best rotation lays one space on another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.measures._centered import centered_pairs, check_vectors
from emblink.measures._hsic import refuse_constant
from emblink.rows import few_dims
from emblink.types import FloatArray

# Where the arc cosine begins to lose digits.
_NEAR_ONE = 0.99


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
    carried by a few extreme rows. Where lengths mean nothing, give it unit rows. Memory
    ``O(min(d, n)² + block)``.

    References
    ----------
    .. [1] Williams et al., "Generalized Shape Metrics on Neural Representations", NeurIPS 2021.
    """
    s, t, cross = products(*in_few_dims(x, y, at_least=2))
    nuclear = float(np.linalg.svd(cross, compute_uv=False).sum())
    return min(1.0, nuclear / float(np.sqrt(s) * np.sqrt(t)))


def angular_shape_distance(x: FloatArray, y: FloatArray) -> float:
    """Angle between two centred spaces after the best rotation, a metric on shapes.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item; the narrower is thought of as padded with zeros.

    Returns
    -------
    float
        The arc cosine of :func:`procrustes_similarity`, in [0, π/2] radians; 0 if and only if one
        space is a rotation, reflection, scaling and shift of the other, correct to about 1e-13
        there. Symmetric, and obeys the triangle inequality. The same invariances.

    Raises
    ------
    VectorError
        As :func:`procrustes_similarity`.

    Notes
    -----
    Misleads as :func:`procrustes_similarity` does: many dims and few items bring unrelated
    spaces near each other, and a few extreme rows can carry it. Near 0 the arc cosine would keep
    half of the digits only; there the angle is found from the misfit, in one more pass.

    References
    ----------
    .. [1] Williams et al., "Generalized Shape Metrics on Neural Representations", NeurIPS 2021.
    """
    x, y = in_few_dims(x, y, at_least=2)
    if x.shape[1] > y.shape[1]:
        x, y = y, x
    s, t, cross = products(x, y)
    left, values, right = np.linalg.svd(cross, full_matrices=False)
    similarity = float(values.sum()) / float(np.sqrt(s) * np.sqrt(t))
    if similarity < _NEAR_ONE:
        return float(np.arccos(similarity))
    turn = left @ right
    misfit = 0.0
    for rows_x, rows_y in centered_pairs(x, y):
        difference = rows_x @ turn / np.sqrt(s) - rows_y / np.sqrt(t)
        misfit += float(np.vdot(difference, difference))
    return float(2.0 * np.arcsin(min(1.0, np.sqrt(misfit) / 2.0)))


def in_few_dims(x: FloatArray, y: FloatArray, *, at_least: int) -> tuple[FloatArray, FloatArray]:
    """Check two spaces, and turn each that has more dims than items into as many dims as items."""
    check_vectors(x, y, at_least=at_least)
    return few_dims(x), few_dims(y)


def products(x: FloatArray, y: FloatArray) -> tuple[float, float, NDArray[np.float64]]:
    """Return the squared norms of two centred spaces and their product ``XᵀY``."""
    s = t = 0.0
    cross = np.zeros((x.shape[1], y.shape[1]))
    for rows_x, rows_y in centered_pairs(x, y):
        s += float(np.vdot(rows_x, rows_x))
        t += float(np.vdot(rows_y, rows_y))
        cross += rows_x.T @ rows_y
    refuse_constant(np.array([s]), np.array([t]), measure="Procrustes similarity")
    return s, t, cross
