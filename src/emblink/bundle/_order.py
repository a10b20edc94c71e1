"""The stored order of rows: shuffled once, by id, so that it never depends on the other spaces.

A row's place comes from a hash of the seed and its id. Any prefix is therefore an unbiased sample,
two domains that share items keep them in the same order, and adding a space moves no stored row
of another.
"""

from __future__ import annotations

from hashlib import blake2b

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
        A permutation.
    """
    key = seed.to_bytes(8, "little", signed=True)
    digests = b"".join(
        blake2b(str(one).encode(), digest_size=8, key=key).digest() for one in ids.tolist()
    )
    return np.argsort(np.frombuffer(digests, dtype="<u8"), kind="stable")


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


def store_graph(indices: IntArray, order: IntArray) -> NDArray[np.int32]:
    """Turn neighbour rows of the caller into stored rows, in stored order.

    Parameters
    ----------
    indices : array of shape (n, k)
    order : array of shape (n,)

    Returns
    -------
    array of shape (n, k), int32
    """
    return inverse(order).astype(np.int32)[indices[order]]


def restore_graph(stored: IntArray, order: IntArray) -> NDArray[np.int32]:
    """Undo :func:`store_graph`.

    Parameters
    ----------
    stored : array of shape (n, k)
    order : array of shape (n,)

    Returns
    -------
    array of shape (n, k), int32
    """
    return order.astype(np.int32)[stored[inverse(order)]]
