"""Dims that are the same in both spaces, where others are not: numbers that describe the items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from emblink.errors import InputError
from emblink.load._match import Draft
from emblink.types import IntArray, Space

_LOOKED_AT = 1000
"""Items that are compared."""


def refuse_same_dims(
    drafts: Sequence[Draft], spaces: Mapping[str, Space], rows: Mapping[str, IntArray]
) -> None:
    """Refuse dims that were taken since nothing else was there, and that no model changes.

    Parameters
    ----------
    drafts : sequence of Draft
        With the names of such dims.
    spaces : mapping of name to Space
    rows : mapping of space name to array of shape (n_space_items,), int64
        The items of each in their union.

    Raises
    ------
    InputError
        Up to half of the dims of two spaces are the same number for number.
    """
    loose = [draft for draft in drafts if draft.dims]
    for other in loose[1:]:
        first = loose[0]
        same, common = _same(first, other, spaces, rows)
        if same and 2 * len(same) <= len(common):
            one = len(same) == 1
            raise InputError(
                f"{', '.join(same[:4])}{' …' if same[4:] else ''} {'is' if one else 'are'} the "
                f"same in {first.where} and {other.where}, number for number, where other dims "
                f"differ: {'it describes' if one else 'they describe'} the items, and "
                f"{'is no dim' if one else 'are no dims'}; name the vectors, --vector 'PATTERN' "
                f"('*' takes all numbers), or drop the column{'' if one else 's'}"
            )


def _same(
    first: Draft, other: Draft, spaces: Mapping[str, Space], rows: Mapping[str, IntArray]
) -> tuple[list[str], list[str]]:
    """Return the names of dims that are the same for all items, and those that both have."""
    _, mine, theirs = np.intersect1d(rows[first.name], rows[other.name], return_indices=True)
    step = max(1, len(mine) // _LOOKED_AT)
    a = spaces[first.name].vectors[mine[::step]]
    b = spaces[other.name].vectors[theirs[::step]]
    where = {name: at for at, name in enumerate(other.dims)}
    common = [name for name in first.dims if name in where]
    if not len(a):
        return [], common
    same = [
        name
        for at, name in enumerate(first.dims)
        if name in where
        and np.array_equal(a[:, at], b[:, where[name]])
        and np.any(a[:, at] != a[0, at])
    ]
    return same, common
