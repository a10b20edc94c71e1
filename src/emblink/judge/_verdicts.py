"""What may be said of pairs, judged against their own floor and chance and not fixed cut-offs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.judge._floors import NoiseFloor, measured
from emblink.measures import AT_CHANCE_ERRORS, RowAlignment, can_tell, error_of_chance
from emblink.stats import holm, standard_error
from emblink.types import FloatArray, IntArray, PairVerdict

_SIGNIFICANCE = 0.05
_SIGNIFICANT_ERRORS = 1.645
_HALFWAY = 0.5

# A rotated float32 copy stays within 1e-11 of 1 and a float16 copy does not reach this, nor does
# one moved item among fewer than about a hundred million.
_SAME_SHAPE = 1e-9


@dataclass(frozen=True)
class PairEvidence:
    """What the verdict of a pair rests on.

    Attributes
    ----------
    n, k : int
        Items measured, and the neighbours compared.
    value, error : float
        Mean overlap and its standard error.
    hub_chance : float
        What unrelated spaces with these hubs reach.
    at_chance : bool
        Whether the overlap is no better than that.
    same_lists : bool
        Whether every neighbour list is the same set.
    can_tell : bool
        Whether more than chance would be seen if half of what lies beyond it were kept.
    shape : float or None
        :func:`procrustes_similarity`, where each row fits (:func:`is_turned_copy`).
    floor : NoiseFloor or None
    alignment : RowAlignment or None
        Asked for where the overlap is at chance.
    """

    n: int
    k: int
    value: float
    error: float
    hub_chance: float
    at_chance: bool
    same_lists: bool
    can_tell: bool = True
    shape: float | None = None
    floor: NoiseFloor | None = None
    alignment: RowAlignment | None = None


def pair_evidence(
    per_item: FloatArray,
    *,
    hub_chance: float,
    k: int = 10,
    floor: NoiseFloor | None = None,
    shape: float | None = None,
    alignment: RowAlignment | None = None,
    cells: IntArray | None = None,
) -> PairEvidence:
    """Gather what the verdict of a pair rests on.

    Parameters
    ----------
    per_item : array of shape (n_items,)
        :func:`neighborhood_overlap` of the common items; NaN where an item was not measured.
    hub_chance : float
        :func:`hub_chance_overlap` of the same graphs.
    k : int
        The neighbours both were computed with.
    floor : NoiseFloor, optional
        :func:`pair_floor`.
    shape : float, optional
        :func:`procrustes_similarity` of the same items. To be left out where
        :func:`is_turned_copy` is false: a few rows far out can carry it.
    alignment : RowAlignment, optional
        Asked for where the overlap is at chance (:func:`at_chance`).
    cells : array of shape (n_items,), integer, optional
        :func:`k_means_cells` of the items.

    Returns
    -------
    PairEvidence

    Raises
    ------
    InputError
        No item was measured.
    """
    values = measured(per_item)
    error = _error(per_item, cells)
    return PairEvidence(
        n=len(values),
        k=k,
        value=float(values.mean(dtype=np.float64)),
        error=error,
        hub_chance=hub_chance,
        at_chance=at_chance(per_item, hub_chance=hub_chance, k=k, cells=cells),
        same_lists=float(values.min()) == 1.0,
        can_tell=_can_tell_agreement(len(values), k=k, hub_chance=hub_chance),
        shape=shape,
        floor=floor,
        alignment=alignment,
    )


def pair_verdicts(evidence: Sequence[PairEvidence]) -> list[tuple[PairVerdict, float | None]]:
    """Say in one word what happened in each of the pairs that are compared at once.

    Parameters
    ----------
    evidence : sequence of PairEvidence

    Returns
    -------
    list of (str, float or None)
        In the order given. The p-value is that of no change beyond the noise floor: one-sided,
        of ``(floor - value)`` over the joint standard error, adjusted by :func:`holm` for all
        pairs that have a floor; None for those without one. The word is the first that holds of:
        ``"identical"`` (every neighbour list is the same set, and that is no chance; or the
        spaces are a rotation and scaling of each other to within 1e-9, and the overlap reaches
        the floor, so that only ties were broken otherwise); ``"too_few"`` (no better than chance,
        but nor would half of full agreement have been; or no change beyond the floor, but nor would
        a loss of half the way to chance have been); ``"misaligned"`` (no better than chance, and
        the rows look shuffled); ``"unrelated"`` (:func:`at_chance`); ``"changed"`` (the adjusted
        p-value is at most 0.05, or there is no floor); else ``"within_noise"``.

    Notes
    -----
    Of all pairs in which nothing but noise happened, one or more are called ``"changed"`` in at
    most 5 % of cases, as far as the floor is right. Misleads when the floor is the numerical one:
    it says nothing of seeds, and another seed often changes more than late training does. A pair
    within noise as a whole can hold a label that got worse.
    """
    raw = [_p_noise(one) for one in evidence]
    adjusted = holm(raw)
    return [
        (_verdict(one, p=p, p_alone=alone), None if math.isnan(p) else float(p))
        for one, p, alone in zip(evidence, adjusted, raw, strict=True)
    ]


def pair_verdict(
    per_item: FloatArray,
    *,
    hub_chance: float,
    k: int = 10,
    floor: NoiseFloor | None = None,
    shape: float | None = None,
    alignment: RowAlignment | None = None,
    cells: IntArray | None = None,
) -> PairVerdict:
    """Say in one word what happened between two spaces: :func:`pair_verdicts` of a single pair.

    Parameters
    ----------
    per_item : array of shape (n_items,)
        :func:`neighborhood_overlap` of the common items.
    hub_chance : float
    k : int
    floor : NoiseFloor, optional
        Without one, nothing but an identical pair is within noise.
    shape : float, optional
    alignment : RowAlignment, optional
    cells : array of shape (n_items,), integer, optional
        All as for :func:`pair_evidence`.

    Returns
    -------
    str
        As of :func:`pair_verdicts`, which adjusts for the number of pairs: use that for several.

    Raises
    ------
    InputError
        No item was measured.
    """
    evidence = pair_evidence(
        per_item,
        hub_chance=hub_chance,
        k=k,
        floor=floor,
        shape=shape,
        alignment=alignment,
        cells=cells,
    )
    return pair_verdicts([evidence])[0][0]


def _p_noise(evidence: PairEvidence) -> float:
    floor = evidence.floor
    return math.nan if floor is None else _p_below(floor.value, floor.error, evidence)


def _p_below(floor: float, floor_error: float, evidence: PairEvidence) -> float:
    missing = floor - evidence.value
    error = math.hypot(evidence.error, floor_error)
    if error == 0:
        return 0.0 if missing > 0 else 1.0
    return 0.5 * math.erfc(missing / error / math.sqrt(2))


def _verdict(evidence: PairEvidence, *, p: float, p_alone: float) -> PairVerdict:
    if evidence.same_lists and not evidence.at_chance:
        return "identical"
    same_shape = evidence.shape is not None and evidence.shape >= 1.0 - _SAME_SHAPE
    reached = _p_below(1.0, 0.0, evidence) if evidence.floor is None else p_alone
    if same_shape and reached > _SIGNIFICANCE:
        return "identical"
    if evidence.at_chance:
        if not evidence.can_tell:
            return "too_few"
        shuffled = evidence.alignment is not None and evidence.alignment.misaligned
        return "misaligned" if shuffled else "unrelated"
    if not p > _SIGNIFICANCE:
        return "changed"
    return "within_noise" if _can_tell_change(evidence) else "too_few"


def _can_tell_agreement(n_items: int, *, k: int, hub_chance: float) -> bool:
    # Spaces that agree have the same hubs: what they share by chance is no less than without hubs.
    chance = min(1.0, max(hub_chance, k / max(1, n_items - 1)))
    return can_tell(chance, error_of_chance(n_items, k=k, chance=chance))


def _can_tell_change(evidence: PairEvidence) -> bool:
    """Whether these items would show a loss of half the way from the floor to chance."""
    floor = evidence.floor
    if floor is None or floor.value <= evidence.hub_chance:
        return True
    loss = _HALFWAY * (floor.value - evidence.hub_chance)
    return loss > _SIGNIFICANT_ERRORS * evidence.error


def at_chance(
    per_item: FloatArray, *, hub_chance: float, k: int = 10, cells: IntArray | None = None
) -> bool:
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
    cells : array of shape (n_items,), integer, optional
        :func:`k_means_cells` of the items.

    Returns
    -------
    bool

    Raises
    ------
    InputError
        No item was measured.
    """
    values = measured(per_item)
    excess = float(values.mean(dtype=np.float64)) - hub_chance
    by_chance = error_of_chance(len(values), k=k, chance=hub_chance)
    return excess <= AT_CHANCE_ERRORS * max(_error(per_item, cells), by_chance)


def _error(per_item: FloatArray, cells: IntArray | None) -> float:
    """Return the standard error by cells, or where all items lie in one, without them."""
    values = measured(per_item)
    if cells is None:
        return standard_error(values)
    by_cells = standard_error(values, np.asarray(cells)[np.isfinite(per_item)])
    return by_cells if math.isfinite(by_cells) else standard_error(values)
