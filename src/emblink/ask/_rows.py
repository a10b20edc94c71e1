"""Which items are meant: by id, by row, or by what is known of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.types import AnyArray, IntArray, SpaceSet
from emblink.words import as_words

_SHOWN = 5


def select_rows(
    space_set: SpaceSet,
    *,
    items: object | None = None,
    rows: object | None = None,
    where: Mapping[str, object] | None = None,
) -> IntArray:
    """Return the rows of the union that are meant.

    Parameters
    ----------
    space_set : SpaceSet
    items : sequence of ids, optional
    rows : sequence of int, or of bool for all items, optional
        Rows of ``space_set.ids``.
    where : mapping of column name to value or list of values, optional
        Of the item table; an item is meant when it has one of the values in every column.

    Returns
    -------
    array of shape (n_selected,), int64

    Raises
    ------
    InputError
        Not exactly one of the three is given, or it names an unknown item, column or value.
    """
    given = [one is not None for one in (items, rows, where)]
    if sum(given) != 1:
        raise InputError(
            f"{sum(given)} of items, rows and where are given; give exactly one: ids, rows, or "
            "columns with their values"
        )
    if items is not None:
        return _rows_of_ids(space_set.ids, _flat("items", items))
    if rows is not None:
        return _checked_rows(_flat("rows", rows), len(space_set.ids))
    return np.flatnonzero(_matches(space_set, where or {}))


def _flat(name: str, given: object) -> AnyArray:
    if isinstance(given, (set, frozenset)):
        given = sorted(given)
    values = np.asarray(given)
    if values.dtype == object:
        values = np.array(values.tolist())
    if values.ndim != 1 or not len(values):
        raise InputError(f"{name} has shape {values.shape}; give a flat list of at least one")
    return values


def _rows_of_ids(ids: AnyArray, wanted: AnyArray) -> IntArray:
    integers = ids.dtype.kind in "iu"
    if integers != (wanted.dtype.kind in "iu"):
        kinds = ("integers", "words") if integers else ("words", f"{wanted.dtype}")
        raise InputError(f"the items' ids are {kinds[0]}, those given are {kinds[1]}; give ids")
    if not integers:
        wanted = wanted.astype(np.str_)
    order = np.argsort(ids, kind="stable")
    place = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    found = order[place]
    missing = np.flatnonzero(ids[found] != wanted)
    if missing.size:
        raise InputError(
            f"{missing.size} of {len(wanted)} ids are of no item (first: "
            f"{wanted[missing[0]].item()!r}); ids look like {ids[0].item()!r}"
        )
    return found


def _checked_rows(rows: AnyArray, n_items: int) -> IntArray:
    if rows.dtype == bool and len(rows) == n_items:
        return np.flatnonzero(rows)
    if rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= n_items:
        raise InputError(
            f"rows must be integers from 0 to {n_items - 1}, or one True or False for each of "
            f"the {n_items} items"
        )
    return rows.astype(np.int64)


def _matches(space_set: SpaceSet, where: Mapping[str, object]) -> NDArray[np.bool_]:
    mask = np.ones(len(space_set.ids), dtype=bool)
    if not where:
        raise InputError("where is empty; give a column and its value, where={'label': 'cat'}")
    for name, value in where.items():
        column = space_set.items.get(name)
        if column is None or column.ndim != 1:
            known = [one for one, values in space_set.items.items() if values.ndim == 1]
            raise InputError(
                f"there is no column {name!r} to choose by; the columns are: {', '.join(known)}"
            )
        one_of = isinstance(value, (list, tuple, set, frozenset, np.ndarray))
        mask &= _equal_any(column, _flat(name, value if one_of else [value]), name)
    if not mask.any():
        wanted = ", ".join(f"{name} = {value!r}" for name, value in where.items())
        raise InputError(f"no item has {wanted}; {_examples(space_set, next(iter(where)))}")
    return mask


def _equal_any(column: AnyArray, values: AnyArray, name: str) -> NDArray[np.bool_]:
    words = column.dtype.kind not in "iufb"
    if not words and values.dtype.kind not in "iufb":
        raise InputError(f"column {name!r} holds numbers; give a number, not {values[0].item()!r}")
    wanted = as_words(values) if words else values
    found = np.zeros(len(column), dtype=bool)
    for value in wanted:
        found |= np.asarray(column == value, dtype=bool)
    return found


def _examples(space_set: SpaceSet, name: str) -> str:
    shown = [str(value) for value in np.unique(space_set.items[name])[:_SHOWN].tolist()]
    return f"values of {name!r} are, for example: {', '.join(shown)}"
