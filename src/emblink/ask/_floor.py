"""How much of the selected items' neighbourhoods noise alone would leave."""

from __future__ import annotations

import numpy as np

from emblink.ask._pair import Question, Side, lists_at, sample, take
from emblink.decimals import decimals
from emblink.measures import neighborhood_overlap, quantize_int8
from emblink.neighbors import nearest_neighbors
from emblink.types import FloatArray, FloorKind, IntArray

_QUERIES = 500


def floor_of(question: Question, *, k: int) -> tuple[float, FloorKind]:
    """Return the mean overlap of a selection between runs of one recipe, or after rounding to int8.

    The mean of both spaces' floors; the numerical one, the lower of both, only where neither space
    was run again.

    Parameters
    ----------
    question : Question
    k : int

    Returns
    -------
    value : float
    kind : {"replicate", "numerical"}
    """
    pair = question.pair
    queries = sample(question.queries, most=_QUERIES, seed=question.seed)
    reruns = [found for side in (pair.a, pair.b) for found in _reruns(side, queries, k=k)]
    if reruns:
        return float(np.mean(reruns)), "replicate"
    return min(_numerical(side, queries, k=k) for side in (pair.a, pair.b)), "numerical"


def _reruns(side: Side, queries: IntArray, *, k: int) -> list[float]:
    """Return the mean over the runs of one space, as a list: empty where there is none."""
    found = []
    for rerun in side.reruns:
        pool = np.flatnonzero(rerun.rows >= 0)
        asked = np.flatnonzero(np.isin(pool, queries))
        if not len(asked) or k > len(pool) - 1:
            continue
        again = nearest_neighbors(
            take(rerun.vectors, rerun.rows[pool]), k=k, metric=rerun.metric, queries=asked
        )
        first = (
            lists_at(side.graph, queries)
            if len(pool) == len(side.rows)
            else nearest_neighbors(
                take(side.vectors, side.rows[pool]), k=k, metric=side.graph.metric, queries=asked
            )
        )
        found.append(_mean(neighborhood_overlap(first, again, k=k)))
    return [float(np.mean(found))] if found else []


def _numerical(side: Side, queries: IntArray, *, k: int) -> float:
    metric = side.graph.metric
    rounded = nearest_neighbors(
        quantize_int8(take(side.vectors, side.rows), metric=metric),
        k=k,
        metric=metric,
        queries=queries,
    )
    return _mean(neighborhood_overlap(lists_at(side.graph, queries), rounded, k=k))


def _mean(values: FloatArray) -> float:
    return float(np.mean(decimals(values)))
