"""Ids that are there under any name: columns unique in each file that files share by value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from emblink.errors import MatchError
from emblink.load._ids import tidy_ids
from emblink.load._match import Draft, ItemTable
from emblink.load._near import are_keys, is_key, is_range, near, rank, shared, unique, words_of
from emblink.load._writing import hint
from emblink.types import AnyArray

Found: TypeAlias = Mapping[str, AnyArray]
"""The columns of a file without ids that tell its items apart, as words."""


@dataclass(frozen=True)
class Keyed:
    """Spaces and tables, with ids where shared columns of ids were found."""

    drafts: list[Draft]
    described: list[ItemTable]
    table: ItemTable | None
    notes: list[str]


def shared_keys(drafts: list[Draft], described: list[ItemTable], table: ItemTable | None) -> Keyed:
    """Give files without a column of ids those of a column that they share with the others.

    Raises
    ------
    MatchError
        Several columns would do, and join the items differently.
    """
    beside = [replace(one, ids=draft.ids) for one, draft in zip(described, drafts, strict=True)]
    holders = [*beside, *([table] if table else [])]
    found = [unique(one) if one.ids is None else {} for one in holders]
    chosen = _chosen(holders, found)
    if not chosen:
        notes = [*_unjoined(holders, found), *near(holders, found), *_unshared(holders, found)]
        return Keyed(drafts, described, table, notes)
    keyed = [_keyed(one, chosen.get(i)) for i, one in enumerate(holders)]
    near(keyed, found)
    out = [replace(draft, ids=one.ids) for draft, one in zip(drafts, keyed, strict=False)]
    names = {f"{name!r} of {holders[i].where}": None for i, name in chosen.items()}
    note = (
        f"ids are the values of {' and '.join(names)}: unique in each file, and shared; "
        "name another column with id= (--id)"
    )
    return Keyed(out, keyed[: len(drafts)], keyed[-1] if table else None, [note])


def _keyed(one: ItemTable, name: str | None) -> ItemTable:
    if name is None:
        return one
    rest = {other: values for other, values in one.columns.items() if other != name}
    return replace(one, ids=tidy_ids(one.columns[name], one.where), columns=rest, id_name=name)


def _chosen(holders: Sequence[ItemTable], found: Sequence[Found]) -> dict[int, str]:
    """Return the column of ids of each holder that has none, where one is shared."""
    keys = {i: found[i] for i, one in enumerate(holders) if one.ids is None and one.columns}
    known = [words_of(one.ids) for one in holders if one.ids is not None]
    if known:
        pool = np.unique(np.concatenate(known))
        options = {
            i: [name for name, values in found.items() if shared(values, pool)]
            for i, found in keys.items()
        }
        return {i: _best(holders[i], names, keys[i]) for i, names in options.items() if names}
    if len(keys) < 2:
        return {}
    return _together(holders, keys)


def _together(
    holders: Sequence[ItemTable], keys: Mapping[int, Mapping[str, AnyArray]]
) -> dict[int, str]:
    """Return columns by which all join the first; those of the first that join none are left."""
    first, *others = keys
    joins: dict[str, dict[int, str]] = {}
    for name, values in keys[first].items():
        found = {first: name}
        for i in others:
            names = [other for other, theirs in keys[i].items() if shared(theirs, values)]
            if names:
                found[i] = name if name in names else min(names, key=rank)
        if len(found) == len(keys):
            joins[name] = found
    if not joins:
        return {}
    best = _best(holders[first], [*joins], keys[first], lambda name: _rows(joins[name], keys))
    found = joins[best]
    if _numbered_alike([holders[i].columns[name] for i, name in found.items()], {*found.values()}):
        return {}
    return found


def _numbered_alike(columns: Sequence[AnyArray], names: set[str]) -> bool:
    """Whether columns only count rows, and so say no more than their order."""
    if not all(map(is_range, columns)):
        return False
    called = len(names) == 1 and is_key(*names)
    return not called or all(np.array_equal(columns[0], one) for one in columns[1:])


def _rows(join: Mapping[int, str], keys: Mapping[int, Mapping[str, AnyArray]]) -> bytes:
    """Return which rows a join brings together, as something to compare."""
    (first, name), *others = join.items()
    where = {value: row for row, value in enumerate(keys[first][name].tolist())}
    return b"".join(
        np.array([where.get(value, -1) for value in keys[i][other].tolist()]).tobytes()
        for i, other in others
    )


def _best(
    holder: ItemTable,
    names: Sequence[str],
    keys: Mapping[str, AnyArray],
    rows: Callable[[str], bytes] | None = None,
) -> str:
    likely = [name for name in names if rank(name) == 0] or [*names]
    outcomes = {rows(name) if rows else keys[name].tobytes() for name in likely}
    if len(likely) > 1 and len(outcomes) > 1:
        raise MatchError(
            f"several columns of {holder.where} could be the ids: {', '.join(likely)}; name one "
            f"with id= (--id {likely[0]})"
        )
    return likely[0]


def written_apart(drafts: Sequence[Draft], table: ItemTable | None = None) -> list[str]:
    """Say how many ids of a space would be those of the first but for how they are written.

    Those of an item table come first where there is one.
    """
    first: Draft | ItemTable = table or drafts[0]
    notes = []
    for draft in drafts if table else drafts[1:]:
        found = hint(words_of(first.ids), words_of(draft.ids))
        if found and draft.matched_by == "id":
            notes.append(f"{draft.where} and {first.where}: {found}")
        starts = [_start(one.ids) for one in (first, draft)]
        if sorted(starts) == [0, 1]:
            notes.append(
                f"the ids of {first.where} count its rows from {starts[0]}, and those of "
                f"{draft.where} from {starts[1]}: if they say no more, each row was joined to one "
                "beside its own; count both from the same number"
            )
    return notes


def _start(ids: AnyArray | None) -> int:
    """Return the number from which ids count the rows one by one, -1 where they do not."""
    counts = ids is not None and len(ids) >= _LEAST and is_range(ids)
    return int(ids[0]) if ids is not None and counts else -1


_LEAST = 5
"""Rows that are hardly counted by chance."""


def _unjoined(holders: Sequence[ItemTable], found: Sequence[Found]) -> list[str]:
    """Say which columns of files without ids would be those of others but for their writing."""
    known = [one for one in holders if one.ids is not None]
    notes = []
    for one, keys in zip(holders, found, strict=True) if known else ():
        for name, values in keys.items():
            said = hint(words_of(known[0].ids), values)
            if said and not is_range(one.columns[name]):
                notes.append(
                    f"column {name!r} of {one.where} and the ids of {known[0].where}: {said}"
                )
    return notes


def _unshared(holders: Sequence[ItemTable], found: Sequence[Found]) -> list[str]:
    """Say which columns look like ids, and are not used since others hardly have their values."""
    notes = []
    for at, (one, keys) in enumerate(zip(holders, found, strict=True) if holders[1:] else ()):
        for name, values in keys.items():
            held = one.columns[name]
            counted = is_range(held) and held[0] in (0, 1)
            if counted or not (rank(name) == 0 or are_keys(held)):
                continue
            others = _of_others(holders, found, at)
            if rank(name) and not others:
                continue
            n = len({*values.tolist()} & others)
            share = f"of which other files share {n:,}" if n else "that no other file shares"
            notes.append(
                f"column {name!r} of {one.where} has another value in each row "
                f"({values[0].item()!r} …) {share}: it was not used as ids"
            )
    return notes


def _of_others(holders: Sequence[ItemTable], found: Sequence[Found], at: int) -> set[str]:
    """Return the ids of other files, and the values that tell their items apart."""
    others = [i for i in range(len(holders)) if i != at]
    known = [words_of(holders[i].ids) for i in others]
    known += [values for i in others for values in found[i].values()]
    return {value for values in known for value in values.tolist()}
