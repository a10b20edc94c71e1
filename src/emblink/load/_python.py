"""From arrays and frames in memory to a SpaceSet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from emblink.errors import InputError, MatchError, VectorError
from emblink.load._arrays import arrays as contents_of
from emblink.load._assemble import assemble
from emblink.load._blocks import held
from emblink.load._choose import ALL, compared_names
from emblink.load._files import Files
from emblink.load._frames import as_array, as_numbers, frame_table, is_frame
from emblink.load._given import given_of
from emblink.load._ids import tidy_ids
from emblink.load._index import counted_rows, is_indexed, series_as_items
from emblink.load._labels import COLUMN, labels_of_spaces
from emblink.load._layout import Shape, layouts
from emblink.load._load import check_options
from emblink.load._match import Draft, ItemTable
from emblink.load._objects import (
    SparseRows,
    as_table,
    is_anndata,
    is_sparse,
    of_anndata,
    plain,
    word_vectors,
)
from emblink.load._sources import Source, parse_source
from emblink.load._spaces import read_frame, read_ids, read_items, read_spaces, space_of
from emblink.load._tables import arrow_contents
from emblink.load._thumbnails import as_pictures, read_pictures
from emblink.load._values import as_column
from emblink.load._vectors import OnBad, check_shape
from emblink.types import AnyArray, Given, Metric, Role, SpaceSet
from emblink.wording import EUCLIDEAN_FILE
from emblink.words import WORDS


def from_arrays(
    arrays: Mapping[str, Any],
    *,
    items: object | None = None,
    ids: object | None = None,
    labels: object | None = None,
    text: object | None = None,
    thumbnails: object | None = None,
    vector: str | None = None,
    shape: Shape | Mapping[str, Shape] | None = None,
    dtype: str | Mapping[str, str] | None = None,
    metric: Metric = "cosine",
    on_bad: OnBad = "error",
) -> SpaceSet:
    """Join embedding spaces that are in memory by item id.

    Parameters
    ----------
    arrays : mapping of name to array of shape (n_items, n_dims)
        Anything with ``__array__`` or DLPack; a path, ``path::key`` for an array of an ``.npz``;
        gensim's ``KeyedVectors`` or a dict of words and vectors, whose words are the ids; a sparse
        matrix; a ``datasets.Dataset``; an AnnData, alone or named, with a space for each array of
        ``obsm``.
    items : data frame, mapping of columns, or path, optional
        One row per item.
    ids : array, mapping of space name to array or path, or str, optional
        The ids of all spaces, of each space, or the column of ``items`` with the ids of all.
        Without ids, row ``i`` of every space is item ``i`` (of ``items`` when given). An array
        also gives the ids of ``items``, row by row, when that has as many rows and no id column.
    labels : array, mapping of space name to array, or str, optional
        An item column, values for the rows of ``items``, else of ``ids``, or values for the rows
        of each space. Spaces with no items in common need labels, and are compared by them.
    text, thumbnails : array or str, optional
        As an array of labels. Thumbnails are uint8 of shape ``(n_items, height, width, 3)``; grey
        and alpha channels are converted; also an ``.npy``, ``file.npz::array``, a folder of images,
        or a column of paths of images.
    vector : str, optional
        The vector column of files and frames, or a pattern such as ``emb_*`` of number columns.
    shape, dtype : optional
        Of files of plain numbers, as for :func:`load_spaces`.
    metric : {"cosine", "euclidean"}
    on_bad : {"error", "drop"}
        What to do with rows of NaN, infinities, or (cosine) zeros only.

    Returns
    -------
    SpaceSet
        ``notes`` says what was matched by row order, dropped or left out.

    Raises
    ------
    InputError
        Naming the space, the row or id, what was expected, and the way out.
    """
    check_options(metric, on_bad)
    arrays = {"": arrays} if is_anndata(arrays) else arrays
    _check_names(arrays)
    if items is None and ids is None and is_indexed(labels):
        items, labels = series_as_items(labels, "label"), "label"
    thumbnails = str(thumbnails) if isinstance(thumbnails, Path) else thumbnails
    id_name = ids if isinstance(ids, str) else None
    known = layouts(_paths(arrays), shape, dtype)
    with Files(words=(id_name,) if id_name else (), layouts=known) as files:
        given_ids = list(ids) if isinstance(ids, Mapping) else []
        named = frozenset(role for role in (text, labels) if isinstance(role, str))
        counted = counted_rows([*arrays.values(), items])
        read = []
        for name, value in arrays.items():
            found = _of_cells(name, value) if is_anndata(value) else None
            read += found or [
                _read(name, value, files, id_name, given_ids, named, vector, counted=counted)
            ]
        _need_table(vector, arrays)
        if vector == ALL:
            read = [(replace(draft, chosen=True, asked=True), one) for draft, one in read]
        table = _table(items, files, id_name, ids, named, counted=counted)
        if id_name and table is None and not any(one.id_name == id_name for _, one in read):
            raise InputError(
                f"ids names the column {id_name!r}, but there is no items with columns"
            )
        names = [draft.name for draft, _ in read]
        drafts = [_with_ids(draft, ids, table, names, files) for draft, _ in read]
        of_spaces = labels_of_spaces(labels, drafts) if isinstance(labels, Mapping) else {}
        wanted = COLUMN if of_spaces else labels
        roles, given = _roles({"text": text, "label": wanted, "thumbnail": thumbnails})
        extras = [_rows_of(given, ids, table)] if given else []
        tables = [*(one for _, one in read), *([table] if table else [])]
        pictures = read_pictures(roles.get("thumbnail"), tables, files, id_name)
        if pictures and "thumbnail" not in given:
            extras += pictures
            roles["thumbnail"] = next(iter(pictures[0].columns))
        space_set = assemble(
            drafts,
            table=table,
            described=[one for _, one in read],
            extras=extras,
            roles=roles,
            metric=metric,
            on_bad=on_bad,
            labels=of_spaces,
        )
    told = {"label": labels} if items is None and isinstance(labels, np.ndarray) else items
    space_set = replace(space_set, given=_given(space_set, [told, *arrays.values()]))
    cells = [name for name, value in arrays.items() if is_anndata(value)]
    if cells and metric == "cosine":
        where = " and ".join(f"space {name!r}" for name in cells) if all(cells) else "spaces"
        return replace(space_set, notes=(*space_set.notes, EUCLIDEAN_FILE.format(where=where)))
    return space_set


def as_rows(value: object, where: str) -> AnyArray:
    """Return further rows of a space in memory, from the kinds of arrays that spaces come in.

    Parameters
    ----------
    value : array, data frame of numbers, sparse matrix or tensor
    where : str
        Its name for people.

    Returns
    -------
    array
        NaN where it was masked.

    Raises
    ------
    InputError
        They are no real numbers.
    """
    rows = SparseRows(value, where) if is_sparse(value) else as_numbers(plain(value), where)
    if rows.dtype.kind not in "fiub":
        raise VectorError(f"{where} holds {rows.dtype}; expected real numbers")
    return held(rows)


def _given(space_set: SpaceSet, sources: Sequence[Any]) -> dict[str, Given]:
    """Return what is told of columns by the types of what was given; the first tells it."""
    found: dict[str, Given] = {}
    for one in sources:
        table = one.obs if is_anndata(one) else one
        if is_frame(table) or (one is sources[0] and isinstance(table, Mapping)):
            found = {**given_of(table), **found}
    return {name: given for name, given in found.items() if name in space_set.items}


def _of_cells(name: str, value: object) -> list[tuple[Draft, ItemTable]]:
    """Return a space for each array of an AnnData's ``obsm``."""
    columns = of_anndata(value, f"space {name!r}" if name else "the AnnData")
    contents = contents_of(name or "the AnnData", columns)
    keys, notes = compared_names(contents)
    called = [key if not name else f"{name}/{key}" if len(keys) > 1 else name for key in keys]
    read = [
        space_of(contents, Source(Path(one), key, one))
        for one, key in zip(called, keys, strict=True)
    ]
    return [
        (replace(draft, source="array", notes=(*notes, *draft.notes)), table)
        for draft, table in read
    ]


