"""What a comparison measures of the runs of a family, and what it claims of one more run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from _judgement.families import Codes, Numbers, World
from emblink.judge import (
    RunEvidence,
    label_changes,
    label_means,
    label_pair_changes,
    run_evidence,
)
from emblink.matched import sampled
from emblink.measures import (
    LabelParts,
    k_means_cells,
    knn_label_purity,
    label_parts,
    neighborhood_overlap,
)
from emblink.neighbors import nearest_neighbors
from emblink.rows import as_measured
from emblink.types import FloatArray

LEVEL = 0.05
K = 50


@dataclass(frozen=True, eq=False)
class Labelled:
    """Labels in every space of a world: purity of each item, and the tables of label pairs."""

    codes: Codes
    names: list[str]
    purity: list[FloatArray]
    means: Numbers
    parts: list[LabelParts]

    @classmethod
    def of(cls, world: World) -> Labelled:
        names, codes = np.unique(world.codes, return_inverse=True)
        spaces = [as_measured(one, metric=world.metric) for one in everything(world)]
        graphs = [nearest_neighbors(one, k=K, metric=world.metric) for one in spaces]
        cells = k_means_cells(spaces[0])
        purity = [knn_label_purity(graph, codes) for graph in graphs]
        means = [label_means(one, codes, n_labels=len(names)) for one in purity]
        parts = [
            label_parts(space, graph, codes, cells=cells, k=K)
            for space, graph in zip(spaces, graphs, strict=True)
        ]
        return cls(codes, [str(one) for one in names], purity, np.array(means), parts)

    def labels_claimed(self, runs: Sequence[int], other: int) -> set[str]:
        """Return the labels said to have changed from the first of some runs to another space."""
        a, b = self.purity[runs[0]], self.purity[other]
        found = label_changes(
            a,
            b,
            overlap=np.ones_like(a),
            codes=self.codes,
            names=self.names,
            runs=self.means[list(runs)],
        )
        return {one["label"] for one in found if one["verdict"] in ("better", "worse")}

    def pairs_claimed(self, runs: Sequence[int], other: int) -> list[frozenset[str]]:
        """Return the pairs of labels said to have changed, the surest first."""
        first = self.parts[runs[0]]
        found = label_pair_changes(
            first,
            self.parts[other],
            names=self.names,
            replicates=[(first, self.parts[run]) for run in runs[1:]],
        )
        return [
            frozenset((one["first"], one["second"]))
            for one in found.reports
            if one["verdict"] != "same"
        ]


def everything(world: World) -> list[FloatArray]:
    """Return the runs of a world, and after them the spaces that are no runs."""
    return [*world.runs, *world.changed.values()]


def overlaps(world: World) -> Numbers:
    """Return the mean overlap of every two spaces, at the items that a comparison asks."""
    spaces = everything(world)
    chosen = sampled(len(spaces[0]), seed=0)
    lists = [
        nearest_neighbors(
            as_measured(one[chosen.items], metric=world.metric),
            k=chosen.k,
            metric=world.metric,
            queries=chosen.asked,
        )
        for one in spaces
    ]
    found = np.eye(len(lists))
    for i, a in enumerate(lists):
        for j, b in enumerate(lists[:i]):
            kept = neighborhood_overlap(a, b, k=chosen.k)
            found[i, j] = found[j, i] = kept.mean(dtype=np.float64)
    return found


def evidence(found: Numbers, runs: Sequence[int], other: int) -> RunEvidence:
    """Judge a space by some runs, of the overlaps of all."""
    own = list(runs)
    return run_evidence(found[np.ix_(own, own)], found[other, own])
