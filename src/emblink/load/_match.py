"""Joining spaces by item id, over one union of items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from emblink.errors import MatchError
from emblink.load._blocks import Vectors
from emblink.load._ids import same_type, shown
from emblink.load._writing import hint
from emblink.types import AnyArray, IntArray, MatchedBy
from emblink.wording import instead

_GIVE_IDS = "give its ids: ids={{'{name}': 'ids.txt'}} (--ids {name}=ids.txt)"


def is_byte(held: str) -> bool:
    """Whether a file's type is of bytes, or of lists of them."""
    return "TINYINT" in held


@dataclass(frozen=True, eq=False)
class Draft:
    """One space as it was opened, before it is matched, and read."""

    name: str
    where: str
    vectors: Vectors
    ids: AnyArray | None
    matched_by: MatchedBy = "id"
    source: str = "array"
    notes: tuple[str, ...] = ()
    dims: tuple[str, ...] = ()
    """The columns, where they are dims for no other reason than that they are numbers."""
    chosen: bool = False
    """Whether all numbers were asked for, to be taken as they are."""
    column: str = ""
    """The column or array of the vectors, or what the names of several begin with."""
    asked: bool = False
    """Whether it was named."""
    way: str = ""
    """What names it."""
    held: str = ""
    """Its type as the file says."""

    @property
    def in_bytes(self) -> bool:
        """Whether each number is a byte where it comes from."""
        return self.vectors.dtype in (np.uint8, np.int8) or is_byte(self.held)


@dataclass(frozen=True, eq=False)
class ItemTable:
    """Columns that describe items, and the ids of its rows when it has them."""

    where: str
    n_rows: int
    ids: AnyArray | None
    columns: Mapping[str, AnyArray] = field(default_factory=dict)
    id_name: str | None = None
    notes: tuple[str, ...] = ()
    declared: bool = False
    """Whether the caller said that row ``i`` describes item ``i``, so that no note is due."""


@dataclass(frozen=True)
class Settled:
    """Spaces and tables that all have ids, of one type."""

    drafts: list[Draft]
    table: ItemTable | None
    extras: list[ItemTable]
    notes: list[str]


