"""Files matched by position, of which a column says that their rows are in other orders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from emblink.load._match import Draft, ItemTable
from emblink.load._near import is_range, rank, shared, unique
from emblink.types import AnyArray
from emblink.words import as_words


def reordered(
    drafts: Sequence[Draft], described: Sequence[ItemTable], table: ItemTable | None
) -> list[str]:
    """Say where spaces that were matched by row have a column with the same values elsewhere.

    Parameters
    ----------
    drafts : sequence of Draft
    described : sequence of ItemTable
        Columns beside the vectors of each.
    table : ItemTable or None
        The item table.

    Returns
    -------
    list of str
    """
    by_row = [
        one
        for draft, one in zip(drafts, described, strict=True)
        if draft.matched_by == "row" and one.columns
    ]
    holders = [*([table] if table else []), *by_row]
    notes = [note for other in holders[1:] if (note := _note(holders[0], other))]
    everything = [*([table] if table else []), *described]
    if len(everything) > 1 and any(draft.matched_by == "row" for draft in drafts):
        notes += [note for one in everything for note in _numbered(one, everything)]
    return notes


_PLACES = re.compile(r"(.*[_. -])?(idx|row|row_?(num|nr|no)|pos|position|order|seq|line)")
"""Names, in small letters, of numbers that say where a row stood."""


def _numbered(one: ItemTable, holders: Sequence[ItemTable]) -> list[str]:
    """Say which columns of one file alone number its rows in another order than they stand in."""
    return [
        f"column {name!r} of {one.where} numbers its rows, but not as they stand "
        f"({', '.join(map(str, values[:4].tolist()))} …), and rows were matched by position: sort "
        f"by it if others stand in that order, or give each file a column of ids"
        for name, values in one.columns.items()
        if _are_places(name, values) and not all(name in other.columns for other in holders)
    ]


def _are_places(name: str, values: AnyArray) -> bool:
    if values.ndim != 1 or values.dtype.kind not in "iuf" or len(values) < _LEAST:
        return False
    if not np.all(np.floor(values) == values):
        return False
    held = np.sort(values)
    if not np.all(held[1:] > held[:-1]) or is_range(values.astype(np.int64)):
        return False
    counts = held[0] in (0, 1) and held[-1] - held[0] == len(held) - 1
    return bool(counts) or _PLACES.fullmatch(name.lower()) is not None


_LEAST = 5
"""Rows that are hardly in an order by chance."""


def told_apart(
    drafts: Sequence[Draft], described: Sequence[ItemTable], table: ItemTable | None
) -> list[str]:
    """Say where ids are whole numbers, and columns of other names say that they only count rows.

    Parameters
    ----------
    drafts : sequence of Draft
        With their ids.
    described : sequence of ItemTable
        Columns beside the vectors of each.
    table : ItemTable or None
        The item table.

    Returns
    -------
    list of str
    """
    own = zip(drafts, described, strict=True)
    holders = [replace(one, ids=draft.ids) for draft, one in own if draft.matched_by == "id"]
    holders = [one for one in [*([table] if table else []), *holders] if _has_numbers(one)]
    found = [_keys(one) for one in holders] if len(holders) > 1 else []
    notes = []
    for other, keys in zip(holders[1:], found[1:], strict=True):
        first, second = np.asarray(holders[0].ids), np.asarray(other.ids)
        _, mine, theirs = np.intersect1d(first, second, return_indices=True)
        for name, values in found[0].items():
            for twin, held in keys.items():
                apart = int(np.sum(values[mine] != held[theirs]))
                moved = name != twin and 2 * apart > len(mine)
                if moved and _are_keys(name, twin, values) and shared(values, held):
                    notes.append(
                        f"{name!r} of {holders[0].where} and {twin!r} of {other.where} hold the "
                        f"same values under other ids ({apart:,} of {len(mine):,}): the ids may "
                        "only count the rows; to join by these, give both one name and id= "
                        "(--id), or ids= (--ids NAME=FILE::COLUMN) for each"
                    )
    return notes


def _has_numbers(one: ItemTable) -> bool:
    return bool(one.columns) and one.ids is not None and one.ids.dtype.kind in "iu"


def _keys(one: ItemTable) -> dict[str, AnyArray]:
    """Return the words that tell items apart, and whole numbers that do not only count rows."""
    found = unique(one).items()
    return {name: words for name, words in found if not is_range(one.columns[name])}


def _are_keys(name: str, twin: str, values: AnyArray) -> bool:
    """Whether columns are named as ids are, or hold words."""
    return not min(rank(name), rank(twin)) or not all(map(str.isdecimal, values[:_LEAST].tolist()))


def _note(a: ItemTable, b: ItemTable) -> str | None:
    shared = [name for name in a.columns if name in b.columns]
    moved = {name: count for name in shared if (count := _moved(a.columns[name], b.columns[name]))}
    if not moved:
        return None
    names = " and ".join(map(repr, list(moved)[:3]))
    return (
        f"rows of {a.where} and {b.where} are likely other items: {names} "
        f"{'holds' if len(moved) == 1 else 'hold'} the same values in both, but in another order "
        f"({max(moved.values()):,} of {len(next(iter(a.columns.values()))):,} rows differ); give "
        "each file a column of ids"
    )


def _moved(a: AnyArray, b: AnyArray) -> int:
    """Count rows that differ, where two columns hold the same values in all."""
    if a.ndim != 1 or a.shape != b.shape:
        return 0
    one, other = as_words(a), as_words(b)
    differ = int(np.sum(one != other))
    return differ if differ and np.array_equal(np.sort(one), np.sort(other)) else 0
