"""For which labels the neighbourhoods changed, beyond sampling and beyond noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.errors import InputError
from emblink.stats import (
    benjamini_hochberg,
    error_of_mean,
    interval_reach,
    p_values,
    replicate_noise,
)
from emblink.types import FloatArray, IntArray, LabelReport, LabelVerdict

FEWEST_ITEMS = 30
"""No claim is made on a label with fewer items."""

FALSE_DISCOVERY_RATE = 0.05

INNER_ORDER = "same cluster, other inner order"
_PURE = 0.9
_INNER_LOSS = 0.5


@dataclass(frozen=True)
class PurityChange:
    """The mean purity of some items before and after.

    Attributes
    ----------
    n : int
        Items with a purity in both spaces.
    a, b : float
    delta : float
        ``b - a``, in [-1, 1].
    error, df : float
        Standard error of ``delta``, and its degrees of freedom.
    interval : (float, float)
        Holds ``delta`` of the sampled population in 95 % of cases.
    """

    n: int
    a: float
    b: float
    delta: float
    error: float
    df: float
    interval: tuple[float, float]


def purity_change(
    purity_a: FloatArray, purity_b: FloatArray, *, cells: IntArray | None = None
) -> PurityChange | None:
    """Return how the mean purity of some items changed.

    Parameters
    ----------
    purity_a, purity_b : array of shape (n_items,)
        :func:`knn_label_purity` of the same items in both spaces; NaN where there is none.
    cells : array of shape (n_items,), integer, optional
        Which cell of neighbours each item lies in: items of one cell may change together.

    Returns
    -------
    PurityChange or None
        None where no item has a purity in both spaces. Invariant to the order of items.

    Notes
    -----
    Misleads without a replicate, as :func:`label_changes` does; and in fewer than eight cells the
    interval is rough.
    """
    purity_a, purity_b = decimals(purity_a), decimals(purity_b)
    change = purity_b - purity_a
    known = np.flatnonzero(np.isfinite(change))
    if not len(known):
        return None
    delta = float(change[known].mean())
    error = error_of_mean(change[known], None if cells is None else cells[known])
    reach = interval_reach(error)
    return PurityChange(
        n=len(known),
        a=mean_of(purity_a, known),
        b=mean_of(purity_b, known),
        delta=delta,
        error=error.value,
        df=error.df,
        interval=(max(-1.0, delta - reach), min(1.0, delta + reach)),
    )


def label_changes(
    purity_a: FloatArray,
    purity_b: FloatArray,
    *,
    overlap: FloatArray,
    codes: IntArray,
    names: Sequence[str],
    cells: IntArray | None = None,
    replicate_deltas: Sequence[FloatArray] = (),
    wide: tuple[FloatArray, FloatArray] | None = None,
    within_overlap: FloatArray | None = None,
    within_chance: FloatArray | None = None,
    within_floor: FloatArray | None = None,
) -> list[LabelReport]:
    """Per label, how the purity of its neighbourhoods changed, and whether that can be claimed.

    Parameters
    ----------
    purity_a, purity_b : array of shape (n_items,)
        :func:`knn_label_purity` of the same items in both spaces.
    overlap : array of shape (n_items,)
        :func:`neighborhood_overlap` of the same items.
    codes : array of shape (n_items,), integer
        The label of each item, an index of ``names``; negative where it has none.
    names : sequence of str
    cells : array of shape (n_items,), integer, optional
        Which cell of neighbours each item lies in: items of one cell may change together.
    replicate_deltas : sequence of array of shape (n_items,)
        For each replicate, the change of purity between a space and its replicate, over the same
        items; NaN where either lacks the item.
    wide : pair of array of shape (n_items,), optional
        The purity of both spaces among more neighbours.
    within_overlap, within_chance : array of shape (n_labels,), optional
        Per label, the overlap of neighbours among the label's own items, and its chance; NaN where
        unknown.
    within_floor : array of shape (n_labels,), optional
        The same overlap between a space and its replicate; without it, 1.

    Returns
    -------
    list of LabelReport
        In the order of ``names``, without labels that have no item with a purity in both spaces.
        ``n`` counts those items; ``delta`` is ``purity_b - purity_a`` in [-1, 1];
        ``chance`` is the label's frequency, ``(n_label - 1) / (n_labelled - 1)``; ``interval``
        holds ``delta`` of the sampled population in 95 % of cases; ``noise_floor`` is how far
        ``delta`` strays from 0 between replicates; ``p`` is that of no change beyond both,
        adjusted over the labels (Benjamini and Hochberg). ``verdict`` is ``"too_few"`` under 30
        items, else ``"better"`` or ``"worse"`` where ``p`` is at most 5 %, else ``"same"``.
        ``note`` is ``"same cluster, other inner order"`` where both purities are at least .9
        beyond chance and the label's items kept less than half of the inner overlap beyond chance
        that noise leaves.
        Invariant to the order of items and to how labels are numbered.

    Raises
    ------
    InputError
        The columns have different lengths, or a code has no name.

    Notes
    -----
    ``p`` belongs to ``delta / hypot(error, floor)``: ``error`` is the standard error over items (of
    cell totals, where cells are given), ``floor`` the root mean square of the replicates' deltas
    over all labels, or the label's own where that is larger, for one replicate is one draw and
    cannot show that a label is quieter than others. The degrees of freedom are Satterthwaite's,
    where a part of the noise that all labels share counts once a replicate. As the replicates'
    deltas hold sampling too, the test errs on the side of ``"same"``.

    Misleads without a replicate: a change beyond sampling is not yet one beyond what another
    training seed would do. With a label whose items form fewer than eight cells the
    interval is rough.

    References
    ----------
    .. [1] Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 1995.
    .. [2] Satterthwaite, "An approximate distribution of estimates of variance components",
       Biometrics Bulletin 1946.
    """
    codes = np.asarray(codes)
    _check_columns(codes, purity_a, purity_b, overlap, *replicate_deltas, n_names=len(names))
    purity_a, purity_b, overlap = (decimals(one) for one in (purity_a, purity_b, overlap))
    wide = None if wide is None else (decimals(wide[0]), decimals(wide[1]))
    members = items_by_label(codes, len(names))
    n_labelled = sum(len(items) for items in members)
    reports, deltas, tested = [], [], []
    for code, items in enumerate(members):
        change = purity_change(
            purity_a[items], purity_b[items], cells=None if cells is None else cells[items]
        )
        if change is None:
            continue
        compared = items[np.isfinite(purity_a[items]) & np.isfinite(purity_b[items])]
        report = LabelReport(
            label=str(names[code]),
            n=change.n,
            purity_a=change.a,
            purity_b=change.b,
            delta=change.delta,
            chance=(len(items) - 1) / max(1, n_labelled - 1),
            overlap=mean_of(overlap, compared),
            verdict="too_few",
        )
        if wide is not None:
            report["wide_purity_a"] = mean_of(wide[0], compared)
            report["wide_purity_b"] = mean_of(wide[1], compared)
        _look_within(report, code, within_overlap, within_chance, within_floor)
        reports.append(report)
        if change.n >= FEWEST_ITEMS:
            report["interval"] = [*change.interval]
            deltas.append([_mean_where_known(one, items) for one in replicate_deltas])
            tested.append((report, change.error, change.df))
    judge_labels(
        tested, np.array(deltas, dtype=np.float64).reshape(len(tested), len(replicate_deltas)).T
    )
    return reports


def judge_labels(
    tested: Sequence[tuple[LabelReport, float, float]], replicates: FloatArray
) -> None:
    """Write floor, p and verdict into reports given with their error and its df."""
    if not tested:
        return
    reports, errors, df = zip(*tested, strict=True)
    noise = replicate_noise(replicates)
    p = p_values([report["delta"] for report in reports], errors, df, noise=noise)
    for report, adjusted, floor in zip(reports, benjamini_hochberg(p), noise.scale, strict=True):
        verdict: LabelVerdict = "same"
        if adjusted <= FALSE_DISCOVERY_RATE:
            verdict = "better" if report["delta"] > 0 else "worse"
        report["verdict"] = verdict
        report["p"] = float(adjusted)
        if np.isfinite(noise.df):
            report["noise_floor"] = float(floor)


def items_by_label(codes: IntArray, n_labels: int) -> list[NDArray[np.int64]]:
    """Return the rows of each label's items, in order."""
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(n_labels + 1))
    return [order[bounds[code] : bounds[code + 1]] for code in range(n_labels)]


