"""What may be said of a pair, judged against its own floor and chance and not fixed cut-offs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from emblink.errors import InputError
from emblink.measures._alignment import RowAlignment
from emblink.measures._intervals import Z95, standard_error
from emblink.measures._overlap import chance_overlap, kappa
from emblink.types import FloatArray, PairVerdict, Score

FloorKind = Literal["numerical", "replicate"]

_AT_CHANCE_ERRORS = 3.0

# A rotated float32 copy stays within 1e-11 of 1 and a float16 copy does not reach this, nor does
# one moved item among fewer than about a hundred million.
_SAME_SHAPE = 1e-9


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
    """

    value: float
    error: float
    kind: FloorKind = "numerical"


def noise_floor(per_item: FloatArray, *, kind: FloorKind = "numerical") -> NoiseFloor:
    """Return the floor from the per-item overlap of a space with its noisy self.

    Parameters
    ----------
    per_item : array of shape (n_queries,)
        :func:`neighborhood_overlap`; of sampled items, each among all candidates.
    kind : {"numerical", "replicate"}

    Returns
    -------
    NoiseFloor

    Raises
    ------
    InputError
        No item was measured.
    """
    values = _finite(per_item)
    return NoiseFloor(float(values.mean(dtype=np.float64)), standard_error(values), kind)


def overlap_score(
    per_item: FloatArray, *, k: int, hub_chance: float, floor: NoiseFloor | None = None
) -> Score:
    """Gather the mean overlap of a pair beside all that it must be read against.

    Parameters
    ----------
    per_item : array of shape (n_items,)
        :func:`neighborhood_overlap` of the common items.
    k : int
        The neighbours it was computed with.
    hub_chance : float
        :func:`hub_chance_overlap` of the same graphs; ``kappa`` is corrected for it.
    floor : NoiseFloor, optional

    Returns
    -------
    Score
        ``interval`` holds the mean in 95 % of cases: 1.96 standard errors, widened by 1.3 as
        neighbouring items depend on each other (a first approximation), cut to [0, 1].

    Raises
    ------
    InputError
        No item was measured.
    """
    values = _finite(per_item)
    value = float(values.mean(dtype=np.float64))
    reach = Z95 * standard_error(values)
    score = Score(
        value=value,
        n=len(values),
        k=k,
        chance=chance_overlap(len(values), k=k),
        hub_chance=hub_chance,
        kappa=kappa(value, hub_chance),
        interval=[max(0.0, value - reach), min(1.0, value + reach)],
    )
    if floor is not None:
        score["noise_floor"] = floor.value
        score["floor_kind"] = floor.kind
    return score


def at_chance(per_item: FloatArray, *, hub_chance: float, k: int = 10) -> bool:
    """Whether a mean overlap is not above chance by 3 standard errors, its own or chance's.

    Only then is a :func:`row_alignment` worth its time. The error that lists drawn at random would
    have matters for few items, whose own spread says little: three items have the same single
    neighbours in one of eight unrelated spaces.

    Parameters
    ----------
    per_item : array of shape (n_items,)
        :func:`neighborhood_overlap` of the common items.
    hub_chance : float
        :func:`hub_chance_overlap` of the same graphs.
    k : int
        The neighbours both were computed with.

    Returns
    -------
    bool

    Raises
    ------
    InputError
        No item was measured.
    """
    values = _finite(per_item)
    excess = float(values.mean(dtype=np.float64)) - hub_chance
    error = max(standard_error(values), _error_of_chance(len(values), k=k, chance=hub_chance))
    return excess <= _AT_CHANCE_ERRORS * error


def _error_of_chance(n_items: int, *, k: int, chance: float) -> float:
    """Return the standard error of the mean overlap of random lists (hypergeometric)."""
    unseen = max(0, n_items - 1 - k) / max(1, n_items - 2)
    return float(np.sqrt(chance * (1 - chance) / k * unseen / n_items))


def pair_verdict(
    per_item: FloatArray,
    *,
    hub_chance: float,
    k: int = 10,
    floor: NoiseFloor | None = None,
    shape: float | None = None,
    alignment: RowAlignment | None = None,
) -> PairVerdict:
    """Say in one word what happened between two spaces.

    Parameters
    ----------
    per_item : array of shape (n_items,)
        :func:`neighborhood_overlap` of the common items.
    hub_chance : float
        :func:`hub_chance_overlap` of the same graphs.
    k : int
        The neighbours both were computed with.
    floor : NoiseFloor, optional
        Without one, nothing but an identical pair is within noise.
    shape : float, optional
        :func:`procrustes_similarity` of the same items.
    alignment : RowAlignment, optional
        Asked for when the overlap is at chance.

    Returns
    -------
    str
        The first that holds of: ``"identical"`` (every neighbour list is the same set, and that
        is no chance; or the spaces are a rotation and scaling of each other to within 1e-9, and
        the overlap reaches the floor, so that only ties were broken otherwise);
        ``"misaligned"`` (no better than chance, and the rows look shuffled); ``"unrelated"`` (not
        above hub-aware chance by 3 standard errors: :func:`at_chance`); ``"within_noise"`` (the
        overlap and the floor are within 1.96 of their joint standard error, or the overlap is
        higher); else ``"changed"``.

    Raises
    ------
    InputError
        No item was measured.

    Notes
    -----
    Misleads when the floor is the numerical one: it says nothing of seeds, and another seed
    often changes more than late training does. A pair within noise as a whole can hold a label
    that got worse.
    """
    values = _finite(per_item)
    value = float(values.mean(dtype=np.float64))
    error = standard_error(values)
    lowest = 1.0 if floor is None else floor.value
    joint = error if floor is None else float(np.hypot(error, floor.error))
    reaches_floor = value >= lowest - Z95 * joint
    by_chance = at_chance(values, hub_chance=hub_chance, k=k)
    if float(values.min()) == 1.0 and not by_chance:
        return "identical"
    if shape is not None and shape >= 1.0 - _SAME_SHAPE and reaches_floor:
        return "identical"
    if by_chance:
        return "misaligned" if alignment is not None and alignment.misaligned else "unrelated"
    return "within_noise" if floor is not None and reaches_floor else "changed"


def _finite(per_item: FloatArray) -> FloatArray:
    values = per_item[np.isfinite(per_item)]
    if not len(values):
        raise InputError(
            "no item has an overlap, so nothing can be said of the pair; compare spaces that "
            "have items in common"
        )
    return values
