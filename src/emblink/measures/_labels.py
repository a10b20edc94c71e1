"""Whether an item's neighbours carry its label, and for which labels that changed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError, InputError
from emblink.measures._intervals import Z95, standard_error
from emblink.types import FloatArray, IntArray, LabelReport, LabelVerdict, NeighborGraph

FEWEST_ITEMS = 30
"""No claim is made on a label with fewer items."""

FALSE_DISCOVERY_RATE = 0.05

_BLOCK_CELLS = 1 << 20


def knn_label_purity(graph: NeighborGraph, codes: IntArray, *, k: int = 20) -> NDArray[np.float32]:
    """Share of each item's labelled neighbours that carry the item's own label.

    Parameters
    ----------
    graph : NeighborGraph
        At least ``k`` neighbours.
    codes : array of shape (n_items,), integer
        The label of each item as a number from 0; negative where the item has none.
    k : int
        Neighbours looked at.

    Returns
    -------
    array of shape (n_items,), float32
        In [0, 1]; NaN where the item has no label, or none of its ``k`` neighbours has one.
        Neighbours without a label are left out of the share: they speak neither for nor against.
        Expected value for a space unrelated to the labels: ``(n_label - 1) / (n_labelled - 1)``.
        Invariant to anything that keeps each neighbour list as a set.

    Raises
    ------
    GraphMismatchError
        ``codes`` covers other items than the graph, or the graph holds fewer than ``k``
        neighbours.

    Notes
    -----
    Misleads when a label has fewer than ``k + 1`` items (it cannot reach 1), and when labels of
    different size are set side by side: read it against its chance.
    """
    codes = np.asarray(codes)
    if codes.shape != (len(graph.indices),):
        raise GraphMismatchError(
            f"codes has shape {codes.shape}, but the neighbour graph covers {len(graph.indices)} "
            "items; give one code an item"
        )
    held = graph.indices.shape[1]
    if not 1 <= k <= held:
        raise GraphMismatchError(
            f"k={k} neighbours are asked for, but the graph holds {held}; choose k from 1 to "
            f"{held}, or build it with more neighbours"
        )
    purity = np.full(len(codes), np.nan, dtype=np.float32)
    step = max(1, _BLOCK_CELLS // k)
    for start in range(0, len(codes), step):
        own = codes[start : start + step, None]
        near = codes[graph.indices[start : start + step, :k]]
        same = (near == own).sum(axis=1)
        labelled = (near >= 0).sum(axis=1)
        known = (labelled > 0) & (own[:, 0] >= 0)
        purity[start : start + step][known] = same[known] / labelled[known]
    return purity


def label_changes(
    purity_a: FloatArray,
    purity_b: FloatArray,
    *,
    overlap: FloatArray,
    codes: IntArray,
    names: Sequence[str],
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

    Returns
    -------
    list of LabelReport
        In the order of ``names``, without labels that have no item with a purity in both spaces.
        ``n`` counts those items; ``delta`` is ``purity_b - purity_a`` in [-1, 1];
        ``chance`` is the label's frequency, ``(n_label - 1) / (n_labelled - 1)``; ``interval``
        holds ``delta`` in 95 % of cases. ``verdict`` is ``"too_few"`` under 30 items, else
        ``"better"`` or ``"worse"`` where the change stands out at a false discovery rate of 5 %
        over the labels (Benjamini and Hochberg), else ``"same"``.

    Raises
    ------
    InputError
        The columns have different lengths, or a code has no name.

    Notes
    -----
    The interval is that of a mean of paired differences, widened by 1.3 because neighbouring
    items change together: a first approximation, not a block bootstrap. Misleads when a label's
    items form a handful of tight clumps, for then even the widened interval is too narrow. A
    change beyond sampling is not yet one beyond what another training seed would do.

    References
    ----------
    .. [1] Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 1995.
    """
    codes = np.asarray(codes)
    _check_columns(codes, purity_a, purity_b, overlap, n_names=len(names))
    change = np.asarray(purity_b, dtype=np.float64) - purity_a
    n_labelled = int((codes >= 0).sum())
    reports: list[LabelReport] = []
    p_values: list[float] = []
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
    for code, name in enumerate(names):
        items = order[bounds[code] : bounds[code + 1]]
        compared = items[np.isfinite(change[items])]
        if not len(compared):
            continue
        delta = float(change[compared].mean())
        error = standard_error(change[compared])
        report = LabelReport(
            label=str(name),
            n=len(compared),
            purity_a=float(np.mean(purity_a[compared], dtype=np.float64)),
            purity_b=float(np.mean(purity_b[compared], dtype=np.float64)),
            delta=delta,
            chance=(len(items) - 1) / max(1, n_labelled - 1),
            overlap=float(np.mean(overlap[compared], dtype=np.float64)),
            verdict="too_few",
        )
        if len(compared) >= FEWEST_ITEMS:
            report["interval"] = [
                max(-1.0, delta - Z95 * error),
                min(1.0, delta + Z95 * error),
            ]
        reports.append(report)
        p_values.append(_two_sided_p(delta, error))
    _judge(reports, p_values)
    return reports


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


def _two_sided_p(delta: float, error: float) -> float:
    if delta == 0:
        return 1.0
    return math.erfc(abs(delta) / error / math.sqrt(2)) if error > 0 else 0.0


def _judge(reports: list[LabelReport], p_values: list[float]) -> None:
    """Write the verdicts: Benjamini and Hochberg over the labels with enough items."""
    ranked = sorted(
        (p, place) for place, p in enumerate(p_values) if reports[place]["n"] >= FEWEST_ITEMS
    )
    passed = 0
    for rank, (p, _) in enumerate(ranked, start=1):
        if p <= FALSE_DISCOVERY_RATE * rank / len(ranked):
            passed = rank
    for rank, (_, place) in enumerate(ranked, start=1):
        verdict: LabelVerdict = "same"
        if rank <= passed:
            verdict = "better" if reports[place]["delta"] > 0 else "worse"
        reports[place]["verdict"] = verdict
