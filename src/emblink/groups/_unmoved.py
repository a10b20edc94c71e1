"""Items that a map of the whole space takes to their place: nothing but rounding moved them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.groups._storage import SINGLE

_SURE = 2.0
_ARITHMETIC = 32 * SINGLE
_GAINED = 1e-3
"""What an affine map may make of rounding, at most: stretched further it could be anything."""
_ROUNDS = 12
_TOLERATED = 1.5
_SHARE = 0.5
_FOR_EACH_DIM = 4
"""Items that an affine map must explain for each of its dimensions: fewer it fits in any case."""
_NO_DIRECTION = 1e-10
_MOST_AT_ONCE = 10_000
"""Of more items the first are looked at before all are."""
_LOOKED_AT = 5_000

Floats: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Fit: TypeAlias = Callable[[Numbers, Numbers], Numbers]
"""Takes the products of the points with themselves and with the goals."""


class Unmoved(NamedTuple):
    """Items that a map of the whole space takes to their place, to within rounding.

    Attributes
    ----------
    told : array of shape (n_items,), bool
        By one affine map.
    turned : array of shape (n_items,), bool
        By one rotation, scaling and shift, which keeps distances.
    """

    told: Mask
    turned: Mask


def unmoved(a: Floats, b: Floats, *, rounding: tuple[Floats, Floats]) -> Unmoved:
    """Find the items that nothing but the rounding of numbers moved.

    Parameters
    ----------
    a, b : array of shape (n_items, n_dims), float32
        By :func:`principal_points`.
    rounding : (array of shape (n_items,), array of shape (n_items,)), float32
        :func:`storage_rounding` of both.

    Returns
    -------
    Unmoved
        None where no such map takes half of the items to their place. An affine map has to take
        four for each of its dimensions there too, as it fits so many as it has dimensions anyway.

    Notes
    -----
    A cross-fitted map that is held back (:func:`unexplained`) leaves residuals even of a copy: they
    are smooth, so that neighbours agree in them, and however small, they stand out where no noise
    does. Here all items have a say and nothing is held back, as there is nothing to be fitted too
    well: what is asked is whether one map explains most items to the last digit.
    """
    turned = _reached(a, b, rounding, fit=_rigid, least=2)
    if turned.all():
        return Unmoved(turned, turned)
    told = _reached(a, b, rounding, fit=_affine, least=_FOR_EACH_DIM * (a.shape[1] + 1))
    return Unmoved(told | turned, turned)


def _reached(
    a: Floats, b: Floats, rounding: tuple[Floats, Floats], *, fit: Fit, least: int
) -> Mask:
    """Return the items that a robust fit takes to within rounding of their place, if it does so."""
    nobody = np.zeros(len(a), dtype=bool)
    if len(a) > _MOST_AT_ONCE:  # the first are a random sample
        first = slice(_LOOKED_AT)
        few = _taken(a[first], b[first], [one[first] for one in rounding], fit=fit)
        if np.count_nonzero(few) < _SHARE / 2 * _LOOKED_AT:
            return nobody
    reached = _taken(a, b, rounding, fit=fit)
    enough = np.count_nonzero(reached) >= max(least, _SHARE * len(a))
    return reached if enough else nobody


def _taken(a: Floats, b: Floats, rounding: Sequence[Floats], *, fit: Fit) -> Mask:
    points, goals = (one.astype(np.float64) for one in (a, b))
    off = [
        _SURE * moved + _ARITHMETIC * (1.0 + _lengths(one))
        for moved, one in zip(rounding, (points, goals), strict=True)
    ]
    # What lies far out is rounded by as much more, and must not bend the map for all others.
    surest = 1.0 / np.square(off[0] + off[1])
    weights, reached = surest / surest.max(), np.zeros(len(a), dtype=bool)
    for _ in range(_ROUNDS):
        centre, aim = (weights @ one / weights.sum() for one in (points, goals))
        sources, wanted = points - centre, goals - aim
        weighted = sources * weights[:, None]
        matrix = fit(weighted.T @ sources, weighted.T @ wanted)
        gain = float(np.linalg.norm(matrix, 2))
        allowed = off[1] + np.minimum(gain * off[0], np.maximum(off[0], _GAINED))
        missed = _lengths(sources @ matrix - wanted) / allowed
        before, reached = reached, missed <= 1.0
        if reached.all() or (reached.any() and np.array_equal(before, reached)):
            break
        scale = max(1.0, _TOLERATED * float(np.median(missed)))
        weights = surest / surest.max() / (1.0 + (missed / scale) ** 4)
    return reached


def _rigid(within: Numbers, across: Numbers) -> Numbers:
    left, values, right = np.linalg.svd(across, full_matrices=False)
    total = float(np.trace(within))
    return np.asarray(left @ right * (values.sum() / total if total else 0.0))


def _affine(within: Numbers, across: Numbers) -> Numbers:
    values, axes = np.linalg.eigh(within)
    known = values > _NO_DIRECTION * max(float(values[-1]), 0.0)
    return np.asarray(axes[:, known] / values[known] @ (axes[:, known].T @ across))


def _lengths(rows: Numbers) -> Numbers:
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", rows, rows)))
