"""Whether groups of items went the same way, as far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SAME_WAY = 0.9
_SAME_LENGTH = 1.5


def alike(ways: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Tell which ways are one.

    Parameters
    ----------
    ways : array of shape (n, n_dims)
        None of length 0.

    Returns
    -------
    same : array of shape (n, n), bool
        Cosines above 0.9, and lengths that differ by less than half of the lesser.
    cosines : array of shape (n, n)
    """
    lengths = np.linalg.norm(ways, axis=1)
    cosines = (ways @ ways.T) / np.outer(lengths, lengths)
    ratios = np.maximum.outer(lengths, lengths) / np.minimum.outer(lengths, lengths)
    return np.asarray((cosines > _SAME_WAY) & (ratios < _SAME_LENGTH)), np.asarray(cosines)
