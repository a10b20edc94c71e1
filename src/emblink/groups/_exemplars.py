"""Members that show what a group is, and items named for people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.types import (
    ExemplarRole,
    FloatArray,
    IntArray,
    NeighborGraph,
)


def exemplar_rows(
    members: IntArray,
    graphs: tuple[NeighborGraph, NeighborGraph],
    *,
    residuals: FloatArray,
    evidence: FloatArray,
) -> list[tuple[ExemplarRole, int]]:
    """Choose a member from the middle, one that moved as most did, and one from the edge.

    Parameters
    ----------
    members : array of shape (n_members,)
        Ascending rows of the items.
    graphs : (NeighborGraph, NeighborGraph)
        Of both spaces, over all items.
    residuals : array of shape (n_items, n_dims)
        Each item's own position in ``b`` less the expected one.
    evidence : array of shape (n_items,)
        How far each strayed.

    Returns
    -------
    list of (role, row)
        ``"medoid"``: in the neighbour lists of most other members, in both spaces together.
        ``"mover"``: the residual nearest in direction to the members' mean, among those members
        whose evidence is at least the median. ``"boundary"``: the least share of members among
        its neighbours. Each another member, so that two members give two; ties by evidence, then
        by row. Invariant to rotations of the residuals.

    Notes
    -----
    Misleads by its mover where members went several ways, as those of a scattered group do: their
    mean direction is then no one's.
    """
    inside = np.zeros(len(evidence), dtype=bool)
    inside[members] = True
    strayed = evidence[members]
    scores: dict[ExemplarRole, NDArray[np.float64]] = {
        "medoid": _listed(members, graphs, inside),
        "mover": np.where(strayed >= np.median(strayed), _along(residuals[members]), -2.0),
        "boundary": -np.mean([_inner(graph, members, inside) for graph in graphs], axis=0),
    }
    chosen: list[tuple[ExemplarRole, int]] = []
    free = np.ones(len(members), dtype=bool)
    for role, score in scores.items():
        if free.any():
            best = int(np.lexsort((members, -strayed, -score, ~free))[0])
            free[best] = False
            chosen.append((role, int(members[best])))
    return chosen


def _listed(
    members: IntArray, graphs: tuple[NeighborGraph, NeighborGraph], inside: NDArray[np.bool_]
) -> NDArray[np.float64]:
    counts = [
        np.bincount(graph.indices[members].ravel(), minlength=len(inside))[members]
        for graph in graphs
    ]
    listed: NDArray[np.float64] = np.sum(counts, axis=0, dtype=np.float64)
    return listed


def _along(residuals: FloatArray) -> NDArray[np.float64]:
    """Cosine of each residual with their mean."""
    mean = residuals.mean(axis=0, dtype=np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", residuals, residuals, dtype=np.float64))
    scale = lengths * np.linalg.norm(mean)
    along: NDArray[np.float64] = residuals @ mean / np.where(scale > 0, scale, 1.0)
    return along


def _inner(
    graph: NeighborGraph, members: IntArray, inside: NDArray[np.bool_]
) -> NDArray[np.float64]:
    share: NDArray[np.float64] = inside[graph.indices[members]].mean(axis=1, dtype=np.float64)
    return share
