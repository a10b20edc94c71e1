"""Where most clusters went, each its own way: those that stayed are the lesser part."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from emblink.groups._cells import Cells
from emblink.groups._stands_out import FARTHER

SHARES = (0.4, 0.2, 0.1)
"""Of the items, those that have to be in their place at least: asked one after the other."""

_FEWEST = 3
_GAP = 5.0
_GAP_OF_MORE = 7.0
"""The same where more cells are in their place than not, so that they are hardly the lesser part: a
bend that is linear by pieces left a gap of 4.7 there."""
_LEAST_P = 1e-6

Numbers = NDArray[np.float64]


def p_of_lesser_part(ratios: Numbers, goals: NDArray[np.float32], cells: Cells) -> float | None:
    """Whether a few cells are in their place, and all others clearly elsewhere.

    Parameters
    ----------
    ratios : array of shape (n_cells,)
        How far each cell is from where it is expected, over how far cells in their place are.
    goals : array of shape (n_items, n_dims), float32
        Where the items are.
    cells : Cells

    Returns
    -------
    float or None
        How often so many of these cells agree so closely by chance: were all put anywhere, as far
        from each other as the nearest of those that went. None where fewer than three are in their
        place, or one of the others is less than five times as far as the farthest of these (seven
        times, if more are in their place than not): a bend of the whole space leaves no such gap.
    """
    in_place = ratios < FARTHER
    here, n_cells = int(in_place.sum()), len(ratios)
    if not _FEWEST <= here < n_cells:
        return None
    gap = float(ratios[~in_place].min()) / max(float(ratios[in_place].max()), 1.0)
    if gap < (_GAP if 2 * here <= n_cells else _GAP_OF_MORE):
        return None
    tries = math.comb(n_cells, here)
    exponent = _free_dims(goals, cells) * (here - 1)
    return float(np.clip(tries * gap**-exponent, _LEAST_P, 1.0))


def _free_dims(points: NDArray[np.float32], cells: Cells) -> float:
    """Return in how many dims the cells lie apart: the participation ratio of their centres."""
    centres = np.array(
        [points[cells.codes == cell].mean(axis=0) for cell in range(len(cells))], dtype=np.float64
    )
    centres -= centres.mean(axis=0)
    variances = np.linalg.svd(centres, compute_uv=False) ** 2
    total = float(np.square(variances).sum())
    return float(variances.sum() ** 2 / total) if total > 0.0 else 0.0
