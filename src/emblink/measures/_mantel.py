"""Permutation of the items of one of two matrices between items."""

from __future__ import annotations

import numpy as np

from emblink.errors import VectorError
from emblink.measures._permutation import Null
from emblink.types import FloatArray, IntArray

# Small enough to stay in the cache while it is shuffled.
_BLOCK_CELLS = 1 << 14


def sample_items(n_items: int, most: int, *, seed: int) -> IntArray:
    """Return at most ``most`` items, in order, drawn without replacement."""
    if n_items <= most:
        return np.arange(n_items)
    return np.sort(np.random.default_rng(seed).choice(n_items, most, replace=False))


def permutation_null(
    a: FloatArray, b: FloatArray, *, scale: float, n_permutations: int, seed: int
) -> Null:
    """Return the null of ``Σ a_ij b_ij / scale`` for two symmetric matrices between items.

    Rows and columns of ``b`` are permuted together, which keeps all but this cross term.
    """
    if n_permutations < 1:
        raise VectorError(f"n_permutations={n_permutations} permutes nothing; choose 1 or more")
    rng = np.random.default_rng(seed)
    value = _permuted_product(a, b, np.arange(len(a))) / scale
    drawn = np.empty(n_permutations)
    for draw in range(n_permutations):
        order = rng.permutation(len(a))
        drawn[draw] = _permuted_product(a, b, order) / scale
    reached = int((drawn >= value - 1e-12 * abs(value)).sum())
    return Null(
        value=value,
        mean=float(drawn.mean()),
        sd=float(drawn.std(ddof=1)) if n_permutations > 1 else 0.0,
        p=(1 + reached) / (1 + n_permutations),
        n_items=len(a),
        n_permutations=n_permutations,
    )


def _permuted_product(a: FloatArray, b: FloatArray, order: IntArray) -> float:
    step = max(1, _BLOCK_CELLS // len(a))
    total = 0.0
    for start in range(0, len(a), step):
        rows = slice(start, start + step)
        total += float(np.einsum("ij,ij->", a[rows], b[order[rows]].take(order, axis=1)))
    return total
