"""Whether a space answers queries as well as another: nDCG, tested for equivalence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emblink.judge._quality import LABEL_MARGIN, MARGIN
from emblink.limits import FEWEST_ITEMS
from emblink.stats import paired_interval
from emblink.types import (
    FloatArray,
    QualityReport,
    QualityVerdict,
    SegmentLoss,
    SegmentReport,
)

FEWEST_QUERIES = FEWEST_ITEMS
_LEVEL = 0.9


def search_quality(
    ndcg_a: FloatArray,
    ndcg_b: FloatArray,
    *,
    k: int,
    chance: float,
    segments: Sequence[SegmentReport] = (),
    unchanged: bool = False,
) -> QualityReport | None:
    """Test whether two spaces answer the same queries equally well.

    Parameters
    ----------
    ndcg_a, ndcg_b : array of shape (n_queries,)
        Of the queries with relevant items.
    k : int
        Results looked at.
    chance : float
        Mean nDCG of a random order.
    segments : sequence of SegmentReport
        What is claimed of parts of the queries.
    unchanged : bool
        Whether all results are the same, so that nothing is left to chance.

    Returns
    -------
    QualityReport or None
        None of fewer than 30 queries, and where neither space answers better than a random order.
        ``interval`` holds the change of nDCG in 90 % of cases (:func:`paired_interval`).
        ``verdict`` is ``"kept"`` where all of it lies within the margin of 0.01 (two one-sided
        tests at 5 %), ``"lost"`` or ``"better"`` where it lies beside 0 and the change reaches the
        margin, else ``"undecided"``. It is ``"lost"`` as well where a segment lost its margin of
        0.05 beyond chance, which allows for the number of segments. ``segments`` are those that
        lose more than the rest.

    Notes
    -----
    It is about the population that the queries were drawn from, each independently. Misleads where
    several are about one thing, and where relevance was judged on the results of one space.
    """
    if len(ndcg_a) < FEWEST_QUERIES:
        return None
    best = max(ndcg_a, ndcg_b, key=lambda one: float(one.mean()))
    if float(best.mean()) <= chance + 2 * float(best.std(ddof=1) / np.sqrt(len(best))):
        return None
    change = ndcg_b - ndcg_a
    delta = float(change.mean())
    low, high = (delta, delta) if unchanged else paired_interval(change, level=_LEVEL)
    worse = [one for one in segments if one["verdict"] == "worse" and one["delta"] <= -LABEL_MARGIN]
    lost = [
        SegmentLoss(column=one["column"], segment=one["segment"], a=one["ndcg_a"], b=one["ndcg_b"])
        for one in worse
        if one.get("apart", True)
    ]
    return QualityReport(
        verdict="lost" if worse else _verdict(delta, low, high),
        measure="ndcg",
        k=k,
        a=float(ndcg_a.mean()),
        b=float(ndcg_b.mean()),
        interval=[max(-1.0, low), min(1.0, high)],
        margin=MARGIN,
        label_margin=LABEL_MARGIN,
        lost=[],
        segments=sorted(lost, key=lambda one: one["b"] - one["a"]),
        n=len(ndcg_a),
    )


def _verdict(delta: float, low: float, high: float) -> QualityVerdict:
    if low >= -MARGIN and high <= MARGIN:
        return "kept"
    if delta <= -MARGIN and high < 0:
        return "lost"
    return "better" if delta >= MARGIN and low > 0 else "undecided"
