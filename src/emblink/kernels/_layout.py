"""Kernels of the layout: fuzzy weights, and one epoch of moves."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run


@dataclass(frozen=True, eq=False)
class SparseRows:
    """A weighted graph, compressed by rows: row ``i`` has edges ``starts[i]:starts[i + 1]``.

    Attributes
    ----------
    starts : array of shape (n + 1,), int64
    columns : array of shape (n_edges,), int32
    weights : array of shape (n_edges,), float32
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]


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
    positions: Sequence[NDArray[np.float32]],
    out: Sequence[NDArray[np.float32]],
    *,
    graphs: Sequence[SparseRows],
    rows: NDArray[np.int32],
    ties: NDArray[np.float32],
    fixed: NDArray[np.uint8],
    rate: float,
    repulsion: float,
    samples: int,
    seed: int,
    epoch: int,
) -> None:
    """Move every item of every space once, reading ``positions`` and writing ``out``.

    Parameters
    ----------
    positions, out : sequences of arrays of shape (n, 2), float32
        One per space, of as many rows as it has; must not overlap.
    graphs : sequence of SparseRows
        The symmetric fuzzy graph of each space, over its rows.
    rows : array of shape (n_spaces, n_items), int32
        The row of each item in each space, -1 where the space lacks it.
    ties : array of shape (n_items, n_spaces * (n_spaces - 1) / 2), float32
        How strongly an item's places in two spaces are drawn together (0 or more), by pair:
        (0, 1), (0, 2), ... (1, 2), ...
    fixed : array of shape (n_spaces,), uint8
        Not 0 for spaces that stay as they are.
    rate, repulsion : float
        Step length, and weight of an item's repulsion beside its attraction.
    samples : int
        Negative samples of each item; the same for an item in every space.
    seed, epoch : int
        Key of the randomness. Of more than 32,768 items, 256 that follow each other draw their
        negative samples from 1,024 that are drawn from all.
    """
    n_spaces, n_items = rows.shape
    fit("layout_epoch", len(positions) == len(out) == len(graphs) == n_spaces == len(fixed))
    fit("layout_epoch", ties.shape == (n_items, n_spaces * (n_spaces - 1) // 2))
    for here, there, graph in zip(positions, out, graphs, strict=True):
        fit("layout_epoch", here.shape == there.shape == (len(graph.starts) - 1, 2))
        fit("layout_epoch", len(graph.columns) == len(graph.weights))
    run(
        "layout_epoch",
        _pointers([graph.starts for graph in graphs], np.int64),
        _pointers([graph.columns for graph in graphs], np.int32),
        _pointers([graph.weights for graph in graphs], np.float32),
        pointer(fixed, np.uint8),
        ctypes.c_int32(n_spaces),
        pointer(rows, np.int32),
        ctypes.c_int64(n_items),
        pointer(ties, np.float32),
        _pointers(positions, np.float32),
        _pointers(out, np.float32),
        ctypes.c_float(rate),
        ctypes.c_float(repulsion),
        ctypes.c_int32(samples),
        ctypes.c_uint64(seed),
        ctypes.c_uint64(epoch),
    )


def _pointers(arrays: Sequence[NDArray[Any]], dtype: Any) -> Any:
    return (ctypes.c_void_p * len(arrays))(*[pointer(array, dtype) for array in arrays])
