"""Which items, and which labels, a pair of spaces is compared on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emblink.errors import MatchError
from emblink.types import ComparedBy, FloatArray, IntArray, SpaceSet
from emblink.words import as_words, categories

REPORT_SCHEMA = "emblink.report/1"
FEWEST_COMMON = 4
"""Debiased CKA is undefined for fewer."""


@dataclass(frozen=True, eq=False)
class Labels:
    """The label of every item of the union, -1 where it has none."""

    codes: IntArray
    names: list[str]


@dataclass(frozen=True, eq=False)
class Common:
    """The items that both spaces of a pair hold.

    Attributes
    ----------
    items : array of shape (n_common,)
        Union rows.
    rows_a, rows_b : array of shape (n_common,)
        Their rows in each space.
    """

    items: IntArray
    rows_a: IntArray
    rows_b: IntArray


def label_codes(space_set: SpaceSet) -> Labels | None:
    """Return the items' labels as codes, or None when no column has that role.

    Parameters
    ----------
    space_set : SpaceSet

    Returns
    -------
    Labels or None
    """
    column = space_set.roles.get("label")
    if column is None:
        return None
    codes, names = categories(as_words(space_set.items[column]))
    return Labels(codes, names)


def common_items(space_set: SpaceSet, a: str, b: str) -> Common:
    """Match two spaces through the union index.

    Parameters
    ----------
    space_set : SpaceSet
    a, b : str

    Returns
    -------
    Common
        Possibly of no items.
    """
    row_in_b = np.full(len(space_set.ids), -1, dtype=np.int64)
    row_in_b[space_set.rows[b]] = np.arange(len(space_set.rows[b]))
    row_in_a = np.full(len(space_set.ids), -1, dtype=np.int64)
    row_in_a[space_set.rows[a]] = np.arange(len(space_set.rows[a]))
    items = np.flatnonzero((row_in_a >= 0) & (row_in_b >= 0))
    return Common(items, row_in_a[items], row_in_b[items])


def among(space_set: SpaceSet, a: str, b: str, *, items: IntArray) -> Common | None:
    """Match two spaces over some of the union's items, or return None where too few are left.

    Parameters
    ----------
    space_set : SpaceSet
    a, b : str
    items : array of shape (n,)
        Union rows.

    Returns
    -------
    Common or None
    """
    common = common_items(space_set, a, b)
    kept = np.isin(common.items, items)
    if np.count_nonzero(kept) < FEWEST_COMMON:
        return None
    return Common(common.items[kept], common.rows_a[kept], common.rows_b[kept])


def compared_by(space_set: SpaceSet, pair: tuple[str, str], labels: Labels | None) -> ComparedBy:
    """Return what two spaces can be compared by.

    Parameters
    ----------
    space_set : SpaceSet
    pair : (str, str)
    labels : Labels or None

    Returns
    -------
    {"items", "labels"}

    Raises
    ------
    MatchError
        The spaces have fewer than four items in common, and no labels either.
    """
    a, b = pair
    n_common = len(common_items(space_set, a, b).items)
    if n_common >= FEWEST_COMMON:
        return "items"
    if labels is not None:
        held_a, held_b = ({*labels.codes[space_set.rows[name]].tolist()} - {-1} for name in pair)
        if n_common == 0 and held_a & held_b:
            return "labels"
    raise MatchError(
        f"spaces {a!r} and {b!r} have {n_common} items in common; expected at least "
        f"{FEWEST_COMMON}: check that their ids mean the same, choose the pairs "
        "(--reference, --pairs consecutive), or give labels that both have"
    )


def sensible_k(k: int, n_items: int) -> int:
    """Return ``k``, or fewer where so many neighbours would be most of the items."""
    return max(1, min(k, (n_items - 1) // 2))


def take(vectors: FloatArray, rows: IntArray) -> FloatArray:
    """Return ``vectors[rows]``, without a copy when these are all rows in order."""
    return vectors if np.array_equal(rows, np.arange(len(vectors))) else vectors[rows]
