"""The instant first picture: two principal components per space, turned to face each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.projection._frame import common_frame
from emblink.types import FloatArray, IntArray, Metric

_BLOCK_ROWS = 4096
_FIT_ROWS = 20_000
_KRYLOV_BLOCK = 4
_KRYLOV_MOST = 240
_MANY = 12
"""Of fewer dims for each component wanted, all eigenvectors are found as quickly."""
_CONVERGED = 1e-10
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
        Draws the 20,000 rows that the components of a larger space are fitted on.

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
        Draws the 20,000 rows that the components of a larger space are fitted on.

    Returns
    -------
    array of shape (n_items, n_components), float64
        Zeros for components that the space does not have.
    """
    rows = np.arange(len(matrix)) if rows is None else rows
    n, n_dims = len(rows), matrix.shape[1]
    fitted = rows
    if n > _FIT_ROWS:
        fitted = rows[np.sort(np.random.default_rng(seed).choice(n, _FIT_ROWS, replace=False))]
    origin = next(_blocks(matrix, metric, fitted[:_BLOCK_ROWS])).mean(axis=0)
    total, products = np.zeros(n_dims), np.zeros((n_dims, n_dims))
    for block in _blocks(matrix, metric, fitted):
        block -= origin
        total += block.sum(axis=0)
        products += block.T @ block
    mean = total / len(fitted)
    axes = _leading_axes(products / len(fitted) - np.outer(mean, mean), n_components)
    scores = np.empty((n, n_components))
    for start, block in zip(range(0, n, _BLOCK_ROWS), _blocks(matrix, metric, rows), strict=True):
        block -= origin
        scores[start : start + _BLOCK_ROWS] = _thin_product(block, axes)
    return np.asarray(scores - scores.mean(axis=0))


def _leading_axes(covariance: NDArray[np.float64], n_components: int) -> NDArray[np.float64]:
    """Return eigenvectors (n_dims, n) with positive largest entry; zeros for a missing one."""
    leading = _leading_vectors(covariance, n_components)
    axes = np.zeros((len(covariance), n_components))
    largest = np.take_along_axis(leading, np.abs(leading).argmax(axis=0)[None], axis=0)
    axes[:, : leading.shape[1]] = leading * np.where(largest < 0, -1.0, 1.0)
    return axes


def _leading_vectors(covariance: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return leading eigenvectors (n_dims, count), by block Lanczos, fully orthogonalised."""
    n = len(covariance)
    if n <= max(_KRYLOV_BLOCK**3, _MANY * count):
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
    step = max(1, _ALONE // thin.size)
    return np.concatenate([tall[at : at + step] @ thin for at in range(0, len(tall), step)])


def _blocks(matrix: FloatArray, metric: Metric, chosen: IntArray) -> Iterator[NDArray[np.float64]]:
    for begin in range(0, len(chosen), _BLOCK_ROWS):
        yield _prepared(matrix[chosen[begin : begin + _BLOCK_ROWS]], metric)


def _prepared(rows: FloatArray, metric: Metric) -> NDArray[np.float64]:
    block = rows.astype(np.float64)
    if metric == "cosine":
        block /= np.sqrt(np.einsum("ij,ij->i", block, block))[:, None]
    return block
