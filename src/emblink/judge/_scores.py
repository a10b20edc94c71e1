"""One number of a pair, gathered beside all that it must be read against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emblink.judge._floors import NoiseFloor, measured
from emblink.measures import chance_overlap, kappa
from emblink.stats import Z95, block_bootstrap, standard_error
from emblink.types import FloatArray, IntArray, Score


def change_index(value: float, *, floor: float, chance: float) -> float | None:
    """Place a value on the way from the noise floor (0) to chance (1).

    Parameters
    ----------
    value : float
        A measure that is larger the more two spaces agree.
    floor : float
        What noise alone leaves of it.
    chance : float
        What unrelated spaces reach.

    Returns
    -------
    float or None
        ``(floor - value) / (floor - chance)``: below 0 where more stays than noise would leave,
        above 1 below chance. None where the floor is not above chance, for then there is no way
        to go. Invariant to a shift and scale of the measure, so that measures can be set side by
        side. Misleads when the floor is barely above chance: little noise becomes much.
    """
    return (floor - value) / (floor - chance) if floor > chance else None


def score(
    value: float,
    *,
    n: int,
    k: int | None = None,
    chance: float | None = None,
    hub_chance: float | None = None,
    interval: Sequence[float] | None = None,
    floor: NoiseFloor | None = None,
    p_chance: float | None = None,
    n_chance: int | None = None,
) -> Score:
    """Gather a measure of a pair beside chance, interval and noise floor.

    Parameters
    ----------
    value : float
        Larger the more two spaces agree, 1 for full agreement.
    n : int
        Items it was measured on.
    k : int, optional
        Neighbours it was measured with.
    chance : float, optional
        What unrelated spaces reach.
    hub_chance : float, optional
        The same for spaces with these hubs; ``kappa`` and ``change_index`` go by it.
    interval : sequence of two floats, optional
    floor : NoiseFloor, optional
    p_chance : float, optional
        From a permutation test.
    n_chance : int, optional
        Items that this test permuted; kept where they are fewer than ``n``.

    Returns
    -------
    Score
        Holds what was given, ``kappa`` where a chance is known, and :func:`change_index` where a
        floor is known that lies above chance.
    """
    tested = n_chance if p_chance is not None and n_chance is not None and n_chance < n else None
    known = {
        "k": k,
        "chance": chance,
        "hub_chance": hub_chance,
        "interval": None if interval is None else [float(end) for end in interval],
        "p_chance": p_chance,
        "n_chance": tested,
    }
    found = Score(value=value, n=n)
    found.update({name: one for name, one in known.items() if one is not None})  # type: ignore[typeddict-item]
    if floor is not None:
        found["noise_floor"], found["floor_kind"] = floor.value, floor.kind
    by_chance = chance if hub_chance is None else hub_chance
    if by_chance is not None:
        found["kappa"] = kappa(value, by_chance)
        if floor is not None:
            index = change_index(value, floor=floor.value, chance=by_chance)
            if index is not None:
                found["change_index"] = index
    return found


def overlap_score(
    per_item: FloatArray,
    *,
    k: int,
    hub_chance: float,
    floor: NoiseFloor | None = None,
    cells: IntArray | None = None,
    p_chance: float | None = None,
) -> Score:
    """Gather the mean overlap of a pair beside all that it must be read against.

    Parameters
    ----------
    per_item : array of shape (n_items,)
        :func:`neighborhood_overlap` of the common items; NaN where an item was not measured.
    k : int
        The neighbours it was computed with.
    hub_chance : float
        :func:`hub_chance_overlap` of the same graphs; ``kappa`` is corrected for it.
    floor : NoiseFloor, optional
    cells : array of shape (n_items,), integer, optional
        :func:`k_means_cells` of the items.
    p_chance : float, optional
        From :func:`overlap_null`.

    Returns
    -------
    Score
        ``interval`` holds the mean in 95 % of cases, cut to [0, 1]: by :func:`block_bootstrap`
        over the cells, or without cells 1.96 of the widened :func:`standard_error`.

    Raises
    ------
    InputError
        No item was measured, or ``cells`` does not fit the items.
    """
    values = measured(per_item)
    value = float(values.mean(dtype=np.float64))
    if cells is None:
        reach = Z95 * standard_error(values)
        ends = [value - reach, value + reach]
    else:
        ends = [float(end) for end in block_bootstrap(per_item, cells)]
    return score(
        value,
        n=len(values),
        k=k,
        chance=chance_overlap(len(values), k=k),
        hub_chance=hub_chance,
        interval=[max(0.0, ends[0]), min(1.0, ends[1])],
        floor=floor,
        p_chance=p_chance,
    )
