"""The stored order of rows: shuffled once, by id, so that nothing depends on how they were given.

A row's place comes from a hash of the seed and its id. Any prefix is therefore an unbiased sample,
two domains that share items keep them in the same order, and adding a space moves no stored row
of another. All that is computed knows this order alone; the way back is for who gave the rows.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.types import AnyArray, IntArray


def stored_order(ids: AnyArray, *, seed: int) -> NDArray[np.int64]:
    """Return the caller's row of each stored row.

    Parameters
    ----------
    ids : array of shape (n,)
        Unique.
    seed : int

    Returns
    -------
    array of shape (n,), int64
        A permutation; ids with one hash are ordered among themselves.
    """
    key = seed.to_bytes(8, "little", signed=True)
    joined = b"".join(
        blake2b(str(one).encode(), digest_size=8, key=key).digest() for one in ids.tolist()
    )
    digests = np.frombuffer(joined, dtype="<u8")
    order = np.argsort(digests, kind="stable")
    if (np.diff(digests[order]) == 0).any():
        return np.lexsort((ids, digests))
    return order


def inverse(order: IntArray) -> NDArray[np.int64]:
    """Return the stored row of each of the caller's rows.

    Parameters
    ----------
    order : array of shape (n,)
        A permutation.

    Returns
    -------
    array of shape (n,), int64
    """
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return back


def restore_rows(stored: AnyArray, order: IntArray) -> AnyArray:
    """Return a stored column in the caller's order.

    Parameters
    ----------
    stored : array of shape (n, ...)
    order : array of shape (n,)

    Returns
    -------
    array of shape (n, ...)
    """
    return stored[inverse(order)]


def restore_graph(stored: IntArray, order: IntArray) -> NDArray[np.int32]:
    """Return stored neighbours as the caller's rows, in the caller's order.

    Parameters
    ----------
    stored : array of shape (n, k)
    order : array of shape (n,)

    Returns
    -------
    array of shape (n, k), int32
    """
    return order.astype(np.int32)[stored[inverse(order)]]


class Gathered:
    """The rows of an array in another order, gathered a block at a time as they are read.

    Parameters
    ----------
    array : array of shape (n, ...)
        May be a memory map.
    order : array of shape (n,)
        The row of the array that each row is.
    """

    def __init__(self, array: AnyArray, order: IntArray) -> None:
        self._array = array
        self._order = order
        self.shape: tuple[int, ...] = (len(order), *array.shape[1:])
        self.dtype: np.dtype[Any] = array.dtype
        self.ndim: int = array.ndim
        self.nbytes: int = array.nbytes

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, rows: slice) -> AnyArray:
        return self._array[self._order[rows]]
