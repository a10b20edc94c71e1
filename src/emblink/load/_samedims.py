"""Numbers beside the dims that describe items: the same in both spaces, ids, or labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from emblink.errors import InputError
from emblink.load._match import Draft
from emblink.types import AnyArray, IntArray, Space

_LOOKED_AT = 1000
"""Items that are compared."""
_LEAST = 5
"""Items of which numbers hardly go up by chance."""
_EXACT = 2**24
"""From here on, whole numbers may be the same in float32 that were not."""
_WAY_OUT = (
    "is no dim; leave it out, as X[:, {cut}] does in Python, and give ids with --ids; where it is "
    "one, take all numbers: --vector '*', of a column of lists FILE::COLUMN with --vector '*'"
)


def refuse_counted(drafts: Sequence[Draft], spaces: Mapping[str, Space]) -> list[str]:
    """Refuse ids and numbers of rows that stand before or after fractions, as if dims.

    Returns
    -------
    list of str
        Notes of whole numbers there that repeat, which may be labels.

    Raises
    ------
    InputError
        The first or the last number of each row is whole, and goes up or differs from all others.
    """
    notes = []
    for draft in drafts:
        vectors = spaces[draft.name].vectors
        for what, at, cut in _OUTER if not draft.chosen else ():
            if not (_are_whole(vectors[:_LEAST, at]) and _are_whole(vectors[:, at])):
                continue
            values = vectors[:, at].astype(np.float64)
            n_values = len(np.unique(values))
            if (n_values < 2 and values[0] < _EXACT) or not _beside(vectors, at):
                continue
            found = "goes up" if _goes_up(values) else "differs from all others"
            if found == "goes up" or _tell_apart(values, n_values):
                raise InputError(
                    f"the {what} number of each row of {draft.where} is whole and {found}, as ids "
                    f"and numbers of rows do, and {_WAY_OUT.format(cut=cut)}"
                )
            notes.append(
                f"the {what} number of each row of {draft.where} is whole, and one of {n_values:,} "
                "values, where others are fractions: it was taken as a dim; if it describes the "
                f"items, as labels and counts do, leave it out, as X[:, {cut}] does in Python"
            )
    return notes


_OUTER = (("first", 0, "1:"), ("last", -1, ":-1"))


def _are_whole(values: AnyArray) -> bool:
    return len(values) >= _LEAST and np.array_equal(values, np.floor(values))


def _goes_up(values: AnyArray) -> bool:
    up = (values[1:] > values[:-1]) | ((values[1:] == values[:-1]) & (values[1:] >= _EXACT))
    return bool(np.all(up)) and bool(values[-1] > values[0])


def _tell_apart(values: AnyArray, n_values: int) -> bool:
    """Whether each row has a value of its own, as far as float32 tells them apart."""
    return n_values == len(values) or bool(np.all(values >= _EXACT))


def _beside(vectors: AnyArray, at: int) -> bool:
    """Whether most numbers beside these are dims that hold fractions."""
    some = vectors[:_LOOKED_AT]
    broken = np.delete((some != np.floor(some)).any(axis=0), at)
    return len(broken) > 1 and 2 * int(np.sum(broken)) > len(broken)


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
    doubted = [draft for draft in drafts if not draft.chosen]
    doubted = [draft for draft in doubted if _may_describe(spaces[draft.name].vectors)]
    for first, other in combinations(doubted, 2):
        _refuse_outer(first, other, spaces, rows)
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


def _refuse_outer(
    first: Draft, other: Draft, spaces: Mapping[str, Space], rows: Mapping[str, IntArray]
) -> None:
    """Refuse whole numbers at an edge that are the same in both, where most others differ."""
    a, b = _common(first, other, spaces, rows)
    if a.shape != b.shape or len(a) < _LEAST:
        return
    same = np.all(a == b, axis=0)
    for what, at, cut in _OUTER:
        if same[at] and 2 * int(np.sum(same)) < len(same) and _is_whole(a, at):
            raise InputError(
                f"the {what} number of each row is whole and the same in {first.where} and "
                f"{other.where}, where others differ: it describes the items, as ids and labels "
                f"do, and {_WAY_OUT.format(cut=cut)}"
            )


def _may_describe(vectors: AnyArray) -> bool:
    return any(_is_whole(vectors[:_LOOKED_AT], at) for _, at, _ in _OUTER)


def _is_whole(vectors: AnyArray, at: int) -> bool:
    """Whether numbers are whole and not all the same, beside fractions."""
    values = vectors[:, at].astype(np.float64)
    varied = bool(np.any(values != values[0])) or values[0] >= _EXACT
    return varied and np.array_equal(values, np.floor(values)) and _beside(vectors, at)


def _common(
    first: Draft, other: Draft, spaces: Mapping[str, Space], rows: Mapping[str, IntArray]
) -> tuple[AnyArray, AnyArray]:
    """Return vectors of both for some of the items that both have."""
    _, mine, theirs = np.intersect1d(rows[first.name], rows[other.name], return_indices=True)
    step = max(1, len(mine) // _LOOKED_AT)
    return spaces[first.name].vectors[mine[::step]], spaces[other.name].vectors[theirs[::step]]


def _same(
    first: Draft, other: Draft, spaces: Mapping[str, Space], rows: Mapping[str, IntArray]
) -> tuple[list[str], list[str]]:
    """Return the names of dims that are the same for all items, and those that both have."""
    a, b = _common(first, other, spaces, rows)
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
