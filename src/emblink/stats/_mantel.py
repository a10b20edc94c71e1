"""Permutation of the items of one of two matrices between items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.kernels import permuted_products
from emblink.stats._permutation import Null, null_of
from emblink.types import IntArray


def sample_items(n_items: int, most: int, *, seed: int) -> IntArray:
    """Draw items without replacement, or take them all.

    Parameters
    ----------
    n_items : int
    most : int
    seed : int

    Returns
    -------
    array of shape (at most ``most``,), int64
        Ascending.
    """
    if n_items <= most:
        return np.arange(n_items)
    return np.sort(np.random.default_rng(seed).choice(n_items, most, replace=False))


def permutation_null(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    *,
    scale: float,
    n_permutations: int,
    seed: int,
) -> Null:
    """Return the null of ``Σ a_ij b_ij / scale`` for two symmetric matrices between items.

    The sum is over ``i ≠ j``. Rows and columns of ``b`` are permuted together, which keeps all but
    this cross term.

    Parameters
    ----------
    a, b : array of shape (n_items, n_items), float64
    scale : float
    n_permutations : int
    seed : int

    Returns
    -------
    Null

    Raises
    ------
    VectorError
        ``n_permutations`` is below 1.
    """
    if n_permutations < 1:
        raise VectorError(f"n_permutations={n_permutations} permutes nothing; choose 1 or more")
    n = len(a)
    rng = np.random.default_rng(seed)
    orders = [np.arange(n), *(rng.permutation(n) for _ in range(n_permutations))]
    # Both halves of a symmetric matrix; its diagonal is nobody's relation to anybody.
    products = 2.0 * permuted_products(a, b, orders=np.array(orders, dtype=np.int32)) / scale
    return null_of(float(products[0]), products[1:], n_items=n)
