"""What noise alone leaves of a measure: the floor that a pair is judged against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.decimals import decimals
from emblink.errors import InputError
from emblink.stats import standard_error
from emblink.types import FloatArray, FloorKind, IntArray


@dataclass(frozen=True)
class NoiseFloor:
    """The overlap that noise alone would leave.

    Attributes
    ----------
    value : float
        Mean overlap, in [0, 1].
    error : float
        Its standard error.
    kind : {"numerical", "replicate"}
        From :func:`quantize_int8`, or from the same recipe run again with another seed.
    n : int
        Items it was measured on; 0 where that is not known.
    n_runs : int
        Runs of the recipe that it is of, where they are counted.
    limits : (float, float)
        What holds one more run in 95 % of cases, where that is known.
    """

    value: float
    error: float
    kind: FloorKind = "numerical"
    n: int = 0
    n_runs: int = 0
    limits: tuple[float, float] = (0.0, 1.0)


def noise_floor(
    per_item: FloatArray, *, kind: FloorKind = "numerical", cells: IntArray | None = None
) -> NoiseFloor:
    """Return the floor from the per-item overlap of a space with its noisy self.

    Parameters
    ----------
    per_item : array of shape (n_queries,)
        :func:`neighborhood_overlap`; of sampled items, each among all candidates.
    kind : {"numerical", "replicate"}
    cells : array of shape (n_queries,), integer, optional
        As for :func:`standard_error`.

    Returns
    -------
    NoiseFloor
        ``value`` in [0, 1].

    Raises
    ------
    InputError
        No item was measured.

    Notes
    -----
    Misleads when one replicate is taken for all: ``error`` holds what another sample of items
    would change, not what yet another seed would (:func:`combined_floor` of several does).
    """
    values = measured(per_item)
    known = None if cells is None else np.asarray(cells)[np.isfinite(per_item)]
    mean = float(values.mean(dtype=np.float64))
    return NoiseFloor(mean, standard_error(values, known), kind, len(values))


def combined_floor(floors: Sequence[NoiseFloor]) -> NoiseFloor:
    """Return one floor for a space with several replicates.

    Parameters
    ----------
    floors : sequence of NoiseFloor
        One for each replicate, over the same items; all of one kind.

    Returns
    -------
    NoiseFloor
        ``value`` is their mean; ``error`` joins their mean error with
        ``sd * sqrt(1 + 1 / m)`` of the values of the ``m`` replicates: how far one more run
        strays from their mean, for the pair is one. Its items are the same, so errors do not
        average out.

    Raises
    ------
    InputError
        There are no floors, or they are of two kinds.
    """
    kinds = {floor.kind for floor in floors}
    if len(kinds) != 1:
        raise InputError(
            f"floors of {len(kinds)} kinds make no one floor; give those of a space's "
            "replicates, one or more"
        )
    values = np.array([floor.value for floor in floors])
    n_runs = len(values)
    spread = float(values.std(ddof=1)) * np.sqrt(1 + 1 / n_runs) if n_runs > 1 else 0.0
    error = float(np.hypot(np.mean([floor.error for floor in floors]), spread))
    least = min(floor.n for floor in floors)
    return NoiseFloor(float(values.mean()), error, kinds.pop(), least)


def pair_floor(floors: Sequence[NoiseFloor]) -> NoiseFloor | None:
    """Return the floor of a pair from those of its spaces: the mean over those of the best kind.

    Two recipes are the same where their runs differ no more from each other than the runs of each
    do among themselves, half of the one and half of the other: the energy statistic. The lower
    floor would let an untrained space, whose runs share little, excuse any change. A numerical
    floor knows nothing of seeds, so it counts only where neither space has a replicate; of two,
    the lower counts, for rounding either space alone is rounding too.

    Parameters
    ----------
    floors : sequence of NoiseFloor
        Of either space, in any order.

    Returns
    -------
    NoiseFloor or None
        ``error`` is the mean error, for the floors are over the same items. None without floors.

    References
    ----------
    .. [1] Székely and Rizzo, "Energy statistics: A class of statistics based on distances",
       Journal of Statistical Planning and Inference 2013.
    """
    best = [floor for floor in floors if floor.kind == "replicate"]
    if not best:
        return min(floors, key=lambda floor: floor.value, default=None)
    value, error = (
        float(np.mean(of)) for of in zip(*((f.value, f.error) for f in best), strict=True)
    )
    return NoiseFloor(value, error, best[0].kind, min(floor.n for floor in best))


def measured(per_item: FloatArray) -> FloatArray:
    """Return the finite ones among the overlaps of items, as doubles."""
    values = decimals(per_item[np.isfinite(per_item)])
    if not len(values):
        raise InputError(
            "no item has an overlap, so nothing can be said of the pair; compare spaces that "
            "have items in common"
        )
    return values
