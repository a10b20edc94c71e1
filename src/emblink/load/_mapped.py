"""Arrays given in Python that are maps of files: copied out of them, never computed on.

A file that is cut short under its map kills whoever looks at the missing part. Here the system is
asked to copy it, by way of a pipe: that fails with an error where there is nothing left to copy.
"""

from __future__ import annotations

import ctypes
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.lib.array_utils import byte_bounds

from emblink.errors import ReadError
from emblink.load._blocks import BLOCK, Place, StoredRows
from emblink.load._memory import allocate
from emblink.load._watch import Watch
from emblink.types import AnyArray

_GULP = 1 << 16
"""Bytes that a pipe usually takes at once."""


class Mapped(StoredRows):
    """An array that lies in the map of a file, to be copied into memory."""

    def __init__(self, array: AnyArray, where: str) -> None:
        self.where = where
        self.shape = array.shape
        self.dtype = array.dtype
        self.by_rows = array.ndim < 2 or abs(array.strides[0]) >= abs(array.strides[1])
        self._array = array
        self._buffer = np.empty(0, np.uint8)
        self._map, path = _source(array)
        self._size = None if self._map is None else self._map.size()
        self._watch: Watch | None = None
        seen = path is not None and path.is_file()
        self._watch = (
            Watch(path, f"{path.name}, the memory map of {where},") if path and seen else None
        )

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Copy rows, or columns where those are what lies together."""
        count, length = self.shape if self.by_rows else self.shape[::-1]
        step = max(1, BLOCK // max(1, length))
        with self._unchanged(), _pipe() as ends:
            for start in range(0, count, step):
                lines = slice(start, start + step)
                place = (lines, slice(None)) if self.by_rows else (slice(None), lines)
                yield place, self._copied(self._array[place], ends)

    def whole(self) -> AnyArray:
        """Copy the array, in C order."""
        out = allocate(self.shape, self.dtype, self.where)
        lines = self._array[None] if self.ndim == 0 else self._array
        step = max(1, BLOCK * len(lines) // max(1, lines.size))
        with self._unchanged(), _pipe() as ends:
            for start in range(0, len(lines), step):
                rows = ... if self.ndim == 0 else slice(start, start + step)
                out[rows] = self._copied(lines[start : start + step], ends).reshape(out[rows].shape)
        return out

    @contextmanager
    def _unchanged(self) -> Iterator[None]:
        """Refuse what was copied when the file changed meanwhile."""
        try:
            yield
        except ReadError as error:
            raise self._change() or error from error
        change = self._change()
        if change is not None:
            raise change

    def _change(self) -> ReadError | None:
        change = None if self._watch is None else self._watch.change()
        if change is None and self._map is not None and self._map.size() != self._size:
            return self._cut()
        return change

    def _copied(self, block: AnyArray, ends: tuple[int, int]) -> AnyArray:
        if self._map is not None and self._map.size() != self._size:
            raise self._cut()
        if not block.size:
            return block
        low, high = byte_bounds(block)
        if len(self._buffer) < high - low:
            self._buffer = np.empty(high - low, np.uint8)
        kept = self._buffer[: high - low]
        source = memoryview((ctypes.c_char * (high - low)).from_address(low)).cast("B")
        try:
            _carry(source, memoryview(kept.data), ends)
        except OSError as error:  # EFAULT: nothing is left there
            raise self._cut() from error
        start = block.__array_interface__["data"][0] - low
        return np.ndarray(block.shape, block.dtype, kept, start, block.strides)

    def _cut(self) -> ReadError:
        now = "" if self._map is None else f" (now {self._map.size():,} bytes)"
        return ReadError(
            f"the file whose memory map {self.where} is changed its size{now}; wait until it is "
            "written, load it again and compare again"
        )


def is_mapped(array: AnyArray) -> bool:
    """Whether an array lies in the map of a file, as a view of any kind."""
    return _source(array) != (None, None)


def _source(array: AnyArray) -> tuple[mmap.mmap | None, Path | None]:
    """Return the map under an array, and the file where numpy knows its name."""
    path: Path | None = None
    base: object = array
    while base is not None:
        if isinstance(base, np.memmap) and base.filename is not None:
            path = Path(base.filename)
        if isinstance(base, mmap.mmap):
            return base, path
        base = base.obj if isinstance(base, memoryview) else getattr(base, "base", None)
    return None, path


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    try:
        if hasattr(os, "set_blocking") and os.name != "nt":
            os.set_blocking(write, False)
        yield read, write
    finally:
        os.close(read)
        os.close(write)


def _carry(source: memoryview, target: memoryview, ends: tuple[int, int]) -> None:
    """Copy bytes by way of a pipe."""
    if os.name == "nt":  # a mapped file cannot be cut short there
        target[:] = source
        return
    read, write = ends
    done = 0
    while done < len(source):
        sent = os.write(write, source[done : done + _GULP])
        end = done + sent
        while done < end:
            done += os.readv(read, [target[done:end]])
