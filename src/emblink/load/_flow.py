"""Numbers that DuckDB hands over batch by batch, in Arrow's C data interface, without pyarrow.

See https://arrow.apache.org/docs/format/CStreamInterface.html.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np

from emblink.load._blocks import Place, StoredRows
from emblink.types import AnyArray, FloatArray

_TALL = 4096
"""Rows that are turned from columns together, so that they stay in the cache."""


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.POINTER(_Array)),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("get_schema", ctypes.c_void_p),
    (
        "get_next",
        ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array)),
    ),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]
_pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_of.restype, _pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def floats(base: duckdb.DuckDBPyConnection, query: str) -> Iterator[list[FloatArray]]:
    """Ask for columns that are all FLOAT and not NULL, and yield them batch by batch.

    They are good until the next batch is asked for.

    Raises
    ------
    duckdb.Error
        At any batch.
    """
    capsule: Any = base.sql(query).__arrow_c_stream__()  # frees the stream when it goes
    address = _pointer_of(capsule, b"arrow_array_stream")
    stream = ctypes.cast(address, ctypes.POINTER(_Stream))
    while True:
        batch = _Array()
        if stream.contents.get_next(stream, ctypes.byref(batch)):
            raise _error(stream.contents.get_last_error(stream))
        if not batch.release:
            return
        try:
            if batch.length:
                yield [_column(batch, at) for at in range(batch.n_children)]
        finally:
            batch.release(ctypes.byref(batch))


def _column(batch: _Array, at: int) -> FloatArray:
    column = batch.children[at].contents
    start = batch.offset + column.offset
    held = ctypes.cast(column.buffers[1], ctypes.POINTER(ctypes.c_float))
    return np.ctypeslib.as_array(held, (start + batch.length,))[start:]


def _error(said: bytes | None) -> duckdb.Error:
    words = (said or b"").decode("utf-8", "replace")
    full = "out of memory" in words.lower()
    return duckdb.OutOfMemoryException(words) if full else duckdb.Error(words)


class Flow(StoredRows):
    """Vectors that are read when they are wanted, block by block."""

    dtype = np.dtype(np.float32)

    def __init__(
        self,
        where: str,
        shape: tuple[int, int],
        read: Callable[[], Iterator[tuple[Place, AnyArray]]],
        *,
        by_rows: bool = True,
    ) -> None:
        self.where = where
        self.shape: tuple[int, ...] = shape
        self.by_rows = by_rows
        self._read = read

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Read block by block."""
        return self._read()


def rows_of(parts: Iterator[FloatArray], n_dims: int) -> Iterator[tuple[Place, AnyArray]]:
    """Yield whole rows of numbers that come one after the other in pieces of any length."""
    start, rest = 0, np.empty(0, np.float32)
    for part in parts:
        numbers = np.concatenate([rest, part]) if len(rest) else part
        n_rows = len(numbers) // n_dims
        if n_rows:
            block = numbers[: n_rows * n_dims].reshape(n_rows, n_dims)
            yield (slice(start, start + n_rows), slice(None)), block
        start, rest = start + n_rows, numbers[n_rows * n_dims :].copy()


def turned(batches: Iterator[list[FloatArray]], columns: slice) -> Iterator[tuple[Place, AnyArray]]:
    """Yield batches of columns as rows, of which they are a part."""
    start = 0
    for batch in batches:
        for first in range(0, len(batch[0]), _TALL):
            block = np.stack([column[first : first + _TALL] for column in batch], axis=1)
            yield (slice(start + first, start + first + len(block)), columns), block
        start += len(batch[0])
