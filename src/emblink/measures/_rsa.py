"""How far two spaces rank the dissimilarities between items alike."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures._centered import check_vectors
from emblink.measures._mantel import permutation_null, sample_items
from emblink.measures._permutation import Null
from emblink.types import FloatArray, Metric

# Relative to the largest dissimilarity: what differs by less is tied.
_ROUNDING = 1e-12

Correlation = Literal["spearman", "pearson"]


def rsa(
    x: FloatArray,
    y: FloatArray,
    *,
    metric: Metric | tuple[Metric, Metric] = "cosine",
    correlation: Correlation = "spearman",
    n_sampled: int = 1000,
    seed: int = 0,
) -> float:
    """Representational similarity: the correlation of two spaces' dissimilarities between items.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item. Any float type; may be a memory map.
    metric : {"cosine", "euclidean"} or a pair of these
        Of the dissimilarities, ``1 - cos`` or the Euclidean distance; one for each space, or for
        both.
    correlation : {"spearman", "pearson"}
        Of ranks, with ties sharing their mean rank, or of the dissimilarities themselves.
    n_sampled : int
        Items sampled, at most; memory is ``O(n_sampled²)``.
    seed : int
        Of the sample.

    Returns
    -------
    float
        In [-1, 1]; 0 in expectation for unrelated spaces. Invariant to rotation and isotropic scale
        of either space, under ``euclidean`` to a shift too, and to a permutation of the items of
        both when no sample is drawn.

    Raises
    ------
    VectorError
        The spaces have different numbers of items, fewer than 3; a zero row under ``cosine``; or
        all dissimilarities of a space are the same.

    Notes
    -----
    Pairs of items are not independent: the p-value of a table of correlations is far too small;
    use :func:`rsa_null`. Misleads when both spaces keep the same few clusters apart:
    dissimilarities between clusters outnumber the others, so it is high whatever happens within.

    References
    ----------
    .. [1] Kriegeskorte, Mur, Bandettini, "Representational similarity analysis", Frontiers in
       Systems Neuroscience 2008.
    """
    a, b = _standardized(x, y, metric, correlation=correlation, most=n_sampled, seed=seed)
    return float(np.clip(np.einsum("ij,ij->", a, b), -1.0, 1.0))


def rsa_null(
    x: FloatArray,
    y: FloatArray,
    *,
    metric: Metric | tuple[Metric, Metric] = "cosine",
    correlation: Correlation = "spearman",
    n_sampled: int = 1000,
    n_permutations: int = 199,
    seed: int = 0,
) -> Null:
    """:func:`rsa` beside its permutation null: the Mantel test.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
    metric, correlation, n_sampled
        As of :func:`rsa`.
    n_permutations : int
        How often the items of ``y`` are shuffled.
    seed : int
        Of the sample and the shuffles.

    Returns
    -------
    Null
        ``mean`` about 0; ``p`` is one-sided and never below ``1 / (1 + n_permutations)``.
        Invariant as :func:`rsa` is.

    Raises
    ------
    VectorError
        As :func:`rsa`.

    Notes
    -----
    Misleads where items come in copies or in order: they are not exchangeable, and ``p`` is too
    small. A small ``p`` says that there is a relation, not that it is strong.

    References
    ----------
    .. [1] Mantel, "The detection of disease clustering and a generalized regression approach",
       Cancer Research 1967.
    """
    a, b = _standardized(x, y, metric, correlation=correlation, most=n_sampled, seed=seed)
    return permutation_null(a, b, scale=1.0, n_permutations=n_permutations, seed=seed)


def _standardized(
    x: FloatArray,
    y: FloatArray,
    metric: Metric | tuple[Metric, Metric],
    *,
    correlation: Correlation,
    most: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both matrices with mean 0 and norm 1 off the diagonal, which is 0."""
    check_vectors(x, y, at_least=3)
    if most < 3:
        raise VectorError(f"n_sampled={most} items are too few to correlate; choose 3 or more")
    rows = sample_items(len(x), most, seed=seed)
    metrics = (metric, metric) if isinstance(metric, str) else metric
    upper = np.triu_indices(len(rows), 1)
    matrices = []
    for name, vectors, one in zip("xy", (x, y), metrics, strict=True):
        values = _dissimilarities(vectors[rows], name, metric=one)[upper]
        if correlation == "spearman":
            values = _ranks(values)
        alike = values.min() == values.max()
        values = values - values.mean()
        norm = float(np.linalg.norm(values))
        if alike:
            raise VectorError(
                f"all items of {name} are equally dissimilar, so there is nothing to correlate; "
                "leave the space out"
            )
        matrix = np.zeros((len(rows), len(rows)))
        matrix[upper] = values / (norm * np.sqrt(2.0))
        matrices.append(matrix + matrix.T)
    return matrices[0], matrices[1]


def _dissimilarities(vectors: FloatArray, name: str, *, metric: Metric) -> NDArray[np.float64]:
    points = np.asarray(vectors, dtype=np.float64)
    if metric == "cosine":
        norms = np.linalg.norm(points, axis=1, keepdims=True)
        if not norms.all():
            raise VectorError(
                f"{name} has rows of zeros, which have no cosine; use metric='euclidean', or leave "
                "them out"
            )
        points = points / norms
        return _without_rounding(1.0 - points @ points.T)
    points = points - points.mean(axis=0)
    squares = np.einsum("ij,ij->i", points, points)
    return np.sqrt(_without_rounding(squares[:, None] + squares - 2.0 * points @ points.T))


def _without_rounding(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make values equal that only the rounding of products tells apart, and none negative."""
    step = float(values.max()) * _ROUNDING
    return np.maximum(np.rint(values / step), 0.0) * step if step > 0 else np.zeros_like(values)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks from 1, ties sharing their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - 0.5 * (counts - 1))[place])
