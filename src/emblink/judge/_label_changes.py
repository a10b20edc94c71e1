"""For which labels the neighbourhoods changed, beyond sampling and beyond noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.errors import InputError
from emblink.judge._label_claims import RunsOf, judge_by_runs, judge_by_sampling
from emblink.limits import FEWEST_ITEMS
from emblink.stats import (
    Error,
    error_of_mean,
    interval_reach,
)
from emblink.types import FloatArray, IntArray, LabelReport
from emblink.wording import INNER_ORDER

_PURE = 0.9
_INNER_LOSS = 0.5
_FEW_CHANGED = 12


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
    rough : bool
        Fewer than 12 items changed: what would in others is hardly known, and the interval is too
        narrow.
    """

    n: int
    a: float
    b: float
    delta: float
    error: float
    df: float
    interval: tuple[float, float]
    rough: bool


def purity_change(
    purity_a: FloatArray,
    purity_b: FloatArray,
    *,
    cells: IntArray | None = None,
    error: Error | None = None,
) -> PurityChange | None:
    """Return how the mean purity of some items changed.

    Parameters
    ----------
    purity_a, purity_b : array of shape (n_items,)
        :func:`knn_label_purity` of the same items in both spaces; NaN where there is none.
    cells : array of shape (n_items,), integer, optional
        Which cell of neighbours each item lies in: items of one cell may change together.
    error : Error, optional
        The standard error of the change, where it is known (:func:`purity_errors`).

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
    found = error
    if found is None or not np.isfinite(found.value):
        found = error_of_mean(change[known], None if cells is None else cells[known])
    reach = interval_reach(found)
    return PurityChange(
        n=len(known),
        a=mean_of(purity_a, known),
        b=mean_of(purity_b, known),
        delta=delta,
        error=found.value,
        df=found.df,
        interval=(max(-1.0, delta - reach), min(1.0, delta + reach)),
        rough=int(np.count_nonzero(change[known])) < _FEW_CHANGED,
    )


def label_changes(
    purity_a: FloatArray,
    purity_b: FloatArray,
    *,
    overlap: FloatArray,
    codes: IntArray,
    names: Sequence[str],
    cells: IntArray | None = None,
    errors: Sequence[Error] | None = None,
    runs: FloatArray | None = None,
    runs_of: RunsOf = "a",
    wide: tuple[FloatArray, FloatArray] | None = None,
    within_overlap: FloatArray | None = None,
    within_chance: FloatArray | None = None,
    within_floor: FloatArray | None = None,
    counts: IntArray | None = None,
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
    errors : sequence of Error, optional
        Standard error of each label's change (:func:`purity_errors`), in the place of that which
        cells give.
    runs : array of shape (n_runs, n_labels), optional
        Per label, the mean purity in each run of one space's recipe, itself among them; NaN where
        unknown (:func:`label_means`).
    runs_of : {"a", "b"}
        Whose runs they are.
    wide : pair of array of shape (n_items,), optional
        The purity of both spaces among more neighbours.
    within_overlap, within_chance : array of shape (n_labels,), optional
        Per label, the overlap of neighbours among the label's own items, and its chance; NaN where
        unknown.
    within_floor : array of shape (n_labels,), optional
        The same overlap between a space and its replicate; without it, 1.
    counts : array of shape (n_labels,), optional
        Items of each label, where those given are a sample of them: ``n`` and ``chance`` are of
        these, and ``queries`` counts the sample.

    Returns
    -------
    list of LabelReport
        In the order of ``names``, without labels that have no item with a purity in both spaces.
        ``n`` counts those items; ``delta`` is ``purity_b - purity_a`` in [-1, 1];
        ``chance`` is the label's frequency, ``(n_label - 1) / (n_labelled - 1)``; ``interval``
        holds ``delta`` of the sampled population in 95 % of cases; ``noise_floor`` is how far
        one more run of the recipe strays; ``p`` is that of no change, adjusted over the labels
        (Benjamini and Hochberg). ``verdict`` is ``"too_few"`` under 30 items, else ``"better"`` or
        ``"worse"`` where ``p`` is at most 5 %, else ``"same"``.
        ``note`` is ``"same cluster, other inner order"`` where both purities are at least .9
        beyond chance and the label's items kept less than half of the inner overlap beyond chance
        that noise leaves; ``"moved no more than all labels did"`` where a label moved beyond
        sampling, but not beside the others, and runs may do that.
        Invariant to the order of items and to how labels are numbered.

    Raises
    ------
    InputError
        The columns have different lengths, or a code has no name.

    Notes
    -----
    With runs, ``p`` is that of :func:`one_more_run` on ``arcsin(sqrt(purity))``, in which small and
    large purities spread alike: the runs share the items, so no sampling enters. It is of the
    label's change beside what all have in common (:func:`common_shift`), and is claimed of a label
    that moved that way itself; where the common shift is no noise (p at most 1 %), of all
    that moved with it. Without runs it is of the label's change over its standard error.

    Misleads without a replicate: a change beyond sampling is not yet one beyond what another
    training seed would do. With a label whose items form fewer than eight cells the
    interval is rough.

    References
    ----------
    .. [1] Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 1995.
    .. [2] Anscombe, "The transformation of Poisson, binomial and negative-binomial data",
       Biometrika 1948.
    """
    codes = np.asarray(codes)
    _check_columns(codes, purity_a, purity_b, overlap, n_names=len(names))
    _check_runs(runs, n_names=len(names))
    purity_a, purity_b, overlap = (decimals(one) for one in (purity_a, purity_b, overlap))
    wide = None if wide is None else (decimals(wide[0]), decimals(wide[1]))
    members = items_by_label(codes, len(names))
    held = [len(items) for items in members] if counts is None else counts.tolist()
    n_labelled = sum(held)
    reports, tested_codes, tested = [], [], []
    for code, items in enumerate(members):
        change = purity_change(
            purity_a[items],
            purity_b[items],
            cells=None if cells is None else cells[items],
            error=None if errors is None else errors[code],
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
            chance=(held[code] - 1) / max(1, n_labelled - 1),
            overlap=mean_of(overlap, compared),
            verdict="too_few",
        )
        if held[code] > len(items):
            report["n"], report["queries"] = held[code], change.n
        if wide is not None:
            report["wide_purity_a"] = mean_of(wide[0], compared)
            report["wide_purity_b"] = mean_of(wide[1], compared)
        _look_within(report, code, within_overlap, within_chance, within_floor)
        reports.append(report)
        if change.n >= FEWEST_ITEMS:
            report["interval"] = [*change.interval]
            if change.rough and report["overlap"] < 1.0:
                report["rough"] = True
            tested_codes.append(code)
            tested.append((report, change.error, change.df))
    if runs is None:
        judge_by_sampling(tested)
    else:
        judge_by_runs([one for one, *_ in tested], runs[:, tested_codes], runs_of=runs_of)
    return reports


def items_by_label(codes: IntArray, n_labels: int) -> list[NDArray[np.int64]]:
    """Return the rows of each label's items, in order."""
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(n_labels + 1))
    return [order[bounds[code] : bounds[code + 1]] for code in range(n_labels)]


def mean_of(column: FloatArray, rows: IntArray) -> float:
    """Return the mean of some rows, in float64."""
    return float(np.mean(column[rows], dtype=np.float64))


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
    if report.get("queries", report["n"]) >= FEWEST_ITEMS and pure and lost:
        report["note"] = INNER_ORDER


def _check_runs(runs: FloatArray | None, *, n_names: int) -> None:
    if runs is not None and (runs.ndim != 2 or len(runs) < 2 or runs.shape[1] != n_names):
        raise InputError(
            f"runs have shape {runs.shape}; give (n_runs, {n_names}), of two runs or more"
        )


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
