"""Files matched by position, of which a column says that their rows are in other orders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emblink.load._match import Draft, ItemTable
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
    return [note for other in holders[1:] if (note := _note(holders[0], other))]


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
