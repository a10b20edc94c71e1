"""The instant first picture: two principal components per space, turned to face each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.projection._frame import common_frame
from emblink.types import FloatArray, IntArray, Metric

_BLOCK_ROWS = 4096
_FIT_ROWS = 100_000


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
        Draws the 100,000 rows that the components of a larger space are fitted on.

    Returns
    -------
    list of arrays of shape (n_space_items, n_components), float32
        Invariant to rotation, shift and scale of a Euclidean space, up to rounding. Misleads when
        two components hold little of the variance: clusters that are apart may overlap.
    """
    scores = [
        _principal_components(matrix, metric, n_components=n_components, seed=seed)
        for matrix, metric in zip(vectors, metrics, strict=True)
    ]
    return common_frame(scores, rows)


def _principal_components(
    matrix: FloatArray, metric: Metric, *, n_components: int, seed: int
) -> NDArray[np.float64]:
    """Return the centred scores (n, n_components) of the leading components."""
    n, n_dims = matrix.shape
    fitted = np.arange(n)
    if n > _FIT_ROWS:
        fitted = np.sort(np.random.default_rng(seed).choice(n, _FIT_ROWS, replace=False))
    origin = next(_blocks(matrix, metric, fitted[:_BLOCK_ROWS])).mean(axis=0)
    total, products = np.zeros(n_dims), np.zeros((n_dims, n_dims))
    for block in _blocks(matrix, metric, fitted):
        block -= origin
        total += block.sum(axis=0)
        products += block.T @ block
    mean = total / len(fitted)
    axes = _leading_axes(products / len(fitted) - np.outer(mean, mean), n_components)
    scores = np.concatenate([(b - origin) @ axes for b in _blocks(matrix, metric, np.arange(n))])
    return np.asarray(scores - scores.mean(axis=0))


def _leading_axes(covariance: NDArray[np.float64], n_components: int) -> NDArray[np.float64]:
    """Return eigenvectors (n_dims, n) with positive largest entry; zeros for a missing one."""
    _, vectors = np.linalg.eigh(covariance)
    axes = np.zeros((len(covariance), n_components))
    leading = vectors[:, : -n_components - 1 : -1]
    largest = np.take_along_axis(leading, np.abs(leading).argmax(axis=0)[None], axis=0)
    axes[:, : leading.shape[1]] = leading * np.where(largest < 0, -1.0, 1.0)
    return axes


def _blocks(
    matrix: FloatArray, metric: Metric, chosen: IntArray
) -> Iterator[NDArray[np.floating[Any]]]:
    for begin in range(0, len(chosen), _BLOCK_ROWS):
        block = matrix[chosen[begin : begin + _BLOCK_ROWS]].astype(np.float64)
        if metric == "cosine":
            block /= np.linalg.norm(block, axis=1, keepdims=True)
        yield block
