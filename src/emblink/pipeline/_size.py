"""How large the change of a pair is, and what other runs of its recipes differ by, on a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from emblink.decimals import decimals
from emblink.judge import (
    PairEvidence,
    Reach,
    RunEvidence,
    grade_of,
    odd_runs,
    of_both_recipes,
    run_evidence,
)
from emblink.matched import (
    FEWEST_COMMON,
    Common,
    Sampled,
    again_of,
    asked_neighbors,
    index_kept,
    kept_with_noise,
    row_of_item,
    sampled,
)
from emblink.measures import (
    NoiseCurve,
    NoiseShare,
    neighborhood_overlap,
    noise_equivalent_share,
    share_at,
)
from emblink.pipeline._held import vectors_of
from emblink.pipeline._measures import Measured
from emblink.pipeline._run import Run, cells_of
from emblink.types import AnyArray, FloatArray, IntArray, NeighborGraph, SizeReport
from emblink.wording import odd_run_words

_SIGNIFICANCE = 0.05
_REACH = 1.25
"""Times the share between runs, the most that one more may reach: few would excuse anything."""


@dataclass(frozen=True, eq=False)
class PairSize:
    """How large the change of a pair is.

    Attributes
    ----------
    share : NoiseShare
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


@dataclass(frozen=True, eq=False)
class Reruns:
    """The other runs of a pair's recipes that count, by name."""

    of_a: list[str]
    of_b: list[str]

    @property
    def most(self) -> tuple[int, list[str]]:
        """Which space of the pair has more of them, and which they are."""
        return (0, self.of_a) if len(self.of_a) >= len(self.of_b) else (1, self.of_b)


def reruns_in(run: Run, pair: tuple[str, str], counted: Sequence[Measured]) -> Reruns:
    """Return the other runs of a pair's recipes.

    Parameters
    ----------
    run : Run
    pair : (str, str)
    counted : sequence of Measured
        Spaces against their replicates, as far as they count.

    Returns
    -------
    Reruns
    """
    return Reruns(*again_of(pair, run.space_set.replicates, [one.pair for one in counted]))


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
    lists = [_asked(run, name, of, chosen) for name, of in zip(pair, rows, strict=True)]
    curves = [
        _curve(run, name, of, chosen, found)
        for name, of, found in zip(pair, rows, lists, strict=True)
    ]
    kept = decimals(neighborhood_overlap(lists[0], lists[1], k=chosen.k))
    # The same cells whichever way the pair is compared: its interval decides.
    first = int(pair[1] < pair[0])
    cells = cells_of(run, pair[first])[rows[first]][chosen.asked]
    nearest = lists[0].indices[:, 0] != lists[1].indices[:, 0]
    return PairSize(
        kept=float(kept.mean()),
        share=noise_equivalent_share(kept, curves, cells=cells, seed=run.seed),
        first_changed=float(np.mean(nearest)),
        index_kept=_index_kept(run, pair, rows, chosen, lists=lists[0]),
        n=len(chosen.asked),
        curves=curves,
    )


def recipe_evidence(
    run: Run,
    pair: tuple[str, str],
    common: Common,
    reruns: Reruns,
) -> tuple[RunEvidence | None, Reruns, list[str]]:
    """Compare the spaces of a pair with the runs of each other's recipes, over what all hold.

    Parameters
    ----------
    run : Run
    pair : (str, str)
    common : Common
        Of the pair.
    reruns : Reruns

    Returns
    -------
    evidence : RunEvidence or None
        None without replicates that hold enough of the items.
    reruns : Reruns
        Without those that are no runs of the recipe.
    warnings : list of str
        Which these are.
    """
    names = [*pair, *reruns.of_a, *reruns.of_b]
    items, rows = _in_all(run, names, common.items)
    if len(names) == len(pair) or len(items) < FEWEST_COMMON:
        return None, reruns, []
    chosen = sampled(len(items), seed=run.seed)
    lists = [
        _asked(run, name, of[chosen.items], chosen) for name, of in zip(names, rows, strict=True)
    ]
    overlaps = np.eye(len(names))
    for i, j in combinations(range(len(names)), 2):
        kept = decimals(neighborhood_overlap(lists[i], lists[j], k=chosen.k))
        overlaps[i, j] = overlaps[j, i] = kept.mean()
    found, counted, warnings = [], [], []
    for own, other, again in ((0, 1, reruns.of_a), (1, 0, reruns.of_b)):
        runs = [own, *(names.index(name) for name in again)]
        odd = [runs[place] for place in odd_runs(overlaps[np.ix_(runs, runs)])] if again else []
        runs = [place for place in runs if place not in odd]
        counted.append([names[place] for place in runs[1:]])
        warnings += [
            odd_run_words(names[place], pair[own], kept=float(overlaps[place, runs].mean()))
            for place in odd
        ]
        if len(runs) > 1:
            found.append(run_evidence(overlaps[np.ix_(runs, runs)], overlaps[other, runs]))
    return of_both_recipes(found), Reruns(*counted), warnings


def size_report(
    basis: PairEvidence, size: PairSize, *, around: float, evidence: RunEvidence | None
) -> SizeReport:
    """Grade the change of a pair.

    Parameters
    ----------
    basis : PairEvidence
    size : PairSize
    around : float
        Mean overlap of more neighbours.
    evidence : RunEvidence or None
        Of the runs of the recipes.

    Returns
    -------
    SizeReport
    """
    runs, reach = None, None
    if evidence is not None:
        runs, most = (share_at(kept, size.curves) for kept in (evidence.kept, evidence.least))
        # Runs that began elsewhere than the pair did excuse nothing.
        if evidence.p_closer > _SIGNIFICANCE:
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


def _in_all(run: Run, names: Sequence[str], items: IntArray) -> tuple[IntArray, list[IntArray]]:
    n_items = len(run.space_set.ids)
    places = [row_of_item(run.space_set.rows[name], n_items=n_items) for name in names]
    held = items[np.all([of[items] >= 0 for of in places], axis=0)]
    return held, [of[held] for of in places]


def _asked(run: Run, name: str, rows: IntArray, chosen: Sampled) -> NeighborGraph:
    """Return the neighbours of the items asked, among sampled rows of a space."""

    def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
        found = asked_neighbors(
            vectors_of(run, name, rows=rows),
            chosen,
            progress=run.progress(f"asking a sample of {name}"),
        )
        return {"indices": found.indices, "distances": found.distances}, {}

    stage = run.stage("asked", (run.spaces[name].graph.key, rows, chosen.asked, chosen.k), look)
    metric = run.space_set.spaces[name].metric
    return NeighborGraph(stage.arrays["indices"], stage.arrays["distances"], metric)


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
    chosen: Sampled,
    lists: NeighborGraph,
) -> NoiseCurve:
    """Return how many neighbours each share of noise leaves a space, as far as it is asked."""

    def ask(share: float) -> FloatArray:
        def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
            run.report_step(f"noise in {name}", 0, 1)
            side = vectors_of(run, name, rows=rows)
            found = kept_with_noise(side, chosen, share, lists=lists, seed=run.seed)
            return {"kept": found}, {}

        inputs = (run.spaces[name].graph.key, rows, chosen.asked, chosen.k, share, run.seed)
        kept: FloatArray = run.stage("noise", inputs, look).arrays["kept"]
        return kept

    return NoiseCurve(ask)
