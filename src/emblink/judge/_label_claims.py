"""Which labels may be claimed to have changed: by the runs of a recipe, or by sampling alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.limits import FEWEST_ITEMS
from emblink.stats import FEWEST_TO_CENTRE, benjamini_hochberg, one_more_run, student_p
from emblink.types import FloatArray, IntArray, LabelReport, LabelVerdict
from emblink.wording import MOVED_ALIKE

RunsOf = Literal["a", "b"]
"""Whose recipe runs are of."""

FALSE_DISCOVERY_RATE = 0.05


_SHIFT_RATE = 0.01
"""For the one question whether all labels moved, beside what single labels are given."""
_OWN_PART = 0.5
"""Of what a label differs from the common shift by, the least that it must have moved itself."""


def common_shift(reports: Sequence[LabelReport]) -> float | None:
    """Return what all labels have in common: the median of their changes of purity.

    Parameters
    ----------
    reports : sequence of LabelReport

    Returns
    -------
    float or None
        None of fewer than four labels with the items that a claim takes, and where no more than
        half of them are claimed to have moved that way.
    """
    tested = [one for one in reports if one["verdict"] != "too_few"]
    if len(tested) < FEWEST_TO_CENTRE:
        return None
    shift = float(np.median([one["delta"] for one in tested]))
    claimed = "better" if shift > 0 else "worse"
    moved = sum(one["verdict"] == claimed for one in tested)
    return shift if 2 * moved > len(tested) else None


def label_means(purity: FloatArray, codes: IntArray, *, n_labels: int) -> NDArray[np.float64]:
    """Return the mean purity of each label, NaN where fewer than 30 of its items have one.

    Parameters
    ----------
    purity : array of shape (n_items,)
    codes : array of shape (n_items,), integer
    n_labels : int

    Returns
    -------
    array of shape (n_labels,), float64
    """
    known = np.isfinite(purity) & (codes >= 0)
    counts = np.bincount(codes[known], minlength=n_labels)
    sums = np.bincount(codes[known], weights=decimals(purity[known]), minlength=n_labels)
    means = np.full(n_labels, np.nan)
    np.divide(sums, counts, out=means, where=counts >= FEWEST_ITEMS)
    return means


def judge_by_sampling(
    tested: Sequence[tuple[LabelReport, float, float]],
) -> None:
    """Write p and verdict into reports given with their error over items and its df."""
    if not tested:
        return
    reports, errors, df = zip(*tested, strict=True)
    deltas = np.array([one["delta"] for one in reports])
    error = np.array(errors)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(deltas == 0, 0.0, deltas / error)
    _write(reports, deltas, student_p(t, np.array(df)))


def judge_by_runs(reports: Sequence[LabelReport], runs: FloatArray, *, runs_of: RunsOf) -> None:
    """Write floor, p and verdict into reports, by what each label does in the runs of a recipe."""
    known = np.flatnonzero(np.isfinite(runs).all(axis=0))
    judged = [reports[int(place)] for place in known]
    if not judged:
        return
    angles = _angles(runs[:, known])
    other = _angles(np.array([one["purity_b" if runs_of == "a" else "purity_a"] for one in judged]))
    found = one_more_run(angles, other)
    middle, sign = angles.mean(axis=0), 1.0 if runs_of == "a" else -1.0
    _write(judged, sign * found.beside, found.p)
    if found.shift_p <= _SHIFT_RATE:
        _write_shift(judged, sign * found.shift, found.shift_p)
    else:
        _note_shift(judged)
    for one, angle, spread in zip(judged, middle, found.spread, strict=True):
        ends = np.sin(np.clip([angle - spread, angle + spread], 0.0, np.pi / 2)) ** 2
        one["noise_floor"] = float(ends[1] - ends[0]) / 2


def _angles(purity: FloatArray) -> NDArray[np.float64]:
    angles: NDArray[np.float64] = np.arcsin(np.sqrt(np.clip(purity, 0.0, 1.0)))
    return angles


def _write_shift(reports: Sequence[LabelReport], shift: float, p: float) -> None:
    """Claim labels that moved with all others, where that shift is no noise."""
    for report in reports:
        moved = report["delta"] * np.sign(shift)
        if report["verdict"] == "same" and moved > 0:
            report["verdict"], report["p"] = ("better" if shift > 0 else "worse"), p


def _note_shift(reports: Sequence[LabelReport]) -> None:
    """Say of labels that moved, but no more than all did, and that may be noise."""
    shift = float(np.median([one["delta"] for one in reports]))
    for report in reports if len(reports) >= FEWEST_TO_CENTRE else ():
        low, high = report.get("interval", [0.0, 0.0])
        beyond_sampling = low > 0 or high < 0
        if report["verdict"] == "same" and beyond_sampling and report["delta"] * shift > 0:
            report.setdefault("note", MOVED_ALIKE)


def _write(reports: Sequence[LabelReport], beside: FloatArray, p: FloatArray) -> None:
    """Claim labels that surely moved beside the common shift, and moved that way themselves."""
    for report, change, adjusted in zip(reports, beside, benjamini_hochberg(p), strict=True):
        own = report["delta"] * np.sign(change) >= _OWN_PART * abs(change) > 0
        verdict: LabelVerdict = "same"
        if adjusted <= FALSE_DISCOVERY_RATE and own:
            verdict = "better" if change > 0 else "worse"
        report["verdict"] = verdict
        report["p"] = float(adjusted)
