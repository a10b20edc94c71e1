"""The one way by which the numbers of vectors come in: block by block, each read once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np

from emblink.load._memory import allocate
from emblink.types import AnyArray

BLOCK = 1 << 22
"""Numbers looked at together: 16 MB of float32."""

Place: TypeAlias = tuple[slice, slice]
"""Rows and columns."""


@runtime_checkable
class Stored(Protocol):
    """An array that is not in memory yet: in a file, or in a map of one."""

    where: str
    """Name for people."""
    shape: tuple[int, ...]
    dtype: np.dtype
    by_rows: bool
    """Whether its blocks are whole rows."""

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        ...

    def __len__(self) -> int: ...

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Read a 2-D array; a block is good until the next is asked for."""
        ...

    def whole(self) -> AnyArray:
        """Read an array of any shape into memory."""
        ...


class StoredRows:
    """What arrays that come in blocks have in common; their blocks are theirs to read."""

    where: str
    shape: tuple[int, ...]
    dtype: np.dtype
    by_rows: bool = True

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Read block by block."""
        raise NotImplementedError

    def whole(self) -> AnyArray:
        """Read everything."""
        out = allocate(self.shape, self.dtype, self.where)
        for place, block in self.blocks():
            out[place] = block
        return out


Vectors: TypeAlias = AnyArray | Stored


def blocks(vectors: Vectors) -> Iterator[tuple[Place, AnyArray]]:
    """Read vectors of shape (n_items, n_dims) from wherever they are.

    Yields
    ------
    place : Place
    block : array
        Its numbers, typed as they are stored; good until the next is asked for.
    """
    if not isinstance(vectors, np.ndarray):
        yield from vectors.blocks()
        return
    step = max(1, BLOCK // vectors.shape[1])
    for start in range(0, len(vectors), step):
        rows = slice(start, start + step)
        yield (rows, slice(None)), vectors[rows]


def held(vectors: Vectors) -> AnyArray:
    """Return an array that is in memory."""
    return vectors if isinstance(vectors, np.ndarray) else vectors.whole()


def row_blocks(vectors: Vectors) -> Iterator[tuple[slice, AnyArray]]:
    """Read blocks of whole rows, as :func:`blocks`; what lies in columns is read into memory."""
    if not isinstance(vectors, np.ndarray) and not vectors.by_rows:
        vectors = vectors.whole()
    for (rows, _), block in blocks(vectors):
        yield rows, block
