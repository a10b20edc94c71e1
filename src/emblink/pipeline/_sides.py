"""What each of two spaces brings to a comparison: its common items, alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emblink.neighbors import restrict
from emblink.pipeline._common import sensible_k, take
from emblink.pipeline._run import Run, SpaceStages, cells_of, graph_of
from emblink.rows import as_measured
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

WIDE_NEIGHBORS = 50
"""Neighbours of each item that every comparison looks at."""


@dataclass(frozen=True, eq=False)
class Side:
    """Some items of one space: their vectors, and their neighbours among themselves.

    Attributes
    ----------
    name : str
    metric : {"cosine", "euclidean"}
    vectors : array of shape (n_common, n_dims)
        As measures see them: of unit length under cosine.
    graph : NeighborGraph
        50 neighbours or more, or as many as there are others.
    cells : array of shape (n_common,)
        The cell of neighbours that each item lies in: a few items.
    clusters : array of shape (n_common,)
        The cluster that each item lies in: of few large ones.
    top_share : float
        Share of the whole space's variance in 1 % of its rows.
    """

    name: str
    metric: Metric
    vectors: FloatArray
    graph: NeighborGraph
    cells: IntArray
    clusters: IntArray
    top_share: float


def side_of(run: Run, spaces: Mapping[str, SpaceStages], name: str, *, rows: IntArray) -> Side:
    """Restrict a space to some of its rows, before neighbours are counted.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    name : str
    rows : array of shape (n_common,)

    Returns
    -------
    Side
    """
    stages = spaces[name]
    vectors, metric = stages.vectors.arrays["vectors"], run.space_set.spaces[name].metric
    graph = graph_of(run, name, stages)
    # A whole space has all its stored neighbours at hand; of fewer items, more would be a search.
    most = graph.indices.shape[1] if len(rows) == len(vectors) else WIDE_NEIGHBORS
    return Side(
        name=name,
        metric=metric,
        vectors=as_measured(take(vectors, rows), metric=metric),
        graph=restrict(graph, vectors, rows, k=min(most, len(rows) - 1)),
        cells=cells_of(stages)[rows],
        clusters=stages.cells.arrays["clusters"][rows],
        top_share=stages.health.facts["health"]["top_variance_share"],
    )


def ks_of(graph: NeighborGraph, *, upto: int) -> int:
    """Return ``upto`` neighbours, or fewer where a graph has no sensible number of that size."""
    held: int = graph.indices.shape[1]
    return min(sensible_k(upto, len(graph.indices)), held)
