"""Very many items: some are laid out, the others are placed among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.projection._place import place_items
from emblink.types import IntArray, NeighborGraph


@dataclass(frozen=True, eq=False)
class Landmarks:
    """A random sample of the items, the same in every space, and how the others hang on them.

    Attributes
    ----------
    graphs : list of NeighborGraph
        Of the landmarks of each space, among themselves.
    rows : list of arrays of shape (n_space_landmarks,)
        The item of each row of these graphs.
    held : list of arrays of shape (n_space_landmarks,)
        The row of the space that each landmark is.
    others : list of NeighborGraph
        For each other row of the space, its nearest landmarks.
    """

    graphs: list[NeighborGraph]
    rows: list[IntArray]
    held: list[IntArray]
    others: list[NeighborGraph]

    @classmethod
    def of(
        cls,
        graphs: Sequence[NeighborGraph],
        rows: Sequence[IntArray],
        n_items: int,
        *,
        most: int,
        n_neighbors: int = 15,
        seed: int = 0,
    ) -> Landmarks:
        """Choose landmarks and cut the graphs to them.

        Parameters
        ----------
        graphs : sequence of NeighborGraph
            With ``n_items / most`` times as many neighbours as are wanted, or more: of these the
            landmarks are kept. An item with too few is given those again, and one with none
            itself, so that no force acts on it.
        rows : sequence of arrays of shape (n_space_items,)
            The item of each row of each graph.
        n_items : int
        most : int
            Landmarks among all items.
        n_neighbors : int
            Landmarks kept of each item's neighbours.
        seed : int

        Returns
        -------
        Landmarks
        """
        chosen = np.zeros(n_items, bool)
        chosen[np.random.default_rng(seed).permutation(n_items)[:most]] = True
        kept_graphs: list[NeighborGraph] = []
        others: list[NeighborGraph] = []
        kept_rows: list[IntArray] = []
        held: list[IntArray] = []
        for graph, items in zip(graphs, rows, strict=True):
            is_landmark = chosen[items]
            place = np.cumsum(is_landmark) - 1
            here = np.flatnonzero(is_landmark)
            held.append(here)
            kept_rows.append(items[here])
            kept_graphs.append(_cut(graph, here, is_landmark, place, k=n_neighbors))
            away = np.flatnonzero(~is_landmark)
            others.append(_cut(graph, away, is_landmark, place, k=n_neighbors))
        return cls(kept_graphs, kept_rows, held, others)

    def place(self, pictures: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Complete pictures of the landmarks with the other items of each space.

        Parameters
        ----------
        pictures : sequence of arrays of shape (n_space_landmarks, 2), float32

        Returns
        -------
        list of arrays of shape (n_space_items, 2), float32
            Landmarks stay; the others are placed as :func:`place_items` does.
        """
        whole = []
        for picture, here, graph in zip(pictures, self.held, self.others, strict=True):
            coords = np.empty((len(here) + len(graph.indices), 2), np.float32)
            coords[here] = picture
            away = np.ones(len(coords), bool)
            away[here] = False
            coords[away] = place_items(graph, picture).coords
            whole.append(coords)
        return whole


def _cut(
    graph: NeighborGraph,
    rows: IntArray,
    is_landmark: NDArray[np.bool_],
    place: IntArray,
    *,
    k: int,
) -> NeighborGraph:
    """Keep the first ``k`` landmarks among the neighbours of some rows, as rows of landmarks."""
    k = min(k, graph.indices.shape[1])
    near = graph.indices[rows]
    among = is_landmark[near]
    first = np.argsort(~among, axis=1, kind="stable")[:, :k]
    count = np.maximum(among.sum(axis=1, keepdims=True), 1)
    first = np.take_along_axis(first, np.arange(k) % np.minimum(count, k), axis=1)
    indices = place[np.take_along_axis(near, first, axis=1)]
    distances = np.take_along_axis(graph.distances[rows], first, axis=1)
    order = np.argsort(distances, axis=1, kind="stable")
    indices = np.take_along_axis(indices, order, axis=1)
    lonely = ~among.any(axis=1)
    indices[lonely] = np.maximum(place[rows[lonely]], 0)[:, None]
    return NeighborGraph(
        indices=np.ascontiguousarray(indices, np.int32),
        distances=np.ascontiguousarray(np.take_along_axis(distances, order, axis=1), np.float32),
        metric=graph.metric,
        recall=graph.recall,
    )
