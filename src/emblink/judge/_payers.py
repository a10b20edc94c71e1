"""Which labels pay: those whose items lose more than the other items that have one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from emblink.stats import error_of_mean, interval_reach
from emblink.types import FloatArray, IntArray

FEWEST_TO_PAY = 20
"""Items of a label, and of the others, from which on it is judged."""


class Payer(NamedTuple):
    """What the items of a label lose.

    Attributes
    ----------
    code : int
    rows : array of shape (n_items_of_it,)
        Its items.
    lost : float
        Their mean.
    reach : float
        How far the mean may be off in 95 % of cases, for each label alone.
    pays : bool
        It loses, and more than the other labelled items, beyond the error of the difference,
        widened for the number of labels.
    """

    code: int
    rows: IntArray
    lost: float
    reach: float
    pays: bool


def payers(lost: FloatArray, codes: IntArray, cells: IntArray) -> list[Payer]:
    """Return what the items of each label lose, what loses most first.

    Parameters
    ----------
    lost : array of shape (n_items,)
        Of each item, the more the worse.
    codes : array of shape (n_items,), integer
        Its label, -1 without one.
    cells : array of shape (n_items,), integer
        Which cell of neighbours it lies in.

    Returns
    -------
    list of Payer
        Of labels with 20 items. None pays where fewer than 20 others have a label: there is
        nothing to lose more than.
    """
    labels, sizes = np.unique(codes[codes >= 0], return_counts=True)
    judged = labels[sizes >= FEWEST_TO_PAY]
    wider = np.sqrt(1 + np.log(max(1, len(judged))))
    found = []
    for code in judged.tolist():
        rows = np.flatnonzero(codes == code)
        mean, reach = _mean(lost, rows, cells)
        others = np.flatnonzero((codes != code) & (codes >= 0))
        pays = False
        if len(others) >= FEWEST_TO_PAY and mean > wider * reach:
            theirs, around = _mean(lost, others, cells)
            pays = bool(mean - theirs > wider * np.hypot(reach, around))
        found.append(Payer(code, rows, mean, reach, pays))
    return sorted(found, key=lambda one: -one.lost)


def _mean(lost: FloatArray, rows: IntArray, cells: IntArray) -> tuple[float, float]:
    error = error_of_mean(lost[rows], cells[rows])
    return float(lost[rows].mean()), interval_reach(error)