def union(parts: Sequence[AnyArray]) -> tuple[AnyArray, list[IntArray]]:
    """Return all ids in order of first appearance, and where the ids of each part are in it.

    Each part holds an id at most once; ``ids[rows[i]]`` equals ``parts[i]``.
    """
    together = np.concatenate(parts)
    _, first, inverse = np.unique(together, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    ends = np.cumsum([len(part) for part in parts])[:-1]
    return together[first[order]], list(np.split(rank[inverse], ends))


def find(ids: AnyArray, wanted: AnyArray) -> IntArray:
    """Return the row of each wanted id among unique ids, -1 where it is not there."""
    if not len(ids):
        return np.full(len(wanted), -1)
    order = np.argsort(ids)
    at = np.searchsorted(ids, wanted, sorter=order)
    rows: IntArray = order[np.minimum(at, len(ids) - 1)]
    return np.where(ids[rows] == wanted, rows, -1)


def settle(drafts: list[Draft], table: ItemTable | None, extras: list[ItemTable]) -> Settled:
    """Give every space and table ids of one type, by row order where there are none.

    Raises
    ------
    MatchError
        Ids are missing and row counts do not tell which item a row is.
    """
    holders: list[Draft | ItemTable] = [*drafts, *([table] if table else []), *extras]
    known = [(holder.where, holder.ids) for holder in holders if holder.ids is not None]
    unified, notes = same_type(known)
    found = iter(unified)
    drafts = [replace(d, ids=next(found)) if d.ids is not None else d for d in drafts]
    if table and table.ids is not None:
        table = replace(table, ids=next(found))
    extras = [replace(e, ids=next(found)) if e.ids is not None else e for e in extras]
    if table:
        table = _number_table(table, drafts)
    filled, more = _by_row_of_table(drafts, table) if table else _by_row_of_others(drafts)
    notes += more
    for at, extra in enumerate(extras):
        if extra.ids is None:
            other = _rows_for(extra, filled, table)
            extras[at] = replace(extra, ids=other.ids)
            if not extra.declared:
                notes.append(_note(extra.where, extra.n_rows, other.where))
    return Settled(filled, table, extras, notes)


def apart(draft: Draft, other: Draft, *, labelled: bool, column: str | None = None) -> MatchError:
    """Return the error of two spaces that share nothing that they could be compared by.

    ``column`` is one by which they would join.
    """
    labels = (
        "none of their labels is the same, either"
        if labelled
        else "or, for different items, give both labels to compare them by: "
        f"labels={{{other.name!r}: …, {draft.name!r}: …}} (--label COLUMN)"
    )
    what = nothing_shared(draft, other, column)
    return MatchError(what if column else f"{what}; {labels}{as_populations(draft, other)}")


def as_populations(draft: Draft, other: Draft) -> str:
    """Point to populations, where two sets of items may lie in one space."""
    if draft.vectors.shape[1] != other.vectors.shape[1]:
        return ""
    given = [(one.name, one.source) for one in (other, draft)]
    said = "; two sets of items in the space of one model are populations"
    return f"{said}: {instead('populations', given)}"


def nothing_shared(a: Draft, b: Draft | ItemTable, column: str | None) -> str:
    ids = [np.array([str(one) for one in _ids(x).tolist()], np.str_) for x in (a, b)]
    found = hint(*ids)
    """Say that a space shares no item with another, or with the item table."""
    what = (
        f"no item of {a.where} is in {b.where}: ids like {shown(_ids(a))} and like "
        f"{shown(_ids(b))}{f' ({found})' if found else ''}"
    )
    if column:
        return (
            f"{what}; column {column!r} of both holds the same values: join by it with id= "
            f"(--id {column})"
        )
    return f"{what}; name the column of ids with id= (--id), or {_way(a)}"


def _number_table(table: ItemTable, drafts: Sequence[Draft]) -> ItemTable:
    if table.ids is not None:
        return table
    for draft in drafts:
        if draft.ids is not None:
            names = ", ".join(table.columns) or "none"
            raise MatchError(
                f"{draft.where} has ids, but {table.where} has no column id, ids, item_id or "
                f"_id to match them with (columns: {names}); name its column of ids with id= (--id)"
            )
    return replace(table, ids=np.arange(table.n_rows))


def _by_row_of_table(drafts: Sequence[Draft], table: ItemTable) -> tuple[list[Draft], list[str]]:
    filled, notes = [], []
    for draft in drafts:
        if draft.ids is None:
            _need_rows(draft, table.where, table.n_rows)
            notes.append(_note(draft.where, table.n_rows, table.where))
            draft = replace(draft, ids=table.ids, matched_by="row")
        filled.append(draft)
    return filled, notes


def _by_row_of_others(drafts: Sequence[Draft]) -> tuple[list[Draft], list[str]]:
    known = [draft for draft in drafts if draft.ids is not None]
    if not known:
        return _by_row_alone(drafts)
    filled, notes = [], []
    for draft in drafts:
        if draft.ids is None:
            fitting = [other for other in known if len(_ids(other)) == len(draft.vectors)]
            other = (fitting or known)[0]
            _need_rows(draft, other.where, len(_ids(other)))
            for rival in fitting[1:]:
                if not np.array_equal(_ids(rival), _ids(other)):
                    raise MatchError(
                        f"{draft.where} has no ids, and its rows could be those of {other.where} "
                        f"or of {rival.where}, which differ in order; {_way(draft)}"
                    )
            notes.append(_note(draft.where, len(draft.vectors), other.where))
            draft = replace(draft, ids=other.ids, matched_by="row")
        filled.append(draft)
    return filled, notes


def _by_row_alone(drafts: Sequence[Draft]) -> tuple[list[Draft], list[str]]:
    n_rows = len(drafts[0].vectors)
    for draft in drafts:
        _need_rows(draft, drafts[0].where, n_rows)
    names = [draft.where for draft in drafts]
    note = f"{names[0]} has no ids: its {n_rows:,} rows were numbered from 0"
    if len(names) > 1:
        who = f"{', '.join(names[:-1])} and {names[-1]}"
        note = f"{who} have no ids: their {n_rows:,} rows were matched to each other by position"
    ids = np.arange(n_rows)
    return [replace(draft, ids=ids, matched_by="row") for draft in drafts], [note]


def _rows_for(
    extra: ItemTable, drafts: Sequence[Draft], table: ItemTable | None
) -> Draft | ItemTable:
    """Return the item table, or the space, whose rows a table without ids must have."""
    holders: Sequence[Draft | ItemTable] = [table] if table else drafts
    fitting = [one for one in holders if len(_ids(one)) == extra.n_rows]
    for rival in fitting[1:]:
        if not np.array_equal(_ids(rival), _ids(fitting[0])):
            raise MatchError(
                f"{extra.where} has no ids, and its rows could be those of {fitting[0].where} or "
                f"of {rival.where}; give an item table with ids: items= (--items)"
            )
    if not fitting:
        rows = ", ".join(f"{one.where} {len(_ids(one)):,}" for one in holders)
        raise MatchError(
            f"{extra.where} has {extra.n_rows:,} rows and no ids; expected as many rows as there "
            f"are items ({rows}): give an item table with ids: items= (--items)"
        )
    return fitting[0]


def _need_rows(draft: Draft, where: str, n_rows: int) -> None:
    if len(draft.vectors) != n_rows:
        raise MatchError(
            f"{draft.where} has no ids and {len(draft.vectors):,} rows, but {where} has "
            f"{n_rows:,}; rows stand for items only when the counts are equal: {_way(draft)}"
        )


def _note(what: str, n_rows: int, where: str) -> str:
    return f"{what} has no ids: its {n_rows:,} rows were matched to {where} by position"


def _way(draft: Draft) -> str:
    return _GIVE_IDS.format(name=draft.name)


def _ids(holder: Draft | ItemTable) -> AnyArray:
    if holder.ids is None:
        raise MatchError(f"{holder.where} has no ids; give them with ids=")
    return holder.ids
