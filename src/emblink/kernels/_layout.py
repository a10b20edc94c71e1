"""Kernels of the layout: fuzzy weights, and one epoch of moves."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run


def fuzzy_weights(distances: NDArray[np.float32]) -> NDArray[np.float32]:
    """Membership of each neighbour in the fuzzy neighbourhood of an item, as in UMAP.

    Parameters
    ----------
    distances : array of shape (n_items, k), float32
        To the ``k`` nearest other items, in any order.

    Returns
    -------
    array of shape (n_items, k), float32
        In [0, 1]; 1 up to the nearest neighbour that is not a duplicate, and a row sums to
        ``log2(k + 1)`` where that is possible. Invariant to the scale of the distances.

    References
    ----------
    .. [1] McInnes, Healy and Melville, "UMAP", 2018, algorithm 3.
    """
    weights = np.empty_like(distances, order="C")
    n, k = distances.shape
    run(
        "fuzzy_weights",
        pointer(distances, np.float32),
        ctypes.c_int64(n),
        ctypes.c_int64(k),
        pointer(weights, np.float32),
    )
    return weights


def layout_epoch(
    positions: NDArray[np.float32],
    out: NDArray[np.float32],
    *,
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    weights: NDArray[np.float32],
    items: NDArray[np.int32],
    rows: NDArray[np.int32],
    anchors: NDArray[np.float32],
    pull: NDArray[np.float32],
    rate: float,
    repulsion: float,
    samples: int,
    seed: int,
    epoch: int,
) -> None:
    """Move every item of one space once, reading ``positions`` and writing ``out``.

    Parameters
    ----------
    positions, out : arrays of shape (n, 2), float32
        Must not overlap.
    starts, columns, weights : arrays of shape (n + 1,), (n_edges,) and (n_edges,)
        The symmetric fuzzy graph in CSR form over the rows of the space.
    items : array of shape (n,), int32
        The item of each row; equal items of two spaces draw equal negative samples.
    rows : array of shape (n_items,), int32
        The row of each item, -1 where the space lacks it.
    anchors, pull : arrays of shape (n, 2) and (n,), float32
        Where each item is drawn to, and how strongly (0 or more).
    rate, repulsion : float
        Step length, and weight of all negative samples of an item beside its attraction.
    samples : int
        Negative samples of each item.
    seed, epoch : int
        Key of the randomness.
    """
    shapes = [a.shape for a in (positions, out, starts, columns, items, anchors, pull)]
    n, edges = len(items), len(weights)
    fit("layout_epoch", shapes == [(n, 2), (n, 2), (n + 1,), (edges,), (n,), (n, 2), (n,)])
    run(
        "layout_epoch",
        pointer(starts, np.int64),
        pointer(columns, np.int32),
        pointer(weights, np.float32),
        ctypes.c_int64(n),
        pointer(items, np.int32),
        pointer(rows, np.int32),
        ctypes.c_int64(len(rows)),
        pointer(anchors, np.float32),
        pointer(pull, np.float32),
        pointer(positions, np.float32),
        pointer(out, np.float32),
        ctypes.c_float(rate),
        ctypes.c_float(repulsion),
        ctypes.c_int32(samples),
        ctypes.c_uint64(seed),
        ctypes.c_uint64(epoch),
    )
