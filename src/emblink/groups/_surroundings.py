"""What change groups are sought in, from a whole space and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from emblink.groups._find import SURROUNDINGS, Floats, Surroundings
from emblink.groups._storage import storage_rounding
from emblink.neighbors import restrict
from emblink.types import FloatArray, IntArray, NeighborGraph


def surroundings(
    vectors: FloatArray,
    graph: NeighborGraph,
    rows: IntArray,
    *,
    points: Floats,
    other_runs: Sequence[Floats],
) -> Surroundings:
    """Take the common items of a pair from one of its spaces.

    Parameters
    ----------
    vectors : array of shape (n_space_items, n_dims)
        May be a memory map.
    graph : NeighborGraph
        Exact, of all ``vectors``.
    rows : array of shape (n_items,)
        Of the common items.
    points : array of shape (n_items, n_points_dims), float32
        Those items by :func:`principal_points`.
    other_runs : sequence of arrays of shape (n_items, n_points_dims), float32
        The same of other runs of the recipe.

    Returns
    -------
    Surroundings
    """
    return Surroundings(
        points=points,
        graph=restrict(graph, vectors, rows, k=min(SURROUNDINGS, len(rows) - 1)),
        other_runs=other_runs,
        rounding=storage_rounding(vectors, metric=graph.metric, rows=rows),
    )
