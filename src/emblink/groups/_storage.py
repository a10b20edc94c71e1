"""How far the rounding of stored numbers may have moved an item."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from emblink.compute import let_go
from emblink.types import FloatArray, IntArray, Metric

SINGLE = 2.0**-24
"""Half a step of float32, relative to the number."""

_HALF, _BRAIN = 2.0**-11, 2.0**-8
_LEAST_HALF = 2.0**-25
_WHOLE_HALF, _WHOLE_BRAIN = 2048.0, 256.0
"""Whole numbers up to these are none that were rounded."""

_CELLS = 1 << 21

Numbers = NDArray[np.float64]


def storage_rounding(
    vectors: FloatArray, *, metric: Metric, rows: IntArray | None = None
) -> NDArray[np.float32]:
    """Return how far the rounding of its numbers may have moved each item.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        May be a memory map. Numbers that all fit into float16 or bfloat16 are taken to have been
        stored so, whatever their type is now; but not small whole numbers, which are exact.
    metric : {"cosine", "euclidean"}
    rows : array of shape (n_items,), optional
        Only these rows, in this order.

    Returns
    -------
    array of shape (n_items,), float32
        A length on the scale of :func:`principal_points`: half a step of each number.
    """
    rows = np.arange(len(vectors)) if rows is None else rows
    origin = np.zeros(vectors.shape[1])
    norms, halves, brains, largest = [], True, True, 0.0
    whole = True
    for block in _blocks(vectors, rows):
        values = block.astype(np.float64)
        norms.append(_lengths(values))
        origin += _placed(values, norms[-1], metric).sum(axis=0)
        largest = max(largest, float(np.abs(values).max(initial=0.0)))
        whole = whole and bool((values == np.rint(values)).all())
        halves = halves and _fits_half(values)
        brains = brains and _fits_brain(values)
    lengths = np.concatenate(norms)
    origin /= len(rows)
    halves &= not (whole and largest <= _WHOLE_HALF)
    brains &= not (whole and largest <= _WHOLE_BRAIN)
    relative = _BRAIN if brains else _HALF if halves else SINGLE
    least = _LEAST_HALF * np.sqrt(vectors.shape[1]) if halves and not brains else 0.0
    moved = relative * lengths + least
    spread, start = 0.0, 0
    for block in _blocks(vectors, rows):
        own = lengths[start : (start := start + len(block))]
        placed = _placed(block.astype(np.float64), own, metric) - origin
        spread += float(np.einsum("ij,ij->", placed, placed))
    if metric == "cosine":
        moved /= np.where(lengths > 0, lengths, 1.0)
    let_go(vectors)
    usual = float(np.sqrt(spread / len(rows)))
    return np.asarray(moved / usual if usual else 0.0 * moved, dtype=np.float32)


def _blocks(vectors: FloatArray, rows: IntArray) -> Iterator[FloatArray]:
    step = max(1, _CELLS // vectors.shape[1])
    for start in range(0, len(rows), step):
        yield np.asarray(vectors[rows[start : start + step]])


def _placed(values: Numbers, lengths: Numbers, metric: Metric) -> Numbers:
    return values / np.where(lengths > 0, lengths, 1.0)[:, None] if metric == "cosine" else values


def _lengths(values: Numbers) -> Numbers:
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", values, values)))


def _fits_half(values: Numbers) -> bool:
    with np.errstate(over="ignore"):
        return bool((values.astype(np.float16) == values).all())


def _fits_brain(values: Numbers) -> bool:
    single = values.astype(np.float32)
    fits = (single.view(np.uint32) & 0xFFFF) == 0
    return bool((fits & (single == values)).all())
