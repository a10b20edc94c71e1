"""All spaces as points of a plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.types import FloatArray

# Relative to the largest: what rounding leaves of an eigenvalue that is 0.
_ROUNDING = 1e-12


def space_map(similarity: FloatArray) -> tuple[NDArray[np.float64], float]:
    """Place spaces on a plane, near where they agree: classical scaling of ``1 - similarity``.

    Parameters
    ----------
    similarity : array of shape (n_spaces, n_spaces)
        1 for full agreement, such as kappa or CKA. Made symmetric by averaging; the diagonal is
        taken as 1, and what exceeds 1 as 1.

    Returns
    -------
    coords : array of shape (n_spaces, 2), float64
        About the origin, the longer axis first; each axis turned so that its largest coordinate
        is positive (the first of equals). Distances are in units of ``1 - similarity``.
    kept : float
        In [0, 1]: share of the positive eigenvalues' sum that the two axes hold; 1 when the plane
        shows everything, or when there is nothing to show.

    Raises
    ------
    VectorError
        Not a square table of finite numbers.

    Notes
    -----
    Renumbering the spaces renumbers the points. Misleads when ``kept`` is low: some spaces look
    near that are not. ``1 - similarity`` need not be a distance in any flat space; the negative
    eigenvalues that show this are dropped, and do not count in ``kept``. Four or more spaces that
    agree equally little with each other have no shape, and get an arbitrary one.

    References
    ----------
    .. [1] Torgerson, "Multidimensional scaling: I. Theory and method", Psychometrika 1952.
    """
    table = np.asarray(similarity, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not np.isfinite(table).all():
        raise VectorError(
            f"similarity of shape {table.shape} is not a square table of finite numbers; leave out "
            "spaces that share no items with the others"
        )
    n_spaces = len(table)
    coords = np.zeros((n_spaces, 2))
    if n_spaces < 2:
        return coords, 1.0
    distance = np.maximum(1.0 - 0.5 * (table + table.T), 0.0)
    np.fill_diagonal(distance, 0.0)
    squares = distance**2
    squares -= squares.mean(axis=0)
    squares -= squares.mean(axis=1)[:, None]
    values, vectors = np.linalg.eigh(-0.5 * squares)
    values, vectors = values[::-1], vectors[:, ::-1]
    positive = np.where(values > _ROUNDING * np.abs(values).max(initial=0.0), values, 0.0)
    total = float(positive.sum())
    if total == 0:
        return coords, 1.0
    coords[:] = vectors[:, :2] * np.sqrt(positive[:2])
    for axis in coords.T:
        size = np.abs(axis)
        first = int(np.argmax(size >= size.max() * (1.0 - 1e-9)))
        axis *= -1.0 if axis[first] < 0 else 1.0
    return coords, min(1.0, float(positive[:2].sum()) / total)
