"""How far items move from one picture to another, and whether such a move means change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.limits import NEARLY_ALL
from emblink.projection._frame import align
from emblink.types import MOVE_CLASSES, AnyArray, FloatArray, IntArray, MoveCounts

VISIBLE = 0.02
"""The least displacement that counts as a move, in layout radii: about the size of a point."""

AMOUNT_ONLY, LOST_AND_STILL = 4, 5

_MOST_NOISE = 95.0
"""Percentile: of drawings that differ by noise alone, one item in twenty moves farther."""


def displacements(coords_a: FloatArray, coords_b: FloatArray) -> NDArray[np.float32]:
    """Distance between each item's places in two pictures.

    Parameters
    ----------
    coords_a, coords_b : arrays of shape (n_items, 2)
        Pictures in one frame, over the same items in the same order.

    Returns
    -------
    array of shape (n_items,), float32
        In the unit of the pictures; for those of one comparison that is the layout radius, the
        root mean square distance of all points from their middle. Invariant to turning or shifting
        both pictures alike. No measure of change: that is the neighbourhood overlap.
    """
    apart = np.asarray(coords_b, np.float64) - np.asarray(coords_a, np.float64)
    return np.hypot(apart[:, 0], apart[:, 1]).astype(np.float32)


def noise_of(displacement: FloatArray) -> float:
    """Displacement that noise alone seldom exceeds.

    Parameters
    ----------
    displacement : array of shape (n_items,)
        Of items that did not change: between pictures of two runs of one recipe, or two drawings.

    Returns
    -------
    float
        The 95th percentile; 0 for no items.
    """
    return float(np.percentile(decimals(displacement), _MOST_NOISE)) if len(displacement) else 0.0


def movement_floor(coords: FloatArray, again: FloatArray) -> float:
    """Displacement that the layout alone makes: between two drawings of the same space.

    Parameters
    ----------
    coords, again : arrays of shape (n_items, 2)
        The same items of the same space, drawn with different random draws.

    Returns
    -------
    float
        95th percentile of the displacements, after turning, reflecting and shifting (never scaling)
        ``again`` onto ``coords`` by orthogonal Procrustes; at least 0. Invariant to any such motion
        of ``again``. Misleads as a floor of single items: some places of a picture are less certain
        than others.
    """
    there = np.asarray(again, np.float64)
    return noise_of(displacements(coords, align(there, there, np.asarray(coords, np.float64))))


def classify_moves(
    displacement: FloatArray, changed: AnyArray, *, floor: float
) -> NDArray[np.int32]:
    """Class of each item's move where it is known who changed.

    Changed and moved: 1. Moved and not changed: 2. Changed and not shown: 3. Neither: 0, still.

    Parameters
    ----------
    displacement : array of shape (n_items,)
    changed : array of shape (n_items,), bool
        Whether the item's neighbourhood changed beyond noise, in the spaces themselves.
    floor : float
        An item moved when its displacement is greater.

    Returns
    -------
    array of shape (n_items,), int32
        Misleads near the floor, where a little more or less noise makes another class.
    """
    moved = displacement > floor
    return np.where(changed, np.where(moved, 1, 3), np.where(moved, 2, 0)).astype(np.int32)


def moves_by_amount(
    displacement: FloatArray, kept: IntArray, *, k: int, floor: float
) -> NDArray[np.int32]:
    """Class of each item's move where nothing says how much of a neighbourhood noise takes.

    Moved though nine in ten of its neighbours stayed: 2, moved and not changed. All else: 4, of
    which there is an amount alone.

    Parameters
    ----------
    displacement : array of shape (n_items,)
    kept : array of shape (n_items,)
        How many of its ``k`` neighbours each item kept.
    k : int
    floor : float
        An item moved when its displacement is greater.

    Returns
    -------
    array of shape (n_items,), int32
    """
    unchanged = np.asarray(kept) >= np.ceil(NEARLY_ALL * k)
    return np.where(unchanged & (displacement > floor), 2, AMOUNT_ONLY).astype(np.int32)


def lost_and_still(
    displacement: FloatArray, kept: IntArray, *, wide: FloatArray
) -> NDArray[np.int64]:
    """Items that kept none of their neighbours and are drawn where they were.

    Parameters
    ----------
    displacement : array of shape (n_items,)
        At most the least visible step, 0.02, counts as still.
    kept : array of shape (n_items,)
        How many of its nearest neighbours each item kept.
    wide : array of shape (n_items,)
        Share kept of more neighbours.

    Returns
    -------
    array of shape (n_lost,), int64
        Rows: those first that kept least of the wide neighbourhood, then those that moved least.
    """
    rows = np.flatnonzero((np.asarray(kept) == 0) & (displacement <= VISIBLE))
    return np.asarray(rows[np.lexsort((rows, displacement[rows], wide[rows]))])


def move_counts(codes: IntArray) -> MoveCounts:
    """How many items are in each class of moves.

    Parameters
    ----------
    codes : array of shape (n_items,)
        As :func:`classify_moves` and :func:`moves_by_amount` give them.

    Returns
    -------
    MoveCounts
    """
    counts = np.bincount(codes, minlength=len(MOVE_CLASSES)).tolist()
    found = MoveCounts()
    for name, count in zip(MOVE_CLASSES, counts, strict=True):
        found[name] = count
    return found
