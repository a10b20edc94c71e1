"""How sure a mean over items is."""

from __future__ import annotations

import numpy as np

from emblink.types import FloatArray

Z95 = 1.96

# Neighbouring items share neighbours, so their values are not independent: an interval from
# independent items is about this much too narrow.
DEPENDENCE = 1.3


def standard_error(per_item: FloatArray) -> float:
    """Standard error of a mean over items that share neighbours.

    Parameters
    ----------
    per_item : array of shape (n_items,)
        Finite.

    Returns
    -------
    float
        1.3 times ``sd / sqrt(n_items)``, at least 0; infinite for fewer than two items, which
        say nothing of their spread. The factor is a first approximation of what a bootstrap over
        blocks of neighbours gives; it misleads when the items form few tight clumps.
    """
    n_items = len(per_item)
    if n_items < 2:
        return float("inf")
    return float(DEPENDENCE * np.std(per_item, ddof=1, dtype=np.float64) / np.sqrt(n_items))
