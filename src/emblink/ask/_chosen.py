"""A selection as Python's user knows it, and as the page and the bundle do."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from emblink.ask._rows import select_rows
from emblink.bundle import Bundle, inverse
from emblink.errors import InputError
from emblink.types import AnyArray, IntArray, Selection, SpaceSet


class Chosen:
    """Brings items into the order of the page, and back.

    Parameters
    ----------
    bundle : Bundle
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def stored(self, chosen: object) -> IntArray:
        """Return the page's rows of items.

        Parameters
        ----------
        chosen : Selection, mask of all items, or sequence of ids

        Returns
        -------
        array of shape (n,), int64
            Ascending.

        Raises
        ------
        InputError
            An item is unknown, or the mask is not of all items.
        """
        if isinstance(chosen, Selection):
            rows = np.asarray(chosen.rows)
            if len(rows) and not 0 <= rows.min() <= rows.max() < len(self._order):
                raise InputError(
                    f"{chosen.name!r} is of another comparison: it has row {rows.max():,}, this "
                    f"one {len(self._order):,} items"
                )
            return self._from_given(rows)
        values = np.asarray(list(chosen) if isinstance(chosen, set | frozenset) else chosen)
        if values.ndim != 1:
            raise InputError("a selection is a sequence of ids, a mask, or a Selection")
        if values.dtype == bool:
            if len(values) != len(self._order):
                raise InputError(
                    f"the mask has {len(values):,} values, the comparison {len(self._order):,} "
                    "items"
                )
            return self._from_given(np.flatnonzero(values))
        if not len(values):
            return np.empty(0, dtype=np.int64)
        return np.sort(select_rows(self._space_set, items=values, rows=None, where=None))

    def of_page(self, data: object) -> IntArray:
        """Return the rows that the page sent, as little-endian int32."""
        rows = np.frombuffer(data, dtype="<i4").astype(np.int64)  # type: ignore[call-overload]
        return np.unique(rows[(rows >= 0) & (rows < len(self._order))])

    def known(self, ids: AnyArray) -> AnyArray:
        """Return those ids that are of items."""
        ours = self._space_set.ids
        if (ours.dtype.kind in "iu") != (ids.dtype.kind in "iu"):
            return ours[:0]
        return ids[np.isin(ids, ours)]

    def ids(self, stored: IntArray) -> AnyArray:
        """Return the ids of the page's rows, in the caller's order."""
        return self._space_set.ids[stored[np.argsort(self._order[stored])]]

    def mask(self, stored: IntArray) -> AnyArray:
        """Return which of the caller's items these are."""
        mask = np.zeros(len(self._order), dtype=bool)
        mask[self._order[stored]] = True
        return mask

    def id_of(self, row: int) -> object:
        """Return the id of one of the page's rows; None of a row that no item has."""
        return self._space_set.ids[row].item() if 0 <= row < len(self._order) else None

    def row_of(self, known: object) -> int:
        """Return the page's row of an id; -1 of one that no item has."""
        ids, sorter = self._space_set.ids, self._by_id
        if known is None or (ids.dtype.kind in "iu") != isinstance(known, int | np.integer):
            return -1
        place = int(np.searchsorted(ids, known, sorter=sorter))  # type: ignore[call-overload]
        row = int(sorter[place]) if place < len(sorter) else -1
        return row if row >= 0 and ids[row] == known else -1

    @cached_property
    def _by_id(self) -> IntArray:
        return np.argsort(self._space_set.ids)

    def _from_given(self, rows: IntArray) -> IntArray:
        return np.sort(inverse(self._order)[rows])

    @cached_property
    def _order(self) -> IntArray:
        return self._bundle.order("items")

    @cached_property
    def _space_set(self) -> SpaceSet:
        return self._bundle.space_set()
