"""Whether what happened to some items is more than what happens to cells elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.groups._cells import Cells
from emblink.stats import student_p

FEWEST_CELLS = 5
"""Of fewer, the others are no reference for one."""
FARTHER = 3.5
"""Times as far as cells usually are from where the others let them be expected."""

SURE = 0.01
"""Below this a cell is said to have gone."""

_LARGE = 0.3
_DENSER = 1e-3
_GAP = 2.5
_NONE_AMID = 20

Numbers: TypeAlias = NDArray[np.float64]


def beyond(ratio: float, others: Numbers) -> float:
    """Return how often the largest of so many ratios is as large as this, were they all alike.

    Parameters
    ----------
    ratio : float
        Of one cell: how far it is from what is expected, over how far cells usually are.
    others : array of shape (n_others,)
        Of cells that are no candidates.

    Returns
    -------
    float
        By Student's t of the ratio over their root mean square, with Bonferroni over the cells; 1
        where they are fewer than four, or one is over two fifths of the ratio (of more than 20, one
        in ten of those beyond 20): what bends a whole space moves some of its cells far, others
        less, and leaves no gap between.
    """
    if len(others) < FEWEST_CELLS - 1:
        return 1.0
    amid = int(np.count_nonzero(others * _GAP > ratio))
    if amid > max(0, len(others) - _NONE_AMID) // 10:
        return 1.0
    t = ratio / max(float(np.sqrt(np.square(others).mean())), 1e-9)
    return min(1.0, float(student_p(t, len(others))) * (len(others) + 1))


def lengths_of(rows: Numbers) -> Numbers:
    """Return the length of each row.

    Parameters
    ----------
    rows : array of shape (n, n_dims)

    Returns
    -------
    array of shape (n,)
    """
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", rows, rows)))


def usual_of(lengths: Numbers, cells: Cells, *, share: float = 0.5) -> float:
    """Return the median over cells, each counting by its items, or another quantile.

    Parameters
    ----------
    lengths : array of shape (n_cells,)
    cells : Cells
    share : float
        Of the items in cells, those in cells of at most this length.

    Returns
    -------
    float
    """
    order = np.argsort(lengths, kind="stable")
    reached = np.cumsum(cells.sizes[order])
    return float(lengths[order[np.searchsorted(reached, share * reached[-1])]])


def means_of(values: NDArray[np.floating], cells: Cells) -> tuple[Numbers, Numbers]:
    """Return the mean of each cell's items, and the squared error of it.

    Parameters
    ----------
    values : array of shape (n_items, n_dims)
    cells : Cells

    Returns
    -------
    means : array of shape (n_cells, n_dims)
    errors : array of shape (n_cells,)
        Squared standard error, summed over the dimensions.
    """
    held = cells.codes >= 0
    codes, known = cells.codes[held], values[held].astype(np.float64)
    n_cells, sizes = len(cells), cells.sizes
    means = (
        np.stack([np.bincount(codes, weights=one, minlength=n_cells) for one in known.T], axis=1)
        / sizes[:, None]
    )
    squares = np.square(known - means[codes]).sum(axis=1)
    errors = np.bincount(codes, weights=squares, minlength=n_cells) / (sizes * (sizes - 1))
    return means, errors


def that_stand_out(
    groups: Sequence[NDArray[np.int64]], values: NDArray[np.floating], cells: Cells
) -> list[bool]:
    """Whether the means of groups are farther from 0 than cells' means usually are.

    Parameters
    ----------
    groups : sequence of array of shape (n_members,), int64
    values : array of shape (n_items, n_dims)
    cells : Cells

    Returns
    -------
    list of bool
        By 3.5 times, and :func:`beyond` all cells of which no group is a large part, unless the
        rest of their cells made up for it by half: so noise parts a cell. False where there are
        fewer than four such cells: what is usual is not known then.
    """
    grouped = np.zeros(len(values), dtype=bool)
    for members in groups:
        grouped[members] = True
    own = np.bincount(cells.codes[grouped & (cells.codes >= 0)], minlength=len(cells))
    others = own < _LARGE * cells.sizes
    if np.count_nonzero(others) < FEWEST_CELLS - 1:
        return [False] * len(groups)
    means, errors = means_of(values, cells)
    lengths = lengths_of(means)
    usual = max(usual_of(lengths, cells) ** 2, np.finfo(np.float64).tiny)
    ratios = lengths[others] / np.sqrt(usual + errors[others])
    found = []
    for members in groups:
        known = values[members].astype(np.float64)
        mean = known.mean(axis=0)
        error = float(np.square(known - mean).sum()) / (len(members) * (len(members) - 1))
        ratio = float(np.sqrt(np.square(mean).sum() / (usual + error)))
        clear = ratio >= FARTHER and beyond(ratio, ratios) < _DENSER
        found.append(clear and not _made_up_for(members, values, cells))
    return found


def _made_up_for(members: NDArray[np.int64], values: NDArray[np.floating], cells: Cells) -> bool:
    """Whether the rest of the members' cells went the other way, by half as much or more."""
    rest = np.isin(cells.codes, np.unique(cells.codes[members]))
    rest[members] = False
    if not rest.any():
        return False
    way = values[members].mean(axis=0, dtype=np.float64)
    return float(values[rest].mean(axis=0, dtype=np.float64) @ way) < -0.5 * float(way @ way)