def _check_names(arrays: object) -> None:
    if not isinstance(arrays, Mapping):
        raise InputError(
            f"the spaces are a {type(arrays).__name__}; expected a mapping of name to array, "
            'such as {"old": X, "new": Y}'
        )
    if not arrays:
        raise InputError("there is nothing to compare; expected a mapping of name to array")
    for name in arrays:
        if not isinstance(name, str) or not (name.strip() or is_anndata(arrays[name])):
            raise InputError(f"a space is named {name!r}; expected a word: {{'layer 0': …}}")


def _paths(arrays: Mapping[str, Any]) -> dict[str, Path]:
    return {
        name: parse_source(str(value)).path
        for name, value in arrays.items()
        if isinstance(value, str | Path)
    }


def _need_table(vector: str | None, arrays: Mapping[str, Any]) -> None:
    """Refuse the name of a column of vectors where no space has columns."""
    tables = (
        isinstance(value, str | Path) or as_table(value) is not None or is_frame(value)
        for value in arrays.values()
    )
    if vector not in (None, ALL) and not any(tables):
        raise InputError(
            f"vector names the column {vector!r}, but no space is a file or a data frame"
        )


def _read(
    name: str,
    value: object,
    files: Files,
    id_name: str | None,
    given: Collection[str],
    others: frozenset[str] = frozenset(),
    vector: str | None = None,
    *,
    counted: bool = False,
) -> tuple[Draft, ItemTable]:
    if isinstance(value, str | Path):
        source = replace(parse_source(str(value)), name=name)
        return read_spaces(
            source, files, wanted=id_name, vector=vector, others=others, given=given
        )[0]
    where = f"space {name!r}"
    table = as_table(value)
    if table is not None:
        contents = arrow_contents(where, table)
        source = Source(Path(name), None, name)
        draft, columns = space_of(contents, source, wanted=id_name, vector=vector, others=others)
        return replace(draft, source="array"), columns
    if is_frame(value):
        return read_frame(
            name, value, wanted=id_name, vector=vector, others=others, given=given, counted=counted
        )
    words = word_vectors(value)
    if words is not None:
        ids = tidy_ids(words[0], f"the words of {where}")
        check_shape(words[1], where)
        own = {} if ids.dtype.kind != "U" else {"word": ids.astype(WORDS)}
        return Draft(name, where, words[1], ids), ItemTable("array", len(ids), ids, own)
    if is_sparse(value):
        rows = SparseRows(value, where)
        check_shape(rows, where)
        return Draft(name, where, rows, None), ItemTable("array", len(rows), None)
    array = as_numbers(plain(value), where)
    check_shape(array, where)
    return Draft(name, where, array, None), ItemTable("array", len(array), None)


