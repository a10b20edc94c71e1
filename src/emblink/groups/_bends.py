"""Where cells nearby let a cell be expected, when the whole space is bent besides."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.groups._cells import Cells
from emblink.groups._held_out import HeldOut
from emblink.groups._stands_out import lengths_of, usual_of

_FEWEST = 12
"""Cells; of fewer, those nearby are too few to say how a space is bent."""
_MOST = 256
_WIDTHS = (0.3, 0.6, 1.2)
"""Of a bend, in the usual distance between two cells."""
_NUGGETS = (0.003, 0.03, 0.3)
"""Variance of what no cell nearby foretells, over that of the bend."""
_STRAIGHT = (10.0, 1000.0)
"""Variance of a linear map, over that of the bend."""
_ROUNDS = 3
_TOLERATED = 1.5
_LEAST_TRUST = 1e-6
_HELPS = 0.9

Numbers = NDArray[np.float64]


class Unbent(NamedTuple):
    """How far cells are from where cells nearby let them be expected.

    Attributes
    ----------
    found : HeldOut
        With residuals and means less what the bend accounts for.
    noise : array of shape (n_cells,)
        How far each usually is, squared: farther where few others are near.
    """

    found: HeldOut
    noise: Numbers


def unbent(
    found: HeldOut, points: NDArray[np.float32], goals: NDArray[np.float32], cells: Cells
) -> Unbent | None:
    """Take from the residuals of cells what a smooth function of their place foretells.

    Parameters
    ----------
    found : HeldOut
        By one map for all.
    points, goals : array of shape (n_items, n_dims), float32
        Where the items were, and are.
    cells : Cells

    Returns
    -------
    Unbent or None
        None where cells nearby do not bring the usual length down by a tenth or more, and where
        there are fewer than 12 cells or more than 256.

    Notes
    -----
    Kriging of the cells' centres after over those before, by a linear map and a bend with a normal
    kernel: its width, its share and that of what is neither are those by which half of the items
    are in cells nearest to where they are expected. No cell has a say in what is expected of it,
    nor has one that is a part of one cluster with it. Cells count by
    ``1 / (1 + (z / 1.5 median)^4)``, ``z`` being the length of what is left over its expected one,
    over three rounds.
    """
    if not _FEWEST <= len(cells) <= _MOST:
        return None
    before, after = (_centres(one, cells) for one in (points, goals))
    apart = np.linalg.norm(before[:, None] - before, axis=2)
    usual = float(np.median(apart[apart > 0.0])) if apart.any() else 0.0
    if usual == 0.0:
        return None
    linear = 1.0 + before @ before.T / np.square(before).sum(axis=1).mean()
    best, left, spread = found.usual, found.means, np.ones(len(cells))
    for width, straight, nugget in product(_WIDTHS, _STRAIGHT, _NUGGETS):
        kernel = straight * linear + np.exp(-0.5 * (apart / (width * usual)) ** 2)
        tried = _kriged(kernel, nugget, after, cells)
        length = usual_of(lengths_of(tried[0]), cells)
        if length < best:
            best, (left, spread) = length, tried
    if best > _HELPS * found.usual:
        return None
    residuals, held = found.residuals.copy(), cells.codes >= 0
    residuals[held] -= (found.means - left)[cells.codes[held]].astype(np.float32)
    noise = np.square(usual_of(lengths_of(left) / spread, cells) * spread)
    return Unbent(HeldOut(residuals, left, best), np.maximum(noise, np.finfo(np.float64).tiny))


def _centres(points: NDArray[np.float32], cells: Cells) -> Numbers:
    """Return the centres of the cells, about the median of them."""
    centres = np.array(
        [points[cells.codes == cell].mean(axis=0) for cell in range(len(cells))], dtype=np.float64
    )
    return np.asarray(centres - np.median(centres, axis=0))


def _kriged(
    kernel: Numbers, nugget: float, goals: Numbers, cells: Cells
) -> tuple[Numbers, Numbers]:
    """Return each cell's goal less what the others let expect, and how far that usually is off."""
    trust = np.ones(len(cells))
    left, spread = goals, trust
    linked = np.flatnonzero(cells.linked.sum(axis=1) > 1)
    for _ in range(_ROUNDS):
        precision = np.linalg.inv(kernel + np.diag(nugget / trust))
        weighted, variance = precision @ goals, 1.0 / precision.diagonal()
        left = weighted * variance[:, None]
        for cell in linked:
            out = np.flatnonzero(cells.linked[cell])
            at = int(np.searchsorted(out, cell))
            covariance = np.linalg.inv(precision[np.ix_(out, out)])
            left[cell], variance[cell] = covariance[at] @ weighted[out], covariance[at, at]
        # Its own trust says nothing of how well the others foretell it.
        spread = np.sqrt(np.maximum(variance - nugget / trust + nugget, nugget))
        z = lengths_of(left) / spread
        usual = max(usual_of(z, cells), np.finfo(np.float64).tiny)
        trust = np.maximum(1.0 / (1.0 + (z / (_TOLERATED * usual)) ** 4), _LEAST_TRUST)
    return left, spread
