"""One pair of spaces, compared on their common items."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from emblink.bundle import part
from emblink.bundle.schema import NumberField, PairInfo
from emblink.errors import VectorError
from emblink.measures import (
    RowAlignment,
    at_chance,
    hub_chance_overlap,
    knn_label_purity,
    label_changes,
    linear_cka,
    neighborhood_overlap,
    noise_floor,
    overlap_score,
    pair_sentence,
    pair_verdict,
    pair_warnings,
    procrustes_similarity,
    row_alignment,
)
from emblink.neighbors import restrict
from emblink.pipeline._common import Common, Labels, common_items, sensible_k, take
from emblink.pipeline._run import Run, SpaceStages, graph_of
from emblink.types import (
    AnyArray,
    FloatArray,
    LabelReport,
    MatchedBy,
    PairReport,
    PairVerdict,
    Score,
)

OVERLAP_NEIGHBORS = 10
PURITY_NEIGHBORS = 20


def compare_pair(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    pair: tuple[str, str],
    *,
    floors: Mapping[str, FloatArray],
    labels: Labels | None,
) -> tuple[PairInfo, PairReport]:
    """Compare two spaces on their common items and keep the result.

    Every number is computed on the common items alone: the spaces are restricted to them before
    neighbours are counted.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    pair : (str, str)
    floors : mapping of name to array
        :func:`numerical_floor` of both spaces.
    labels : Labels or None

    Returns
    -------
    info : PairInfo
    report : PairReport
    """
    a, b = pair
    common = common_items(run.space_set, a, b)
    over = f"pair/{part(a)}|{part(b)}"
    order = run.catalog.add_domain(over, common.items, run.places)
    noise = [floors[name] for name in pair]
    inputs = (
        [a, b],
        [[one.graph.key, one.vectors.key] for one in (spaces[a], spaces[b])],
        common.rows_a,
        common.rows_b,
        order,
        *noise,
        *((labels.names, labels.codes[common.items]) if labels else ()),
        [run.space_set.spaces[name].matched_by for name in (a, b)],
        [OVERLAP_NEIGHBORS, PURITY_NEIGHBORS, run.seed],
    )

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"comparing {a} → {b}", 0, 1)
        try:
            columns, report = _measure(run, spaces, pair, common, floors=noise, labels=labels)
        except VectorError as error:
            raise VectorError(f"comparing x={a!r} with y={b!r}: {error}") from error
        run.report_step(f"comparing {a} → {b}", 1, 1)
        return {name: values[order] for name, values in columns.items()}, {"report": report}

    stage = run.stage("pair", inputs, compute)
    fields = [
        NumberField(
            name=name,
            title=title,
            values=run.catalog.add(f"{over}/{name}", stage, name, kind="values", over=over),
            over=over,
            definition=definition,
            range=[low, high],
        )
        for name, (title, definition, low, high) in item_measures(len(common.items)).items()
        if name in stage.arrays
    ]
    return PairInfo(a=a, b=b, over=over, fields=fields), stage.facts["report"]


def item_measures(n_common: int) -> dict[str, tuple[str, str, float, float]]:
    """Return the title, definition and range of each measure of a pair's ``n_common`` items."""
    k, k_purity = (sensible_k(most, n_common) for most in (OVERLAP_NEIGHBORS, PURITY_NEIGHBORS))
    return {
        "neighborhood_overlap": (
            "Neighbourhood overlap",
            f"Share of the item's {k} nearest neighbours in A that are also among its {k} "
            "nearest in B, among the items common to both.",
            0.0,
            1.0,
        ),
        "purity_change": (
            "Change of label purity",
            f"Share of the item's {k_purity} nearest neighbours that carry its own label: in "
            "B less in A.",
            -1.0,
            1.0,
        ),
    }


