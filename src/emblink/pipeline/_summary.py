"""What the report says of the spaces: one by one, and as points of a plane."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from emblink.bundle.schema import NumberField, ProjectionInfo, SpaceInfo
from emblink.decimals import decimals
from emblink.matched import sensible_k
from emblink.measures import space_map
from emblink.pipeline._common import Labels
from emblink.pipeline._labels import LabelSide, label_side, near_purity
from emblink.pipeline._run import Run, marked
from emblink.table import PURITY_NEIGHBORS
from emblink.types import (
    IntArray,
    PairReport,
    PictureReport,
    SpaceHealth,
    SpaceLabel,
    SpaceMap,
    SpaceReport,
    SpaceSet,
)
from emblink.wording import PURITY, health_warnings, purity_definition

MAPPED = "neighborhood_overlap"
FEWEST_MAPPED = 3


def space_reports(
    run: Run,
    labels: Labels | None,
    *,
    infos: Sequence[SpaceInfo],
) -> list[SpaceReport]:
    """Describe each space: what it holds, its health, its labels, and its pictures.

    Parameters
    ----------
    run : Run
    labels : Labels or None
    infos : sequence of SpaceInfo
        In the same order.

    Returns
    -------
    list of SpaceReport
        In order.
    """
    found = []
    for (name, space), info in zip(run.space_set.spaces.items(), infos, strict=True):
        health: SpaceHealth = run.spaces[name].health.facts["health"]
        report = SpaceReport(
            name=name,
            n_items=len(space.ids),
            n_dims=space.vectors.shape[1],
            dtype=space.vectors.dtype.name,
            metric=space.metric,
            source=space.source,
            matched_by=space.matched_by,
            coverage=len(space.ids) / len(run.space_set.ids),
            health=health,
            labels=[] if labels is None else _labels(run, name, labels=labels),
            pictures=[_picture(one, len(space.ids)) for one in info.projections],
            warnings=health_warnings(
                name,
                health,
                n_items=len(space.ids),
                n_dims=space.vectors.shape[1],
                metric=space.metric,
            ),
        )
        for other, replicates in run.space_set.replicates.items():
            if name in replicates:
                report["replicate_of"] = other
        found.append(report)
    return found


def _picture(info: ProjectionInfo, n_items: int) -> PictureReport:
    return PictureReport(
        method=info.method,
        k=info.trust_k or 0,
        trustworthiness=info.trustworthiness or 0.0,
        continuity=info.continuity or 0.0,
        preservation=info.preservation or 0.0,
        chance=(info.trust_k or 0) / (n_items - 1),
        false_neighbors=info.false_neighbors or 0.0,
        missing_neighbors=info.missing_neighbors or 0.0,
        n=info.trust_items or 0,
    )


def _labels(run: Run, name: str, *, labels: Labels) -> list[SpaceLabel]:
    side, codes = _whole(run, name, labels=labels)
    n_labels, n_labelled = len(labels.names), int((codes >= 0).sum())
    held = np.bincount(codes[codes >= 0], minlength=n_labels)
    codes = codes[: len(side.purity)]
    known = np.isfinite(side.purity) & (codes >= 0)
    judged = np.bincount(codes[known], minlength=n_labels)
    purity = np.bincount(codes[known], weights=decimals(side.purity[known]), minlength=n_labels)
    correct = np.bincount(codes[known], weights=side.correct[known], minlength=n_labels)
    return [
        SpaceLabel(
            label=labels.names[code],
            n=int(judged[code]),
            purity=float(purity[code] / judged[code]),
            accuracy=float(correct[code] / judged[code]),
            chance=float((held[code] - 1) / max(1, n_labelled - 1)),
        )
        for code in np.flatnonzero(judged)
    ]


def purity_field(run: Run, name: str, *, labels: Labels) -> NumberField:
    """Keep the label purity of every item's neighbourhood in one whole space.

    Parameters
    ----------
    run : Run
    name : str
    labels : Labels

    Returns
    -------
    NumberField
    """
    side, codes = _whole(run, name, labels=labels)
    stages, values = run.spaces[name], side.purity
    if len(values) < len(codes):
        rows = np.arange(len(codes))
        near = near_purity(run, name, rows=rows, codes=codes)
        values = np.concatenate([values, near[len(values) :]])
    stage = run.stage("purity", (values,), lambda: ({"knn_label_purity": values}, {}))
    column = f"{stages.over}/knn_label_purity"
    k = sensible_k(PURITY_NEIGHBORS, len(codes))
    return NumberField(
        name="knn_label_purity",
        title=PURITY,
        values=run.catalog.add(column, stage, "knn_label_purity", kind="values", over=stages.over),
        over=stages.over,
        **marked(
            run,
            [name],
            purity_definition(k),
            n_items=len(codes),
        ),
        range=[0.0, 1.0],
    )


def _whole(run: Run, name: str, *, labels: Labels) -> tuple[LabelSide, IntArray]:
    codes = labels.codes[run.space_set.rows[name]]
    return label_side(run, name, rows=None, codes=codes), codes


def spaces_map(space_set: SpaceSet, pairs: Sequence[PairReport]) -> SpaceMap | None:
    """Place the spaces in a plane by how far their neighbourhoods agree beyond chance.

    Parameters
    ----------
    space_set : SpaceSet
    pairs : sequence of PairReport

    Returns
    -------
    SpaceMap or None
        None for fewer than three spaces besides replicates, or where not every two of them were
        compared.
    """
    replicates = {name for others in space_set.replicates.values() for name in others}
    names = [name for name in space_set.spaces if name not in replicates]
    kappas = {
        frozenset((pair["a"], pair["b"])): pair["scores"][MAPPED]["kappa"]
        for pair in pairs
        if MAPPED in pair["scores"]
    }
    if len(names) < FEWEST_MAPPED or not {*map(frozenset, combinations(names, 2))} <= {*kappas}:
        return None
    similarity = np.eye(len(names))
    for (i, a), (j, b) in combinations(enumerate(names), 2):
        similarity[i, j] = similarity[j, i] = kappas[frozenset((a, b))]
    coords, kept = space_map(similarity)
    return SpaceMap(
        measure=MAPPED,
        coords={name: [float(x), float(y)] for name, (x, y) in zip(names, coords, strict=True)},
        kept=kept,
    )
