"""From drafts of spaces and tables of items to one SpaceSet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from emblink.errors import InputError
from emblink.load._columns import WORDS
from emblink.load._ids import shown
from emblink.load._items import USUAL_NAMES, choose_roles, place
from emblink.load._match import Draft, ItemTable, check_common, settle, union
from emblink.load._vectors import OnBad, clean
from emblink.types import AnyArray, IntArray, Metric, Role, Space, SpaceSet


def assemble(
    drafts: Sequence[Draft],
    *,
    table: ItemTable | None,
    described: Sequence[ItemTable],
    extras: Sequence[ItemTable],
    roles: Mapping[Role, str | None],
    metric: Metric,
    on_bad: OnBad,
) -> SpaceSet:
    """Match, clean, and describe.

    Parameters
    ----------
    drafts : sequence of Draft
    table : ItemTable or None
        The item table; its order comes first.
    described : sequence of ItemTable
        Columns beside the vectors of each draft, used when there is no item table.
    extras : sequence of ItemTable
        Further columns, such as pictures; they come before others of the same name.
    roles : mapping of role to column name or None
    metric : {"cosine", "euclidean"}
    on_bad : {"error", "drop"}
    """
    _unique_names(drafts)
    settled = settle(list(drafts), table, list(extras))
    table, notes = settled.table, settled.notes
    check_common(settled.drafts, table)
    spaces = {}
    for draft in settled.drafts:
        spaces[draft.name], note = _space(draft, metric, on_bad)
        notes += [note] if note else []
    ids, rows, more = _over_union(spaces, table)
    own = zip(described, settled.drafts, strict=True)
    beside = [replace(one, ids=draft.ids) for one, draft in own if one.columns]
    tables = [*settled.extras, *([table] if table else beside)]
    columns = place(ids, tables)
    id_name = table.id_name if table else next((one.id_name for one in described), None)
    columns = _with_id_column(columns, ids, id_name, roles)
    return SpaceSet(
        spaces=spaces,
        ids=ids,
        rows=rows,
        items=columns,
        roles=choose_roles(columns, roles),
        notes=(*notes, *more),
    )


def _space(draft: Draft, metric: Metric, on_bad: OnBad) -> tuple[Space, str | None]:
    ids = draft.ids if draft.ids is not None else np.arange(len(draft.vectors))
    origin = "" if draft.source == "array" else f" ({draft.source})"
    where = f"space {draft.name!r}{origin}"
    cleaned = clean(draft.vectors, ids, where, metric=metric, on_bad=on_bad)
    space = Space(
        name=draft.name,
        vectors=cleaned.vectors,
        ids=ids if cleaned.kept is None else ids[cleaned.kept],
        metric=metric,
        source=draft.source,
        matched_by=draft.matched_by,
    )
    return space, cleaned.note


def _over_union(
    spaces: Mapping[str, Space], table: ItemTable | None
) -> tuple[AnyArray, dict[str, IntArray], list[str]]:
    """Return the union of ids, each space's rows in it, and notes on what has no counterpart."""
    own = [space.ids for space in spaces.values()]
    if table is None or table.ids is None:
        ids, rows = union(own)
        return ids, dict(zip(spaces, rows, strict=True)), []
    ids, (_, *rows) = union([table.ids, *own])
    covered = np.zeros(len(ids), bool)
    covered[np.concatenate(rows)] = True
    notes = []
    unused = ids[~covered]
    if len(unused):
        what = f"{_items(len(unused), table.where)} left out, in no space"
        notes.append(f"{what} (ids {shown(unused)})")
    unknown = ids[len(table.ids) :]
    if len(unknown):
        what = f"{_items(len(unknown), 'the spaces')} not in {table.where}"
        notes.append(f"{what} (ids {shown(unknown)})")
    now = np.cumsum(covered) - 1
    return ids[covered], {name: now[at] for name, at in zip(spaces, rows, strict=True)}, notes


def _with_id_column(
    columns: dict[str, AnyArray],
    ids: AnyArray,
    id_name: str | None,
    roles: Mapping[Role, str | None],
) -> dict[str, AnyArray]:
    """Show the ids as a column when they have a part to play, such as the words of word vectors."""
    if id_name is None or id_name in columns:
        return columns
    named = [name for name in roles.values() if name is not None]
    if id_name in named or (not roles.get("text") and id_name.lower() in USUAL_NAMES["text"]):
        return {id_name: ids.astype(WORDS), **columns}
    return columns


def _unique_names(drafts: Sequence[Draft]) -> None:
    names = [draft.name for draft in drafts]
    for draft in drafts:
        if names.count(draft.name) > 1:
            twice = " and ".join(other.where for other in drafts if other.name == draft.name)
            raise InputError(
                f"two spaces would be named {draft.name!r} ({twice}); name them: name=path"
            )


def _items(count: int, where: str) -> str:
    return f"{count:,} item of {where} is" if count == 1 else f"{count:,} items of {where} are"
