"""How much noise would do to a space's neighbours what another space does to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.types import FloatArray, IntArray

SHARES = (0.015, 0.05, 0.1, 0.17, 0.26, 0.38, 0.5)
"""Shares of noise that a space is mixed with; half of another item is as much it as the item."""

# Halves of two opposite vectors would leave none.
_MOST_MIXED = 0.4999
_RESAMPLES = 400
_LEVEL = (0.025, 0.975)

Numbers = NDArray[np.float64]


class NoiseShare(NamedTuple):
    """A noise-equivalent share, in [0, 0.5], and the interval that holds it in 95 % of cases."""

    value: float
    interval: tuple[float, float]


def with_noise(vectors: FloatArray, *, share: float, seed: int = 0) -> NDArray[np.float32]:
    """Mix into every vector a share of the vector of another item, drawn at random.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        As measures see them: of unit length under cosine.
    share : float
        In [0, 0.5].
    seed : int
        Of the permutation that gives each item its other one.

    Returns
    -------
    array of shape (n_items, n_dims), float32
        ``mean + (1 - share) * (x - mean) + share * (other - mean)``.
    """
    share = min(share, _MOST_MIXED)
    other = np.random.default_rng([seed, 3]).permutation(len(vectors))
    mean = vectors.mean(axis=0, dtype=np.float64)
    centred = vectors - mean
    return np.asarray(mean + (1 - share) * centred + share * centred[other], dtype=np.float32)


def noise_equivalent_share(
    kept: FloatArray,
    curves: Sequence[FloatArray],
    *,
    cells: IntArray,
    seed: int = 0,
) -> NoiseShare:
    """Return the share of noise that keeps as many neighbours as another space does.

    "As if ``w`` of every vector were another random item's". Unlike the overlap it hardly depends
    on the number of items, and it is in a unit that means the same for every space: a copy is 0,
    rounding to 8 bits 0.1 to 1.2 %, another seed of a network 9 to 16 %, half of the dimensions
    22 %, another model 35 to 40 %, and unrelated spaces reach the end of the scale.

    Parameters
    ----------
    kept : array of shape (n_queries,)
        :func:`neighborhood_overlap` of the two spaces, for some items.
    curves : sequence of array of shape (n_shares, n_queries)
        For either space, the overlap of the same items with :func:`with_noise` of the space, for
        each of ``SHARES``. Of two, the mean is taken.
    cells : array of shape (n_queries,), integer
        Items of one cell are drawn together for the interval.
    seed : int

    Returns
    -------
    NoiseShare
        0 where all neighbours are kept; 0.5, the most that can be told, where fewer are kept than
        a space keeps that is half another.

    Raises
    ------
    InputError
        The shapes do not fit, or there are no queries.

    Notes
    -----
    Linear between the shares that were tried, of which the overlap is made falling where noise
    makes it rise. Misleads in tight clusters: where items of a cluster are far closer to each
    other than to the rest, little noise renews their inner order while the clusters stay. Read the
    overlap beside it.
    """
    kept = np.asarray(kept, dtype=np.float64)
    if not len(kept) or any(np.shape(one) != (len(SHARES), len(kept)) for one in curves):
        raise InputError(
            f"{len(kept)} queries and curves of shape {[np.shape(one) for one in curves]}; give "
            f"({len(SHARES)}, n_queries) for each space"
        )
    _, cell = np.unique(cells, return_inverse=True)
    n_cells = int(cell.max()) + 1
    stacked = np.vstack([kept, *curves])
    sums = np.array([np.bincount(cell, weights=one, minlength=n_cells) for one in stacked])
    sizes = np.bincount(cell, minlength=n_cells)
    value = _share(sums.sum(axis=1) / len(kept), len(curves))
    if n_cells < 2:
        return NoiseShare(value, (0.0, SHARES[-1]))
    drawn = np.random.default_rng([seed, 4]).multinomial(
        n_cells, np.full(n_cells, 1 / n_cells), size=_RESAMPLES
    )
    means = (drawn @ sums.T) / (drawn @ sizes)[:, None]
    shares = [_share(one, len(curves)) for one in means]
    low, high = (float(end) for end in np.quantile(shares, _LEVEL))
    return NoiseShare(value, (min(low, value), max(high, value)))


def share_at(overlap: float, curves: Sequence[FloatArray]) -> float:
    """Return the noise-equivalent share of a mean overlap: :func:`noise_equivalent_share`.

    Parameters
    ----------
    overlap : float
        In [0, 1].
    curves : sequence of array of shape (n_shares, n_queries)

    Returns
    -------
    float
        In [0, 0.5].
    """
    means = [np.mean(one, axis=1, dtype=np.float64) for one in curves]
    return _share(np.concatenate([[overlap], *means]), len(curves))


def _share(means: Numbers, n_curves: int) -> float:
    kept, falling = means[0], means[1:].reshape(n_curves, len(SHARES))
    found = []
    for curve in falling:
        at = np.minimum.accumulate(np.concatenate([[1.0], curve]))
        found.append(float(np.interp(-kept, -at, (0.0, *SHARES))))
    return math.fsum(found) / n_curves
