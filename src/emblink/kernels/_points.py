"""Kernels of neighbours and ranks among points of two or three dimensions."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run

_DIMS = (2, 3)


def near_points(
    points: NDArray[np.float32],
    places: NDArray[np.float32],
    *,
    k: int,
    selves: NDArray[np.int64] | None = None,
) -> NDArray[np.int32]:
    """Find the ``k`` points nearest to each place.

    Parameters
    ----------
    points : array of shape (n, 2) or (n, 3), float32
        Finite.
    places : array of shape (n_places, 2) or (n_places, 3), float32
    k : int
        From 1 to ``n``, and less than ``n`` with ``selves``.
    selves : array of shape (n_places,), int64, or None
        The row that each place is, which is never found; None: every row may be.

    Returns
    -------
    array of shape (n_places, k), int32
        Rows of ``points``, nearest first, ties by row.
    """
    n, dims = points.shape
    fit("near_points", dims in _DIMS and places.shape[1] == dims)
    fit("near_points", 1 <= k <= n - (selves is not None))
    own = np.full(len(places), -1, np.int64) if selves is None else selves
    fit("near_points", own.shape == (len(places),))
    found = np.empty((len(places), k), np.int32)
    run(
        "near_points",
        pointer(points, np.float32),
        ctypes.c_int64(n),
        ctypes.c_int64(dims),
        pointer(places, np.float32),
        pointer(own, np.int64),
        ctypes.c_int64(len(places)),
        ctypes.c_int64(k),
        pointer(found, np.int32),
    )
    return found


def point_ranks(
    points: NDArray[np.float32], members: NDArray[np.int32], *, queries: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Rank given points among all others by their distance to a query.

    Parameters
    ----------
    points : array of shape (n, 2) or (n, 3), float32
        Finite.
    members : array of shape (n_queries, m), int32
        Rows of ``points``, none of them the query.
    queries : array of shape (n_queries,), int64
        Rows of ``points``.

    Returns
    -------
    array of shape (n_queries, m), int32
        From 1, the nearest, to ``n - 1``; ties by row.
    """
    n, dims = points.shape
    fit("point_ranks", dims in _DIMS and queries.shape == (len(members),))
    ranks, axes = np.empty(members.shape, np.int32), np.ascontiguousarray(points.T)
    run(
        "point_ranks",
        pointer(axes, np.float32),
        ctypes.c_int64(n),
        ctypes.c_int64(dims),
        pointer(queries, np.int64),
        ctypes.c_int64(len(members)),
        pointer(members, np.int32),
        ctypes.c_int64(members.shape[1]),
        pointer(ranks, np.int32),
    )
    return ranks
