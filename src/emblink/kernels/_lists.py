"""Kernels of what two lists of neighbours have in common."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run


def prefix_agreement(
    a: NDArray[np.int32], b: NDArray[np.int32], *, depths: Sequence[int]
) -> NDArray[np.int32]:
    """Count the members that the first of two lists have in common, at each of some depths.

    Parameters
    ----------
    a, b : array of shape (n_rows, length), int32
        Negative members are no one.
    depths : sequence of int
        Ascending, from 1 to ``length``.

    Returns
    -------
    array of shape (n_rows, n_depths), int32
        ``len({*a[row, :depth]} & {*b[row, :depth]})``.
    """
    n_rows, length = a.shape
    asked = np.asarray(depths, dtype=np.int64)
    fit("prefix_agreement", a.shape == b.shape and asked.ndim == 1 and asked.size > 0)
    fit("prefix_agreement", bool(asked[0] >= 1 and asked[-1] <= length))
    fit("prefix_agreement", bool(np.all(np.diff(asked) > 0)))
    common = np.empty((n_rows, asked.size), dtype=np.int32)
    run(
        "prefix_agreement",
        pointer(a, np.int32),
        pointer(b, np.int32),
        ctypes.c_int64(n_rows),
        ctypes.c_int64(length),
        pointer(asked, np.int64),
        ctypes.c_int64(asked.size),
        pointer(common, np.int32),
    )
    return common


def list_ranks(wanted: NDArray[np.int32], lists: NDArray[np.int32]) -> NDArray[np.int32]:
    """Find where the members of one list stand in another.

    Parameters
    ----------
    wanted : array of shape (n_rows, n_wanted), int32
        Negative members are no one.
    lists : array of shape (n_rows, length), int32

    Returns
    -------
    array of shape (n_rows, n_wanted), int32
        The rank, from 1, of ``wanted[row, i]`` in ``lists[row]``; 0 where it is not there.
    """
    fit("list_ranks", wanted.ndim == lists.ndim == 2 and len(wanted) == len(lists))
    ranks = np.empty(wanted.shape, dtype=np.int32)
    run(
        "list_ranks",
        pointer(wanted, np.int32),
        pointer(lists, np.int32),
        ctypes.c_int64(len(wanted)),
        ctypes.c_int64(wanted.shape[1]),
        ctypes.c_int64(lists.shape[1]),
        pointer(ranks, np.int32),
    )
    return ranks
