"""Everything that was given, put into stored order once: nothing below knows another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emblink.bundle import (
    Catalog,
    Gathered,
    Memory,
    Stage,
    Store,
    inverse,
    laid_out,
    restore_graph,
    restore_rows,
    stored_order,
)
from emblink.pipeline._checked import Draw, Pictures, coordinates
from emblink.pipeline._common import space_domain
from emblink.types import AnyArray, IntArray, NeighborGraph, Space, SpaceSet


@dataclass(frozen=True, eq=False)
class Orders:
    """The way back from stored rows.

    Attributes
    ----------
    items : array of shape (n_items,)
        The caller's row of each item.
    spaces : mapping of name to array of shape (n_space_items,)
        The caller's row of each row of a space.
    """

    items: IntArray
    spaces: Mapping[str, IntArray]


@dataclass(frozen=True, eq=False)
class Stored:
    """What was given, in stored order.

    Attributes
    ----------
    space_set : SpaceSet
        Its rows are ascending; its vectors are those that the bundle keeps, which nobody changes.
        Thumbnails are gathered when they are written.
    vectors : mapping of name to Stage
        Of each space, as the bundle keeps them.
    pictures : Pictures
        What draws a space is still given that space as the caller knows it.
    orders : Orders
    """

    space_set: SpaceSet
    vectors: Mapping[str, Stage]
    pictures: Pictures
    orders: Orders

    def restored(self, name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return values of a space's rows in the order of the caller."""
        return restore_rows(values, self.orders.spaces[name])

    def catalog(self, store: Store | Memory) -> Catalog:
        """Begin a catalog with the items, and those of each space."""
        catalog = Catalog(store, self.orders.items)
        catalog.add_items()
        for name, rows in self.space_set.rows.items():
            catalog.add_domain(space_domain(name), rows, order=self.orders.spaces[name])
        return catalog


def stored(space_set: SpaceSet, pictures: Pictures, *, store: Store | Memory, seed: int) -> Stored:
    """Put spaces, their items and their pictures into stored order, and keep the vectors.

    Parameters
    ----------
    space_set : SpaceSet
    pictures : Pictures
        As :func:`checked_pictures` returns them.
    store : Store or Memory
    seed : int

    Returns
    -------
    Stored
    """
    items = stored_order(space_set.ids, seed=seed)
    places = inverse(items)
    own = {name: places[rows] for name, rows in space_set.rows.items()}
    orders = Orders(items, {name: np.argsort(rows) for name, rows in own.items()})
    kept, spaces = {}, {}
    for name, space in space_set.spaces.items():
        order, what = orders.spaces[name], f"the vectors of space {name!r} ({space.source})"
        vectors = {"vectors": Gathered(space.vectors, order)}
        kept[name] = store.keep("vectors", vectors, what=what)
        spaces[name] = replace(space, vectors=kept[name].arrays["vectors"], ids=space.ids[order])
    return Stored(
        space_set=replace(
            space_set,
            spaces=spaces,
            ids=space_set.ids[items],
            rows={name: rows[orders.spaces[name]] for name, rows in own.items()},
            items={name: _column(values, items) for name, values in space_set.items.items()},
        ),
        vectors=kept,
        pictures={method: _pictures(given, method, orders) for method, given in pictures.items()},
        orders=orders,
    )


def _column(values: AnyArray, order: IntArray) -> AnyArray:
    if values.ndim == 1:
        return values[order]
    return cast(AnyArray, Gathered(values, order))  # may be larger than all else together


def _pictures(
    given: Mapping[str, ArrayLike] | Draw, method: str, orders: Orders
) -> Mapping[str, ArrayLike] | Draw:
    if not callable(given):
        return {name: np.asarray(one)[orders.spaces[name]] for name, one in given.items()}

    def draw(space: Space, graph: NeighborGraph) -> NDArray[np.float64]:
        order = orders.spaces[space.name]
        as_given = replace(
            space,
            vectors=laid_out(Gathered(space.vectors, inverse(order))),
            ids=restore_rows(space.ids, order),
        )
        restored = replace(
            graph,
            indices=restore_graph(graph.indices, order),
            distances=restore_rows(graph.distances, order),
        )
        return coordinates(given(as_given, restored), as_given, method)[order]

    return draw
