"""How sure a share is that is nearly, or wholly, kept."""

from __future__ import annotations

import numpy as np

from emblink.stats._evidence import error_of_mean, interval_reach
from emblink.stats._paired import share_interval
from emblink.types import FloatArray, IntArray


def kept_interval(kept: FloatArray, cells: IntArray | None = None) -> tuple[float, float]:
    """Interval of a mean share of dependent items, which may be whole for every one of them.

    Parameters
    ----------
    kept : array of shape (n_items,)
        In [0, 1].
    cells : array of shape (n_items,), optional
        Which cell of neighbours each item lies in.

    Returns
    -------
    (float, float)
        In [0, 1]: all that is in the interval by cells or in that of independent items with one
        more 0 and one more 1. It has a width even where all items keep all: what n items did not
        show may be true of about 2 in n.

    Notes
    -----
    Misleads where all items of a cell keep all together, or nothing, and no cell lost any.
    """
    kept = np.asarray(kept, np.float64)
    low, high = share_interval(kept)
    if not len(kept):
        return low, high
    mean = float(kept.mean())
    reach = interval_reach(error_of_mean(kept, cells)) if len(kept) > 1 else 1.0
    return max(0.0, min(low, mean - reach)), min(1.0, max(high, mean + reach))
