"""The spaces of a bundle at some of their rows, and what of them is kept between two questions."""

from __future__ import annotations

from functools import cached_property

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
        key = (name, digest(rows), at_least)
        if key not in self._graphs:
            vectors = self._bundle.vectors(name)
            graph = self._bundle.graph(name)
            self._graphs[key] = graph_at(graph, vectors, rows, at_least=at_least)
        return linked(self.side(name, rows), self._graphs[key])

    def forget(self) -> None:
        """Let go of what was kept."""
        self._graphs.clear()

    @cached_property
    def _top_shares(self) -> dict[str, float]:
        spaces = self._bundle.manifest.report["spaces"]
        return {one["name"]: one["health"]["top_variance_share"] for one in spaces}
