"""What two spaces say of the labels of their common items, of all or of some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.judge import PurityChange, flip_floor, purity_change
from emblink.matched._floors import Floors
from emblink.matched._scores import RawScores
from emblink.matched._sides import LinkedSide, ks_of
from emblink.measures import label_tally, negative_flip_rate, purity_errors
from emblink.table import PURITY_NEIGHBORS, VOTERS, WIDE_NEIGHBORS
from emblink.types import AnyArray, FloatArray, IntArray

FLIPS = "negative_flip_rate"
LABEL_MEASURES = (FLIPS, "knn_accuracy_change")
"""In the order they are reported."""


@dataclass(frozen=True, eq=False)
class Votes:
    """What an item's neighbours say of its label.

    Attributes
    ----------
    purity, wide_purity : array of shape (n_lists,)
        Share of the 20, and of the 50, nearest labelled ones that carry it; NaN where unknown.
    correct : array of shape (n_lists,), bool
        Whether the 10 nearest vote for it.
    """

    purity: FloatArray
    wide_purity: FloatArray
    correct: AnyArray


@dataclass(frozen=True)
class Purity:
    """The mean purity of some items before and after.

    Attributes
    ----------
    change : PurityChange
    chance : float
        That of spaces unrelated to the labels.
    k : int
        Neighbours looked at.
    """

    change: PurityChange
    chance: float
    k: int


def label_votes(side: LinkedSide, codes: IntArray) -> Votes:
    """Look at the labels of each item's neighbours.

    Parameters
    ----------
    side : LinkedSide
    codes : array of shape (n_items,)
        The label of each item as a number from 0, -1 where it has none.

    Returns
    -------
    Votes
    """
    k, wide, voters = (
        ks_of(side.graph, upto=most) for most in (PURITY_NEIGHBORS, WIDE_NEIGHBORS, VOTERS)
    )
    tally = label_tally(side.graph, codes, k=k, wide=wide)
    voted = label_tally(side.graph, codes, k=voters, wide=voters).voted
    return Votes(tally.purity, tally.wide_purity, voted == codes[: len(voted)])


def flip_scores(
    correct_a: AnyArray, correct_b: AnyArray, codes: IntArray, *, cells: IntArray
) -> RawScores:
    """Count the items whose neighbours vote for their label in one space only.

    Parameters
    ----------
    correct_a, correct_b : array of shape (n_items,), bool
    codes : array of shape (n_items,)
        Items without a label do not count.
    cells : array of shape (n_items,)

    Returns
    -------
    RawScores
        None of fewer than two labelled items.
    """
    known = codes >= 0
    scores = RawScores(n=int(known.sum()))
    if scores.n >= 2:
        rates = negative_flip_rate(correct_a[known], correct_b[known], cells=cells[known])
        p, q = (float(correct[known].mean()) for correct in (correct_a, correct_b))
        scores.add(
            FLIPS,
            rates.negative,
            interval=rates.negative_interval,
            chance=p * (1 - q),
        )
        scores.add("knn_accuracy_change", rates.change, interval=rates.change_interval)
    return scores


def flip_floors(votes: Sequence[AnyArray], codes: IntArray, *, rows: IntArray) -> Floors:
    """Return the floor of negative flips that runs of one recipe leave.

    Parameters
    ----------
    votes : sequence of array of shape (n_items,), bool
        For each run, whether the neighbours of each item vote for its label.
    codes : array of shape (n_items,)
        Items without a label do not count.
    rows : array of shape (n_rows,)
        The items that are meant.

    Returns
    -------
    mapping of name to NoiseFloor
        Empty of fewer than two runs or labelled items.
    """
    known = rows[codes[rows] >= 0]
    if len(votes) < 2 or len(known) < 2:
        return {}
    return {FLIPS: flip_floor(np.array([correct[known] for correct in votes]))}


def purity_at(a: LinkedSide, b: LinkedSide, codes: IntArray, *, rows: IntArray) -> Purity | None:
    """Return the mean purity of some items' neighbourhoods in two spaces.

    Parameters
    ----------
    a, b : LinkedSide
        Over all common items.
    codes : array of shape (n_common,)
    rows : array of shape (n_rows,)
        The items that are meant.

    Returns
    -------
    Purity or None
        None where no item has a purity in both spaces.
    """
    k = ks_of(a.graph, upto=PURITY_NEIGHBORS)
    before, after = (label_votes(side, codes).purity[rows] for side in (a, b))
    groups = np.full(len(codes), -1)
    groups[rows] = 0
    error = purity_errors(a.graph, b.graph, codes, k=k, groups=groups, n_groups=1)[0]
    change = purity_change(before, after, cells=a.cells[rows], error=error)
    if change is None:
        return None
    known = rows[np.isfinite(before) & np.isfinite(after)]
    labelled = codes[codes >= 0]
    others = np.bincount(labelled)[codes[known]] - 1
    return Purity(change, float(others.mean()) / max(1, len(labelled) - 1), k)
