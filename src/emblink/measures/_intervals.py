"""How sure a mean over items is."""

from __future__ import annotations

import numpy as np

from emblink.types import FloatArray, IntArray

Z95 = 1.96

# Neighbouring items share neighbours, so their values are not independent: an interval from
# independent items is about this much too narrow.
DEPENDENCE = 1.3


def standard_error(per_item: FloatArray, cells: IntArray | None = None) -> float:
    """Standard error of a mean over items that share neighbours.

    Parameters
    ----------
    per_item : array of shape (n_items,)
        Finite.
    cells : array of shape (n_items,), integer, optional
        Which cell of neighbours each item lies in; items of one cell may depend on each other.

    Returns
    -------
    float
        With cells, that of a mean of cell totals; without, 1.3 times ``sd / sqrt(n_items)``, a
        first approximation of the same. At least 0; infinite for fewer than two items or cells,
        which say nothing of their spread.
    """
    n_items = len(per_item)
    if n_items < 2:
        return float("inf")
    if cells is None:
        return float(DEPENDENCE * np.std(per_item, ddof=1, dtype=np.float64) / np.sqrt(n_items))
    values = np.asarray(per_item, dtype=np.float64)
    deviations = np.bincount(cells, weights=values - values.mean())
    n_cells = len(np.unique(cells))
    if n_cells < 2:
        return float("inf")
    total = float(deviations @ deviations)
    return float(np.sqrt(total * n_cells / (n_cells - 1)) / n_items)
