"""What two spaces do to the labels of their common items, and which of it is noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from emblink.decimals import decimals
from emblink.judge import LabelPairChanges, label_changes, label_only_changes, label_pair_changes
from emblink.matched import (
    Common,
    RawScores,
    flip_scores,
    ks_of,
    label_votes,
)
from emblink.measures import LabelParts, label_parts, within_label_chance, within_label_overlap
from emblink.neighbors import neighbors_within
from emblink.pipeline._common import Labels
from emblink.pipeline._held import side_of
from emblink.pipeline._measures import Measured
from emblink.pipeline._run import Run, SpaceStages, cells_of
from emblink.table import NEAR_NEIGHBORS, PURITY_NEIGHBORS, VOTERS, WIDE_NEIGHBORS
from emblink.types import (
    AnyArray,
    FloatArray,
    IntArray,
    LabelPairReport,
    LabelReport,
    NeighborGraph,
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
    """

    labels: list[LabelReport]
    pairs: LabelPairChanges
    purity_change: FloatArray
    scores: RawScores


def compare_labels(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    measured: Measured,
    *,
    replicates: Sequence[Measured],
    labels: Labels,
) -> LabelFindings:
    """Judge labels and pairs of labels of the common items of two spaces.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    measured : Measured
        Of the pair.
    replicates : sequence of Measured
        Spaces of the pair against their replicates.
    labels : Labels

    Returns
    -------
    LabelFindings
    """
    pair, common = measured.pair, measured.common
    codes = labels.codes[common.items]
    cells = cells_of(spaces[pair[0]])[common.rows_a]
    a, b = _sides(run, spaces, pair, common, codes=codes)
    k = min(NEAR_NEIGHBORS, a.within.indices.shape[1])
    again = [
        (one, _sides(run, spaces, one.pair, one.common, codes=labels.codes[one.common.items]))
        for one in replicates
    ]
    floors = [
        _within(*sides, labels.codes[one.common.items], labels=labels, k=k) for one, sides in again
    ]
    change = (b.purity - a.purity).astype(np.float32)
    chance = np.full(len(labels.names), np.nan)
    found = within_label_chance(codes, k=k)
    chance[: len(found)] = found
    reports = label_changes(
        a.purity,
        b.purity,
        overlap=measured.stage.arrays["neighborhood_overlap"],
        codes=codes,
        names=labels.names,
        cells=cells,
        replicate_deltas=[
            _spread(two.purity - first.purity, one.common.items, common.items)
            for one, (first, two) in again
        ],
        wide=(a.wide_purity, b.wide_purity),
        within_overlap=_within(a, b, codes, labels=labels, k=k),
        within_chance=chance,
        within_floor=np.mean(floors, axis=0) if floors else None,
    )
    pairs = label_pair_changes(
        *_parts(run, spaces, pair, common, codes=codes, cells=cells),
        names=labels.names,
        replicates=[
            _parts(
                run,
                spaces,
                one.pair,
                one.common,
                codes=labels.codes[one.common.items],
                cells=cells_of(spaces[one.pair[0]])[one.common.rows_a],
            )
            for one in replicates
        ],
    )
    return LabelFindings(
        reports, pairs, change, flip_scores(a.correct, b.correct, codes, cells=cells)
    )


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


def compare_labels_only(
    run: Run, spaces: Mapping[str, SpaceStages], pair: tuple[str, str], *, labels: Labels
) -> list[LabelReport]:
    """Compare the labels of two spaces that have no items in common.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    pair : (str, str)
    labels : Labels

    Returns
    -------
    list of LabelReport
    """
    sides, cells = [], []
    for name in pair:
        codes = labels.codes[run.space_set.rows[name]]
        sides.append((label_side(run, spaces, name, rows=None, codes=codes).purity, codes))
        cells.append(cells_of(spaces[name]))
    return label_only_changes(*sides, names=labels.names, cells_a=cells[0], cells_b=cells[1])


def label_side(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    name: str,
    *,
    rows: IntArray | None,
    codes: IntArray,
) -> LabelSide:
    """Return what one space says of labels, over some of its rows or all.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    name : str
    rows : array of shape (n_items,), or None
    codes : array of shape (n_items,)

    Returns
    -------
    LabelSide
    """
    stages = spaces[name]
    rows = np.arange(stages.n_items) if rows is None else rows

    def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"labels in {name}", 0, 1)
        side = side_of(run, spaces, name, rows=rows)
        votes = label_votes(side, codes)
        k_within = min(NEAR_NEIGHBORS, max(1, len(rows) - 1))
        within = neighbors_within(
            side.vectors, codes, k=k_within, metric=side.metric, graph=side.graph, seed=run.seed
        )
        return {
            "purity": votes.purity,
            "wide_purity": votes.wide_purity,
            "correct": votes.correct,
            "within": within.indices,
        }, {}

    inputs = (stages.graph.key, rows, codes, run.seed, PURITY_NEIGHBORS, WIDE_NEIGHBORS, VOTERS)
    arrays = run.stage("labels", inputs, look).arrays
    within = NeighborGraph(
        arrays["within"], np.zeros_like(arrays["within"], dtype=np.float32), "cosine"
    )
    return LabelSide(arrays["purity"], arrays["wide_purity"], arrays["correct"], within)


def _sides(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    pair: tuple[str, str],
    common: Common,
    *,
    codes: IntArray,
) -> tuple[LabelSide, LabelSide]:
    a, b = pair
    return (
        label_side(run, spaces, a, rows=common.rows_a, codes=codes),
        label_side(run, spaces, b, rows=common.rows_b, codes=codes),
    )


def _parts(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    pair: tuple[str, str],
    common: Common,
    *,
    codes: IntArray,
    cells: IntArray,
) -> tuple[LabelParts, LabelParts]:
    def part(name: str, rows: IntArray) -> LabelParts:
        def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
            side = side_of(run, spaces, name, rows=rows)
            k, voters = (ks_of(side.graph, upto=most) for most in (WIDE_NEIGHBORS, VOTERS))
            found = label_parts(side.vectors, side.graph, codes, cells=cells, k=k, voters=voters)
            return {one.name: getattr(found, one.name) for one in fields(found)}, {}

        key = spaces[name].graph.key
        stage = run.stage("label-pairs", (key, rows, codes, cells, WIDE_NEIGHBORS, VOTERS), look)
        return LabelParts(**stage.arrays)

    return part(pair[0], common.rows_a), part(pair[1], common.rows_b)


def _within(a: LabelSide, b: LabelSide, codes: IntArray, *, labels: Labels, k: int) -> FloatArray:
    """Return the mean within-label overlap of each label, NaN where there is none."""
    overlap = decimals(within_label_overlap(a.within, b.within, codes, k=k))
    known = np.isfinite(overlap) & (codes >= 0)
    n_labels = len(labels.names)
    counts = np.bincount(codes[known], minlength=n_labels)
    sums = np.bincount(codes[known], weights=overlap[known], minlength=n_labels)
    means: FloatArray = np.full(n_labels, np.nan)
    return np.divide(sums, counts, out=means, where=counts > 0)


def _spread(values: FloatArray, items: IntArray, onto: IntArray) -> FloatArray:
    """Bring values of some items to more of them, NaN for the others."""
    spread = np.full(len(onto), np.nan, dtype=np.float32)
    spread[np.searchsorted(onto, items)] = values
    return spread
