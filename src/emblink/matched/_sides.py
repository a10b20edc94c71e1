"""What each of two spaces brings to a comparison: its common items, alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from emblink.matched._items import sensible_k, take
from emblink.neighbors import restrict
from emblink.rows import as_measured
from emblink.table import WIDE_NEIGHBORS
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph


@dataclass(frozen=True, eq=False)
class Side:
    """Some items of one space.

    Attributes
    ----------
    name : str
    metric : {"cosine", "euclidean"}
    vectors : array of shape (n_items, n_dims)
        Of some items: as measures see them, of unit length under cosine.
    cells : array of shape (n_items,)
        The cell of neighbours that each item lies in: a few items.
    top_share : float
        Share of the whole space's variance in 1 % of its rows.
    """

    name: str
    metric: Metric
    vectors: FloatArray
    cells: IntArray
    top_share: float


@dataclass(frozen=True, eq=False)
class LinkedSide(Side):
    """Some items of one space, and their neighbours among themselves.

    Attributes
    ----------
    graph : NeighborGraph
        50 neighbours or more, or as many as there are others; of very many items, lists of the
        first of them.
    """

    graph: NeighborGraph

    @property
    def asked(self) -> IntArray:
        """Rows of the items that have a list."""
        return np.arange(len(self.graph.indices))


class Lists(NamedTuple):
    """The neighbours of some items among all of a space.

    ``graph`` has a list for each of ``rows``; what it lists are rows of ``vectors``.
    """

    rows: IntArray
    graph: NeighborGraph
    vectors: FloatArray


def graph_at(
    graph: NeighborGraph, vectors: FloatArray, rows: IntArray, *, at_least: int = WIDE_NEIGHBORS
) -> NeighborGraph:
    """Find the neighbours of some items among themselves.

    Parameters
    ----------
    graph : NeighborGraph
        Of all ``vectors``.
    vectors : array of shape (n_items, n_dims)
    rows : array of shape (n,)
    at_least : int
        Neighbours of each, where there are so many others.

    Returns
    -------
    NeighborGraph
        Of all items all stored neighbours, for these are at hand; of fewer items ``at_least``, for
        more would be a search.
    """
    whole = len(rows) == len(vectors)
    most = max(at_least, graph.indices.shape[1]) if whole else at_least
    return restrict(graph, vectors, rows, k=min(most, len(rows) - 1))


def side_at(side: Side, rows: IntArray) -> Side:
    """Take some items of a space, or of a part of it, as measures see them.

    Parameters
    ----------
    side : Side
    rows : array of shape (n,)

    Returns
    -------
    Side
        Its vectors of unit length under cosine.
    """
    return Side(
        name=side.name,
        metric=side.metric,
        vectors=as_measured(take(side.vectors, rows), metric=side.metric),
        cells=side.cells[rows],
        top_share=side.top_share,
    )


def linked(side: Side, graph: NeighborGraph) -> LinkedSide:
    """Set the neighbours of a side's items among themselves beside it.

    Parameters
    ----------
    side : Side
    graph : NeighborGraph

    Returns
    -------
    LinkedSide
    """
    return LinkedSide(
        name=side.name,
        metric=side.metric,
        vectors=side.vectors,
        cells=side.cells,
        top_share=side.top_share,
        graph=graph,
    )


def lists_at(side: LinkedSide, rows: IntArray) -> Lists:
    """Return the neighbour lists of some items, the neighbours still among all.

    Parameters
    ----------
    side : LinkedSide
    rows : array of shape (n,)

    Returns
    -------
    Lists
    """
    graph = side.graph
    if len(rows) != len(graph.indices):
        graph = replace(
            graph,
            indices=graph.indices[rows],
            distances=graph.distances[rows],
            among=graph.n_items,
        )
    return Lists(rows, graph, side.vectors)


def ks_of(graph: NeighborGraph, *, upto: int) -> int:
    """Return ``upto`` neighbours, or fewer where a graph has no sensible number of that size.

    Parameters
    ----------
    graph : NeighborGraph
    upto : int

    Returns
    -------
    int
    """
    held: int = graph.indices.shape[1]
    return min(sensible_k(upto, graph.n_items), held)
