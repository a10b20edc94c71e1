"""From what is open to spaces, tables of items, and ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from emblink.errors import InputError, MatchError
from emblink.load._blocks import Vectors
from emblink.load._choose import (
    ALL,
    ID_NAMES,
    compared_names,
    id_column,
    title,
    vector_columns,
)
from emblink.load._columns import Contents, held_as, listed
from emblink.load._described import ids_written_in, item_columns, left_out, read_as_missing
from emblink.load._families import prefix
from emblink.load._files import Files
from emblink.load._frames import frame_contents
from emblink.load._ids import tidy_ids
from emblink.load._leftovers import are_loose, passed_over
from emblink.load._match import Draft, ItemTable, is_byte
from emblink.load._npy import NPY_ARRAY
from emblink.load._sources import Source, parse_source
from emblink.load._vectors import check_shape
from emblink.load._written import EMBEDDED
from emblink.types import AnyArray


def read_spaces(
    source: Source,
    files: Files,
    *,
    wanted: str | None = None,
    vector: str | None = None,
    others: frozenset[str] = frozenset(),
    given: Collection[str] = (),
) -> list[tuple[Draft, ItemTable]]:
    """Read the spaces of one source, each with the columns beside its vectors.

    Parameters
    ----------
    source : Source
    files : Files
    wanted : str or None
        The column of ids.
    vector : str or None
        The vector column, or a pattern of number columns.
    others : set of str
        Columns with another part than vectors.
    given : collection of str
        Names of spaces whose ids come from elsewhere.
    """
    contents = files(source.path)
    if contents.noun == "array" and not (source.key or source.name or vector not in (None, ALL)):
        whole, notes = compared_names(contents)
        if len(whole) > 1 and not given:
            _refuse_other_rows(contents, whole)
        if len(whole) > 1 or notes:
            each = [Source(source.path, key) for key in whole]
            pairs = [
                space_of(contents, one, wanted=wanted, vector=vector, given=given) for one in each
            ]
            asked = vector == ALL
            return [
                (replace(draft, notes=(*notes, *draft.notes), asked=asked), own)
                for draft, own in pairs
            ]
    return [space_of(contents, source, wanted=wanted, vector=vector, others=others, given=given)]


def _refuse_other_rows(contents: Contents, names: Sequence[str]) -> None:
    """Refuse to take all arrays of an archive for spaces of the same items, where rows differ.

    Raises
    ------
    MatchError
        With what names one.
    """
    rows = {name: contents.columns[name].shape[0] for name in names}
    if len({*rows.values()}) > 1:
        listed_ = ", ".join(f"{name} {n:,}" for name, n in list(rows.items())[:6])
        likely = next((name for name in names if EMBEDDED.search(name.lower())), names[0])
        raise MatchError(
            f"the arrays of {contents.where} differ in rows ({listed_}), so they cannot all be "
            f"spaces of the same items; name one: {contents.where}::{likely}"
        )


def read_frame(
    name: str,
    frame: object,
    *,
    wanted: str | None = None,
    vector: str | None = None,
    others: frozenset[str] = frozenset(),
    given: Collection[str] = (),
    counted: bool = False,
) -> tuple[Draft, ItemTable]:
    """Read the space that a data frame holds, by the same rules as that of a table in a file."""
    contents = frame_contents(frame, f"space {name!r}", id_name=wanted, counted=counted)
    source = Source(Path(name), None, name)
    draft, table = space_of(
        contents, source, wanted=wanted, vector=vector, others=others, given=given
    )
    return replace(draft, source="array"), table


def space_of(
    contents: Contents,
    source: Source,
    *,
    wanted: str | None = None,
    vector: str | None = None,
    others: frozenset[str] = frozenset(),
    given: Collection[str] = (),
) -> tuple[Draft, ItemTable]:
    """Return one space of what is open, as :func:`read_spaces`."""
    id_name = id_column(contents, wanted)
    taken = others | ({id_name} if id_name else set())
    pattern = None if vector == ALL and contents.noun == "array" else vector
    names = vector_columns(contents, key=source.key, vector=pattern, others=taken)
    where = contents.where
    if contents.noun == "column" and names == (source.key,):
        where = f"{where}::{source.key}"
    elif contents.noun == "array" and len(contents.columns) > 1:
        where = f"{where}::{names[0]}"
    vectors = contents.vectors(names)
    check_shape(vectors, where)
    ids = None
    if id_name is not None and id_name not in names and source.default_name not in given:
        ids = _ids_of(contents, id_name)
        need_length(ids, vectors, where, _of(contents, id_name))
    columns = item_columns(contents, {*names, id_name or ""}, len(vectors), others)
    rest = left_out(contents, {*names, id_name or ""}, len(vectors), others)
    guessed = not (source.key or vector) and contents.noun == "column"
    over = passed_over(contents, names, taken) if guessed else None
    dims = names if guessed and are_loose(names) else ()
    missing = read_as_missing(contents, columns, others)
    own = () if source.key or vector else compared_names(contents)[1]
    inner = guessed and names[0] in contents.fields
    within = f"the vectors of {where} are {title(names)} of its records" if inner else None
    notes = (*own, *contents.notes, *(note for note in (within, over, rest) if note), *missing)
    notes = (*notes, *_models(contents.where, columns))
    origin = f"{contents.where}, {title(names)}" if contents.noun == "column" else where
    column, way = _called(contents, names)
    draft = Draft(
        source.default_name, where, vectors, ids, source=origin, notes=notes, dims=dims,
        chosen=vector == ALL or (len(names) > 1 and not guessed),
        column=column, asked=bool(source.key or vector), way=way,
        held=min((held_as(contents, name).dtype for name in names), key=is_byte),
    )  # fmt: skip
    return draft, ItemTable(contents.where, len(vectors), ids, columns, id_name)


def _ids_of(contents: Contents, name: str) -> AnyArray:
    """Return a column of ids; where they repeat, say which column parts several spaces."""
    values = ids_written_in(contents, name)
    try:
        return tidy_ids(values, _of(contents, name), typed=contents.typed)
    except MatchError as error:
        raise MatchError(f"{error}{_several(contents, name, values)}") from error


def _several(contents: Contents, name: str, ids: AnyArray) -> str:
    """Say by which column a table of several spaces is parted, such as one of models."""
    keys = ids.tolist()
    for other, column in contents.columns.items():
        if column.kind != "words" or other == name or len({*keys}) == len(keys):
            continue
        values = contents.column(other).tolist()
        parts = [*dict.fromkeys(values)]
        if 1 < len(parts) <= _MOST_PARTS and len({*zip(keys, values, strict=True)}) == len(keys):
            return (
                f"; within each of the {len(parts)} values of {other!r} none repeats: if these are "
                f"several spaces, save each as a file, in pandas "
                f"df[df[{other!r}] == {parts[0]!r}].to_parquet('{parts[0]}.parquet')"
            )
    return ""


_MOST_PARTS = 50
"""Spaces in one table."""
_MODELS = (
    "model",
    "model_name",
    "model_id",
    "embedding_model",
    "encoder",
    "embedder",
    "checkpoint",
)
"""Names, in small letters, of columns that say which model a vector comes from."""


def _models(where: str, columns: Mapping[str, AnyArray]) -> list[str]:
    """Say where rows of several models are taken for one space."""
    found = {
        name: len({*values.tolist()})
        for name, values in columns.items()
        if name.lower() in _MODELS and values.ndim == 1
    }
    return [
        f"column {name!r} of {where} has {count} values, and all rows were taken for one space: if "
        f"they are of several models, save each as a file, by df.groupby({name!r}) in pandas"
        for name, count in found.items()
        if 1 < count <= _MOST_PARTS
    ]


def _called(contents: Contents, names: Sequence[str]) -> tuple[str, str]:
    """Return what the vectors are called, and what names them."""
    if contents.noun == "array":
        return names[0] if names[0] != NPY_ARRAY else "", f"{contents.where}::{names[0]}"
    called = names[0] if len(names) == 1 else f"{prefix(names[0])}*"
    column = names[0] if len(names) == 1 else prefix(names[0]).rstrip("_.- ")
    typed = repr(called) if "*" in called else called
    return column, f"vector={called!r} (--vector {typed})"


def read_items(
    path: str | Path,
    files: Files,
    wanted: str | None,
    others: frozenset[str] = frozenset(),
) -> ItemTable:
    """Read the item table; ``others`` are the columns that were named for a part."""
    return table_of(files(Path(path)), wanted, others)


def table_of(
    contents: Contents, wanted: str | None, others: frozenset[str] = frozenset()
) -> ItemTable:
    """Return a file's columns as an item table; arrays must be as long as the ids."""
    id_name = id_column(contents, wanted)
    if wanted is not None and id_name != wanted:
        raise InputError(
            f"{contents.where} has no column {wanted!r}; its columns: {listed(contents)}"
        )
    lengths = [
        column.shape[0]
        for column in contents.columns.values()
        if column.kind in ("numbers", "words", "pictures")
    ]
    if not lengths:
        raise InputError(
            f"{contents.where} describes no items; expected columns of numbers or words, "
            f"found {listed(contents) or 'none'}"
        )
    n_rows = max(lengths, key=lengths.count)
    ids = None
    if id_name is not None:
        ids = tidy_ids(
            ids_written_in(contents, id_name), _of(contents, id_name), typed=contents.typed
        )
        n_rows = len(ids)
    if n_rows == 0:
        raise InputError(f"{contents.where} has no rows; expected one per item")
    columns = item_columns(contents, {id_name or ""}, n_rows, others)
    whole = [one.name for one in contents.columns.values() if one.kind == "vectors"]
    rest = left_out(contents, {*whole, id_name or ""}, n_rows, others)
    missing = read_as_missing(contents, columns, others)
    notes = (*contents.notes, *([rest] if rest else []), *missing)
    return ItemTable(contents.where, n_rows, ids, columns, id_name, notes)


def read_ids(spec: str, files: Files, wanted: str | None) -> tuple[str, AnyArray]:
    """Read ids from ``path[::key]``: the key, a usual column of ids, or the only column."""
    source = parse_source(spec)
    contents = files(source.path, source.key, wanted)
    only = next(iter(contents.columns)) if len(contents.columns) == 1 else None
    key = source.key or id_column(contents, wanted) or only
    if key is None or key not in contents.columns:
        raise InputError(
            f"{contents.where} has no {contents.noun} {key or ' or '.join(ID_NAMES)!r} of ids; "
            f"its {contents.noun}s: {listed(contents)}; name one: path::key"
        )
    where = _of(contents, key)
    return where, tidy_ids(ids_written_in(contents, key), where, typed=contents.typed)


def need_length(ids: AnyArray, vectors: Vectors, where: str, ids_where: str) -> None:
    if len(ids) != len(vectors):
        raise MatchError(
            f"{where} has {len(vectors):,} rows, but {ids_where} has {len(ids):,} ids; "
            "expected one id per row: give its ids with ids= (--ids name=path)"
        )


def _of(contents: Contents, name: str) -> str:
    return f"{contents.noun} {name!r} of {contents.where}"
