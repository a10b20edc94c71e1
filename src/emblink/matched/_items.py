"""Which items are compared: those that two spaces hold, some of these, and how many neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emblink.errors import InputError
from emblink.stats import sample_items
from emblink.types import FloatArray, IntArray, SpaceSet

FEWEST_COMMON = 4
"""Debiased CKA is undefined for fewer."""
QUERIES = 2000
"""Items asked about where asking about all would cost as much as the neighbours did."""


@dataclass(frozen=True, eq=False)
class Common:
    """The items that both spaces of a pair hold.

    Attributes
    ----------
    items : array of shape (n_common,)
        Union rows, ascending.
    rows_a, rows_b : array of shape (n_common,)
        Their rows in each space.
    """

    items: IntArray
    rows_a: IntArray
    rows_b: IntArray


def two_of(
    space_set: SpaceSet, old: str | None, new: str | None, *, what: str, give: str, name: str
) -> tuple[str, str]:
    """Return the two spaces that are asked of.

    Parameters
    ----------
    space_set : SpaceSet
    old, new : str or None
        By default the two that there are.
    what : str
        What is asked, for the errors: ``"parity is of two spaces"``.
    give, name : str
        What to do where there are no two, and where there are more.

    Returns
    -------
    tuple of (str, str)

    Raises
    ------
    InputError
        There are no two, more than two of which not both are named, or one is not there.
    """
    names = [*space_set.spaces]
    for one in (old, new):
        if one is not None and one not in names:
            raise InputError(f"there is no space {one!r}; the spaces are: {', '.join(names)}")
    if len(names) > 2 and (old is None or new is None):
        raise InputError(f"{what}, not of {', '.join(names)}; {name}")
    first = old or next((one for one in names if one != new), None)
    second = new or next((one for one in names if one != first), None)
    if first is None or second is None or first == second:
        raise InputError(f"{what}, not of {', '.join(names)}{give}")
    return first, second


def row_of_item(rows: IntArray, *, n_items: int) -> IntArray:
    """Return where each item of the union lies in a space, -1 where it does not.

    Parameters
    ----------
    rows : array of shape (n_space_items,)
        Union row of each item of the space.
    n_items : int
        Of the union.

    Returns
    -------
    array of shape (n_items,), int64
    """
    found = np.full(n_items, -1, dtype=np.int64)
    found[rows] = np.arange(len(rows))
    return found


def in_both(rows_a: IntArray, rows_b: IntArray, *, n_items: int) -> Common:
    """Match two spaces through the union index.

    Parameters
    ----------
    rows_a, rows_b : array of shape (n_space_items,)
        Union row of each item of either space.
    n_items : int
        Of the union.

    Returns
    -------
    Common
        Possibly of no items.
    """
    row_in_a, row_in_b = (row_of_item(rows, n_items=n_items) for rows in (rows_a, rows_b))
    items = np.flatnonzero((row_in_a >= 0) & (row_in_b >= 0))
    return Common(items, row_in_a[items], row_in_b[items])


def among(common: Common, items: IntArray) -> Common | None:
    """Keep those of the common items that are among others, or return None where too few are left.

    Parameters
    ----------
    common : Common
    items : array of shape (n,)
        Union rows.

    Returns
    -------
    Common or None
    """
    kept = np.isin(common.items, items)
    if np.count_nonzero(kept) < FEWEST_COMMON:
        return None
    return Common(common.items[kept], common.rows_a[kept], common.rows_b[kept])


def sensible_k(k: int, n_items: int) -> int:
    """Return ``k``, or fewer where so many neighbours would be most of the items.

    Parameters
    ----------
    k, n_items : int

    Returns
    -------
    int
        At least 1.
    """
    return max(1, min(k, (n_items - 1) // 2))


def take(vectors: FloatArray, rows: IntArray) -> FloatArray:
    """Return ``vectors[rows]``, without a copy when these are all rows in order.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
    rows : array of shape (n,)

    Returns
    -------
    array of shape (n, n_dims)
    """
    return vectors if np.array_equal(rows, np.arange(len(vectors))) else vectors[rows]


def sample(rows: IntArray, *, most: int, seed: int) -> IntArray:
    """Return all rows, or ``most`` of them drawn at random, in order.

    Parameters
    ----------
    rows : array of shape (n,)
        Ascending.
    most, seed : int

    Returns
    -------
    array of shape (<= most,)
    """
    return rows if len(rows) <= most else rows[sample_items(len(rows), most, seed=seed)]
