"""The measures that can be asked of a selection, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from emblink.ask._chance import hub_chance_at, hub_chance_of_sample, shuffled
from emblink.ask._floor import floor_of
from emblink.ask._pair import Question, Side, lists_at, sample, sensible_k
from emblink.measures import (
    chance_overlap,
    kappa,
    linear_cka,
    neighborhood_overlap,
    procrustes_similarity,
    standard_error,
)
from emblink.neighbors import nearest_neighbors
from emblink.types import FloatArray, NeighborGraph, Score

MOST_ROWS = 10_000
"""Items on which measures of vectors are taken at most."""

_Z95 = 1.96


def overlap_in_pool(question: Question) -> Score:
    """Overlap at the selected items, their neighbours sought among all common items."""
    a, b, rows = question.pair.a.graph, question.pair.b.graph, question.queries
    k = sensible_k(question.k, len(a.indices))
    score = _overlap(
        neighborhood_overlap(lists_at(a, rows), lists_at(b, rows), k=k),
        n_pool=len(a.indices),
        k=k,
        hub_chance=hub_chance_at(a, b, rows=rows, k=k),
    )
    score["noise_floor"], score["floor_kind"] = floor_of(question, k=k)
    return score


def overlap_inside(question: Question) -> Score:
    """Overlap at the selected items, their neighbours sought among the selected items alone."""
    selected, queries = question.selected, question.queries
    k = sensible_k(question.k, len(selected))
    asked = np.searchsorted(selected, queries)

    def lists(side: Side) -> NeighborGraph:
        if len(selected) == len(side.rows):
            return lists_at(side.graph, queries)
        vectors = side.vectors[side.rows[selected]]
        return nearest_neighbors(vectors, k=k, metric=side.graph.metric, queries=asked)

    a, b = lists(question.pair.a), lists(question.pair.b)
    overlap = neighborhood_overlap(a, b, k=k)
    hub_chance = hub_chance_of_sample(a, b, overlap=overlap, n_items=len(selected), k=k)
    return _overlap(overlap, n_pool=len(selected), k=k, hub_chance=hub_chance)


def _overlap(values: FloatArray, *, n_pool: int, k: int, hub_chance: float) -> Score:
    value = float(values.mean(dtype=np.float64))
    reach = _Z95 * standard_error(values)
    return Score(
        value=value,
        n=len(values),
        k=k,
        chance=chance_overlap(n_pool, k=k),
        hub_chance=hub_chance,
        kappa=kappa(value, hub_chance),
        interval=[max(0.0, value - reach), min(1.0, value + reach)],
    )


def _of_vectors(
    question: Question,
    *,
    measure: Callable[[FloatArray, FloatArray], float],
    chance: float | None = None,
) -> Score:
    """Take a measure of the selected vectors alone; its chance from shuffled rows unless known."""
    rows = sample(question.selected, most=MOST_ROWS, seed=question.seed)
    x, y = (side.vectors[side.rows[rows]] for side in (question.pair.a, question.pair.b))
    value = measure(x, y)
    expected = shuffled(measure, x, y, seed=question.seed) if chance is None else chance
    return Score(value=value, n=len(rows), chance=expected)


MEASURES: dict[str, Callable[[Question], Score]] = {
    "neighborhood_overlap": overlap_in_pool,
    "inner_overlap": overlap_inside,
    "linear_cka": partial(_of_vectors, measure=linear_cka, chance=0.0),
    "procrustes_similarity": partial(_of_vectors, measure=procrustes_similarity),
}
"""What a measure is called, and how it is taken; the order is that of an answer."""
