"""What a step of a variant does to vectors: float64 inside, blocks of rows, float32 out.

Each is learnt from the items, and then done to these or to other vectors, as queries are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures import rounding_int8
from emblink.rows import column_blocks, few_dims, spans
from emblink.types import FloatArray, IntArray, Metric

SIGN = "|"
"""Stands between a space and the steps of its variant."""
SMALLEST_VARIANCE = 1e-10
"""Relative to the largest: directions with less hold rounding and nothing else."""

_ABSENT = 1e-12
"""Relative to the longest: what rounding leaves of a direction that the items do not have."""

Vectors: TypeAlias = NDArray[np.float32]
Step: TypeAlias = Callable[[FloatArray], Vectors]


@dataclass(frozen=True)
class Transform:
    """One step from vectors to vectors.

    ``sized`` when its name carries a number, as ``pca:64``; ``sums`` when it adds up items.
    """

    learn: Callable[[FloatArray, int, Metric], Step]
    sized: bool = False
    sums: bool = False


def _center(vectors: FloatArray, size: int, metric: Metric) -> Step:
    """Take the mean of the items away."""
    mean = _mean(vectors)
    return _rows(vectors.shape[1], lambda block: block - mean)


def _l2(vectors: FloatArray, size: int, metric: Metric) -> Step:
    """Bring every row to length 1."""

    def unit(block: NDArray[np.float64]) -> NDArray[np.float64]:
        norms = np.linalg.norm(block, axis=1, keepdims=True)
        if not norms.all():
            raise VectorError("rows of zeros have no direction; leave these items out")
        scaled: NDArray[np.float64] = block / norms
        return scaled

    return _rows(vectors.shape[1], unit)


def _pca(vectors: FloatArray, size: int, metric: Metric) -> Step:
    """Keep the centred scores of the leading principal components."""
    most = min(len(vectors) - 1, vectors.shape[1])
    if size > most:
        raise VectorError(
            f"{len(vectors):,} items of {vectors.shape[1]:,} dimensions have {most:,} principal "
            f"components; ask for at most so many: 'pca:{most}'"
        )
    mean = _mean(vectors)
    _, axes = _principal(vectors, mean, size)
    return _rows(size, lambda block: (block - mean) @ axes)


def _whiten(vectors: FloatArray, size: int, metric: Metric) -> Step:
    """Give every direction that holds variance the variance 1; the others are left out."""
    most = min(len(vectors) - 1, vectors.shape[1])
    mean = _mean(vectors)
    variances, axes = _principal(vectors, mean, most, least=SMALLEST_VARIANCE)
    if not len(variances):
        raise VectorError("all items have the same vector, so that no direction holds variance")
    if len(variances) == len(vectors) - 1:
        raise VectorError(
            f"{len(vectors):,} items that span {len(variances):,} directions are all equally far "
            f"apart once whitened; keep fewer directions first: "
            f"'pca:{max(1, len(vectors) // 10)}{SIGN}whiten'"
        )
    scaled = axes / np.sqrt(variances)
    return _rows(scaled.shape[1], lambda block: (block - mean) @ scaled)


def _truncate(vectors: FloatArray, size: int, metric: Metric) -> Step:
    """Keep the leading dimensions, as models trained for it allow."""
    if size > vectors.shape[1]:
        raise VectorError(
            f"the vectors have {vectors.shape[1]:,} dimensions; keep at most so many: "
            f"'truncate:{vectors.shape[1]}'"
        )
    return lambda others: np.ascontiguousarray(others[:, :size], dtype=np.float32)


def _float16(vectors: FloatArray, size: int, metric: Metric) -> Step:
    """Round to half precision."""
    return _rows(vectors.shape[1], lambda block: block.astype(np.float16))


def _int8(vectors: FloatArray, size: int, metric: Metric) -> Step:
    """Round each dimension to 255 levels."""
    return rounding_int8(vectors, metric=metric)


def _binary(vectors: FloatArray, size: int, metric: Metric) -> Step:
    """Keep one bit a dimension: 1 where positive, else -1, about zero and not about the mean."""
    return _rows(vectors.shape[1], lambda block: np.where(block > 0, 1.0, -1.0))


TRANSFORMS: dict[str, Transform] = {
    "center": Transform(_center, sums=True),
    "whiten": Transform(_whiten, sums=True),
    "l2": Transform(_l2),
    "pca": Transform(_pca, sized=True, sums=True),
    "truncate": Transform(_truncate, sized=True),
    "float16": Transform(_float16),
    "int8": Transform(_int8),
    "binary": Transform(_binary),
}
"""What a step may be; a new one is one entry."""


def _rows(n_dims: int, change: Callable[[NDArray[np.float64]], NDArray[np.floating[Any]]]) -> Step:
    """Return a step that changes blocks of rows in float64, and keeps them as float32."""

    def changed(vectors: FloatArray) -> Vectors:
        out = np.empty((len(vectors), n_dims), np.float32)
        for rows in spans(*vectors.shape):
            with np.errstate(over="ignore"):
                out[rows] = change(vectors[rows].astype(np.float64))
        return out

    return changed


def _mean(vectors: FloatArray) -> NDArray[np.float64]:
    """Return the mean row; taken from the first row on, so that a common offset costs no digits."""
    origin = vectors[0].astype(np.float64)
    total = np.zeros_like(origin)
    for rows in spans(*vectors.shape):
        total += (vectors[rows].astype(np.float64) - origin).sum(axis=0)
    mean: NDArray[np.float64] = origin + total / len(vectors)
    return mean


def _principal(
    vectors: FloatArray, mean: NDArray[np.float64], count: int, *, least: float | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the leading variances, largest first, and their directions (n_dims, count).

    With ``least``, only those of more than that many times the first. From whichever of the
    products over dimensions and those over items is the smaller square. The largest entry of each
    direction is positive.
    """
    n_items, n_dims = vectors.shape
    if n_items < n_dims:
        return _principal_of_few(vectors, count, least=least)
    if n_items == n_dims:
        _, values, axes = np.linalg.svd(vectors.astype(np.float64) - mean, full_matrices=False)
        variances, axes = values**2 / n_items, axes.T
    else:
        products = np.zeros((n_dims, n_dims))
        for rows in spans(*vectors.shape):
            block = vectors[rows].astype(np.float64) - mean
            products += block.T @ block
        variances, axes = np.linalg.eigh(products / n_items)
        variances, axes = np.maximum(variances[::-1], 0.0), axes[:, ::-1]
    kept = _kept(variances[:count], least)
    return variances[kept], _facing(axes[:, kept])


def _principal_of_few(
    vectors: FloatArray, count: int, *, least: float | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the same in as many dims as items, then where each direction lies in all dims."""
    scores, values, _ = np.linalg.svd(few_dims(vectors))
    variances = values**2 / len(vectors)
    kept = _kept(variances[:count], least)
    held = values[kept] > _ABSENT * values[0]
    shares = scores[:, kept] * np.where(held, 1.0 / np.where(held, values[kept], 1.0), 0.0)
    axes = np.empty((vectors.shape[1], len(kept)))
    for columns, block in column_blocks(vectors):
        axes[columns] = block.T @ shares
    return variances[kept], _facing(axes)


def _kept(variances: NDArray[np.float64], least: float | None) -> IntArray:
    if least is None:
        return np.arange(len(variances))
    return np.flatnonzero(variances > least * variances[0])


def _facing(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=0)[None], axis=0)
    return axes * np.where(largest < 0, -1.0, 1.0)
