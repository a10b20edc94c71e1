"""How large a change is, in a word: judged by its noise-equivalent share and by neighbours kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from emblink.judge._floors import NoiseFloor, measured
from emblink.measures import (
    AT_CHANCE_ERRORS,
    NoiseShare,
    RowAlignment,
    can_tell,
    error_of_chance,
)
from emblink.stats import standard_error
from emblink.types import FloatArray, Grade, IntArray
from emblink.wording import CLUSTERS_STAY, ELSEWHERE

# A rotated float32 copy stays within 1e-11 of 1 and a float16 copy does not reach this, nor does
# one moved item among fewer than about a hundred million.
_SAME_SHAPE = 1e-9
_SIGNIFICANT_ERRORS = 1.645

_SAME_AROUND = 0.995


class Reach(NamedTuple):
    """How far one more run of a recipe may go: the greatest share, and the least overlap."""

    share: float
    kept: float


class Step(NamedTuple):
    """One grade: the greatest share and the least overlap that it takes."""

    grade: Grade
    share: float
    kept: float


STEPS: Sequence[Step] = (
    Step("same", 0.01, 0.98),
    Step("interchangeable", 0.04, 0.9),
    Step("like_another_run", 0.2, 0.35),
    Step("reworked", 0.28, 0.2),
)
"""From the smallest change; what is beyond the last is another space.

Read from families of changes (docs/measures/size.md): rounding to 8 bits 0.3 to 0.9 %, runs of one
recipe 13 to 18 %, half of the dimensions 21 %, other models 35 % and more.
"""


@dataclass(frozen=True)
class PairEvidence:
    """What the grade of a pair rests on.

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
    """Gather what the grade of a pair rests on, beside its size.

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
    return PairEvidence(
        n=len(values),
        k=k,
        value=float(values.mean(dtype=np.float64)),
        error=_error(per_item, cells),
        hub_chance=hub_chance,
        at_chance=at_chance(per_item, hub_chance=hub_chance, k=k, cells=cells),
        same_lists=float(values.min()) == 1.0,
        can_tell=_can_tell_agreement(len(values), k=k, hub_chance=hub_chance),
        shape=shape,
        floor=floor,
        alignment=alignment,
    )


def grade_of(
    evidence: PairEvidence,
    size: NoiseShare | None = None,
    *,
    kept: float | None = None,
    around: float = 1.0,
    reach: Reach | None = None,
) -> tuple[Grade, str]:
    """Say in a word how large the change of a pair is.

    Parameters
    ----------
    evidence : PairEvidence
    size : NoiseShare, optional
        :func:`noise_equivalent_share`. Without one, the neighbours kept are taken alone.
    kept : float, optional
        Mean overlap on a sample; by default that of the evidence.
    around : float
        Mean overlap of more neighbours: a cluster that went elsewhere as a whole keeps the nearest.
    reach : Reach, optional
        What is no farther is like another run.

    Returns
    -------
    grade : str
        The first that holds of: ``"identical"`` (every neighbour list is the same set, nearly so
        around, and that is no chance; or the spaces are a rotation and scaling of each other to
        within 1e-9, and the overlap reaches the floor, so that only ties were broken otherwise);
        ``"too_few"``, ``"misaligned"``, ``"unrelated"`` (the overlap is at chance: half of full
        agreement would have been as well; the rows look shuffled; neither); else the worst of
        three, by the upper end of ``size``'s interval, by the overlap and by that around:
        ``STEPS``.
    reason : str
        Why it is not the grade of the share alone, or "".
    """
    if evidence.same_lists and not evidence.at_chance and around >= _SAME_AROUND:
        return "identical", ""
    if evidence.shape is not None and evidence.shape >= 1.0 - _SAME_SHAPE and _reaches(evidence):
        return "identical", ""
    if evidence.at_chance:
        if not evidence.can_tell:
            return "too_few", ""
        shuffled = evidence.alignment is not None and evidence.alignment.misaligned
        return ("misaligned" if shuffled else "unrelated"), ""
    by_share = 0 if size is None else _step_of_share(size, reach)
    by_kept = _step_of_kept(evidence.value if kept is None else kept, reach)
    by_around = min(_SMALL + 1, _step_of_kept(around, reach))
    worst = max(by_share, by_kept, by_around)
    grade: Grade = STEPS[worst].grade if worst < len(STEPS) else "another_space"
    if by_around == worst > max(by_share, by_kept):
        return grade, ELSEWHERE
    inner = by_kept == worst > max(by_share, _SMALL) and by_around < worst
    return grade, CLUSTERS_STAY if inner else ""


_SMALL = 1
"""The last step at which answers of a search stay."""


def _step_of_share(size: NoiseShare, reach: Reach | None) -> int:
    for place, one in enumerate(STEPS):
        like_runs = one.grade == "like_another_run" and reach and size.value <= reach.share
        if size.interval[1] <= one.share or like_runs:
            return place
    return len(STEPS)


def _step_of_kept(kept: float, reach: Reach | None) -> int:
    for place, one in enumerate(STEPS):
        like_runs = one.grade == "like_another_run" and reach and kept >= reach.kept
        if kept >= one.kept or like_runs:
            return place
    return len(STEPS)


def _reaches(evidence: PairEvidence) -> bool:
    """Whether the overlap is not below what noise leaves, where that is known."""
    floor = evidence.floor
    if floor is None:
        return True
    reach = _SIGNIFICANT_ERRORS * math.hypot(evidence.error, floor.error)
    return floor.value - evidence.value <= reach


def _can_tell_agreement(n_items: int, *, k: int, hub_chance: float) -> bool:
    # Spaces that agree have the same hubs: what they share by chance is no less than without hubs.
    chance = min(1.0, max(hub_chance, k / max(1, n_items - 1)))
    return can_tell(chance, error_of_chance(n_items, k=k, chance=chance))


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
