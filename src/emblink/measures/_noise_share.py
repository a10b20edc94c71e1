"""How much noise would do to a space's neighbours what another space does to them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
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


class NoiseCurve:
    """How many neighbours each of ``SHARES`` of noise leaves a space, asked when it is needed.

    Parameters
    ----------
    ask : callable
        Takes a share and returns the overlap of some items with :func:`with_noise` of the space, an
        array of shape ``(n_queries,)``. It is asked for a share once at most.
    """

    def __init__(self, ask: Callable[[float], FloatArray]) -> None:
        self._ask = ask
        self._known: dict[int, FloatArray] = {}

    @property
    def places(self) -> list[int]:
        """The places in ``SHARES`` that were asked for, in order."""
        return sorted(self._known)

    def at(self, place: int) -> FloatArray:
        """Return the overlap of each item with the space in noise.

        Parameters
        ----------
        place : int
            In ``SHARES``.

        Returns
        -------
        array of shape (n_queries,)
        """
        if place not in self._known:
            self._known[place] = self._ask(SHARES[place])
        return self._known[place]


def noise_equivalent_share(
    kept: FloatArray,
    curves: Sequence[NoiseCurve],
    *,
    cells: IntArray,
    seed: int = 0,
) -> NoiseShare:
    """Return the share of noise that keeps as many neighbours as another space does.

    "As if ``w`` of every vector were another random item's". Unlike the overlap it hardly depends
    on the number of items, and it is in a unit that means the same for every space: a copy is 0,
    rounding to 8 bits 0.1 to 1.2 %, another seed of a network 13 to 18 %, half of the dimensions
    21 %, another model 35 to 40 %, and unrelated spaces reach the end of the scale.

    Parameters
    ----------
    kept : array of shape (n_queries,)
        :func:`neighborhood_overlap` of the two spaces, for some items.
    curves : sequence of NoiseCurve
        Of either space, for the same items. Of two, the mean is taken.
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
    Linear between two shares, of which the overlap is made falling where noise makes it rise. Only
    the shares about the answer and the draws of its interval are asked for, by halving. Misleads in
    tight clusters: where items of a cluster are far closer to each other than to the rest, little
    noise renews their inner order while the clusters stay. Read the overlap beside it.
    """
    kept = np.asarray(kept, dtype=np.float64)
    if not len(kept):
        raise InputError("no queries have an overlap; give one or more")
    _, cell = np.unique(cells, return_inverse=True)
    n_cells = int(cell.max()) + 1
    sizes = np.bincount(cell, minlength=n_cells)
    drawn = np.random.default_rng([seed, 4]).multinomial(
        n_cells, np.full(n_cells, 1 / n_cells), size=_RESAMPLES
    )

    def means(column: FloatArray) -> Numbers:
        if np.shape(column) != kept.shape:
            raise InputError(
                f"{len(kept)} queries and noise of shape {np.shape(column)}; give one overlap a "
                "query"
            )
        values = np.asarray(column, dtype=np.float64)
        sums = np.bincount(cell, weights=values, minlength=n_cells)
        whole = sums.sum() / len(kept)
        return np.append(whole, (drawn @ sums) / (drawn @ sizes) if n_cells > 1 else [])

    shares = _shares(means(kept), curves, means)
    value = float(shares[0])
    if n_cells < 2:
        return NoiseShare(value, (0.0, SHARES[-1]))
    low, high = (float(end) for end in np.quantile(shares[1:], _LEVEL))
    return NoiseShare(value, (min(low, value), max(high, value)))


def share_at(overlap: float, curves: Sequence[NoiseCurve]) -> float:
    """Return the noise-equivalent share of a mean overlap: :func:`noise_equivalent_share`.

    Parameters
    ----------
    overlap : float
        In [0, 1].
    curves : sequence of NoiseCurve

    Returns
    -------
    float
        In [0, 0.5].
    """

    def means(column: FloatArray) -> Numbers:
        return np.array([np.mean(column, dtype=np.float64)])

    return float(_shares(np.array([overlap]), curves, means)[0])


def _shares(
    kept: Numbers, curves: Sequence[NoiseCurve], means: Callable[[FloatArray], Numbers]
) -> Numbers:
    """Return the share of each mean kept: first of the whole, whose place is sought alone."""
    for curve in curves:
        _approach(kept[:1], curve, lambda column: means(column)[:1])
    found = [_approach(kept, curve, means) for curve in curves]
    return np.array([math.fsum(one) / len(curves) for one in zip(*found, strict=True)])


def _approach(
    kept: Numbers, curve: NoiseCurve, means: Callable[[FloatArray], Numbers]
) -> list[float]:
    """Halve what lies between two known shares until none that was not asked is between them."""
    while True:
        places = np.array([-1, *curve.places])
        known = [np.ones(len(kept)), *(means(curve.at(place)) for place in curve.places)]
        falling = np.minimum.accumulate(np.stack(known, axis=1), axis=1)
        above = (falling > kept[:, None]).sum(axis=1)
        left = places[np.maximum(above, 1) - 1]
        right = np.append(places, len(SHARES))[np.maximum(above, 1)]
        wide = (above > 0) & (right - left > 1)
        if not wide.any():
            shares = (0.0, *SHARES)
            at = np.array([shares[place + 1] for place in places])
            return [
                float(np.interp(-one, -row, at)) for one, row in zip(kept, falling, strict=True)
            ]
        for middle in np.unique((left[wide] + right[wide]) // 2):
            curve.at(int(middle))
