"""How sure a mean over items is, when items that are neighbours depend on each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.stats._student import student_quantile
from emblink.types import FloatArray, IntArray

Z95 = 1.96

# Without cells: an interval from independent items is about this much too narrow.
DEPENDENCE = 1.3

# Cells are compared with this many beside them, not with all: what differs between distant regions
# is no noise, as another sample of items would hold the same regions.
_REGION_CELLS = 3

_DRAWN = 1 << 21


def standard_error(per_item: FloatArray, cells: IntArray | None = None) -> float:
    """Standard error of a mean over items that share neighbours.

    Parameters
    ----------
    per_item : array of shape (n_items,)
        Finite.
    cells : array of shape (n_items,), integer, optional
        Which cell of neighbours each item lies in (:func:`k_means_cells`): items of one cell may
        depend on each other, and cells of near codes are taken to lie near each other.

    Returns
    -------
    float
        With cells, by the spread of cell totals about the mean of their region (three cells in
        the order of their codes) and of regions about the whole; without, 1.3 times
        ``sd / sqrt(n_items)``, a first approximation of the same. At least 0; infinite for fewer
        than two items or cells, which say nothing of their spread. Invariant to a shift of the
        values, and in proportion to their scale.

    Notes
    -----
    Answers how much the mean would differ over another sample of as many items from the same
    source. Misleads where items depend on others outside their cell: when labels or clusters are
    hardly larger than the neighbourhoods, one item more or less changes all of them at once.

    References
    ----------
    .. [1] Hall, Horowitz and Jing, "On blocking rules for the bootstrap with dependent data",
       Biometrika 1995.
    """
    n_items = len(per_item)
    if n_items < 2:
        return float("inf")
    if cells is None:
        return float(DEPENDENCE * np.std(per_item, ddof=1, dtype=np.float64) / np.sqrt(n_items))
    blocks = _blocks(np.asarray(per_item, dtype=np.float64), np.asarray(cells))
    if len(blocks.cells) < 2:
        return float("inf")
    total = float(blocks.cells @ blocks.cells + (blocks.regions**2 / blocks.sizes).sum())
    return math.sqrt(total) / n_items


def block_bootstrap(
    values: FloatArray,
    cells: IntArray,
    *,
    n_resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Interval of a mean over items that share neighbours, by resampling whole cells.

    Each resample draws how many items fall in every region (Poisson), and within each region of
    three cells as many cells, with replacement.

    Parameters
    ----------
    values : array of shape (n_items,) or (n_items, n_columns)
        NaN where an item has no value: it is left out of that column.
    cells : array of shape (n_items,), integer
        As for :func:`standard_error`.
    n_resamples : int
    level : float
        In (0, 1): how often the interval holds the mean.
    seed : int

    Returns
    -------
    array of shape (2,) or (n_columns, 2), float64
        Lower and upper end about each mean: the quantiles of the resampled means, widened by
        Student's t for few cells. Infinite where a column has fewer than two cells. The same for
        any order of the items, up to rounding.

    Raises
    ------
    InputError
        ``cells`` does not fit ``values``, or ``level`` or ``n_resamples`` is out of range.

    Notes
    -----
    Sums per cell are taken once, so items are never touched again. Misleads as
    :func:`standard_error` does, whose spread it shares; unlike it, the ends need not lie evenly
    about the mean.

    References
    ----------
    .. [1] Efron and Tibshirani, "An Introduction to the Bootstrap", 1993.
    .. [2] Rao and Wu, "Resampling inference with complex survey data", JASA 1988 (resampling
       within strata).
    """
    values, cells = np.asarray(values, dtype=np.float64), np.asarray(cells)
    if values.ndim not in (1, 2) or cells.shape != values.shape[:1]:
        raise InputError(
            f"values have shape {values.shape} and cells {cells.shape}; give one cell an item"
        )
    if not 0 < level < 1 or n_resamples < 1:
        raise InputError(
            f"level={level} and n_resamples={n_resamples} give no interval; choose a level "
            "between 0 and 1 and at least 1 resample"
        )
    columns = values[:, None] if values.ndim == 1 else values
    rng = np.random.default_rng(seed)
    found = np.empty((columns.shape[1], 2))
    for place, column in enumerate(columns.T):
        known = np.isfinite(column)
        found[place] = _interval(
            column[known], cells[known], n_resamples=n_resamples, level=level, rng=rng
        )
    return found[0] if values.ndim == 1 else found


@dataclass(frozen=True, eq=False)
class _Blocks:
    """Deviations of cell totals from their region, and of region totals from the whole.

    ``cells`` are widened by ``sqrt(m / (m - 1))`` for the ``m`` cells of a region, whose mean is
    their own. ``of_cell`` names the region of each cell, ``sizes`` counts the items of a region.
    """

    cells: NDArray[np.float64]
    regions: NDArray[np.float64]
    sizes: NDArray[np.int64]
    of_cell: NDArray[np.int64]


def _blocks(values: NDArray[np.float64], cells: IntArray) -> _Blocks:
    _, cell = np.unique(cells, return_inverse=True)
    centred = values - values.mean()
    totals, counts = np.bincount(cell, weights=centred), np.bincount(cell)
    n_regions = max(1, len(counts) // _REGION_CELLS)
    of_cell = np.minimum(np.arange(len(counts)) // _REGION_CELLS, n_regions - 1)
    sizes = np.bincount(of_cell, weights=counts).astype(np.int64)
    regions = np.bincount(of_cell, weights=totals).astype(np.float64)
    held = np.bincount(of_cell)
    widened = np.sqrt(held / np.maximum(1, held - 1))
    deviations = (totals - counts * (regions / sizes)[of_cell]) * widened[of_cell]
    return _Blocks(deviations, regions, sizes, of_cell)


def _interval(
    values: NDArray[np.float64],
    cells: IntArray,
    *,
    n_resamples: int,
    level: float,
    rng: np.random.Generator,
) -> tuple[float, float]:
    blocks = _blocks(values, cells) if len(values) else None
    if blocks is None or len(blocks.cells) < 2:
        return -math.inf, math.inf
    n_cells, n_regions = len(blocks.cells), len(blocks.sizes)
    first = np.searchsorted(blocks.of_cell, np.arange(n_regions))[blocks.of_cell]
    held = np.bincount(blocks.of_cell)[blocks.of_cell]
    shifts = np.empty(n_resamples)
    step = max(1, _DRAWN // n_cells)
    for start in range(0, n_resamples, step):
        some = min(step, n_resamples - start)
        drawn = first + (rng.random((some, n_cells)) * held).astype(np.int64)
        counts = rng.poisson(blocks.sizes, (some, n_regions)) / blocks.sizes - 1.0
        shifts[start : start + some] = blocks.cells[drawn].sum(axis=1) + counts @ blocks.regions
    tail = (1 + level) / 2
    widened = student_quantile(tail, df=n_cells - n_regions) / NormalDist().inv_cdf(tail)
    reach = widened / len(values)
    ends = values.mean() + reach * np.quantile(shifts, [(1 - level) / 2, (1 + level) / 2])
    return float(ends[0]), float(ends[1])
