"""New items in a finished picture, by their neighbours among the items that are there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.kernels import fuzzy_weights, list_ranks, near_points
from emblink.projection._frame import radius
from emblink.types import FloatArray, NeighborGraph

_REACH = 0.1
"""In radii of the picture: neighbours that far apart already pull half as much together."""
_STEPS = 20
_COPY = 1e-6
"""A neighbour nearer than this share of the farthest one is a copy."""
_BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Placement:
    """Places of new items in a finished picture.

    Attributes
    ----------
    coords : array of shape (n_new, n_dims), float32
    neighbors : array of shape (n_new, k), int32
        Their nearest placed items in the space, nearest first.
    preservation : array of shape (n_new,), float32
        How far to believe it: the share of these that are among the ``k`` placed items nearest in
        the picture.
    """

    coords: NDArray[np.float32]
    neighbors: NDArray[np.int32]
    preservation: NDArray[np.float32]


def place_items(graph: NeighborGraph, coords: FloatArray, *, k: int = 15) -> Placement:
    """Place new items near their neighbours in a finished picture, which stays as it is.

    Each new item goes where its neighbours, weighted as in the layout's fuzzy graph, are densest:
    from the neighbour with the most weight around it, by steps of mean shift. So an item between
    two clusters joins the one that holds more of its neighbourhood, where a plain mean would put
    it among strangers.

    Parameters
    ----------
    graph : NeighborGraph
        For each new item, its nearest placed items as rows of ``coords``, with distances.
    coords : array of shape (n_placed, 2) or (n_placed, 3)
        The finished picture.
    k : int
        Neighbours used, clipped to what the graph holds.

    Returns
    -------
    Placement
        A copy of a placed item lands on it. Each item's place depends on its own neighbours only,
        not on other new items. Misleads for items unlike any that is placed: they are drawn in
        some cluster all the same; read ``preservation`` and the distances.

    Raises
    ------
    GraphMismatchError
        The graph names rows that the picture lacks.

    References
    ----------
    .. [1] Comaniciu and Meer, "Mean shift: a robust approach toward feature space analysis", 2002.
    """
    k = min(k, graph.indices.shape[1])
    near = np.ascontiguousarray(graph.indices[:, :k], np.int32)
    if near.size and not (near.min() >= 0 and near.max() < len(coords)):
        raise GraphMismatchError(
            f"the neighbours reach from row {near.min()} to {near.max()}, but the picture has rows "
            f"0 to {len(coords) - 1}; give the neighbours among the placed items"
        )
    placed = np.ascontiguousarray(coords, np.float32)
    if not near.size:
        return Placement(placed[:0], near[:0], np.empty(0, np.float32))
    distances = np.ascontiguousarray(graph.distances[:, :k], np.float32)
    weights = fuzzy_weights(distances).astype(np.float64)
    copies = distances <= _COPY * distances[:, -1:]
    weights = np.where(copies.any(axis=1, keepdims=True), copies, weights)
    scale = _REACH * radius(placed - placed.mean(axis=0, dtype=np.float64))
    found = np.empty((len(near), placed.shape[1]), np.float32)
    for begin in range(0, len(near), _BLOCK):
        span = slice(begin, begin + _BLOCK)
        found[span] = _densest(placed[near[span]].astype(np.float64), weights[span], scale)
    seen = near_points(placed, found, k=k)
    kept = (list_ranks(near, seen) > 0).mean(axis=1)
    return Placement(found, near, kept.astype(np.float32))


def _densest(
    coords: NDArray[np.float64], weights: NDArray[np.float64], scale: float
) -> NDArray[np.float64]:
    """Return the mode of each row of weighted places (n, k, n_dims)."""
    apart = np.square(coords[:, :, None] - coords[:, None]).sum(axis=3)
    density = (weights[:, None] / (1 + apart / scale**2)).sum(axis=2)
    density = np.where(weights > 0, density, -1)
    here: NDArray[np.float64] = np.take_along_axis(
        coords, density.argmax(axis=1)[:, None, None], axis=1
    )
    for _ in range(_STEPS):
        squares = np.square(coords - here).sum(axis=2) / scale**2
        pulls = (weights / np.square(1 + squares))[..., None]
        here = (pulls * coords).sum(axis=1, keepdims=True) / pulls.sum(axis=1, keepdims=True)
    return here[:, 0]
