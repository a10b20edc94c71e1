"""Very many items in an order in which those drawn near each other follow each other.

An item looks at its neighbours in every epoch: where these are far apart in memory, the processor
waits for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import SparseRows
from emblink.types import IntArray

_CELLS = 1 << 16
_BLOCK = 1 << 16


@dataclass(frozen=True, eq=False)
class Order:
    """A new order of items, and of the rows of each space.

    Attributes
    ----------
    items : array of shape (n_items,), int64
        The item at each place.
    rows : list of arrays of shape (n_space_items,), int64
        The row at each place, of each space.
    """

    items: NDArray[np.int64]
    rows: list[NDArray[np.int64]]

    @classmethod
    def of(cls, places: Sequence[NDArray[np.float32]], rows: NDArray[np.int32]) -> Order:
        """Order items along a curve through all cells of a grid, those nearby together.

        Parameters
        ----------
        places : sequence of arrays of shape (n_space_items, 2)
            Of each space; an item is taken where the first space that has it draws it.
        rows : array of shape (n_spaces, n_items)
            The row of each item in each space, -1 where the space lacks it.

        Returns
        -------
        Order
            Items of no space come first.
        """
        where = np.zeros((rows.shape[1], 2), np.float32)
        for drawn, of in zip(reversed(places), rows[::-1], strict=True):
            has = of >= 0
            where[has] = drawn[of[has]]
        items = np.argsort(_along(where), kind="stable")
        return cls(items, [of[items][of[items] >= 0].astype(np.int64) for of in rows])

    def graph(self, space: int, graph: SparseRows) -> SparseRows:
        """Return the graph of a space over its rows in this order; edges of a row stay as they are.

        Parameters
        ----------
        space : int
        graph : SparseRows

        Returns
        -------
        SparseRows
        """
        rows = self.rows[space]
        place = place_of(rows).astype(np.int32)
        sizes = np.diff(graph.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(sizes)))
        columns, weights = np.empty_like(graph.columns), np.empty_like(graph.weights)
        for begin in range(0, len(rows), _BLOCK):
            some = slice(begin, min(len(rows), begin + _BLOCK))
            first, last = starts[some.start], starts[some.stop]
            skipped = graph.starts[rows[some]] - (starts[some.start : some.stop] - first)
            edges = np.arange(last - first) + np.repeat(skipped, sizes[some])
            columns[first:last] = place[graph.columns[edges]]
            weights[first:last] = graph.weights[edges]
        return SparseRows(starts.astype(np.int64), columns, weights)

    def numbers(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the row of each item in each space, both in this order.

        Parameters
        ----------
        rows : array of shape (n_spaces, n_items)

        Returns
        -------
        array of the same shape, int32
        """
        has = rows[:, self.items] >= 0
        numbers = np.where(has, np.cumsum(has, axis=1) - 1, -1)
        return np.ascontiguousarray(numbers, np.int32)


def place_of(order: IntArray) -> NDArray[np.int64]:
    """Return where each one stands in an order."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def _along(where: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return how far along a Z-shaped curve each place lies."""
    low, high = where.min(axis=0), where.max(axis=0)
    width = np.where(high > low, high - low, 1).astype(np.float64)
    cells = np.minimum((where - low) / width * _CELLS, _CELLS - 1).astype(np.uint64)
    return _spread(cells[:, 0]) | (_spread(cells[:, 1]) << np.uint64(1))


def _spread(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Put a 0 between each two of sixteen bits."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        numbers = (numbers | (numbers << np.uint64(shift))) & np.uint64(mask)
    return numbers
