"""Data frames and mappings of columns as item tables, by protocol and not by brand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from emblink.errors import InputError, VectorError
from emblink.load._blocks import Vectors
from emblink.load._choose import id_column
from emblink.load._columns import arrays, as_column, is_missing, listed
from emblink.load._ids import tidy_ids
from emblink.load._mapped import Mapped, is_mapped
from emblink.load._match import ItemTable
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
