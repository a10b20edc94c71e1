"""The measures that can be asked of a selection, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from emblink.ask._chance import hub_chance_at, hub_chance_of_sample, shuffled
from emblink.ask._floor import floor_of
from emblink.ask._pair import Question, Side, lists_at, sample, sensible_k
from emblink.decimals import decimals
from emblink.measures import (
    NoiseFloor,
    chance_overlap,
    chance_rank_biased_overlap,
    linear_cka,
    neighborhood_overlap,
    procrustes_similarity,
    rank_biased_overlap,
    rbf_cka,
    rsa_influence,
    score,
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
    values = neighborhood_overlap(lists_at(a, rows), lists_at(b, rows), k=k)
    floor, kind = floor_of(question, k=k)
    return score(
        _mean(values),
        n=len(values),
        k=k,
        chance=chance_overlap(len(a.indices), k=k),
        hub_chance=hub_chance_at(a, b, rows=rows, k=k),
        interval=_interval(question, values),
        floor=NoiseFloor(floor, 0.0, kind),
    )


def rank_biased_overlap_in_pool(question: Question) -> Score:
    """The same with the nearest neighbours counting most."""
    a, b, rows = question.pair.a.graph, question.pair.b.graph, question.queries
    depth = min(sensible_k(a.indices.shape[1], len(a.indices)), a.indices.shape[1])
    values = rank_biased_overlap(lists_at(a, rows), lists_at(b, rows), depth=depth)
    return score(
        _mean(values),
        n=len(values),
        k=depth,
        chance=chance_rank_biased_overlap(len(a.indices), depth=depth),
        interval=_interval(question, values),
    )


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
    values = neighborhood_overlap(a, b, k=k)
    return score(
        _mean(values),
        n=len(values),
        k=k,
        chance=chance_overlap(len(selected), k=k),
        hub_chance=hub_chance_of_sample(a, b, overlap=values, n_items=len(selected), k=k),
        interval=_interval(question, values),
    )


def _mean(values: FloatArray) -> float:
    return float(decimals(values).mean())


def _interval(question: Question, values: FloatArray) -> list[float]:
    """Return the 95 % interval of a mean over the queries, which change together in cells."""
    value = _mean(values)
    reach = _Z95 * standard_error(decimals(values), question.pair.a.cells[question.queries])
    return [max(0.0, value - reach), min(1.0, value + reach)]


def _of_vectors(
    question: Question,
    *,
    measure: Callable[[FloatArray, FloatArray], float],
    chance: float | None = None,
) -> Score:
    """Take a measure of the selected vectors alone; its chance from shuffled rows unless known."""
    x, y, n = _vectors(question)
    value = measure(x, y)
    expected = shuffled(measure, x, y, seed=question.seed) if chance is None else chance
    return score(value, n=n, chance=expected)


def _vectors(question: Question) -> tuple[FloatArray, FloatArray, int]:
    """Return the selected vectors of both spaces, or those of a sample, and how many there are."""
    rows = sample(question.selected, most=MOST_ROWS, seed=question.seed)
    x, y = (side.vectors[side.rows[rows]] for side in (question.pair.a, question.pair.b))
    return x, y, len(rows)


def _rbf(x: FloatArray, y: FloatArray) -> float:
    return rbf_cka(x, y).value


def _rsa(question: Question) -> Score:
    metrics = (question.pair.a.graph.metric, question.pair.b.graph.metric)
    x, y, _ = _vectors(question)
    found = rsa_influence(x, y, metric=metrics, seed=question.seed)
    return score(found.value, n=len(found.items), chance=0.0)


MEASURES: dict[str, Callable[[Question], Score]] = {
    "neighborhood_overlap": overlap_in_pool,
    "inner_overlap": overlap_inside,
    "linear_cka": partial(_of_vectors, measure=linear_cka, chance=0.0),
    "procrustes_similarity": partial(_of_vectors, measure=procrustes_similarity),
    "rank_biased_overlap": rank_biased_overlap_in_pool,
    "rbf_cka": partial(_of_vectors, measure=_rbf, chance=0.0),
    "rsa": _rsa,
}
"""What a measure is called, and how it is taken; the order is that of an answer."""

HEADLINE = ("neighborhood_overlap", "inner_overlap", "linear_cka", "procrustes_similarity")
"""The measures that are taken when none is named."""