def _table(
    items: object | None,
    files: Files,
    id_name: str | None,
    ids: object | None,
    named: frozenset[str],
    *,
    counted: bool = False,
) -> ItemTable | None:
    if items is None:
        return None
    if isinstance(items, str | Path):
        table = read_items(items, files, id_name, named)
    else:
        table = frame_table(items, id_name, counted=counted)
    if table.ids is not None or ids is None or isinstance(ids, str | Mapping):
        return table
    rows = tidy_ids(as_array(ids, "ids"), "ids")
    return replace(table, ids=rows) if len(rows) == table.n_rows else table


def _with_ids(
    draft: Draft, ids: object | None, table: ItemTable | None, names: list[str], files: Files
) -> Draft:
    where = draft.where
    if ids is None or (draft.ids is not None and not isinstance(ids, Mapping)):
        return draft
    if isinstance(ids, Mapping):
        unknown = [name for name in ids if name not in names]
        if unknown:
            raise InputError(
                f"ids are given for {unknown[0]!r}, but the spaces are {', '.join(names)}"
            )
        if draft.name not in ids:
            return draft
        one = ids[draft.name]
        if isinstance(one, str | Path):
            given = read_ids(str(one), files, None)[1]
        else:
            given = tidy_ids(as_array(one, f"ids of {where}"), f"ids of {where}")
    elif isinstance(ids, str):
        if table is None or table.ids is None:
            return draft
        given = table.ids
    else:
        given = tidy_ids(as_array(ids, "ids"), "ids")
    if len(given) != len(draft.vectors):
        raise MatchError(
            f"{where} has {len(draft.vectors):,} rows, but there are {len(given):,} ids for it; "
            f"expected one id per row: pass ids={{{draft.name!r}: …}} for each space"
        )
    return replace(draft, ids=given)


def _roles(
    wanted: Mapping[Role, object | None],
) -> tuple[dict[Role, str | None], dict[str, AnyArray]]:
    """Split roles into column names and columns given as arrays."""
    roles: dict[Role, str | None] = {}
    given: dict[str, AnyArray] = {}
    for role, value in wanted.items():
        if value is None or isinstance(value, str):
            roles[role] = value
            continue
        what = f"{role} values"
        given_array = as_array(plain(value), what)
        pictures = role == "thumbnail" and given_array.ndim in (3, 4)
        column = as_pictures(given_array, what) if pictures else as_column(given_array, what)
        if (column.ndim == 4) != (role == "thumbnail"):
            raise InputError(
                f"{what} have shape {column.shape}; expected "
                + ("uint8 (n_items, height, width, 3)" if role == "thumbnail" else "one per item")
            )
        roles[role], given[role] = role, column
    return roles, given


def _rows_of(
    given: Mapping[str, AnyArray], ids: object | None, table: ItemTable | None
) -> ItemTable:
    """Say whose rows the given columns have: those of the item table, else those of the ids."""
    lengths = {role: len(values) for role, values in given.items()}
    n_rows = next(iter(lengths.values()))
    known = None
    if table is None and ids is not None and not isinstance(ids, str | Mapping):
        known = tidy_ids(as_array(ids, "ids"), "ids")
    expected = table.n_rows if table else n_rows if known is None else len(known)
    for role, count in lengths.items():
        if count != expected:
            raise MatchError(
                f"there are {count:,} {role} values, but {expected:,} "
                f"{'rows of items' if table else 'items'}; expected one value per item"
            )
    where = " and ".join(f"the array of {role}s" for role in given)
    declared = table is not None or not isinstance(ids, Mapping)
    return ItemTable(where, n_rows, known, given, declared=declared)
