"""Any measure of two spaces, beside its chance, interval and floor."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.judge._floors import NoiseFloor
from emblink.judge._scores import score
from emblink.measures import check_vectors
from emblink.stats import permutation_test, student_quantile
from emblink.types import FloatArray, IntArray, Score

_GROUPS = 20
_LEVEL = 0.975


def calibrate(
    measure: Callable[[FloatArray, FloatArray], float],
    x: FloatArray,
    y: FloatArray,
    *,
    chance: float | None = None,
    cells: IntArray | None = None,
    replicate: FloatArray | None = None,
    n_permutations: int = 199,
    n_groups: int = _GROUPS,
    seed: int = 0,
) -> Score:
    """Set a measure of two spaces beside its chance, its interval and its noise floor.

    Parameters
    ----------
    measure : callable
        Takes two tables of vectors of the same items, returns a number that is larger the more
        they agree, 1 for full agreement: :func:`linear_cka`, or your own.
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item.
    chance : float, optional
        What unrelated spaces reach, where it is known; else the mean over the permutations.
    cells : array of shape (n_items,), integer, optional
        Items that were sampled together, such as the cells of one patient or the sentences of
        one document: they are left out together. Not the cells of :func:`k_means_cells`: without
        a whole region of a space the measure is another one.
    replicate : array of shape (n_items, n_dims), optional
        ``x``'s recipe run again with another seed, over the same items.
    n_permutations : int
        How often the rows of ``y`` are permuted; 0 for no test, if ``chance`` is given.
    n_groups : int
        How many times a group of items is left out for the interval; 0 for no interval.
    seed : int

    Returns
    -------
    Score
        ``p_chance`` is that of :func:`permutation_test`. ``interval`` holds the measure in 95 %
        of cases: a delete-a-group jackknife over random groups of items, with Student's t.
        ``noise_floor`` is ``measure(x, replicate)``. ``kappa`` and ``change_index`` go by chance.

    Raises
    ------
    InputError
        ``cells`` does not fit, groups are fewer than 2 or more than there are items or cells to
        deal, there is neither a chance nor a permutation, or the measure is not finite.
    VectorError
        ``x``, ``y`` or ``replicate`` are no tables of vectors of the same items.

    Notes
    -----
    The measure is called ``1 + n_permutations + n_groups`` times. Items are left out and never
    repeated, for a copy of an item is its own nearest neighbour: a bootstrap would change any
    measure of neighbours. The jackknife's interval errs on the wide side for those (by a tenth to
    a half for overlap). Misleads for a measure that depends on the number of items in
    another way than by a common shift.

    References
    ----------
    .. [1] Shao and Wu, "A general theory for jackknife variance estimation", Annals of
       Statistics, 1989 (why groups and not single items).
    """
    check_vectors(x, y, at_least=2)
    if chance is None and n_permutations < 1:
        raise InputError("give the measure's chance, or at least 1 permutation to find it by")
    value = _finite(measure(x, y))
    p_chance = None
    if n_permutations > 0:
        null = permutation_test(
            value,
            lambda permutation: _finite(measure(x, y[permutation])),
            n_items=len(x),
            n_permutations=n_permutations,
            seed=seed,
        )
        p_chance, chance = null.p, null.mean if chance is None else chance
    interval = None
    if n_groups:
        groups = _permuted(len(x), cells, n_groups=n_groups, seed=seed)
        left = [_finite(measure(x[keep], y[keep])) for keep in groups]
        error = math.sqrt((n_groups - 1) ** 2 / n_groups) * float(np.std(left, ddof=1))
        reach = student_quantile(_LEVEL, df=n_groups - 1) * error
        interval = [value - reach, value + reach]
    floor = None
    if replicate is not None:
        check_vectors(x, replicate, at_least=2)
        floor = NoiseFloor(_finite(measure(x, replicate)), math.inf, "replicate", len(x))
    return score(value, n=len(x), chance=chance, interval=interval, floor=floor, p_chance=p_chance)


def _permuted(
    n_items: int, cells: IntArray | None, *, n_groups: int, seed: int
) -> list[NDArray[np.int64]]:
    """Return, for each group, the items outside it; whole cells are dealt where there are any."""
    cells = np.arange(n_items) if cells is None else np.asarray(cells)
    if cells.shape != (n_items,):
        raise InputError(f"cells have shape {cells.shape}; give one for each of {n_items} items")
    _, cell = np.unique(cells, return_inverse=True)
    n_cells = int(cell.max()) + 1
    if not 2 <= n_groups <= n_cells:
        raise InputError(
            f"{n_cells} items or cells cannot be dealt to {n_groups} groups; choose n_groups from "
            f"2 to {n_cells}, or 0 for no interval"
        )
    group = np.random.default_rng([seed, 2]).permutation(n_cells)[cell] % n_groups
    return [np.flatnonzero(group != left_out) for left_out in range(n_groups)]


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise InputError(f"the measure gave {value}; it must give a finite number for any items")
    return float(value)
