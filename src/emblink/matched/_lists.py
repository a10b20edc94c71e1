"""The scores of a pair that come from its neighbour lists, each beside its chance and interval."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.matched._scores import RawScores
from emblink.matched._sides import LinkedSide, Lists, ks_of, lists_at
from emblink.measures import (
    chance_jaccard,
    chance_overlap,
    chance_rank_biased_overlap,
    chance_second_order_similarity,
    hub_chance_at,
    jaccard_gain,
    jaccard_similarity,
    list_errors,
    neighborhood_overlap,
    overlap_gain,
    overlap_null,
    rank_biased_gain,
    rank_biased_overlap,
    second_order_similarity,
)
from emblink.stats import Error, block_bootstrap, interval_reach, standard_error
from emblink.table import HEADLINE, NEAR_NEIGHBORS, WIDE_NEIGHBORS
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph


class Depths(NamedTuple):
    """Neighbours compared: the nearest, and those around."""

    near: int
    wide: int


class ListMeasure(NamedTuple):
    """A measure of two neighbour lists: its depth, its chance, and whether hubs count.

    ``gain`` says what each depth adds to it, where that is a matter of the lists alone.
    """

    wide: bool
    per_item: Callable[[Lists, Lists, int], FloatArray]
    chance: Callable[[Lists, Lists, int], float]
    hubs: bool = False
    gain: Callable[[NDArray[np.int64]], NDArray[np.float64]] | None = None


def _overlap(a: Lists, b: Lists, k: int) -> FloatArray:
    return neighborhood_overlap(a.graph, b.graph, k=k)


def _chance_overlap(a: Lists, b: Lists, k: int) -> float:
    return chance_overlap(len(a.vectors), k=k)


class _Nearest(TypedDict):
    rows: IntArray
    lists: tuple[IntArray, IntArray]
    metrics: tuple[Metric, Metric]


def _nearest(a: Lists, b: Lists, k: int) -> _Nearest:
    return {
        "rows": a.rows,
        "lists": (a.graph.indices[:, :k], b.graph.indices[:, :k]),
        "metrics": (a.graph.metric, b.graph.metric),
    }


LIST_MEASURES: Mapping[str, ListMeasure] = {
    HEADLINE: ListMeasure(False, _overlap, _chance_overlap, hubs=True, gain=overlap_gain),
    "neighborhood_overlap_50": ListMeasure(
        True, _overlap, _chance_overlap, hubs=True, gain=overlap_gain
    ),
    "rank_biased_overlap": ListMeasure(
        True,
        lambda a, b, depth: rank_biased_overlap(a.graph, b.graph, depth=depth),
        lambda a, b, depth: chance_rank_biased_overlap(len(a.vectors), depth=depth),
        gain=rank_biased_gain,
    ),
    "jaccard_similarity": ListMeasure(
        False,
        lambda a, b, k: jaccard_similarity(a.graph, b.graph, k=k),
        lambda a, b, k: chance_jaccard(len(a.vectors), k=k),
        gain=jaccard_gain,
    ),
    "second_order_similarity": ListMeasure(
        False,
        lambda a, b, k: second_order_similarity(a.vectors, b.vectors, **_nearest(a, b, k)),
        lambda a, b, k: chance_second_order_similarity(a.vectors, b.vectors, **_nearest(a, b, k)),
    ),
}
"""By name, in the order they are reported."""


def depths_of(graph: NeighborGraph, *, k: int = NEAR_NEIGHBORS) -> Depths:
    """Return how many neighbours of a graph are compared where ``k`` are asked for.

    Parameters
    ----------
    graph : NeighborGraph
    k : int

    Returns
    -------
    Depths
    """
    return Depths(ks_of(graph, upto=k), ks_of(graph, upto=WIDE_NEIGHBORS))


def list_columns(
    a: Lists,
    b: Lists,
    *,
    depths: Depths,
    names: Collection[str] = LIST_MEASURES.keys(),
) -> dict[str, FloatArray]:
    """Compare the neighbour lists of each item.

    Parameters
    ----------
    a, b : Lists
        Of the same items.
    depths : Depths
    names : collection of str
        Of the measures; others are left out.

    Returns
    -------
    dict of name to array of shape (n_lists,)
    """
    return {
        name: one.per_item(a, b, depths.wide if one.wide else depths.near)
        for name, one in LIST_MEASURES.items()
        if name in names
    }


def list_scores(
    a: LinkedSide,
    b: LinkedSide,
    columns: Mapping[str, FloatArray],
    *,
    rows: IntArray,
    depths: Depths,
    seed: int,
) -> RawScores:
    """Return the scores that are means of per-item measures, over all common items or some.

    Parameters
    ----------
    a, b : LinkedSide
        Over all common items, among which neighbours are sought.
    columns : mapping of name to array of shape (n_rows,)
        What :func:`list_columns` gave for the lists of these items.
    rows : array of shape (n_rows,)
        The items that the scores are of.
    depths : Depths
    seed : int

    Returns
    -------
    RawScores
    """
    scores, cells = RawScores(len(rows)), a.cells[rows]
    near = [lists_at(side, rows) for side in (a, b)]
    errors = _errors(near[0], near[1], columns.keys(), depths=depths)
    for name, one in LIST_MEASURES.items():
        if name not in columns:
            continue
        values = decimals(columns[name])
        k = depths.wide if one.wide else depths.near
        null = (
            overlap_null(a.graph, b.graph, k=k, rows=rows, seed=seed) if name == HEADLINE else None
        )
        value = float(values.mean(dtype=np.float64))
        error, interval = _error_and_interval(value, errors.get(name), values, cells, seed=seed)
        scores.add(
            name,
            value,
            error=error,
            interval=interval,
            k=k,
            chance=one.chance(near[0], near[1], k),
            hub_chance=hub_chance_at(a.graph, b.graph, rows=rows, k=k) if one.hubs else None,
            p_chance=null.p if null else None,
            n_chance=null.n_items if null else None,
        )
    return scores


def _error_and_interval(
    value: float, known: Error | None, values: FloatArray, cells: IntArray, *, seed: int
) -> tuple[float, list[float]]:
    if known is None or not np.isfinite(known.value):
        return standard_error(values, cells), block_bootstrap(values, cells, seed=seed).tolist()
    reach = interval_reach(known)
    return known.value, [value - reach, value + reach]


def _errors(a: Lists, b: Lists, names: Collection[str], *, depths: Depths) -> dict[str, Error]:
    found: dict[str, Error] = {}
    for wide, k in ((False, depths.near), (True, depths.wide)):
        gains = {
            name: one.gain
            for name, one in LIST_MEASURES.items()
            if name in names and one.wide == wide and one.gain
        }
        if gains:
            found |= list_errors(
                a.graph, b.graph, k=k, rows=a.rows, n_items=len(a.vectors), gains=gains
            )
    return found
