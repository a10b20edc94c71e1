"""From files to a SpaceSet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from emblink.compute import Progress, silent
from emblink.errors import InputError
from emblink.load._anndata import ANNDATA
from emblink.load._assemble import assemble
from emblink.load._columns import listed
from emblink.load._files import Files
from emblink.load._layout import Shape, layouts
from emblink.load._many import arranged, called, said_once
from emblink.load._match import Draft, ItemTable
from emblink.load._sources import Source, parse_source
from emblink.load._spaces import need_length, read_ids, read_items, read_spaces
from emblink.load._thumbnails import read_pictures
from emblink.load._vectors import OnBad
from emblink.types import Metric, Role, SpaceSet
from emblink.wording import EUCLIDEAN_FILE


def load_spaces(
    sources: Sequence[str | Source],
    *,
    items: str | Path | None = None,
    id: str | None = None,  # noqa: A002 (the name of the option)
    text: str | None = None,
    label: str | None = None,
    thumbnail: str | None = None,
    vector: str | None = None,
    ids: Mapping[str, str] | None = None,
    metric: Metric = "cosine",
    on_bad: OnBad = "error",
    shape: Shape | Mapping[str, Shape] | None = None,
    dtype: str | Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> SpaceSet:
    """Read embedding spaces from files and join them by item id.

    Parameters
    ----------
    sources : sequence of str or Source
        ``path``, ``path::key`` or ``name=path::key``, one per space; the key is an array of an
        ``.npz`` or the vector column of a table. An ``.npz`` without a key gives all of its 2-D
        arrays. A ``Source`` has its parts by themselves, and names of any signs.
    items : path, optional
        A table that describes the items; one row per item.
    id : str, optional
        The column of ids; by default ``id``, ``ids``, ``item_id`` or ``_id``.
    text, label, thumbnail : str, optional
        Item columns; ``thumbnail`` may be an ``.npy``, ``file.npz::array``, a folder of images, or
        a column of paths of images.
    vector : str, optional
        The vector column of tables, or a pattern such as ``emb_*`` of number columns.
    ids : mapping of space name to ``path[::key]``, optional
        Ids for spaces whose files have none.
    metric : {"cosine", "euclidean"}
    on_bad : {"error", "drop"}
        What to do with rows of NaN, infinities, or (cosine) zeros only.
    shape : str, sequence of int, or mapping of space name to these, optional
        Rows and dims of files of plain numbers, such as ``"300,384"``; -1 for as many as fit.
    dtype : str, or mapping of space name to str, optional
        Type of their numbers, such as ``float32``; ``>f4`` where it is big-endian.
    progress : callable
        Called after each source, whose vectors are then open and read at the end.

    Returns
    -------
    SpaceSet
        ``notes`` says what was matched by row order, dropped or left out.

    Raises
    ------
    InputError
        Naming the file, the row or id, what was expected, and the way out.
    """
    check_options(metric, on_bad)
    parsed, notes = arranged([parse_source(spec) for spec in sources])
    known = layouts({one.default_name: one.path for one in parsed}, shape, dtype)
    with Files(words=(id,) if id else (), called=called(parsed), layouts=known) as files:
        space_set = _load(
            parsed,
            files,
            items=items,
            wanted=id,
            roles={"text": text, "label": label, "thumbnail": thumbnail},
            vector=vector,
            ids=ids or {},
            metric=metric,
            on_bad=on_bad,
            progress=progress,
        )
        cells = [path.name for path in files.opened if path.suffix.lower() in ANNDATA]
        usual = [EUCLIDEAN_FILE.format(where=name) for name in cells if metric == "cosine"]
        return with_notes(space_set, [*notes, *usual])


def with_notes(space_set: SpaceSet, more: Sequence[str]) -> SpaceSet:
    """Add notes, and say those that differ only in their file once."""
    spaces = space_set.spaces.values()
    wheres = [space.source for space in spaces]
    wheres += [f"space {space.name!r} ({space.source})" for space in spaces]
    return replace(space_set, notes=said_once([*space_set.notes, *more], wheres))


def _load(
    parsed: Sequence[Source],
    files: Files,
    *,
    items: str | Path | None,
    wanted: str | None,
    roles: Mapping[Role, str | None],
    vector: str | None,
    ids: Mapping[str, str],
    metric: Metric,
    on_bad: OnBad,
    progress: Progress,
) -> SpaceSet:
    others = _named(wanted, roles.get("text"), roles.get("label"))
    drafts, described, table_of_items = read_drafts(
        parsed,
        files,
        items=items,
        wanted=wanted,
        vector=vector,
        others=others,
        ids=ids,
        progress=progress,
    )
    tables = [*described, *([table_of_items] if table_of_items else [])]
    extras = read_pictures(roles.get("thumbnail"), tables, files, wanted)
    if extras:
        roles = {**roles, "thumbnail": next(iter(extras[0].columns))}
    return assemble(
        drafts,
        table=table_of_items,
        described=described,
        extras=extras,
        roles=roles,
        metric=metric,
        on_bad=on_bad,
    )


def read_drafts(
    parsed: Sequence[Source],
    files: Files,
    *,
    items: str | Path | None,
    wanted: str | None,
    vector: str | None,
    others: frozenset[str],
    ids: Mapping[str, str],
    progress: Progress,
) -> tuple[list[Draft], list[ItemTable], ItemTable | None]:
    """Return the spaces in files before any is read, with their ids, and the tables beside them."""
    if not parsed:
        raise InputError("there is nothing to load; expected sources like [name=]path[::key]")
    drafts: list[Draft] = []
    described: list[ItemTable] = []
    for done, source in enumerate(parsed):
        for draft, table in read_spaces(
            source, files, wanted=wanted, vector=vector, others=others, given=ids
        ):
            drafts.append(draft)
            described.append(table)
        progress(done + 1, len(parsed))
    drafts = _with_ids(drafts, ids, files, wanted)
    table_of_items = None if items is None else read_items(items, files, wanted, others)
    _need_id_column(wanted, files)
    return drafts, described, table_of_items


def check_options(metric: str, on_bad: str) -> None:
    """Refuse options that are not one of their choices."""
    for name, value, choices in (
        ("metric", metric, get_args(Metric)),
        ("on_bad", on_bad, get_args(OnBad)),
    ):
        if value not in choices:
            raise InputError(f"{name} is {value!r}; expected one of {', '.join(choices)}")


def _with_ids(
    drafts: list[Draft], ids: Mapping[str, str], files: Files, wanted: str | None
) -> list[Draft]:
    names = [draft.name for draft in drafts]
    for name in ids:
        if name not in names:
            raise InputError(f"ids are given for {name!r}, but the spaces are {', '.join(names)}")
    out = []
    for draft in drafts:
        if draft.name in ids:
            where, given = read_ids(ids[draft.name], files, wanted)
            need_length(given, draft.vectors, draft.where, where)
            draft = replace(draft, ids=given)
        out.append(draft)
    return out


def _need_id_column(wanted: str | None, files: Files) -> None:
    if wanted is not None and not any(
        wanted in contents.columns or wanted in contents.fields
        for contents in files.opened.values()
    ):
        there = "; ".join(f"{c.where}: {listed(c)}" for c in files.opened.values())
        raise InputError(f"no file has a column {wanted!r} of ids; there are {there}")


def _named(*names: str | None) -> frozenset[str]:
    return frozenset(name for name in names if name is not None)
