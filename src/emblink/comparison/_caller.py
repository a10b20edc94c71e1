"""A finished bundle as the caller knows it: every row in the order in which it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from emblink.ask import select_rows
from emblink.bundle import (
    Bundle,
    ByName,
    Gathered,
    inverse,
    laid_out,
    restore_graph,
    restore_rows,
)
from emblink.bundle.schema import NumberField
from emblink.types import (
    AnyArray,
    ChangeGroup,
    Finding,
    FloatArray,
    IntArray,
    Moves,
    NeighborGraph,
    Projection,
    Space,
    SpaceSet,
)


class CallersBundle:
    """Reads a bundle in the order of the caller, and brings the caller's rows into its own.

    Parameters
    ----------
    bundle : Bundle
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._spaces = {info.name: info for info in bundle.manifest.spaces}

    @cached_property
    def space_set(self) -> SpaceSet:
        """The spaces over their union index, as they were given; each is read when asked for."""
        bundle, order = self._bundle, self._items
        held = bundle.space_set()
        ids = restore_rows(held.ids, order)
        over = {name: info.over for name, info in self._spaces.items()}
        rows = ByName([*over], cache(lambda name: _rows(bundle, order, over[name])))

        @cache  # here and above without self: no circle keeps what nobody holds
        def space(name: str) -> Space:
            back = inverse(bundle.order(over[name]))
            vectors = laid_out(Gathered(bundle.vectors(name), back))
            return replace(held.spaces[name], vectors=vectors, ids=ids[rows[name]])

        return replace(
            held,
            spaces=ByName([*self._spaces], space),
            ids=ids,
            rows=rows,
            items={name: restore_rows(values, order) for name, values in held.items.items()},
        )

    def chosen(
        self, *, items: object | None, rows: object | None, where: Mapping[str, object] | None
    ) -> IntArray:
        """Return the rows of the bundle's items that are meant: see :func:`select_rows`."""
        chosen = select_rows(self.space_set, items=items, rows=rows, where=where)
        return inverse(self._items)[chosen]

    def graph(self, name: str) -> NeighborGraph:
        """Return the neighbours of a space."""
        graph, order = self._bundle.graph(name), self._order(name)
        return replace(
            graph,
            indices=restore_graph(graph.indices, order),
            distances=restore_rows(graph.distances, order),
        )

    def projection(self, name: str, method: str | None = None) -> Projection:
        """Return a picture of a space."""
        return self.restored(name, self._bundle.projection(name, method))

    def restored(self, name: str, picture: Projection) -> Projection:
        """Return a picture of a space that was made of the bundle's own."""
        order = self._order(name)

        def of_each(values: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
            return None if values is None else restore_rows(values, order)

        return replace(
            picture,
            coords=restore_rows(picture.coords, order),
            trustworthiness=of_each(picture.trustworthiness),
            continuity=of_each(picture.continuity),
            false_neighbors=of_each(picture.false_neighbors),
            missing_neighbors=of_each(picture.missing_neighbors),
        )

    def rows_of_space(self, name: str, rows: IntArray) -> NDArray[np.int32]:
        """Return the caller's rows of a space from its stored ones."""
        return self._order(name).astype(np.int32)[rows]

    def moves(self, a: str, b: str, *, method: str) -> Moves:
        """Return the moves of a pair's common items."""
        moves = self._bundle.moves(a, b, method=method)
        over = self._bundle.pair(a, b).over
        order = self._bundle.order(over)
        return replace(
            moves,
            rows=_rows(self._bundle, self._items, over),
            displacement=restore_rows(moves.displacement, order),
            codes=restore_rows(moves.codes, order),
            kept=None if moves.kept is None else restore_rows(moves.kept, order),
            expected=None if moves.expected is None else restore_rows(moves.expected, order),
        )

    def over(self, over: str, values: AnyArray) -> tuple[IntArray, AnyArray]:
        """Return the items of a domain's rows, and a column of it, in the caller's order."""
        rows = _rows(self._bundle, self._items, over)
        return rows, restore_rows(values, self._bundle.order(over))

    def item_values(self, field: NumberField) -> FloatArray:
        """Return a measure for every item of the union, NaN where its domain has none."""
        values = np.full(len(self._items), np.nan, dtype=np.float32)
        values[self._items[self._bundle.item_rows(field.over)]] = self._bundle.array(field.values)
        return values

    def group(self, group: ChangeGroup) -> ChangeGroup:
        """Return a change group by its members' rows of ``space_set.ids``."""
        return replace(group, rows=np.sort(self._items[group.rows]))

    def finding(self, finding: Finding) -> Finding:
        """Return a finding by its members' rows of ``space_set.ids``."""
        rows, exemplars = (self._items[one] for one in (finding.rows, finding.exemplars))
        return replace(finding, rows=np.sort(rows), exemplars=exemplars)

    def _order(self, name: str) -> IntArray:
        return self._bundle.order(self._spaces[name].over)

    @cached_property
    def _items(self) -> IntArray:
        return self._bundle.order("items")


def _rows(bundle: Bundle, items: IntArray, over: str) -> IntArray:
    """Return the caller's item of each of the caller's rows of a domain."""
    held: AnyArray = items[bundle.item_rows(over)]
    return restore_rows(held, bundle.order(over))
