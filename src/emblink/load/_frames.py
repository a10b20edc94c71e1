"""Data frames and mappings of columns as item tables, by protocol and not by brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from emblink.errors import InputError, VectorError
from emblink.load._arrays import arrays
from emblink.load._blocks import Vectors
from emblink.load._choose import id_column
from emblink.load._columns import INDEX, Contents, listed
from emblink.load._headless import look_for_rows
from emblink.load._ids import tidy_ids
from emblink.load._mapped import Mapped, is_mapped
from emblink.load._match import ItemTable
from emblink.load._values import as_column, is_missing
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
    present = [np.nan if is_missing(value) else value for value in array.ravel().tolist()]
    try:
        return np.array(present, np.float64).reshape(array.shape)
    except (TypeError, ValueError) as error:
        raise VectorError(f"{what} holds {error}; expected numbers (n_items, n_dims)") from error


def frame_table(items: object, id_name: str | None) -> ItemTable:
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
    contents = arrays("items", raw, noun="column")
    found = id_column(contents, id_name)
    index = _index_column(items, raw)
    if found is None and all(values.dtype.kind in "OUT" for values in index.values()):
        raw = {**index, **raw}
        contents = arrays("items", raw, noun="column")
        found = next(iter(index), None)
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
    return ItemTable("items", next(iter(lengths.values())), ids, columns, found)


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
    return {
        str(column.name): _series(column)
        for column in eager.iter_columns()
        if not column.dtype.is_nested() and not _holds_objects(column)
    }


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


def _holds_objects(column: Any) -> bool:
    """Whether a column holds lists or other objects, such as vectors: no property of an item."""
    import narwhals as nw

    scalars = (str, bool, int, float, type(None))
    return column.dtype == nw.Object and not all(isinstance(v, scalars) for v in column.to_list())


def is_frame(values: object) -> bool:
    """Whether this is a data frame, an Arrow table, or a Series of arrays, by its methods."""
    kind = type(values)
    if kind.__module__.partition(".")[0] not in ("pandas", "polars", "pyarrow", "modin", "cudf"):
        return False
    return kind.__name__ in ("DataFrame", "LazyFrame", "Table", "Series", "RecordBatch")


def frame_contents(frame: Any, what: str) -> Contents:
    """Return a data frame as contents: lists as vectors, and the index as a column of its own.

    A Series of arrays is a frame of one column. An index that only counts rows is none.
    """
    if type(frame).__name__ == "Series":
        frame = frame.to_frame(name=str(frame.name or "vectors"))
    if type(frame).__name__ == "RecordBatch":
        import pyarrow as pa

        frame = pa.Table.from_batches([frame])
    raw = _columns(frame)
    lists = _list_columns(frame, what)
    raw = {**_index_column(frame, raw), **raw}
    values = {name: _settled(column, f"column {name!r} of {what}") for name, column in raw.items()}
    contents = arrays(what, {**values, **lists}, noun="column")
    contents.seen, contents.notes = look_for_rows(contents)
    return contents


def _index_column(frame: object, raw: Mapping[str, AnyArray]) -> dict[str, AnyArray]:
    """Return the index of a frame as a column, unless it only counts rows."""
    index: Any = getattr(frame, "index", None)
    if index is None or type(index).__name__ in ("RangeIndex", "MultiIndex", "method"):
        return {}
    if callable(index) or not hasattr(index, "is_unique"):
        return {}
    values = np.asarray(index)
    if values.dtype.kind in "iu" and np.array_equal(values, np.arange(len(values))):
        return {}
    names = (str(index.name or INDEX), INDEX, "row name")
    name = next((name for name in names if name not in raw), None)
    return {} if name is None else {name: values}


def _settled(values: AnyArray, what: str) -> AnyArray:
    return as_column(values, what) if values.dtype.kind == "O" else values


def _list_columns(frame: Any, what: str) -> dict[str, AnyArray]:
    """Return the columns of lists or arrays of numbers, one row each; missing ones are NaN."""
    import narwhals as nw

    eager: Any = nw.from_native(frame)
    eager = eager.collect() if isinstance(eager, nw.LazyFrame) else eager
    found = {}
    for column in eager.iter_columns():
        if column.dtype.is_nested() or column.dtype == nw.Object:
            stacked = _stacked(column.to_list(), f"column {str(column.name)!r} of {what}")
            if stacked is not None:
                found[str(column.name)] = stacked
    return found


def _stacked(values: Sequence[Any], what: str) -> AnyArray | None:
    rows = [None if is_missing(value) else value for value in values]
    first = next((row for row in rows if row is not None and np.size(row)), None)
    if first is None or isinstance(first, str | bytes | Mapping) or np.asarray(first).ndim != 1:
        return None
    if np.asarray(first).dtype.kind not in "fiub":
        return None
    n_dims = len(first)
    lengths = np.array(
        [n_dims if row is None or not np.size(row) else np.size(row) for row in rows]
    )
    other = np.flatnonzero(lengths != n_dims)
    if len(other):
        raise VectorError(
            f"{what} mixes vectors of different lengths: the first has {n_dims} numbers, "
            f"{len(other):,} rows other than {n_dims} (first: row {other[0]}); expected one length"
        )
    empty = np.full(n_dims, np.nan)
    try:
        return np.array([empty if row is None or not np.size(row) else row for row in rows])
    except (TypeError, ValueError) as error:
        raise VectorError(f"{what} holds {error}; expected lists of numbers") from error
