"""How large the change of a pair is, on a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.decimals import decimals
from emblink.judge import (
    PairEvidence,
    Reach,
    grade_of,
)
from emblink.matched import (
    Common,
    Sampled,
    few_at_a_time,
    index_kept,
    kept_with_noise,
    sampled,
)
from emblink.measures import (
    NoiseCurve,
    NoiseShare,
    neighborhood_overlap,
    noise_equivalent_share,
    share_at,
)
from emblink.pipeline._asked import asked_of
from emblink.pipeline._held import vectors_of
from emblink.pipeline._measures import Measured
from emblink.pipeline._recipes import RunsAsked
from emblink.pipeline._run import Run, cells_of
from emblink.types import AnyArray, FloatArray, IntArray, NeighborGraph, SizeReport

_REACH = 1.25
"""Times the share between runs, the most that one more may reach: few would excuse anything."""


@dataclass(frozen=True, eq=False)
class PairSize:
    """How large the change of a pair is.

    Attributes
    ----------
    share : NoiseShare
        Among few items, so that it does not hang on how many there are.
    kept : float
        Mean overlap on the sample.
    first_changed : float
        Share of the items asked whose nearest neighbour is another one.
    index_kept : float or None
        Neighbours in the first space that the second's vectors find in it.
    n : int
        Items asked.
    curves : list of NoiseCurve
    """

    share: NoiseShare
    kept: float
    first_changed: float
    index_kept: float | None
    n: int
    curves: list[NoiseCurve]


def pair_size(run: Run, measured: Measured) -> PairSize:
    """Measure how large the change of a pair is, in shares of noise.

    Parameters
    ----------
    run : Run
    measured : Measured

    Returns
    -------
    PairSize
    """
    pair, common = measured.pair, measured.common
    chosen = sampled(len(common.items), seed=run.seed)
    rows = [of[chosen.items] for of in (common.rows_a, common.rows_b)]
    lists = [asked_of(run, name, of, chosen) for name, of in zip(pair, rows, strict=True)]
    share, curves = _share(run, pair, common)
    nearest = lists[0].indices[:, 0] != lists[1].indices[:, 0]
    return PairSize(
        kept=float(decimals(neighborhood_overlap(lists[0], lists[1], k=chosen.k)).mean()),
        share=share,
        first_changed=float(np.mean(nearest)),
        index_kept=_index_kept(run, pair, rows, chosen, lists=lists[0]),
        n=len(chosen.asked),
        curves=curves,
    )


def _share(run: Run, pair: tuple[str, str], common: Common) -> tuple[NoiseShare, list[NoiseCurve]]:
    """Measure the noise-equivalent share among few items at a time."""
    draws = few_at_a_time(len(common.items), seed=run.seed)
    rows = common.rows_a, common.rows_b
    asked = [
        [asked_of(run, name, of[one.items], one) for one in draws]
        for name, of in zip(pair, rows, strict=True)
    ]
    curves = [
        _curve(run, name, of, draws, lists)
        for name, of, lists in zip(pair, rows, asked, strict=True)
    ]
    kept = [neighborhood_overlap(a, b, k=one.k) for a, b, one in zip(*asked, draws, strict=True)]
    # The same cells whichever way the pair is compared: its interval decides.
    first = int(pair[1] < pair[0])
    cells = cells_of(run, pair[first])[rows[first]]
    found = noise_equivalent_share(
        decimals(np.concatenate(kept)),
        curves,
        cells=cells[np.concatenate([one.items for one in draws])],
        seed=run.seed,
    )
    return found, curves


def size_report(
    basis: PairEvidence, size: PairSize, *, around: float, asked: RunsAsked
) -> SizeReport:
    """Grade the change of a pair.

    Parameters
    ----------
    basis : PairEvidence
    size : PairSize
    around : float
        Mean overlap of more neighbours.
    asked : RunsAsked

    Returns
    -------
    SizeReport
    """
    runs, reach, evidence = None, None, asked.evidence
    if asked.few is not None:
        runs, most = (share_at(kept, size.curves) for kept in (asked.few.kept, asked.few.least))
        if evidence is not None and not asked.began_elsewhere:
            reach = Reach(min(most, _REACH * runs), max(evidence.least, evidence.kept / _REACH))
    grade, reason = grade_of(basis, size.share, kept=size.kept, around=around, reach=reach)
    if grade in ("too_few", "misaligned"):
        return SizeReport(grade=grade)
    report = SizeReport(
        grade=grade,
        w=size.share.value,
        interval=[*size.share.interval],
        first_changed=size.first_changed,
    )
    if size.n < basis.n:
        report["n"] = size.n
    if runs is not None:
        report["runs"] = runs
    if size.index_kept is not None:
        report["index_kept"] = size.index_kept
    if reason:
        report["reason"] = reason
    return report


def _index_kept(
    run: Run,
    pair: tuple[str, str],
    rows: Sequence[IntArray],
    chosen: Sampled,
    *,
    lists: NeighborGraph,
) -> float | None:
    """Return how many neighbours in the first space the second's vectors find in it."""

    def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
        a, b = (vectors_of(run, name, rows=of) for name, of in zip(pair, rows, strict=True))
        found = index_kept(a, b, chosen, lists=lists)
        return {}, {"kept": None if found is None else float(np.mean(decimals(found)))}

    keys = [run.spaces[name].graph.key for name in pair]
    stage = run.stage("index", (keys, *rows, chosen.asked, chosen.k), look)
    kept: float | None = stage.facts["kept"]
    return kept


def _curve(
    run: Run,
    name: str,
    rows: IntArray,
    draws: Sequence[Sampled],
    lists: Sequence[NeighborGraph],
) -> NoiseCurve:
    """Return how many neighbours each share of noise leaves a space, as far as it is asked."""
    held = [rows[one.items] for one in draws]

    def ask(share: float) -> FloatArray:
        def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
            run.report_step(f"noise in {name}", 0, 1)
            found = [
                kept_with_noise(
                    vectors_of(run, name, rows=of), one, share, lists=its, seed=run.seed
                )
                for of, one, its in zip(held, draws, lists, strict=True)
            ]
            return {"kept": np.concatenate(found)}, {}

        inputs = (run.spaces[name].graph.key, *held, draws[0].k, share, run.seed)
        kept: FloatArray = run.stage("noise", inputs, look).arrays["kept"]
        return kept

    return NoiseCurve(ask)
