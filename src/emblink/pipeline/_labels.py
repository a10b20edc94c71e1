"""What two spaces do to the labels of their common items, and which of it is noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from emblink.decimals import decimals
from emblink.judge import (
    LabelPairChanges,
    RunsOf,
    label_changes,
    label_means,
    label_only_changes,
    label_pair_changes,
    quality,
)
from emblink.matched import (
    Common,
    Floors,
    RawScores,
    among,
    flip_floors,
    flip_scores,
    ks_of,
    label_votes,
    runs_held,
)
from emblink.measures import (
    LabelParts,
    knn_label_purity,
    label_parts,
    within_label_chance,
    within_label_overlap,
)
from emblink.neighbors import neighbors_within
from emblink.pipeline._common import Labels, common_items
from emblink.pipeline._held import near_of, side_of
from emblink.pipeline._label_errors import change_errors
from emblink.pipeline._measures import Measured
from emblink.pipeline._recipes import OtherRuns
from emblink.pipeline._run import Run, cells_of
from emblink.table import NEAR_NEIGHBORS, PURITY_NEIGHBORS, VOTERS, WIDE_NEIGHBORS
from emblink.types import (
    AnyArray,
    FloatArray,
    IntArray,
    LabelPairReport,
    LabelReport,
    NeighborGraph,
    QualityReport,
)


@dataclass(frozen=True, eq=False)
class LabelSide:
    """What one space says of the labels of some of its items.

    Attributes
    ----------
    purity, wide_purity : array of shape (n_items,)
    correct : array of shape (n_items,), bool
        Whether its neighbours vote for the item's own label.
    within : NeighborGraph
        Of each item among the items of its label.
    """

    purity: FloatArray
    wide_purity: FloatArray
    correct: AnyArray
    within: NeighborGraph


@dataclass(frozen=True, eq=False)
class LabelFindings:
    """What happened to labels between two spaces.

    Attributes
    ----------
    labels : list of LabelReport
    pairs : LabelPairChanges
    purity_change : array of shape (n_common,)
    scores : RawScores
    floors : mapping of score name to NoiseFloor
        That runs of the recipe leave of them.
    quality : QualityReport or None
        Of the votes of the neighbours.
    """

    labels: list[LabelReport]
    pairs: LabelPairChanges
    purity_change: FloatArray
    scores: RawScores
    floors: Floors
    quality: QualityReport | None


def compare_labels(
    run: Run,
    measured: Measured,
    *,
    replicates: Sequence[Measured],
    other_runs: OtherRuns,
    labels: Labels,
) -> LabelFindings:
    """Judge labels and pairs of labels of the common items of two spaces.

    Parameters
    ----------
    run : Run
    measured : Measured
        Of the pair.
    replicates : sequence of Measured
        Spaces of the pair against their replicates.
    other_runs : OtherRuns
        The runs that labels are judged by; without any, by sampling alone.
    labels : Labels

    Returns
    -------
    LabelFindings
    """
    pair, common = measured.pair, measured.common
    codes = labels.codes[common.items]
    cells = cells_of(run, pair[0])[common.rows_a]
    a, b = _sides(run, pair, common, codes=codes)
    k = min(NEAR_NEIGHBORS, a.within.indices.shape[1])
    own, others = other_runs.most
    whose: RunsOf = "b" if own else "a"
    replicate_pairs = _shared(run, pair[own], others, common)
    floors = []
    for one in replicates:
        known = labels.codes[one.common.items]
        sides = _sides(run, one.pair, one.common, codes=known)
        floors.append(_within(*sides, known, labels=labels, k=k))
    asked, asked_cells = codes[: len(a.purity)], cells[: len(a.purity)]
    chance = np.full(len(labels.names), np.nan)
    found = within_label_chance(codes, k=k)
    chance[: len(found)] = found
    reports = label_changes(
        a.purity,
        b.purity,
        overlap=measured.kept,
        codes=asked,
        names=labels.names,
        cells=asked_cells,
        errors=change_errors(run, pair, common, codes=codes, n_labels=len(labels.names)),
        runs=_runs(run, (a, b)[own], replicate_pairs, codes=asked, labels=labels),
        runs_of=whose,
        wide=(a.wide_purity, b.wide_purity),
        within_overlap=_within(a, b, codes, labels=labels, k=k),
        within_chance=chance,
        within_floor=np.mean(floors, axis=0) if floors else None,
        counts=np.bincount(codes[codes >= 0], minlength=len(labels.names)),
    )
    pairs = label_pair_changes(
        *_parts(run, pair, common, codes=codes, cells=cells),
        names=labels.names,
        replicates=[
            _parts(
                run,
                replicate_pair,
                shared,
                codes=labels.codes[shared.items],
                cells=cells_of(run, replicate_pair[0])[shared.rows_a],
            )
            for replicate_pair, shared in replicate_pairs
        ],
        runs_of=whose,
    )
    return LabelFindings(
        reports,
        pairs,
        _purity_change(run, measured, (a, b), codes=codes),
        flip_scores(a.correct, b.correct, asked, cells=asked_cells),
        _flip_floors(run, measured, replicates, labels=labels),
        quality(a.correct, b.correct, asked, names=labels.names, cells=asked_cells),
    )


def _purity_change(
    run: Run, measured: Measured, sides: tuple[LabelSide, LabelSide], *, codes: IntArray
) -> FloatArray:
    """Return the change of every item, by nearly all of the neighbours of those not asked."""
    exact = (sides[1].purity - sides[0].purity).astype(np.float32)
    if len(exact) == len(codes):
        return exact
    before, after = (near_purity(run, name, rows=rows, codes=codes) for name, rows in measured.rows)
    return np.concatenate([exact, (after - before)[len(exact) :]]).astype(np.float32)


def near_purity(run: Run, name: str, *, rows: IntArray, codes: IntArray) -> FloatArray:
    """Return the label purity of every one of very many items, by nearly all of its neighbours."""
    graph = near_of(run, name, rows=rows)
    return knn_label_purity(graph, codes, k=ks_of(graph, upto=PURITY_NEIGHBORS))


def _flip_floors(
    run: Run, measured: Measured, replicates: Sequence[Measured], *, labels: Labels
) -> Floors:
    """Ask runs of the recipe how many items they flip among themselves."""
    runs = runs_held(
        measured.pair,
        measured.common,
        [(one.pair, one.common) for one in replicates],
        replicates=run.space_set.replicates,
    )
    if runs is None:
        return {}
    codes = labels.codes[runs.items]
    votes = [
        label_side(run, name, rows=rows, codes=codes).correct
        for name, rows in zip(runs.names, runs.rows, strict=True)
    ]
    return flip_floors(votes, codes, rows=np.arange(len(votes[0])))


def _shared(
    run: Run, name: str, others: Sequence[str], common: Common
) -> list[tuple[tuple[str, str], Common]]:
    """Match a space with each other run of its recipe, among the items of a pair."""
    found = []
    for other in others:
        shared = among(common_items(run.space_set, name, other), common.items)
        if shared is not None:
            found.append(((name, other), shared))
    return found


def _runs(
    run: Run,
    own: LabelSide,
    replicate_pairs: Sequence[tuple[tuple[str, str], Common]],
    *,
    codes: IntArray,
    labels: Labels,
) -> FloatArray | None:
    """Return the mean purity of each label in each run of a recipe; None of a single run.

    A run that lacks items is set off from what its recipe's space says of the same items.
    """
    if not replicate_pairs:
        return None
    n_labels = len(labels.names)
    means = [label_means(own.purity, codes, n_labels=n_labels)]
    for replicate_pair, shared in replicate_pairs:
        known = labels.codes[shared.items]
        space, other = (
            label_means(side.purity, known[: len(side.purity)], n_labels=n_labels)
            for side in _sides(run, replicate_pair, shared, codes=known)
        )
        means.append(np.clip(means[0] + (other - space), 0.0, 1.0))
    return np.array(means)


def of_identical(found: LabelFindings) -> LabelFindings:
    """Take back every claim: between identical spaces nothing but ties can have changed a label.

    Parameters
    ----------
    found : LabelFindings

    Returns
    -------
    LabelFindings
        With the same figures.
    """
    labels: list[LabelReport] = [
        {**one, "verdict": "same", "p": 1.0} if "p" in one else {**one} for one in found.labels
    ]
    for label in labels:
        label.pop("note", None)
    pairs: list[LabelPairReport] = [
        {**one, "verdict": "same", "p": 1.0} for one in found.pairs.reports
    ]
    return replace(found, labels=labels, pairs=replace(found.pairs, reports=pairs))


def compare_labels_only(run: Run, pair: tuple[str, str], *, labels: Labels) -> list[LabelReport]:
    """Compare the labels of two spaces that have no items in common.

    Parameters
    ----------
    run : Run
    pair : (str, str)
    labels : Labels

    Returns
    -------
    list of LabelReport
    """
    sides, cells = [], []
    for name in pair:
        codes = labels.codes[run.space_set.rows[name]]
        purity = label_side(run, name, rows=None, codes=codes).purity
        sides.append((purity, codes[: len(purity)]))
        cells.append(cells_of(run, name)[: len(purity)])
    return label_only_changes(*sides, names=labels.names, cells_a=cells[0], cells_b=cells[1])


def label_side(
    run: Run,
    name: str,
    *,
    rows: IntArray | None,
    codes: IntArray,
) -> LabelSide:
    """Return what one space says of labels, over some of its rows or all.

    Parameters
    ----------
    run : Run
    name : str
    rows : array of shape (n_items,), or None
    codes : array of shape (n_items,)

    Returns
    -------
    LabelSide
    """
    stages = run.spaces[name]
    rows = np.arange(stages.n_items) if rows is None else rows

    def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"labels in {name}", 0, 1)
        side = side_of(run, name, rows=rows)
        votes = label_votes(side, codes)
        k_within = min(NEAR_NEIGHBORS, max(1, len(rows) - 1))
        within = neighbors_within(
            side.vectors,
            codes,
            k=k_within,
            metric=side.metric,
            graph=side.graph,
            first=len(side.graph.indices),
            seed=run.seed,
        )
        return {
            "purity": votes.purity,
            "wide_purity": votes.wide_purity,
            "correct": votes.correct,
            "within": within.indices,
        }, {}

    inputs = (stages.exact_key, rows, codes, run.seed, PURITY_NEIGHBORS, WIDE_NEIGHBORS, VOTERS)
    arrays = run.stage("labels", inputs, look).arrays
    lists = arrays["within"]
    among = None if len(lists) == len(codes) else len(codes)
    within = NeighborGraph(lists, np.zeros_like(lists, dtype=np.float32), "cosine", among=among)
    return LabelSide(arrays["purity"], arrays["wide_purity"], arrays["correct"], within)


def _sides(
    run: Run,
    pair: tuple[str, str],
    common: Common,
    *,
    codes: IntArray,
) -> tuple[LabelSide, LabelSide]:
    a, b = pair
    return (
        label_side(run, a, rows=common.rows_a, codes=codes),
        label_side(run, b, rows=common.rows_b, codes=codes),
    )


def _parts(
    run: Run,
    pair: tuple[str, str],
    common: Common,
    *,
    codes: IntArray,
    cells: IntArray,
) -> tuple[LabelParts, LabelParts]:
    def part(name: str, rows: IntArray) -> LabelParts:
        def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
            side = side_of(run, name, rows=rows)
            k, voters = (ks_of(side.graph, upto=most) for most in (WIDE_NEIGHBORS, VOTERS))
            found = label_parts(side.vectors, side.graph, codes, cells=cells, k=k, voters=voters)
            return {one.name: getattr(found, one.name) for one in fields(found)}, {}

        key = run.spaces[name].exact_key
        stage = run.stage("label-pairs", (key, rows, codes, cells, WIDE_NEIGHBORS, VOTERS), look)
        return LabelParts(**stage.arrays)

    return part(pair[0], common.rows_a), part(pair[1], common.rows_b)


def _within(a: LabelSide, b: LabelSide, codes: IntArray, *, labels: Labels, k: int) -> FloatArray:
    """Return the mean within-label overlap of each label, NaN where there is none."""
    overlap = decimals(within_label_overlap(a.within, b.within, codes, k=k))
    codes = codes[: len(overlap)]
    known = np.isfinite(overlap) & (codes >= 0)
    n_labels = len(labels.names)
    counts = np.bincount(codes[known], minlength=n_labels)
    sums = np.bincount(codes[known], weights=overlap[known], minlength=n_labels)
    means: FloatArray = np.full(n_labels, np.nan)
    return np.divide(sums, counts, out=means, where=counts > 0)
