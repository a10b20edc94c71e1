"""Data frames and mappings of columns as item tables, by protocol and not by brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from emblink.errors import InputError, MatchError, VectorError
from emblink.load._arrays import Arrays, arrays
from emblink.load._blocks import Vectors
from emblink.load._choose import ID_NAMES, id_column
from emblink.load._columns import Column, Contents, describe, listed
from emblink.load._headless import look_for_rows
from emblink.load._ids import tidy_ids
from emblink.load._index import index_column
from emblink.load._lists import list_columns, stacked, written_vectors
from emblink.load._mapped import Mapped, is_mapped
from emblink.load._match import ItemTable
from emblink.load._values import as_column, as_written, is_missing
from emblink.types import AnyArray


def as_array(values: object, what: str) -> AnyArray:
    """Return anything array-like as a numpy array in memory, that of the map of a file copied.

    Parameters
    ----------
    values : object
        Anything with ``__array__``, or a sequence.
    what : str
        Its name for people.

    Returns
    -------
    array

    Raises
    ------
    InputError
        It cannot be turned into one, such as a tensor on a GPU or rows of different lengths; or the
        file whose map it is changed meanwhile.
    """
    array = _array(values, what)
    return Mapped(array, what).whole() if is_mapped(array) else array


def _array(values: object, what: str) -> AnyArray:
    try:
        return np.asarray(values)
    except (TypeError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"{what} cannot be read as an array ({reason}); "
            "pass a numpy array, or a tensor after .detach().cpu()"
        ) from error


def as_numbers(values: object, what: str) -> Vectors:
    """Return anything array-like as an array, with NaN for what is masked.

    A map of a file is not read yet.

    Raises
    ------
    VectorError
        It holds objects that are no numbers.
    """
    if isinstance(values, np.ma.MaskedArray):
        data, mask = as_array(values.data, what), as_array(np.ma.getmaskarray(values), what)
        return np.where(mask, np.nan, data) if mask.any() else data
    array = _array(values, what)
    if is_mapped(array):
        return Mapped(array, what)
    if array.dtype.kind != "O":
        return array
    if array.ndim == 0:
        raise VectorError(
            f"{what} is a {type(values).__name__}; expected an array (n_items, n_dims), a data "
            "frame, or a dict of words and vectors"
        )
    if array.ndim == 1:
        rows = stacked(array.tolist(), what)
        if rows is not None:
            return rows
        if any(isinstance(row, Mapping) for row in array.tolist()):
            raise VectorError(f"{what} is a list of records; pass a data frame: pd.DataFrame(rows)")
    present = [np.nan if is_missing(value) else value for value in array.ravel().tolist()]
    try:
        return np.array(present, np.float64).reshape(array.shape)
    except (TypeError, ValueError) as error:
        raise VectorError(f"{what} holds {error}; expected numbers (n_items, n_dims)") from error


def frame_table(items: object, id_name: str | None, *, counted: bool = False) -> ItemTable:
    """Return a data frame, or a mapping of columns, as an item table.

    Raises
    ------
    InputError
        It is neither, its columns differ in length, or it has no column ``id_name``.
    """
    raw = _columns(items)
    if not raw:
        raise InputError("items has no columns; expected a column per property of the items")
    lengths = {name: len(values) for name, values in raw.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name}: {n:,}" for name, n in lengths.items())
        raise InputError(f"the columns of items differ in length ({shown}); expected one length")
    unread = _unread(items, raw)
    _refuse_unusable(unread, id_name, "items")
    contents = arrays("items", raw, noun="column")
    found = id_column(contents, id_name)
    index = index_column(items, raw, counted=counted)
    if found is None:
        raw = {**index, **raw}
        contents = arrays("items", raw, noun="column")
        words = [name for name, values in index.items() if values.dtype.kind in "OUT"]
        found = next((name for name in (*words, *ID_NAMES) if name in index), None)
    if id_name in index:
        raw, found = {**index, **raw}, id_name
    if id_name is not None and found != id_name:
        raise InputError(f"items has no column {id_name!r}; its columns: {listed(contents)}")
    ids = None if found is None else tidy_ids(raw[found], f"column {found!r} of items")
    columns = {
        name: as_column(values, f"column {name!r} of items")
        for name, values in raw.items()
        if name != found
        and (contents.columns[name].kind not in ("other", "vectors") or values.dtype.kind == "O")
    }
    out = ", ".join(
        f"{name} ({kind})"
        for name, kind in unread.items()
        if kind not in ("list of numbers", "ndarray of numbers")
    )
    notes = (f"left out of items: {out}",) if out else ()
    return ItemTable("items", next(iter(lengths.values())), ids, columns, found, notes)


def _columns(items: object) -> dict[str, AnyArray]:
    if isinstance(items, Mapping):
        return {
            str(name): as_array(values, f"column {str(name)!r} of items")
            for name, values in items.items()
        }
    import narwhals as nw

    try:
        frame: Any = nw.from_native(items)
    except nw.exceptions.DuplicateError as error:
        raise InputError(
            "items has several columns of the same name; rename or drop all but one"
        ) from error
    except TypeError as error:
        raise InputError(
            f"items is a {type(items).__name__}; "
            "expected a data frame, a mapping of columns, or a path"
        ) from error
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    found = {
        str(column.name): _series(column)
        for column in eager.iter_columns()
        if not column.dtype.is_nested()
    }
    return {name: _words_of(values) for name, values in found.items() if not _holds_objects(values)}


def _series(column: Any) -> AnyArray:
    import narwhals as nw

    kind = column.dtype
    if kind == nw.Date:
        column = column.cast(nw.Datetime("us"))
    if kind in (nw.Categorical, nw.Enum):
        column = column.cast(nw.String)
    if kind == nw.Decimal:
        column = column.cast(nw.Float64)
    if kind in (nw.Time, nw.Duration):
        return np.array(["" if v is None else str(v) for v in column.to_list()], object)
    if kind.is_temporal():
        return as_array(column.to_numpy(), column.name).astype("M8[us]")
    if kind.is_integer() and column.null_count() == 0:
        return as_array(column.to_numpy(), column.name).astype(
            np.int64 if kind != nw.UInt64 else np.uint64
        )
    if kind.is_numeric():
        return as_array(column.to_numpy(), column.name).astype(np.float64)
    return np.array([*column.to_list(), None], object)[:-1]


def _words_of(values: AnyArray) -> AnyArray:
    written = as_written(values) if values.dtype.kind == "O" else None
    return values if written is None else written


def _holds_objects(values: AnyArray) -> bool:
    """Whether a column holds lists or other objects, such as vectors: no property of an item."""
    if values.dtype.kind != "O" or as_written(values) is not None:
        return False
    scalars = (str, bool, int, float, np.generic)
    return not all(isinstance(v, scalars) or is_missing(v) for v in values.tolist())


def _unread(frame: Any, raw: Mapping[str, AnyArray]) -> dict[str, str]:
    """Return the columns that were not read, and what they hold."""
    import narwhals as nw

    if isinstance(frame, Mapping):
        return {}
    eager: Any = nw.from_native(frame)
    eager = eager.collect() if isinstance(eager, nw.LazyFrame) else eager
    return {
        str(column.name): _kind_of(column)
        for column in eager.iter_columns()
        if str(column.name) not in raw
    }


def _kind_of(column: Any) -> str:
    held = [value for value in column.to_list() if not is_missing(value)]
    kinds = " and ".join(sorted({type(value).__name__ for value in held})) or str(column.dtype)
    if kinds in ("list", "ndarray") and all(
        isinstance(one, int | float | np.number) for one in held[0]
    ):
        return f"{kinds} of numbers"
    return kinds


def _refuse_unusable(unread: Mapping[str, str], id_name: str | None, where: str) -> None:
    """Refuse a column of ids that holds lists or other objects."""
    for name in (id_name, *ID_NAMES):
        if name is not None and name in unread:
            raise MatchError(
                f"column {name!r} of {where} holds {unread[name]}; expected ids that are words or "
                "whole numbers: convert it, rename it, or name another column with id="
            )


def is_frame(values: object) -> bool:
    """Whether this is a data frame, an Arrow table, or a Series of arrays, by its methods."""
    kind = type(values)
    if kind.__module__.partition(".")[0] not in ("pandas", "polars", "pyarrow", "modin", "cudf"):
        return False
    return kind.__name__ in ("DataFrame", "LazyFrame", "Table", "Series", "RecordBatch")


def frame_contents(
    frame: Any, what: str, *, id_name: str | None = None, counted: bool = False
) -> Contents:
    """Return a data frame as contents: lists as vectors, and the index as a column of its own.

    A Series of arrays is a frame of one column. An index that only counts rows is none, unless
    ``counted``.
    """
    if type(frame).__name__ == "Series":
        frame = frame.to_frame(name=str(frame.name or "vectors"))
    if type(frame).__name__ == "RecordBatch":
        import pyarrow as pa

        frame = pa.Table.from_batches([frame])
    raw = _columns(frame)
    lists = list_columns(frame, what)
    unread = {name: kind for name, kind in _unread(frame, raw).items() if name not in lists}
    _refuse_unusable(unread, id_name, what)
    raw = {**index_column(frame, raw, counted=counted), **raw}
    values = {name: _settled(column, f"column {name!r} of {what}") for name, column in raw.items()}
    contents = _Frame(what, {**values, **lists}, unread)
    contents.seen, contents.notes = look_for_rows(contents)
    return contents


class _Frame(Arrays):
    """Columns of a data frame, and what those hold that were not read."""

    def __init__(
        self, where: str, values: Mapping[str, AnyArray], unread: Mapping[str, str]
    ) -> None:
        columns = {name: describe(name, held.dtype, held.shape) for name, held in values.items()}
        n_rows = len(next(iter(values.values()))) if values else 0
        other = {name: Column(name, "other", kind, (n_rows,)) for name, kind in unread.items()}
        super().__init__(where, {**columns, **other}, values.__getitem__, noun="column")

    def vectors(self, names: Sequence[str]) -> Vectors:
        """Return vectors; lists that are written out as text are read as those of a file."""
        if len(names) == 1 and self.columns[names[0]].kind == "words":
            what = f"column {names[0]!r} of {self.where}"
            return written_vectors(self.column(names[0]).tolist(), what)
        return super().vectors(names)


def _settled(values: AnyArray, what: str) -> AnyArray:
    return as_column(values, what) if values.dtype.kind == "O" else values