def _measure(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    pair: tuple[str, str],
    common: Common,
    *,
    floors: list[FloatArray],
    labels: Labels | None,
) -> tuple[dict[str, FloatArray], PairReport]:
    a, b = pair
    all_a, all_b = (spaces[name].vectors.arrays["vectors"] for name in pair)
    vectors_a, vectors_b = take(all_a, common.rows_a), take(all_b, common.rows_b)
    n_common = len(common.items)
    k_most = min(PURITY_NEIGHBORS, n_common - 1)
    graph_a = restrict(graph_of(run, a, spaces[a]), all_a, common.rows_a, k=k_most)
    graph_b = restrict(graph_of(run, b, spaces[b]), all_b, common.rows_b, k=k_most)
    k = sensible_k(OVERLAP_NEIGHBORS, n_common)
    overlap = neighborhood_overlap(graph_a, graph_b, k=k)
    hub_chance = hub_chance_overlap(graph_a, graph_b, k=k)
    floor = min((noise_floor(one) for one in floors), key=lambda one: one.value)
    columns: dict[str, FloatArray] = {"neighborhood_overlap": overlap}
    shape = procrustes_similarity(vectors_a, vectors_b)
    scores = {
        "neighborhood_overlap": overlap_score(overlap, k=k, hub_chance=hub_chance, floor=floor),
        "linear_cka": Score(value=linear_cka(vectors_a, vectors_b), n=n_common, chance=0.0),
        "procrustes_similarity": Score(value=shape, n=n_common),
    }
    found: list[LabelReport] = []
    if labels is not None:
        codes = labels.codes[common.items]
        k_purity = sensible_k(PURITY_NEIGHBORS, n_common)
        purity = [knn_label_purity(graph, codes, k=k_purity) for graph in (graph_a, graph_b)]
        columns["purity_change"] = (purity[1] - purity[0]).astype(np.float32)
        found = label_changes(*purity, overlap=overlap, codes=codes, names=labels.names)
    alignment = None
    if at_chance(overlap, hub_chance=hub_chance, k=k):
        run.report_step(f"looking for shuffled rows in {a} → {b}", 0, 1)
        alignment = row_alignment(graph_a, graph_b, seed=run.seed)
    verdict = pair_verdict(
        overlap, hub_chance=hub_chance, k=k, floor=floor, shape=shape, alignment=alignment
    )
    return columns, _report(run, pair, scores, verdict=verdict, alignment=alignment, labels=found)


def _report(
    run: Run,
    pair: tuple[str, str],
    scores: dict[str, Score],
    *,
    verdict: PairVerdict,
    alignment: RowAlignment | None,
    labels: list[LabelReport],
) -> PairReport:
    a, b = (run.space_set.spaces[name] for name in pair)
    score = scores["neighborhood_overlap"]
    n_common = score["n"]
    coverage = n_common / (len(a.ids) + len(b.ids) - n_common)
    matched_by: MatchedBy = "row" if "row" in (a.matched_by, b.matched_by) else "id"
    return PairReport(
        a=a.name,
        b=b.name,
        n_common=n_common,
        only_a=len(a.ids) - n_common,
        only_b=len(b.ids) - n_common,
        coverage=coverage,
        scores=scores,
        verdict=verdict,
        sentence=pair_sentence(verdict, score=score, matched_by=matched_by, alignment=alignment),
        labels=labels,
        label_pairs=[],
        groups=[],
        warnings=pair_warnings(verdict, score=score, coverage=coverage, matched_by=matched_by),
    )


def purity_field(run: Run, name: str, stages: SpaceStages, labels: Labels) -> NumberField:
    """Keep the label purity of every item's neighbourhood in one whole space.

    Parameters
    ----------
    run : Run
    name : str
    stages : SpaceStages
    labels : Labels

    Returns
    -------
    NumberField
    """
    codes = labels.codes[run.space_set.rows[name]]
    k = sensible_k(PURITY_NEIGHBORS, len(codes))

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        purity = knn_label_purity(graph_of(run, name, stages, k=k), codes, k=k)
        return {"knn_label_purity": purity[stages.order]}, {}

    stage = run.stage("purity", (stages.graph.key, codes, k), compute)
    column = f"{stages.over}/knn_label_purity"
    return NumberField(
        name="knn_label_purity",
        title="Label purity of the neighbourhood",
        values=run.catalog.add(column, stage, "knn_label_purity", kind="values", over=stages.over),
        over=stages.over,
        definition=f"Share of the item's {k} nearest neighbours that carry its own label.",
        range=[0.0, 1.0],
    )
