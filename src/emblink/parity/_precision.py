"""To how many bits numbers were rounded."""

from __future__ import annotations

import numpy as np

from emblink.types import AnyArray
from emblink.wording.parity import (
    TO_8_BITS,
    TO_BFLOAT16,
    TO_FLOAT16,
)

_BYTE = 256


def precision_of(vectors: AnyArray) -> str:
    """Say to what numbers were rounded; "" where nothing shows that they were.

    Parameters
    ----------
    vectors : array of shape (n, d)
        As they are stored.

    Returns
    -------
    str
    """
    some = np.ascontiguousarray(vectors, dtype=np.float32)
    if vectors.dtype == np.float16:
        return TO_FLOAT16
    if _is_bytes(some):
        return TO_8_BITS
    if not (some.view(np.uint32) & 0xFFFF).any():
        return TO_BFLOAT16
    with np.errstate(over="ignore"):
        if np.array_equal(some.astype(np.float16).astype(np.float32), some):
            return TO_FLOAT16
    return TO_8_BITS if _has_levels(some) else ""


def _is_bytes(vectors: AnyArray) -> bool:
    """Whether all numbers are whole, and a byte holds them."""
    whole = bool((vectors == np.floor(vectors)).all())
    return whole and float(vectors.max()) - float(vectors.min()) < _BYTE


def _has_levels(vectors: AnyArray) -> bool:
    """Whether all dims, or the numbers of each row or dim, take at most 256 values."""
    n, d = vectors.shape
    if vectors.size > 2 * _BYTE and len(np.unique(vectors)) <= _BYTE:
        return True
    if n > 2 * _BYTE:
        return all(len(np.unique(column)) <= _BYTE for column in vectors.T)
    return d > 2 * _BYTE and all(len(np.unique(row)) <= _BYTE for row in vectors)
