"""What each of two spaces brings to a comparison: its common items, alone."""

from __future__ import annotations

from dataclasses import dataclass

from emblink.matched._items import sensible_k, take
from emblink.neighbors import restrict
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

WIDE_NEIGHBORS = 50
"""Neighbours of each item that every comparison looks at."""


@dataclass(frozen=True, eq=False)
class Side:
    """Some items of one space.

    Attributes
    ----------
    name : str
    metric : {"cosine", "euclidean"}
    vectors : array of shape (n_items, n_dims)
    cells : array of shape (n_items,)
        The cell of neighbours that each item lies in: a few items.
    clusters : array of shape (n_items,), or None
        The cluster that each item lies in: of few large ones. None where they are not asked for.
    top_share : float
        Share of the whole space's variance in 1 % of its rows.
    """

    name: str
    metric: Metric
    vectors: FloatArray
    cells: IntArray
    clusters: IntArray | None
    top_share: float


@dataclass(frozen=True, eq=False)
class LinkedSide(Side):
    """Some items of one space, and their neighbours among themselves.

    Attributes
    ----------
    graph : NeighborGraph
        50 neighbours or more, or as many as there are others.
    """

    graph: NeighborGraph


def graph_at(space: LinkedSide, rows: IntArray, *, at_least: int = WIDE_NEIGHBORS) -> NeighborGraph:
    """Find the neighbours of some items of a space among themselves.

    Parameters
    ----------
    space : LinkedSide
        All items of a space, or of a side of it.
    rows : array of shape (n,)
    at_least : int
        Neighbours of each, where there are so many others.

    Returns
    -------
    NeighborGraph
        Of a whole space all stored neighbours, for these are at hand; of fewer items ``at_least``,
        for more would be a search.
    """
    whole = len(rows) == len(space.vectors)
    most = max(at_least, space.graph.indices.shape[1]) if whole else at_least
    return restrict(space.graph, space.vectors, rows, k=min(most, len(rows) - 1))


def side_at(space: Side, rows: IntArray) -> Side:
    """Take some items of a space.

    Parameters
    ----------
    space : Side
    rows : array of shape (n,)

    Returns
    -------
    Side
    """
    return Side(
        name=space.name,
        metric=space.metric,
        vectors=take(space.vectors, rows),
        cells=space.cells[rows],
        clusters=None if space.clusters is None else space.clusters[rows],
        top_share=space.top_share,
    )


def linked_at(
    space: LinkedSide, rows: IntArray, *, graph: NeighborGraph | None = None
) -> LinkedSide:
    """Take some items of a space, with their neighbours among themselves.

    Parameters
    ----------
    space : LinkedSide
    rows : array of shape (n,)
    graph : NeighborGraph, optional
        What :func:`graph_at` found for them before.

    Returns
    -------
    LinkedSide
    """
    side = side_at(space, rows)
    return LinkedSide(
        name=side.name,
        metric=side.metric,
        vectors=side.vectors,
        cells=side.cells,
        clusters=side.clusters,
        top_share=side.top_share,
        graph=graph_at(space, rows) if graph is None else graph,
    )


def lists_at(graph: NeighborGraph, rows: IntArray) -> NeighborGraph:
    """Return the neighbour lists of some items, the neighbours still among all."""
    return NeighborGraph(graph.indices[rows], graph.distances[rows], graph.metric)


def ks_of(graph: NeighborGraph, *, upto: int) -> int:
    """Return ``upto`` neighbours, or fewer where a graph has no sensible number of that size."""
    held: int = graph.indices.shape[1]
    return min(sensible_k(upto, len(graph.indices)), held)
