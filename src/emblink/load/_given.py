"""What columns were when they came in, beyond words and numbers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from emblink.load._values import is_missing
from emblink.types import Given

_MOST_LEVELS = 1000


def given_of(items: object) -> dict[str, Given]:
    """Return what is told of the columns of a data frame or mapping of arrays by their types.

    Parameters
    ----------
    items : data frame or mapping of arrays

    Returns
    -------
    dict of column name to Given
        Without those that words and numbers tell.
    """
    found = _of_arrays(items) if isinstance(items, Mapping) else _of_frame(items)
    return {name: given for name, given in found if given is not None}


def _of_arrays(items: Mapping[Any, Any]) -> Iterator[tuple[str, Given | None]]:
    for name, values in items.items():
        yield str(name), _of_array(np.asarray(values))


def _of_frame(items: Any) -> Iterator[tuple[str, Given | None]]:
    import narwhals as nw

    frame: Any = nw.from_native(items, pass_through=True)
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    for column in eager.iter_columns() if isinstance(eager, nw.DataFrame) else ():
        yield str(column.name), _of_column(column)


def _of_column(column: Any) -> Given | None:
    import narwhals as nw

    kind = column.dtype
    if kind in (nw.Categorical, nw.Enum):
        return _levels(column)
    if kind == nw.Boolean:
        return Given("flag")
    if kind == nw.Date:
        return Given("day")
    if isinstance(kind, nw.Datetime):
        return Given("time", zone=kind.time_zone or "")
    if kind.is_integer() and column.null_count():
        return Given("whole")
    return (
        _of_array(np.array([*column.to_list(), None], object)[:-1]) if kind == nw.Object else None
    )


def _levels(column: Any) -> Given | None:
    native = column.to_native()
    if hasattr(native, "cat") and hasattr(native.cat, "ordered"):  # pandas
        levels, ordered = native.cat.categories.tolist(), bool(native.cat.ordered)
    elif hasattr(column.dtype, "categories"):  # an Enum of polars
        levels, ordered = [*column.dtype.categories], True
    else:
        levels = sorted(map(str, column.drop_nulls().unique().to_list()))
        ordered = False
    if len(levels) > _MOST_LEVELS:
        return None
    return Given("levels", levels=tuple(map(str, levels)), ordered=ordered)


def _of_array(values: Any) -> Given | None:
    if values.ndim != 1:
        return None
    if values.dtype.kind == "b":
        return Given("flag")
    if values.dtype.kind == "M":
        return Given("day" if values.dtype == "M8[D]" else "time")
    if values.dtype.kind == "O":
        kinds = {type(value) for value in values.tolist() if not is_missing(value)}
        return {frozenset({bool}): Given("flag"), frozenset({datetime.date}): Given("day")}.get(
            frozenset(kinds)
        )
    return None
