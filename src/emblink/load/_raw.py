"""Rows of numbers that lie in a file one after the other, read in blocks when asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from emblink.errors import ReadError
from emblink.load._blocks import BLOCK, Place, StoredRows
from emblink.load._memory import allocate
from emblink.load._npy import fill
from emblink.types import AnyArray


def as_stored(block: AnyArray) -> AnyArray:
    """Return a block as it is."""
    return block


class RawRows(StoredRows):
    """An array at some place of a file.

    Parameters
    ----------
    path : Path
    shape : tuple of int
        As it is in the file.
    dtype : dtype
        As it is in the file.
    offset : int
        Where it begins.
    where : str, optional
        Its name for people; the file's by default.
    decode : callable, optional
        Makes numbers of a block as it is stored.
    """

    def __init__(
        self,
        path: Path,
        shape: tuple[int, ...],
        dtype: DTypeLike,
        *,
        offset: int = 0,
        where: str | None = None,
        decode: Callable[[AnyArray], AnyArray] = as_stored,
    ) -> None:
        self.where = where or path.name
        self._path = path
        self._stored = np.dtype(dtype)
        self._line = shape[1:]
        self._offset = offset
        self._decode = decode
        sample = decode(np.zeros((1, *self._line), self._stored))
        self.shape = (*shape[:1], *sample.shape[1:])
        self.dtype = sample.dtype

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Read rows block by block."""
        count = len(self)
        step = min(count, max(1, BLOCK // max(1, math.prod(self._line))))
        buffer = allocate((step, *self._line), self._stored, self.where)
        with self._path.open("rb", buffering=0) as stream:
            stream.seek(self._offset)
            for start in range(0, count, max(1, step)):
                block = buffer[: min(step, count - start)]
                fill(stream, block, self.where)
                yield (slice(start, start + len(block)), slice(None)), self._decode(block)


def widened(halves: AnyArray) -> AnyArray:
    """Return bfloat16, given as uint16, as float32."""
    return (halves.astype("<u4") << 16).view("<f4")


def of_dims(path: Path, n_dims: int, dtype: str) -> RawRows:
    """Open rows that each begin with how many numbers they have, as int32.

    Raises
    ------
    ReadError
        The file does not hold whole rows, or rows differ in length.
    """
    kind = np.dtype(dtype)
    width = 4 + n_dims * kind.itemsize
    size = path.stat().st_size
    if size % width:
        raise ReadError(
            f"{path.name} is truncated: {size:,} bytes are no whole rows of {n_dims:,} numbers; "
            "copy or write it again"
        )
    row = np.dtype([("dims", "<i4"), ("numbers", kind, (n_dims,))])

    def numbers(block: AnyArray) -> AnyArray:
        lines = block.view(row)[:, 0]
        if block.any() and (lines["dims"] != n_dims).any():
            raise ReadError(
                f"{path.name} has rows that say they are of other lengths than {n_dims:,}; "
                "expected one length: write it again"
            )
        found: AnyArray = lines["numbers"]
        return found

    return RawRows(path, (size // width, width), np.uint8, decode=numbers)
