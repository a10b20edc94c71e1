"""Whether a space serves as well as another: accuracy by neighbours, tested for equivalence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emblink.judge._label_changes import items_by_label
from emblink.limits import FEWEST_ITEMS
from emblink.stats import Error, error_of_mean, student_p, student_quantile
from emblink.types import AnyArray, IntArray, LabelLoss, QualityReport, QualityVerdict

MARGIN = 0.01
"""Accuracy that may be lost without being missed."""
LABEL_MARGIN = 0.05
"""The same for a single label."""

_LEVEL = 0.95
_FEWEST_DF = 2.0
_CHANCE_ERRORS = 2.0


def quality(
    correct_a: AnyArray,
    correct_b: AnyArray,
    codes: IntArray,
    *,
    names: Sequence[str],
    cells: IntArray | None = None,
) -> QualityReport | None:
    """Test whether the neighbours tell the labels of two spaces equally well.

    Parameters
    ----------
    correct_a, correct_b : array of shape (n_items,), bool
        Whether each item's neighbours vote for its label.
    codes : array of shape (n_items,), integer
        An index of ``names``; negative where the item has no label.
    names : sequence of str
    cells : array of shape (n_items,), integer, optional
        Items of one cell may change together.

    Returns
    -------
    QualityReport or None
        None of fewer than 30 labelled items, and where neither space tells the labels better than
        votes at random. ``interval`` holds the change of accuracy in 90 % of
        cases. ``verdict`` is ``"kept"`` where all of it lies within the margin of 0.01 (two
        one-sided tests at 5 %), ``"lost"`` or ``"better"`` where it lies beside 0 and the change
        reaches the margin, else ``"undecided"``: more items would tell. It is ``"lost"`` as well
        where a label lost its margin of 0.05 and that is no chance at 5 % over all labels.

    Notes
    -----
    It is about the population that the items were drawn from, and about these two spaces: another
    run of either recipe has an accuracy of its own.

    References
    ----------
    .. [1] Schuirmann, "A comparison of the two one-sided tests procedure and the power approach
       for assessing the equivalence of average bioavailability", Journal of Pharmacokinetics and
       Biopharmaceutics 1987.
    """
    known = np.flatnonzero(np.asarray(codes) >= 0)
    if len(known) < FEWEST_ITEMS:
        return None
    shares = np.bincount(np.asarray(codes)[known]) / len(known)
    right_a, right_b = (np.asarray(one, dtype=np.float64) for one in (correct_a, correct_b))
    best = max(float(right[known].mean()) for right in (right_a, right_b))
    if best <= _by_chance(shares, len(known)):
        return None
    change = right_b - right_a
    delta = float(change[known].mean())
    error = _error(change, known, cells)
    reach = error.value * student_quantile(_LEVEL, df=max(_FEWEST_DF, error.df))
    low, high = delta - reach, delta + reach
    lost = _lost_labels(right_a, right_b, codes, names=names, cells=cells)
    verdict: QualityVerdict = "undecided"
    if lost:
        verdict = "lost"
    elif low >= -MARGIN and high <= MARGIN:
        verdict = "kept"
    elif delta <= -MARGIN and high < 0:
        verdict = "lost"
    elif delta >= MARGIN and low > 0:
        verdict = "better"
    return QualityReport(
        verdict=verdict,
        measure="knn_accuracy",
        a=float(right_a[known].mean()),
        b=float(right_b[known].mean()),
        interval=[max(-1.0, low), min(1.0, high)],
        margin=MARGIN,
        label_margin=LABEL_MARGIN,
        lost=lost,
        n=len(known),
    )


def _by_chance(shares: AnyArray, n: int) -> float:
    """Return the accuracy that votes at random may reach: always the commonest label, or any."""
    chance = float(max(shares.max(), shares @ shares))
    return chance + _CHANCE_ERRORS * float(np.sqrt(chance * (1 - chance) / n))


def _lost_labels(
    right_a: AnyArray,
    right_b: AnyArray,
    codes: IntArray,
    *,
    names: Sequence[str],
    cells: IntArray | None,
) -> list[LabelLoss]:
    """Return the labels that lost their margin, beyond sampling and the number of labels."""
    asked = [
        (code, rows)
        for code, rows in enumerate(items_by_label(np.asarray(codes), len(names)))
        if len(rows) >= FEWEST_ITEMS
    ]
    changes = [right_b[rows] - right_a[rows] for _, rows in asked]
    errors = [_error(right_b - right_a, rows, cells) for _, rows in asked]
    means = np.array([change.mean() for change in changes])
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(means < 0, means / np.array([one.value for one in errors]), 0.0)
    p = student_p(t, np.array([max(_FEWEST_DF, one.df) for one in errors])) / 2
    lost = (means <= -LABEL_MARGIN) & (p <= (1 - _LEVEL) / max(1, len(asked)))
    found = []
    for place in np.flatnonzero(lost):
        code, rows = asked[int(place)]
        a, b = (float(right[rows].mean()) for right in (right_a, right_b))
        found.append(LabelLoss(label=str(names[code]), accuracy_a=a, accuracy_b=b))
    return sorted(found, key=lambda one: one["accuracy_b"] - one["accuracy_a"])


def _error(change: AnyArray, rows: IntArray, cells: IntArray | None) -> Error:
    return error_of_mean(change[rows], None if cells is None else np.asarray(cells)[rows])
