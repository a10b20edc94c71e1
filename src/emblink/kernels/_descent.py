"""Kernels of the approximate search: a start by random trees, and rounds of NN-descent."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run

EMPTY = np.uint64(2**64 - 1)
LONGEST_WHOLE = 16383
"""Of rows no longer than this, differences fit into 16 bits and their squares' sum into 31."""


@dataclass(frozen=True, eq=False)
class NearKeys:
    """Lists of the nearest rows found so far, which the kernels write in.

    Attributes
    ----------
    points : array of shape (n_items, n_dims), float32
        Finite; squared Euclidean distances between the rows, scaled, are what counts.
    scale : float
        What every number is multiplied by before its square is taken.
    centre : array of shape (n_dims,), float32, or None
        Where given it is taken off first, and what is scaled is rounded to whole numbers, of which
        sums take half the time. No row may then be longer than ``LONGEST_WHOLE``.
    keys : array of shape (n_items, k), uint64
        Ascending: the bits of the squared distance in float32, the row, and 1 where it is new;
        ``EMPTY`` where there is none yet.
    """

    points: NDArray[np.float32]
    scale: float
    centre: NDArray[np.float32] | None
    keys: NDArray[np.uint64]

    @property
    def rows(self) -> NDArray[np.int32]:
        """The rows listed, -1 where there is none."""
        return np.where(self.keys == EMPTY, -1, (self.keys & 0xFFFFFFFF) >> 1).astype(np.int32)

    @property
    def squares(self) -> NDArray[np.float32]:
        """Squared distances of the scaled rows, NaN where there is none."""
        return (self.keys >> np.uint64(32)).astype(np.uint32).view(np.float32)


def near_keys(
    points: NDArray[np.float32],
    *,
    k: int,
    scale: float = 1.0,
    centre: NDArray[np.float32] | None = None,
) -> NearKeys:
    """Return empty lists of ``k`` rows for each of the points."""
    fit("near_keys", points.ndim == 2 and points.shape[1] > 0 and k >= 1 and len(points) < 2**31)
    fit("near_keys", centre is None or centre.shape == points.shape[1:])
    return NearKeys(points, scale, centre, np.full((len(points), k), EMPTY))


def descent_tree(lists: NearKeys, *, leaf: int, seed: int) -> NDArray[np.int32]:
    """Offer to each row the other rows of its leaf in a tree of random cuts.

    Parameters
    ----------
    lists : NearKeys
    leaf : int
        Rows of a leaf at most, 2 or more.
    seed : int
        Of the cuts.

    Returns
    -------
    array of shape (n_items,), int32
        The rows, leaf after leaf.
    """
    fit("descent_tree", leaf >= 2)
    order = np.empty(len(lists.points), dtype=np.int32)
    run(
        "descent_tree",
        *_lists(lists),
        ctypes.c_int64(leaf),
        ctypes.c_uint64(seed % 2**64),
        pointer(order, np.int32),
    )
    return order


@dataclass(frozen=True, eq=False)
class Candidates:
    """A sample of the rows that each row lists and of those that list it.

    Attributes
    ----------
    fresh, known : array of shape (n_items, size + 1), int32
        How many, and which: those that were not looked at before, and those that were.
    """

    fresh: NDArray[np.int32]
    known: NDArray[np.int32]


def descent_sample(lists: NearKeys, into: Candidates, *, seed: int) -> None:
    """Draw candidates for a round; new rows that were drawn are new no more.

    Parameters
    ----------
    lists : NearKeys
    into : Candidates
        Written over.
    seed : int
        Of the draw.
    """
    n, k = lists.keys.shape
    fit("descent_sample", into.fresh.shape == into.known.shape and len(into.fresh) == n)
    fit("descent_sample", into.fresh.shape[1] >= 2)
    into.fresh[:, 0] = into.known[:, 0] = 0
    run(
        "descent_sample",
        pointer(lists.keys, np.uint64),
        ctypes.c_int64(n),
        ctypes.c_int64(k),
        pointer(into.fresh, np.int32),
        pointer(into.known, np.int32),
        ctypes.c_int64(into.fresh.shape[1] - 1),
        ctypes.c_uint64(seed % 2**64),
    )


def descent_join(lists: NearKeys, candidates: Candidates, *, rows: NDArray[np.int32]) -> None:
    """Measure the fresh candidates of some rows against each other and the known ones.

    Parameters
    ----------
    lists : NearKeys
        Each list keeps the nearest of what it held and of what it is offered.
    candidates : Candidates
        Of all rows.
    rows : array of shape (n_rows,), int32
    """
    n = len(lists.points)
    fit("descent_join", candidates.fresh.shape == candidates.known.shape)
    fit("descent_join", len(candidates.fresh) == n)
    fit("descent_join", not rows.size or 0 <= int(rows.min()) <= int(rows.max()) < n)
    run(
        "descent_join",
        *_lists(lists),
        pointer(candidates.fresh, np.int32),
        pointer(candidates.known, np.int32),
        ctypes.c_int64(candidates.fresh.shape[1] - 1),
        pointer(rows, np.int32),
        ctypes.c_int64(rows.size),
    )


def _lists(lists: NearKeys) -> tuple[Any, ...]:
    n, n_dims = lists.points.shape
    return (
        pointer(lists.points, np.float32),
        ctypes.c_int64(n),
        ctypes.c_int64(n_dims),
        ctypes.c_float(lists.scale),
        ctypes.c_void_p() if lists.centre is None else pointer(lists.centre, np.float32),
        pointer(lists.keys, np.uint64),
        ctypes.c_int64(lists.keys.shape[1]),
    )
