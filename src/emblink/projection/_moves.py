"""How far items move from one picture to another, and whether such a move means change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.projection._frame import align
from emblink.types import MOVE_CLASSES, AnyArray, FloatArray, IntArray, MoveCounts

VISIBLE = 0.02
"""The least displacement that counts as a move, in layout radii: about the size of a point."""

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
    """Class of each item's move: real, layout only, hidden, or still.

    Changed and moved: 1, real. Moved alone: 2, layout only. Changed alone: 3, hidden. Neither: 0,
    still.

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


def move_counts(codes: IntArray) -> MoveCounts:
    """How many items are in each class of moves.

    Parameters
    ----------
    codes : array of shape (n_items,)
        As :func:`classify_moves` gives them.

    Returns
    -------
    MoveCounts
    """
    counts = np.bincount(codes, minlength=len(MOVE_CLASSES)).tolist()
    return MoveCounts(still=counts[0], real=counts[1], layout_only=counts[2], hidden=counts[3])
