"""Numbers of less than double precision as the double that reads the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.types import FloatArray

_MOST_READ = 1 << 16
"""Of more different numbers the tail of each drowns in what is made of them all."""


def decimals(values: FloatArray) -> NDArray[np.float64]:
    """Widen numbers by their shortest decimal: float32 0.9 to 0.9, not to 0.8999999761581421.

    Parameters
    ----------
    values : array of any shape
        NaN stays.

    Returns
    -------
    array of the same shape, float64
        Rounded to ``values.dtype`` it is ``values`` again. The same as given where that is float64,
        and widened bit by bit where there are more than 65,536 different numbers.
    """
    values = np.asarray(values)
    if values.dtype == np.float64:
        return np.asarray(values, dtype=np.float64)
    different, place = np.unique(values, return_inverse=True)
    if len(different) > _MOST_READ:
        return values.astype(np.float64)
    read = np.array([float(str(one)) for one in different], dtype=np.float64)
    return read[place].reshape(values.shape)


def decimal(value: float) -> float:
    """Return a number, or where it is a float32 that was widened, the shortest that reads so."""
    single = np.float32(value)
    return float(str(single)) if float(single) == value else float(value)
