"""Columns of lists in data frames, as vectors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from emblink.errors import VectorError
from emblink.load._columns import MISSING
from emblink.load._sqlwords import LISTS, SCALARS
from emblink.load._values import is_missing
from emblink.types import AnyArray


def list_columns(frame: Any, what: str) -> dict[str, AnyArray]:
    """Return the columns of lists or arrays of numbers, one row each; missing ones are NaN."""
    import narwhals as nw

    eager: Any = nw.from_native(frame)
    eager = eager.collect() if isinstance(eager, nw.LazyFrame) else eager
    found = {}
    for column in eager.iter_columns():
        if column.dtype.is_nested() or column.dtype == nw.Object:
            rows = stacked(column.to_list(), f"column {str(column.name)!r} of {what}")
            if rows is not None:
                found[str(column.name)] = rows
    return found


def stacked(values: Sequence[Any], what: str) -> AnyArray | None:
    """Return lists or arrays of numbers as rows, lists of one of them too; None for other objects.

    Raises
    ------
    VectorError
        They differ in length, or hold other things than numbers.
    """
    rows = [None if is_missing(value) else value for value in values]
    if all(row is None or _holds_one(row) for row in rows):
        rows = [None if row is None else row[0] for row in rows]
    first = next((row for row in rows if row is not None and _length(row)), None)
    if first is None or isinstance(first, str | bytes | Mapping):
        return None
    try:
        sample = np.asarray(first)
    except (TypeError, ValueError):  # lists of lists that differ in length
        return None
    if sample.ndim != 1 or sample.dtype.kind not in "fiub":
        return None
    n_dims = len(first)
    lengths = np.array(
        [n_dims if row is None or not _length(row) else _length(row) for row in rows]
    )
    other = np.flatnonzero(lengths != n_dims)
    if len(other):
        raise VectorError(
            f"{what} mixes vectors of different lengths: the first has {n_dims} numbers, "
            f"{len(other):,} rows other than {n_dims} (first: row {other[0]}); expected one length"
        )
    empty = np.full(n_dims, np.nan)
    try:
        return np.array([empty if row is None or not _length(row) else row for row in rows])
    except (TypeError, ValueError) as error:
        raise VectorError(f"{what} holds {error}; expected lists of numbers") from error


def _holds_one(row: Any) -> bool:
    """Whether it is a vector in a list of one, as ``model.encode([text])`` returns."""
    sized = hasattr(type(row), "__len__") and not isinstance(row, str | bytes | Mapping)
    return sized and len(row) == 1 and np.ndim(row) == 2


def written_vectors(words: Sequence[str], what: str) -> AnyArray:
    """Return lists of numbers that are written out as text; missing ones are NaN.

    Raises
    ------
    VectorError
        One is no list of numbers, or of another length.
    """
    rows = [_numbers(word, row, what) for row, word in enumerate(words)]
    n_dims = next((len(row) for row in rows if row), 0)
    for at, row in enumerate(rows):
        if row and len(row) != n_dims:
            raise VectorError(
                f"{what} mixes vectors of different lengths: the first has {n_dims} numbers, "
                f"row {at} has {len(row)}; expected one length"
            )
    return np.array([row or [np.nan] * n_dims for row in rows], np.float64)


def _numbers(word: str, row: int, what: str) -> list[float]:
    if word.strip() in MISSING:
        return []
    match = LISTS.fullmatch(SCALARS.sub(r"\1", word))
    inside = match["inside"] if match else word
    cells = [cell for cell in re.split(r"[\s,;|]+", inside.strip(" \t\r\n,")) if cell]
    try:
        return [np.nan if cell in MISSING else float(cell) for cell in cells]
    except ValueError as error:
        raise VectorError(
            f"{what} holds {word[:40]!r} in row {row}; expected a list of numbers"
        ) from error


def _length(row: Any) -> int:
    return len(row) if hasattr(type(row), "__len__") else int(np.size(row))
