"""Kernels of how far two spaces agree when the items of one are permuted."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run


def permuted_products(
    a: NDArray[np.float64], b: NDArray[np.float64], *, orders: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Sum the products of two matrices between items, the items of one permuted.

    Parameters
    ----------
    a, b : array of shape (n_items, n_items), float64
        Symmetric; their diagonals are not read.
    orders : array of shape (n_permutations, n_items), int32
        Permutations of the items.

    Returns
    -------
    array of shape (n_permutations,), float64
        ``Σ a[i, j] * b[order[i], order[j]]`` over ``i < j``, for each order.
    """
    n_orders, n = orders.shape
    fit("permuted_products", a.shape == b.shape == (n, n) and _under(orders, n))
    products = np.empty(n_orders, dtype=np.float64)
    run(
        "permuted_products",
        pointer(a, np.float64),
        pointer(b, np.float64),
        pointer(orders, np.int32),
        ctypes.c_int64(n_orders),
        ctypes.c_int64(n),
        pointer(products, np.float64),
    )
    return products


def permuted_overlaps(
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    *,
    orders: NDArray[np.int32],
    rows: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Count the neighbours that two spaces share, the items of one permuted.

    Parameters
    ----------
    a, b : array of shape (n_lists, k), int32
        The neighbours of each item, or of the first of them, each named once.
    orders : array of shape (n_permutations, n_items), int32
        Permutations: item ``i`` of ``a`` is taken for item ``order[i]`` of ``b``.
    rows : array of shape (n_permutations, n_rows), int32
        Items of ``a`` that are asked, different ones for each order; they and what they are taken
        for have lists.

    Returns
    -------
    array of shape (n_permutations,), int64
        ``len({*order[a[i]]} & {*b[order[i]]})`` summed over the rows ``i``, for each order.
    """
    n_orders, n = orders.shape
    fits = len(a) <= n and a.shape == b.shape and a.ndim == rows.ndim == 2
    fits = fits and len(rows) == n_orders and _under(orders, n) and _under(rows, len(a))
    if len(a) < n:
        fits = fits and _under(np.take_along_axis(orders, rows, axis=1), len(b))
    fit("permuted_overlaps", fits and _under(a, n) and _under(b, n))
    common = np.empty(n_orders, dtype=np.int64)
    run(
        "permuted_overlaps",
        pointer(a, np.int32),
        pointer(b, np.int32),
        pointer(orders, np.int32),
        pointer(rows, np.int32),
        ctypes.c_int64(n_orders),
        ctypes.c_int64(rows.shape[1]),
        ctypes.c_int64(n),
        ctypes.c_int64(a.shape[1]),
        pointer(common, np.int64),
    )
    return common


def _under(numbers: NDArray[np.int32], n: int) -> bool:
    return not numbers.size or 0 <= int(numbers.min()) <= int(numbers.max()) < n