def mean_of(column: FloatArray, rows: IntArray) -> float:
    """Return the mean of some rows, in float64."""
    return float(np.mean(column[rows], dtype=np.float64))


def _mean_where_known(column: FloatArray, rows: IntArray) -> float:
    known = column[rows][np.isfinite(column[rows])]
    return float(np.mean(known, dtype=np.float64)) if len(known) >= FEWEST_ITEMS else np.nan


def _look_within(
    report: LabelReport,
    code: int,
    overlap: FloatArray | None,
    chance: FloatArray | None,
    floor: FloatArray | None,
) -> None:
    """Note a label that stayed one cluster while its items were reordered."""
    if overlap is None or chance is None:
        return
    kept, by_chance = float(overlap[code]), float(chance[code])
    most = 1.0 if floor is None or not np.isfinite(floor[code]) else float(floor[code])
    if not np.isfinite(kept + by_chance):
        return
    report["within_overlap"], report["within_chance"] = kept, by_chance
    # Beyond chance: a label that most items carry is pure anywhere.
    by_luck = report["chance"]
    pure = min(report["purity_a"], report["purity_b"]) - by_luck >= _PURE * (1.0 - by_luck) > 0.0
    lost = kept - by_chance < _INNER_LOSS * (most - by_chance)
    if report["n"] >= FEWEST_ITEMS and pure and lost:
        report["note"] = INNER_ORDER


def _check_columns(codes: IntArray, *columns: FloatArray, n_names: int) -> None:
    if any(np.shape(column) != codes.shape for column in columns):
        raise InputError(
            f"purities, overlap and codes have shapes "
            f"{[np.shape(column) for column in (*columns, codes)]}; give one number an item"
        )
    if len(codes) and int(codes.max()) >= n_names:
        raise InputError(
            f"code {int(codes.max())} has no name among {n_names}; give a name for every code"
        )
