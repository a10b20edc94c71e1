"""Reading the neighbour lists of two spaces side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.kernels import prefix_agreement
from emblink.types import NeighborGraph

BLOCK_CELLS = 1 << 20


def first_neighbors(
    a: NeighborGraph, b: NeighborGraph, *, k: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the first ``k`` neighbours of two graphs that cover the same items."""
    if len(a.indices) != len(b.indices):
        raise GraphMismatchError(
            f"the neighbour graphs cover {len(a.indices)} and {len(b.indices)} items; build both "
            "on the items that the two spaces have in common"
        )
    held = min(a.indices.shape[1], b.indices.shape[1])
    if not 1 <= k <= held:
        raise GraphMismatchError(
            f"k={k} neighbours are asked for, but the graphs hold {held}; choose k from 1 to "
            f"{held}, or build the graphs with more neighbours"
        )
    return a.indices[:, :k], b.indices[:, :k]


def own_neighbors(graph: NeighborGraph, *, k: int) -> NDArray[np.int32]:
    """Return the first ``k`` neighbours of one graph."""
    return first_neighbors(graph, graph, k=k)[0]


def agreement_blocks(
    a: NeighborGraph, b: NeighborGraph, *, depths: Sequence[int]
) -> Iterator[tuple[slice, NDArray[np.int32]]]:
    """Yield, block by block, how many of the first ``depth`` neighbours two spaces share.

    The counts of a block have shape ``(n_rows, n_depths)``; ``depths`` ascend.
    """
    left, right = first_neighbors(a, b, k=depths[-1])
    for rows in blocks(len(left), width=depths[-1]):
        common = prefix_agreement(
            np.ascontiguousarray(left[rows], dtype=np.int32),
            np.ascontiguousarray(right[rows], dtype=np.int32),
            depths=depths,
        )
        yield rows, common


def blocks(n_rows: int, *, width: int) -> Iterator[slice]:
    """Cut rows of ``width`` cells into slices of bounded size."""
    step = max(1, BLOCK_CELLS // width)
    for start in range(0, n_rows, step):
        yield slice(start, min(n_rows, start + step))


def popularity(lists: NDArray[np.int32], n_items: int) -> NDArray[np.float64]:
    """Count in how many lists each item stands; negative entries are no one."""
    members = lists.ravel()
    if members.size and members.min() < 0:
        members = members[members >= 0]
    return np.bincount(members, minlength=n_items).astype(np.float64)
