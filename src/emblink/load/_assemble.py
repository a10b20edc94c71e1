"""From drafts of spaces and tables of items to one SpaceSet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from emblink.errors import InputError, MatchError
from emblink.load._ids import shown
from emblink.load._items import USUAL_NAMES, choose_roles, differing, label_hint, place
from emblink.load._keys import shared_keys, written_apart
from emblink.load._labels import apart_notes, joined_labels, one_kind
from emblink.load._match import Draft, ItemTable, find, nothing_shared, settle, union
from emblink.load._near import other_key
from emblink.load._reordered import reordered, told_apart
from emblink.load._samedims import refuse_counted, refuse_same_dims
from emblink.load._vectors import OnBad, clean
from emblink.load._whole import whole_notes
from emblink.types import AnyArray, IntArray, Metric, Role, Space, SpaceSet
from emblink.words import WORDS, check_text


def assemble(
    drafts: Sequence[Draft],
    *,
    table: ItemTable | None,
    described: Sequence[ItemTable],
    extras: Sequence[ItemTable],
    roles: Mapping[Role, str | None],
    metric: Metric,
    on_bad: OnBad,
    labels: Mapping[str, ItemTable] | None = None,
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
    labels : mapping of space name to ItemTable, optional
        Labels of the rows of that space; they come before those of other tables.
    """
    check_names(drafts)
    keyed = shared_keys(list(drafts), list(described), table)
    settled = settle(keyed.drafts, keyed.table, list(extras))
    table, described = settled.table, keyed.described
    own_notes = [draft.notes for draft in drafts] + [table.notes if table else ()]
    notes = [*dict.fromkeys(note for each in own_notes for note in each)]
    notes += [*keyed.notes, *settled.notes]
    spaces = {}
    for draft in settled.drafts:
        spaces[draft.name], note = _space(draft, metric, on_bad)
        notes += [note] if note else []
    whole = refuse_counted(settled.drafts, spaces)
    whole += whole_notes(settled.drafts, spaces, metric)
    joined = _join(settled.drafts, spaces, table, described)
    refuse_same_dims(settled.drafts, spaces, joined.rows)
    own = zip(described, settled.drafts, strict=True)
    beside = [replace(one, ids=draft.ids) for one, draft in own if one.columns and not table]
    given = [
        replace(labels[draft.name], ids=draft.ids)
        for draft in settled.drafts
        if labels and draft.name in labels
    ]
    others = [*joined_labels(given), *settled.extras, *beside]
    at = [find(_ids(one), joined.ids) for one in others]
    tables = one_kind([*others, *([table] if table else [])], roles.get("label"))
    placed = [*zip(tables, [*at, joined.table_rows], strict=False)]
    columns = place(placed)
    id_name = table.id_name if table else next((one.id_name for one in described), None)
    columns = _with_id_column(columns, joined.ids, id_name, roles)
    for name in columns:
        check_text(name, "the item column")
    chosen = choose_roles(columns, roles)
    label = columns.get(chosen.get("label", ""))
    notes += [*differing(placed, chosen.get("label")), *label_hint(columns, chosen)]
    notes += [*whole, *written_apart(settled.drafts, table)]
    notes += reordered(settled.drafts, described, table)
    notes += told_apart(settled.drafts, described, table)
    return SpaceSet(
        spaces=spaces,
        ids=joined.ids,
        rows=joined.rows,
        items=columns,
        roles=chosen,
        notes=(
            *notes,
            *joined.notes,
            *apart_notes(settled.drafts, [*joined.rows.values()], label, described),
        ),
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
        in_bytes=draft.in_bytes,
    )
    return space, cleaned.note


@dataclass(frozen=True, eq=False)
class _Joined:
    """The union of items; ``table_rows`` is the item table's row of each, -1 where it has none."""

    ids: AnyArray
    rows: dict[str, IntArray]
    table_rows: IntArray
    notes: list[str]


def _join(
    drafts: Sequence[Draft],
    spaces: Mapping[str, Space],
    table: ItemTable | None,
    described: Sequence[ItemTable],
) -> _Joined:
    first = [] if table is None else [_ids(table)]
    ids, all_rows = union([*first, *(space.ids for space in spaces.values())])
    rows = all_rows[len(first) :]
    for draft, one, at in zip(drafts, described, rows, strict=True):
        if table is not None and not (at < table.n_rows).any():
            raise MatchError(nothing_shared(draft, table, other_key(one, table)))
    covered = np.zeros(len(ids), bool)
    covered[np.concatenate(rows)] = True
    n_table = len(first[0]) if first else 0
    notes = []
    if table is not None and not covered.all():
        what = f"{_items(int(np.sum(~covered)), table.where)} left out, in no space"
        notes.append(f"{what} (ids {shown(ids[~covered])})")
    if table is not None and len(ids) > n_table:
        what = f"{_items(len(ids) - n_table, 'the spaces')} not in {table.where}"
        notes.append(f"{what} (ids {shown(ids[n_table:])})")
    now = np.cumsum(covered) - 1
    at = np.flatnonzero(covered)
    by_name = {name: now[old] for name, old in zip(spaces, rows, strict=True)}
    return _Joined(ids[covered], by_name, np.where(at < n_table, at, -1), notes)


def _ids(table: ItemTable) -> AnyArray:
    return np.arange(table.n_rows) if table.ids is None else table.ids


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


def check_names(drafts: Sequence[Draft]) -> None:
    """Refuse spaces of one name, and names that are no text."""
    names = [draft.name for draft in drafts]
    for draft in drafts:
        check_text(draft.name, "the space")
        if not draft.name.strip():
            raise InputError(f"the space of {draft.where} has no name; give it one: name=path")
        if names.count(draft.name) > 1:
            twice = " and ".join(other.where for other in drafts if other.name == draft.name)
            raise InputError(
                f"two spaces would be named {draft.name!r} ({twice}); name them: name=path"
            )


def _items(count: int, where: str) -> str:
    return f"{count:,} item of {where} is" if count == 1 else f"{count:,} items of {where} are"
