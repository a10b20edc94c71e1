"""Spaces with their rows in the order of the items, whatever order they came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from emblink.types import IntArray, NeighborGraph

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, eq=False)
class ItemOrder:
    """Graphs and rows in the order of the items: nothing computed of them shows another one.

    Attributes
    ----------
    graphs : list of NeighborGraph
    rows : list of arrays of shape (n_space_items,)
        Ascending.
    orders : list of arrays of shape (n_space_items,)
        The row, as it came, of each row.
    """

    graphs: list[NeighborGraph]
    rows: list[IntArray]
    orders: list[IntArray]

    @classmethod
    def of(cls, graphs: Sequence[NeighborGraph], rows: Sequence[IntArray]) -> ItemOrder:
        """Bring graphs and rows into the order of the items."""
        orders: list[IntArray] = [np.argsort(items) for items in rows]
        ordered = [_ordered(graph, order) for graph, order in zip(graphs, orders, strict=True)]
        by_item = [items[order] for items, order in zip(rows, orders, strict=True)]
        return cls(ordered, by_item, orders)

    def bring(self, values: NDArray[Any], space: int) -> NDArray[Any]:
        """Return values of a space's rows in the order of the items."""
        return np.ascontiguousarray(values[self.orders[space]])

    def restore(self, values: Sequence[NDArray[Scalar]]) -> list[NDArray[Scalar]]:
        """Return values of each space's rows in the order in which the rows came."""
        restored = [np.empty_like(one) for one in values]
        for into, one, order in zip(restored, values, self.orders, strict=True):
            into[order] = one
        return restored


def _ordered(graph: NeighborGraph, order: IntArray) -> NeighborGraph:
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return NeighborGraph(
        indices=place[graph.indices[order]],
        distances=np.ascontiguousarray(graph.distances[order]),
        metric=graph.metric,
        recall=graph.recall,
    )
