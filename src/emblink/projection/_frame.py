"""The shared frame of pictures: their radius, and turning one onto another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.types import FloatArray, IntArray

_FLAT = 1e-9
"""Anchors whose spread across their line is a smaller share of that along it are on a line."""


@dataclass(frozen=True, eq=False)
class RigidMotion:
    """A turn, possibly with a reflection, then a shift: ``coords @ turn + shift``.

    Attributes
    ----------
    turn : array of shape (n_dims, n_dims), float64
        Orthogonal.
    shift : array of shape (n_dims,), float64
    """

    turn: NDArray[np.float64]
    shift: NDArray[np.float64]


def radius(coords: FloatArray) -> float:
    """Root mean square distance to the origin; 1 where that is 0 or nobody is there."""
    if not coords.size:
        return 1.0
    size = float(np.sqrt(np.mean(np.sum(np.square(coords, dtype=np.float64), axis=1))))
    return size if size > 0 else 1.0


def align(
    coords: FloatArray,
    anchors: FloatArray,
    targets: FloatArray,
    weights: FloatArray | None = None,
) -> FloatArray:
    """Turn, reflect and shift ``coords`` as best carries ``anchors`` onto ``targets``.

    Orthogonal Procrustes; ``coords`` come back as they are when there are no anchors.
    """
    if not len(anchors):
        return coords
    motion = _motion(anchors, targets, np.ones(len(anchors)) if weights is None else weights)
    return np.asarray(coords @ motion.turn + motion.shift)


def realigned(
    coords: FloatArray,
    onto: FloatArray,
    *,
    anchors: IntArray,
    weights: FloatArray | None = None,
) -> tuple[NDArray[np.float32], RigidMotion]:
    """Turn, reflect and shift a picture so that some of its items lie where they are wanted.

    Of all rigid motions, the one with the least weighted sum of squared distances from the
    anchors to their targets: weighted orthogonal Procrustes, in closed form. Sizes are kept, so
    distances within the picture do not change.

    Parameters
    ----------
    coords : array of shape (n_items, n_dims)
        The picture; it is not changed itself.
    onto : array of shape (n_anchors, n_dims)
        Where the anchors should lie: their places in another picture.
    anchors : array of shape (n_anchors,), integer
        Rows of ``coords``. Anchors on one line (in 2-D) leave the reflection open: then nothing is
        reflected. A single one only shifts.
    weights : array of shape (n_anchors,), optional
        Not negative, not all zero; how much each anchor counts. Default: all alike.

    Returns
    -------
    coords : array of shape (n_items, n_dims), float32
    motion : RigidMotion
        What was done to them.

    Raises
    ------
    InputError
        No anchors, rows out of range, or shapes, weights or places that do not fit.

    References
    ----------
    .. [1] Schönemann, "A generalized solution of the orthogonal Procrustes problem", 1966.
    """
    rows, places = np.asarray(anchors), np.asarray(onto, np.float64)
    counts = np.ones(len(rows)) if weights is None else np.asarray(weights, np.float64)
    if not len(rows) or not (rows.min() >= 0 and rows.max() < len(coords)):
        raise InputError(
            f"{len(rows)} anchors are given for a picture of {len(coords)} items; expected at "
            f"least one row from 0 to {len(coords) - 1}"
        )
    if places.shape != (len(rows), coords.shape[1]) or not np.isfinite(places).all():
        raise InputError(
            f"onto has shape {places.shape}; expected a finite place for each of the "
            f"{len(rows)} anchors: ({len(rows)}, {coords.shape[1]})"
        )
    if counts.shape != (len(rows),) or not (counts.min() >= 0 and 0 < counts.sum() < np.inf):
        raise InputError(
            f"weights have shape {counts.shape} and sum {counts.sum()}; expected one weight of at "
            f"least 0 for each of the {len(rows)} anchors, and not only zeros"
        )
    motion = _motion(np.asarray(coords[rows], np.float64), places, counts)
    return (coords @ motion.turn + motion.shift).astype(np.float32), motion


def common_frame(
    pictures: Sequence[FloatArray],
    rows: Sequence[IntArray],
    *,
    onto: Sequence[FloatArray] | None = None,
) -> list[NDArray[np.float32]]:
    """Bring pictures of several spaces to one size, place and orientation.

    Each is centred and scaled to root mean square radius 1, then turned, reflected and shifted
    onto the mean of those before it, over the items that they share.

    Parameters
    ----------
    pictures : sequence of arrays of shape (n_space_items, n_dims)
        Finite.
    rows : sequence of arrays of shape (n_space_items,)
        The item of each row.
    onto : sequence of arrays of shape (n_space_items, n_dims), optional
        Other pictures of the same rows: all are turned as one to face these.

    Returns
    -------
    list of arrays of shape (n_space_items, n_dims), float32
        The same, up to rounding, for pictures turned, reflected, shifted or scaled beforehand;
        without ``onto`` that holds but for the orientation of the first.
    """
    n_items = max((int(items.max(initial=-1)) + 1 for items in rows), default=0)
    dims = pictures[0].shape[1] if len(pictures) else 2
    total, covering = np.zeros((n_items, dims)), np.zeros(n_items)
    framed: list[FloatArray] = []
    for picture, items in zip(pictures, rows, strict=True):
        centred = picture - (picture.mean(axis=0, dtype=np.float64) if len(picture) else 0)
        sized = centred / radius(centred)
        placed = covering[items] > 0
        target = total[items[placed]] / covering[items[placed], None]
        coords = align(sized, sized[placed], target)
        total[items] += coords
        covering[items] += 1
        framed.append(coords)
    if onto is not None and framed:
        here, there = np.concatenate(framed), np.concatenate(onto)
        framed = [align(coords, here, there) for coords in framed]
    return [coords.astype(np.float32) for coords in framed]


def _motion(anchors: FloatArray, targets: FloatArray, weights: FloatArray) -> RigidMotion:
    shares = (weights / weights.sum())[:, None]
    here, there = (shares * anchors).sum(axis=0), (shares * targets).sum(axis=0)
    left, spread, right = np.linalg.svd((shares * (anchors - here)).T @ (targets - there))
    if spread[-1] <= _FLAT * spread[0] and np.linalg.det(left @ right) < 0:
        right[-1] *= -1
    turn = left @ right
    return RigidMotion(turn, there - here @ turn)
