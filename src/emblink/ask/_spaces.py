"""The spaces of a bundle at some of their rows, and what of them is kept between two questions."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from emblink.bundle import Bundle, digest
from emblink.bundle.schema import SpaceInfo
from emblink.matched import (
    Common,
    LinkedSide,
    Side,
    graph_at,
    in_both,
    linked,
    side_at,
)
from emblink.neighbors import approximate, nearest_neighbors
from emblink.table import WIDE_NEIGHBORS
from emblink.types import IntArray, NeighborGraph


class BundleSpaces:
    """Takes items of a bundle's spaces by their rows.

    Parameters
    ----------
    bundle : Bundle
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._graphs: dict[tuple[str, str, int], NeighborGraph] = {}
        self._asked: IntArray = np.zeros(0, np.int64)

    @cached_property
    def most_asked(self) -> int | None:
        """How many items may be asked for exact neighbours; None where all have them."""
        method = self._bundle.manifest.report.get("method")
        return None if method is None else method["queries"]

    def ask_exactly(self, items: IntArray) -> None:
        """Have these items' neighbours be exact where those of all are not.

        Parameters
        ----------
        items : array of shape (n,)
            Rows of the bundle's items, ascending.
        """
        self._asked = items

    @cached_property
    def infos(self) -> dict[str, SpaceInfo]:
        """The spaces by name, in order."""
        return {info.name: info for info in self._bundle.manifest.spaces}

    def common(self, a: str, b: str) -> Common:
        """Return the items that two spaces hold.

        Parameters
        ----------
        a, b : str

        Returns
        -------
        Common
        """
        rows_a, rows_b = (self._bundle.item_rows(self.infos[name].over) for name in (a, b))
        return in_both(rows_a, rows_b, n_items=self._bundle.manifest.n_items)

    def side(self, name: str, rows: IntArray) -> Side:
        """Return some items of a space, in the order of ``rows``.

        Parameters
        ----------
        name : str
        rows : array of shape (n,)

        Returns
        -------
        Side
        """
        info = self.infos[name]
        whole = Side(
            name=name,
            metric=info.metric,
            vectors=self._bundle.vectors(name),
            cells=self._bundle.array(info.cells),
            top_share=self._top_shares[name],
        )
        return side_at(whole, rows)

    def linked(self, name: str, rows: IntArray, *, k: int = 0) -> LinkedSide:
        """Return the same with 50 or ``k`` neighbours of each among these items.

        Parameters
        ----------
        name : str
        rows : array of shape (n,)
        k : int

        Returns
        -------
        LinkedSide
        """
        at_least = max(k, WIDE_NEIGHBORS)
        if self._bundle.is_approximate(name):
            side = self.side(name, rows)
            return linked(side, self._with_exact(side, rows))
        key = (name, digest(rows), at_least)
        if key not in self._graphs:
            vectors = self._bundle.vectors(name)
            graph = self._bundle.graph(name)
            self._graphs[key] = graph_at(graph, vectors, rows, at_least=at_least)
        return linked(self.side(name, rows), self._graphs[key])

    def _with_exact(self, side: Side, rows: IntArray) -> NeighborGraph:
        """Return nearly all neighbours of all, and all neighbours of those that are asked about."""
        name = side.name
        key = (name, digest(rows), 0)
        if key not in self._graphs:
            graph = self._bundle.graph(name)
            if len(rows) < len(graph.indices):
                k = min(graph.indices.shape[1], len(rows) - 1)
                graph = approximate(side.vectors, k, side.metric).graph
            self._graphs[key] = graph
        graph = self._graphs[key]
        items = self._bundle.item_rows(self.infos[name].over)[rows]
        asked = np.flatnonzero(np.isin(items, self._asked))
        if not len(asked):
            return graph
        k = graph.indices.shape[1]
        exact = nearest_neighbors(side.vectors, k=k, metric=side.metric, queries=asked)
        indices, distances = np.array(graph.indices), np.array(graph.distances)
        indices[asked], distances[asked] = exact.indices, exact.distances
        return replace(graph, indices=indices, distances=distances)

    def forget(self) -> None:
        """Let go of what was kept."""
        self._graphs.clear()

    @cached_property
    def _top_shares(self) -> dict[str, float]:
        spaces = self._bundle.manifest.report["spaces"]
        return {one["name"]: one["health"]["top_variance_share"] for one in spaces}
