"""How far each item strayed from where it was expected, in units of the noise around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.groups._drift import LEAST_NOISE, drift, drift_of_noise, quantile_of_rows, usual_span
from emblink.groups._map import unexplained
from emblink.kernels import neighbor_means, neighbor_spans

FIT_AGAIN = 3
"""Fits of the map; before each but the first, items amid strayed ones are trusted less."""
MOST_EVIDENCE = 8.0
"""Of one item, so that a few far ones do not make their neighbours look strayed."""

_OWN = 0.5
_NO_NOISE = 0.7
_DRIFT_UNIT = 0.1
_FLOOR = 0.5
_ALLOWED = 1.35
_LEAST_SPREAD = 0.05

Floats = NDArray[np.float32]
Lists = NDArray[np.int32]
Scale: TypeAlias = Callable[[Floats], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Strays:
    """What the map from one space to another leaves unexplained.

    Attributes
    ----------
    residuals : array of shape (n_items, n_dims), float32
        Each item's place in ``b`` less the expected one.
    drift : array of shape (n_items,), float32
        How far each item went along with its neighbours in ``b``, on the scale of ``z``.
    z : array of shape (n_items,), float32
        Length of the residual over the noise around the item, as a standard score among all items:
        median 0 (or less, where the replicates' noise is greater), spread by the lower half.
    fit : float
        Share of the variance of ``b`` that the map explains, at most 1.
    """

    residuals: Floats
    z: Floats
    drift: Floats
    fit: float


def strays(
    a: Floats,
    b: Floats,
    lists: tuple[Lists, Lists],
    *,
    folds: NDArray[np.bool_],
    other_runs: tuple[Sequence[Floats], Sequence[Floats]] = ((), ()),
    unmoved: NDArray[np.bool_] | None = None,
    away: NDArray[np.bool_] | None = None,
    seed: int = 0,
) -> Strays:
    """Measure how far items of ``b`` are from where ``a`` lets them be expected.

    Parameters
    ----------
    a, b : array of shape (n_items, n_dims), float32
        By :func:`principal_points`.
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
        Nearest neighbours in ``a`` and ``b``.
    folds : array of shape (n_items,), bool
        Two halves of the items.
    other_runs : (sequence of arrays, sequence of arrays)
        Other runs of the recipes of ``a`` and of ``b``, over the same items. Those of ``a`` help to
        expect; all say how much noise there is.
    unmoved : array of shape (n_items,), bool, optional
        Items that nothing but rounding moved: their residuals are 0, whatever the map leaves.
    away : array of shape (n_items,), bool, optional
        Items that are known to have gone elsewhere: the map is not fitted to them.

    Returns
    -------
    Strays
        Invariant to rotation, scale and shift of the spaces.

    Notes
    -----
    The noise around an item is, with replicates, the root of half its own squared residual between
    the runs and half the squared median of its neighbours'. Without, it is the lower quartile of
    ``|e_i - e_j| / sqrt(2)`` over its neighbours in ``a``, for what strayed alike differs by noise
    alone; but no more than 1.35 times what the upper quartile of all items' have for their
    distance to these neighbours: where items that are close in ``a`` burst apart, this is change
    and no noise. Half of the median noise is added in quadrature, and 1 % of the usual distance to
    a neighbour to both residual and noise: what is less than that is no change to anyone, nor does
    the map tell such residuals from each other.

    Where many items changed, the score of each, among all, shows little of it. But noise does not
    go one way: however strong, it was never seen to carry an item along with its neighbours by more
    than 0.64 of its distance to them (:func:`drift`). Beyond 0.7, or what 99 % of the items do
    between replicates, each tenth more counts as one.
    """
    least = LEAST_NOISE * usual_span(neighbor_spans(b, lists[1]))
    known, usual = _between_runs(a, b, lists[1], folds=folds, other_runs=other_runs)
    scale_of = _by_runs(known, lists[0]) if known else _by_neighbors(a, lists[0])
    sources = np.hstack([a, *other_runs[0]]) if other_runs[0] else a
    here = np.ones(len(a), dtype=np.float32) if away is None else (~away).astype(np.float32)
    trust: Floats | None = here if away is not None and away.any() else None
    for _ in range(FIT_AGAIN):
        residuals = unexplained(sources, b, folds=folds, trust=trust, least=least)
        if unmoved is not None:
            residuals[unmoved] = 0.0
        lengths = _lengths(residuals)
        scale = scale_of(residuals)
        scale = np.sqrt(scale**2 + (_FLOOR * np.median(scale)) ** 2)
        excess = np.log((lengths + least) / (scale + least))
        base = [np.log((one + least) / (scale + least)) for one in known]
        z = _standard(excess, base)
        around = _around(_bounded(z) * here, lists)
        trust = (here / (1.0 + np.maximum(around, 0.0) ** 4)).astype(np.float32)
    total = float(np.einsum("ij,ij->", b, b, dtype=np.float64))
    left = float(np.einsum("i,i->", lengths, lengths, dtype=np.float64))
    usual = max(usual, drift_of_noise(residuals, b, lists[0], seed=seed))
    along = (drift(residuals, b, lists[1]) - usual) / _DRIFT_UNIT
    return Strays(residuals, z, along, 1.0 - left / total if total else 1.0)


def evidence(
    z: Floats,
    lists: tuple[Lists, Lists],
    *,
    along: Floats | None = None,
    away: NDArray[np.bool_] | None = None,
) -> Floats:
    """Ask each item's neighbours whether it strayed alone.

    Parameters
    ----------
    z : array of shape (n_items,), float32
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
        Nearest neighbours in ``a`` and ``b``.
    along : array of shape (n_items,), float32, optional
        How far each went along with its neighbours, on the same scale: evidence by itself.
    away : array of shape (n_items,), bool, optional
        Items that are known to have gone elsewhere, which is no evidence of those around them.

    Returns
    -------
    array of shape (n_items,), float32
        The least of the item's own ``z`` and the mean over its neighbours, in that space where this
        is greater; each ``z`` counts in [-8, 8].
    """
    bounded = _bounded(z)
    around = _around(bounded, lists)
    if away is not None and away.any():
        others = _around(np.where(away, np.minimum(bounded, 0), bounded), lists)
        around = np.where(away, around, others)
    agreed = np.minimum(bounded, around)
    if along is not None:
        agreed = np.maximum(agreed, np.minimum(along, MOST_EVIDENCE))
    return np.asarray(agreed, dtype=np.float32)


def _between_runs(
    a: Floats,
    b: Floats,
    lists: Lists,
    *,
    folds: NDArray[np.bool_],
    other_runs: tuple[Sequence[Floats], Sequence[Floats]],
) -> tuple[list[Floats], float]:
    """Return how far items stray, and the most that they drift, where only the run differs.

    The lengths of the residuals between each space and its other runs, in the units of the goal;
    and the drift that all but 1 % stay below, where ``b`` was run again, at least 0.7.
    """
    lengths = [_lengths(unexplained(a, other_run, folds=folds)) for other_run in other_runs[0]]
    usual = _NO_NOISE
    for other_run in other_runs[1]:
        residuals = unexplained(other_run, b, folds=folds)
        lengths.append(_lengths(residuals))
        usual = max(usual, float(np.quantile(drift(residuals, b, lists), 0.99)))
    return lengths, usual


def _by_runs(known: Sequence[Floats], lists: Lists) -> Scale:
    """Return the noise around each item that other runs tell, whatever the residuals."""
    scale = np.sqrt(np.mean(np.square([_rerun_scale(one, lists) for one in known]), axis=0))
    return lambda residuals: scale


def _rerun_scale(lengths: Floats, lists: Lists) -> NDArray[np.float64]:
    around = quantile_of_rows(lengths[lists], 0.5)
    return np.asarray(np.sqrt(_OWN * lengths.astype(np.float64) ** 2 + (1 - _OWN) * around**2))


def _by_neighbors(points: Floats, lists: Lists) -> Scale:
    """Return what tells the noise around each item by its neighbours' residuals."""
    apart = _smoothed(quantile_of_rows(neighbor_spans(points, lists), 0.5), lists)
    positive = apart > 0.0

    def scale(residuals: Floats) -> NDArray[np.float64]:
        differing = quantile_of_rows(neighbor_spans(residuals, lists), 0.25) / np.sqrt(2.0)
        differing = _smoothed(differing, lists)
        if not positive.any():
            return differing
        usual = float(np.quantile(differing[positive] / apart[positive], 0.75))
        allowed = np.where(positive, _ALLOWED * usual * apart, np.inf)
        return np.asarray(np.minimum(differing, allowed))

    return scale


def _smoothed(values: NDArray[np.float64], lists: Lists) -> NDArray[np.float64]:
    """Raise each item's value to the median of its neighbours', where that is greater."""
    return np.maximum(values, quantile_of_rows(values[lists], 0.5))


def _standard(excess: NDArray[np.float64], base: Sequence[NDArray[np.float64]]) -> Floats:
    """Score by median and lower-half deviation; replicates' own excess is no change either."""
    middle = max(float(np.median(one)) for one in (excess, *base))
    spread = max(_lower_deviation(one) for one in (excess, *base))
    return np.asarray((excess - middle) / max(spread, _LEAST_SPREAD), dtype=np.float32)


def _lower_deviation(values: NDArray[np.float64]) -> float:
    middle = np.median(values)
    below = middle - values[values < middle]
    return 1.4826 * float(np.median(below)) if below.size else 0.0


def _around(values: Floats, lists: tuple[Lists, Lists]) -> Floats:
    return np.maximum(*(neighbor_means(values, one) for one in lists))


def _lengths(residuals: Floats) -> Floats:
    squares = np.einsum("ij,ij->i", residuals, residuals, dtype=np.float64)
    return np.asarray(np.sqrt(squares), dtype=np.float32)


def _bounded(z: Floats) -> Floats:
    return np.clip(z, -MOST_EVIDENCE, MOST_EVIDENCE)
