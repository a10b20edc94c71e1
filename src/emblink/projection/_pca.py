"""The instant first picture: two principal components per space, turned to face each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.projection._frame import common_frame
from emblink.rows import column_blocks, same_directions
from emblink.stats import sample_items
from emblink.types import FloatArray, IntArray, Metric

_BLOCK_ROWS = 4096
_BLOCK_CELLS = 1 << 21
_FIT_ROWS = 20_000
_FIT_WIDE_ROWS = 8192
"""Of fewer rows than dims: their products with each other are held, a square of so many."""
_KRYLOV_BLOCK = 4
_KRYLOV_MOST = 240
_MANY = 12
"""Of fewer dims for each component wanted, all eigenvectors are found as quickly."""
_MANY_ROWS = 1500
"""Of fewer rows, with more dims, all eigenvectors are found."""
_CONVERGED = 1e-10
_ABSENT = 1e-14
"""Of the largest variance: what rounding leaves of none."""
_ALONE = 1 << 18
"""Multiplications that BLAS leaves to one thread. Threads that wait for each other take many times
as long when something else runs, and a browser starts just then."""


def pca_projections(
    vectors: Sequence[FloatArray],
    rows: Sequence[IntArray],
    *,
    metrics: Sequence[Metric],
    n_components: int = 2,
    seed: int = 0,
) -> list[NDArray[np.float32]]:
    """First principal components of each space, in one shared frame.

    Every picture has root mean square radius 1; each is turned, reflected and shifted (never
    scaled) onto the mean of those before it, over the items they share, so that a morph between
    two of them shows change and not the arbitrary signs of eigenvectors.

    Parameters
    ----------
    vectors : sequence of arrays of shape (n_space_items, n_dims)
        May be memory maps; read in blocks of rows.
    rows : sequence of arrays of shape (n_space_items,)
        The item of each row.
    metrics : sequence of {"cosine", "euclidean"}
        Rows are brought to unit length under ``cosine``.
    n_components : int
    seed : int
        Draws the 20,000 rows (8,192 where dims are more) that the components of a larger space are
        fitted on.

    Returns
    -------
    list of arrays of shape (n_space_items, n_components), float32
        Invariant to rotation, shift and scale of a Euclidean space, up to rounding. Misleads when
        two components hold little of the variance: clusters that are apart may overlap.
    """
    scores = [
        principal_components(matrix, metric=metric, n_components=n_components, seed=seed)
        for matrix, metric in zip(vectors, metrics, strict=True)
    ]
    return common_frame(scores, rows)


def principal_components(
    matrix: FloatArray,
    *,
    metric: Metric,
    n_components: int,
    rows: IntArray | None = None,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Return the centred scores of the leading principal components.

    Parameters
    ----------
    matrix : array of shape (n_items, n_dims)
        May be a memory map; read in blocks of rows.
    metric : {"cosine", "euclidean"}
        Rows are brought to unit length under ``cosine``.
    n_components : int
    rows : array of shape (n_items,), optional
        Only these rows, in this order.
    seed : int
        Draws the 20,000 rows (8,192 where dims are more) that the components of a larger space are
        fitted on.

    Returns
    -------
    array of shape (n_items, n_components), float64
        Zeros for components that the space does not have.

    Notes
    -----
    From products of dims, or of rows where these are fewer: time ``O(n d min(n, d))``, memory
    ``O(min(n, d)² + block)``.
    """
    rows = np.arange(len(matrix)) if rows is None else rows
    first = same_directions(matrix) if metric == "cosine" else None
    rows = rows if first is None else first[rows]
    wide = matrix.shape[1] > max(len(rows), _few(n_components))
    fitted = _drawn(rows, _FIT_WIDE_ROWS if wide else _FIT_ROWS, seed=seed)
    step = max(16, _BLOCK_CELLS // matrix.shape[1]) if wide else _BLOCK_ROWS
    find = _axes_of_rows if wide else _axes_of_dims
    axes = find(matrix, metric, fitted, n_components)
    origin = next(_blocks(matrix, metric, fitted, step)).mean(axis=0)
    scores = np.empty((len(rows), n_components))
    starts = range(0, len(rows), step)
    for start, block in zip(starts, _blocks(matrix, metric, rows, step), strict=True):
        block -= origin
        scores[start : start + step] = _thin_product(block, axes)
    return np.asarray(scores - scores.mean(axis=0))


def _drawn(rows: IntArray, most: int, *, seed: int) -> IntArray:
    return rows if len(rows) <= most else rows[sample_items(len(rows), most, seed=seed)]


def _axes_of_dims(
    matrix: FloatArray, metric: Metric, fitted: IntArray, n_components: int
) -> NDArray[np.float64]:
    n_dims = matrix.shape[1]
    origin = next(_blocks(matrix, metric, fitted, _BLOCK_ROWS)).mean(axis=0)
    total, products = np.zeros(n_dims), np.zeros((n_dims, n_dims))
    for block in _blocks(matrix, metric, fitted, _BLOCK_ROWS):
        block -= origin
        total += block.sum(axis=0)
        products += block.T @ block
    mean = total / len(fitted)
    covariance = products / len(fitted) - np.outer(mean, mean)
    leading = _leading_vectors(covariance, n_components, few=_few(n_components))
    return _facing(leading, n_components)


def _axes_of_rows(
    matrix: FloatArray, metric: Metric, fitted: IntArray, n_components: int
) -> NDArray[np.float64]:
    """Find the same from products of rows: an eigenvector says how to add the rows to an axis."""
    lengths = None
    if metric == "cosine":
        step = max(16, _BLOCK_CELLS // matrix.shape[1])
        blocks = _blocks(matrix, "euclidean", fitted, step)
        lengths = np.concatenate([_lengths(block) for block in blocks])
    products = np.zeros((len(fitted), len(fitted)))
    for _, block in column_blocks(matrix, rows=fitted, lengths=lengths):
        products += block @ block.T
    few = max(_MANY_ROWS, _few(n_components))
    leading = _leading_vectors(products, n_components, few=few)
    variances = np.einsum("ij,ij->j", leading, products @ leading)
    held = variances > _ABSENT * max(float(variances[0]), 0.0)
    scales = np.where(held, 1.0 / np.sqrt(np.where(held, variances, 1.0)), 0.0)
    axes = np.empty((matrix.shape[1], leading.shape[1]))
    for columns, block in column_blocks(matrix, rows=fitted, lengths=lengths):
        axes[columns] = (block.T @ leading) * scales
    return _facing(axes, n_components)


def _facing(leading: NDArray[np.float64], n_components: int) -> NDArray[np.float64]:
    """Return axes (n_dims, n_components) with positive largest entry; zeros for a missing one."""
    axes = np.zeros((len(leading), n_components))
    largest = np.take_along_axis(leading, np.abs(leading).argmax(axis=0)[None], axis=0)
    axes[:, : leading.shape[1]] = leading * np.where(largest < 0, -1.0, 1.0)
    return axes


def _few(n_components: int) -> int:
    return max(_KRYLOV_BLOCK**3, _MANY * n_components)


def _leading_vectors(
    covariance: NDArray[np.float64], count: int, *, few: int
) -> NDArray[np.float64]:
    """Return leading eigenvectors (n, count), by block Lanczos, fully orthogonalised."""
    n = len(covariance)
    if n <= few:
        return np.asarray(np.linalg.eigh(covariance)[1][:, : -count - 1 : -1])
    start = np.random.default_rng(0).standard_normal((n, _KRYLOV_BLOCK))
    newest = np.linalg.qr(start)[0]
    basis, images = newest, _thin_product(covariance, newest)
    while True:
        values, vectors = np.linalg.eigh(basis.T @ images)
        values, vectors = values[: -count - 1 : -1], vectors[:, : -count - 1 : -1]
        ritz = basis @ vectors
        residual = images @ vectors - ritz * values
        size = basis.shape[1]
        if np.abs(residual).max() <= _CONVERGED * values[0] or size >= min(n, _KRYLOV_MOST):
            return np.asarray(ritz)
        for _ in range(min(5, (min(n, _KRYLOV_MOST) - size) // _KRYLOV_BLOCK) or 1):
            newest = images[:, -_KRYLOV_BLOCK:]
            for _ in range(3):  # what is left of a space used up is rounding: no direction yet
                newest = np.linalg.qr(newest - basis @ (basis.T @ newest))[0]
            basis = np.hstack([basis, newest])
            images = np.hstack([images, _thin_product(covariance, newest)])


def _thin_product(tall: NDArray[np.float64], thin: NDArray[np.float64]) -> NDArray[np.float64]:
    step = _ALONE // thin.size or len(tall)
    return np.concatenate([tall[at : at + step] @ thin for at in range(0, len(tall), step)])


def _blocks(
    matrix: FloatArray, metric: Metric, chosen: IntArray, step: int
) -> Iterator[NDArray[np.float64]]:
    for begin in range(0, len(chosen), step):
        yield prepared_rows(matrix[chosen[begin : begin + step]], metric)


def prepared_rows(rows: FloatArray, metric: Metric) -> NDArray[np.float64]:
    """Return a copy of rows in float64, of unit length under cosine."""
    block = rows.astype(np.float64)
    if metric == "cosine":
        block /= _lengths(block)[:, None]
    return block


def _lengths(block: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", block, block))
    return lengths
