"""What noise thins out: the more, the denser it lay, and where there is more noise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.groups._drift import quantile_of_rows
from emblink.kernels import neighbor_spans

_CLEARLY = 0.9
_SHARES = tuple(0.01 * 1.25**step for step in range(28))
_NOTHING = 1e-12

Floats: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = NDArray[np.float64]
Noise: TypeAlias = Callable[[], Numbers]


def without_noise(before: Numbers, after: Numbers, *, gained: Noise, lost: Noise) -> Numbers:
    """Take from the change of density what noise that came, or went, makes of it.

    Parameters
    ----------
    before, after : array of shape (n_items,)
        Logarithm of each item's distance to its neighbours, in ``a`` and ``b``.
    gained, lost : callable
        Return the noise around each item, squared, up to a factor, where ``b`` is the noisier space
        and where ``a`` is: see :func:`noise_across`.

    Returns
    -------
    array of shape (n_items,)
        ``before - after``, less what is expected where the squares of distances grow, or shrink, by
        that share of the noise which leaves the least spread; as it was where none takes a tenth of
        the spread away.

    Notes
    -----
    Squares that grow by ``c`` draw apart by ``asinh(c / 2 r s)``, ``r`` and ``s`` being the
    distance before and after. Told by both, it is the same from either side; by one alone, the
    error of that one would look like noise.
    """
    grown, both = before - after, before + after
    nearness = 0.5 * np.exp(np.median(both) - both)
    noise = gained()
    best = _without(grown, nearness, noise)
    if _spread(_without(-grown, nearness, noise)) < _spread(best):
        best = -_without(-grown, nearness, lost())
    return best if _spread(best) < _CLEARLY * _spread(grown) else grown


def _without(grown: Numbers, nearness: Numbers, noise: Numbers) -> Numbers:
    usual = float(np.median(noise))
    if usual <= 0.0:
        return grown
    drawn = nearness * noise / usual
    return min((grown + np.arcsinh(share * drawn) for share in (0.0, *_SHARES)), key=_spread)


def _spread(values: Numbers) -> float:
    return float(np.median(np.abs(values - np.median(values))))


def noise_across(residuals: Floats, goals: Floats, lists: NDArray[np.int32]) -> Numbers:
    """Return how far noise parted each item from its neighbours, squared.

    Parameters
    ----------
    residuals : array of shape (n_items, n_dims), float32
        Of the items' places less the expected ones.
    goals : array of shape (n_items, n_dims), float32
        These places.
    lists : array of shape (n_items, k), int32
        Neighbours in the other space.

    Returns
    -------
    array of shape (n_items,)
        The median, over its neighbours, of the squared difference of both residuals, without what
        goes along the line from one expected place to the other: what draws apart or together does
        so along it, noise in all directions. Of neighbours again the median, so that no item has a
        noise of its own.
    """
    parted, apart = (
        np.square(neighbor_spans(one, lists), dtype=np.float64) for one in (residuals, goals)
    )
    foreseen = np.ascontiguousarray(goals - residuals)
    expected = np.square(neighbor_spans(foreseen, lists), dtype=np.float64)
    along = np.square(apart - parted - expected) / (4.0 * np.maximum(expected, _NOTHING))
    across = quantile_of_rows(np.maximum(parted - along, 0.0), 0.5)
    return quantile_of_rows(across[lists], 0.5)
