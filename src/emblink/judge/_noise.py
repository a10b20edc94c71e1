"""Whether pairs differ by more than noise: what is said of the evidence of runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from emblink.judge._runs import RunEvidence
from emblink.limits import ENOUGH_REPLICATES
from emblink.stats import holm
from emblink.types import BeyondNoise, BeyondNoiseReport, Grade

_SIGNIFICANCE = 0.05
_LARGE: tuple[Grade, ...] = ("reworked", "another_space", "unrelated")
_HALFWAY = 0.5


def beyond_noise(
    evidence: Sequence[RunEvidence | None], grades: Sequence[Grade], chances: Sequence[float]
) -> list[BeyondNoiseReport]:
    """Say of each of the pairs that are compared at once whether it differs by more than noise.

    Parameters
    ----------
    evidence : sequence of RunEvidence or None
        None for a pair without replicates.
    grades : sequence of str
        :func:`grade_of` each pair.
    chances : sequence of float
        Overlap of unrelated spaces.

    Returns
    -------
    list of BeyondNoiseReport
        ``answer`` is ``"yes"`` where ``p_less``, adjusted for the pairs that have replicates
        (:func:`holm`), is at most 0.05; ``"unknown"`` without replicates, where the pair agrees
        more than independent runs do (``closer``), where a loss of half the way to chance would
        not have been seen, and with a single replicate for changes smaller than a reworked space;
        else ``"no"``.

    Notes
    -----
    Of all pairs that are runs of one recipe, one or more are said to differ in about 5 % of
    comparisons (benchmarks/judgement.py has the families of runs that this was read from).
    """
    less = holm([math.nan if one is None else one.p_less for one in evidence])
    closer = holm([math.nan if one is None else one.p_closer for one in evidence])
    return [
        _of_pair(one, grade, chance, p=float(p), p_closer=float(p_closer))
        for one, grade, chance, p, p_closer in zip(
            evidence, grades, chances, less, closer, strict=True
        )
    ]


def _of_pair(
    one: RunEvidence | None, grade: Grade, chance: float, *, p: float, p_closer: float
) -> BeyondNoiseReport:
    if one is None:
        known: BeyondNoise = "no" if grade == "identical" else "unknown"
        return BeyondNoiseReport(answer=known, n_replicates=0)
    n_replicates = one.n_runs - 1
    closer = p_closer <= _SIGNIFICANCE
    would_show = one.least > chance + _HALFWAY * (one.kept - chance)
    answer: BeyondNoise = "no" if would_show else "unknown"
    if grade == "identical":
        answer = "no"
    elif p <= _SIGNIFICANCE:
        answer = "yes" if n_replicates > 1 or grade in _LARGE else "unknown"
    elif closer:
        answer = "unknown"
    report = BeyondNoiseReport(
        answer=answer,
        n_replicates=n_replicates,
        p=p,
        p_closer=p_closer,
        kept=one.kept,
        least=one.least,
    )
    if n_replicates < ENOUGH_REPLICATES:
        report["provisional"] = True
    if closer and answer != "yes" and grade != "identical":
        report["closer"] = True
    return report
