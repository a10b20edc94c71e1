"""How far two spaces rank the dissimilarities between items alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures._centered import check_vectors
from emblink.stats import Null, permutation_null, sample_items
from emblink.types import FloatArray, IntArray, Metric

MOST_ITEMS = 1000
"""Half a million pairs: what a machine correlates in a fraction of a second."""

# Relative to the largest dissimilarity: what differs by less is tied.
_ROUNDING = 1e-12

Correlation = Literal["spearman", "pearson"]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rsa:
    """An RSA, and how much each item pulls it up or down.

    Attributes
    ----------
    value : float
    influence : array of shape (n_sampled,), float64
    items : array of shape (n_sampled,), integer
        The items that were sampled, ascending; all where there are no more than that.
    """

    value: float
    influence: Numbers
    items: IntArray


def rsa(
    x: FloatArray,
    y: FloatArray,
    *,
    metric: Metric | tuple[Metric, Metric] = "cosine",
    correlation: Correlation = "spearman",
    n_sampled: int = MOST_ITEMS,
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
    _, (a, b) = _samples(x, y, metric, most=n_sampled, seed=seed)
    a, b = (_ranks(one) if correlation == "spearman" else one - one.mean() for one in (a, b))
    return _correlation(a, b)


def rsa_influence(
    x: FloatArray,
    y: FloatArray,
    *,
    metric: Metric | tuple[Metric, Metric] = "cosine",
    correlation: Correlation = "spearman",
    n_sampled: int = MOST_ITEMS,
    seed: int = 0,
) -> Rsa:
    """:func:`rsa` beside how much each item pulls it up or down.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
    metric, correlation, n_sampled, seed
        As of :func:`rsa`.

    Returns
    -------
    Rsa
        ``influence`` is the derivative of the value by an item's weight, times the number of
        items: without the item the value changes by about ``-influence / n_sampled``. Its mean is
        0. The standard error of the value is :func:`standard_error` of it. No item is paired with
        itself, as it would be where items are drawn again with replacement. Invariant as
        :func:`rsa` is.

    Raises
    ------
    VectorError
        As :func:`rsa`.

    Notes
    -----
    The infinitesimal jackknife. Ranks move as items go: that counts too. Misleads for unrelated
    spaces, whose correlation varies by terms of second order: :func:`rsa_null` is the test.

    References
    ----------
    .. [1] Jaeckel, "The infinitesimal jackknife", Bell Laboratories memorandum, 1972.
    .. [2] Croux and Dehon, "Influence functions of the Spearman and Kendall correlation measures",
       Statistical Methods & Applications 2010.
    """
    items, (a, b) = _samples(x, y, metric, most=n_sampled, seed=seed)
    if correlation == "spearman":
        (a, order_a, ends_a), (b, order_b, ends_b) = (_ranked(one) for one in (a, b))
        n_pairs = len(a)
        a, b = a / n_pairs, b / n_pairs
        together = a * b + _above(b, order_a, ends_a) + _above(a, order_b, ends_b)
        own_a = a * a + 2.0 * _above(a, order_a, ends_a)
        own_b = b * b + 2.0 * _above(b, order_b, ends_b)
    else:
        a, b = a - a.mean(), b - b.mean()
        together, own_a, own_b = a * b, a * a, b * b
    value = _correlation(a, b)
    variances = float(np.mean(a * a)), float(np.mean(b * b))
    pulls = together / np.sqrt(variances[0] * variances[1])
    pulls -= 0.5 * value * (own_a / variances[0] + own_b / variances[1])
    return Rsa(value, 2.0 * _means_of_items(pulls - pulls.mean(), len(items)), items)


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
) -> tuple[Numbers, Numbers]:
    """Return both matrices with mean 0 and norm 1 off the diagonal, which is 0."""
    items, both = _samples(x, y, metric, most=most, seed=seed)
    upper = np.triu_indices(len(items), 1)
    matrices = []
    for values in both:
        centred = _ranks(values) if correlation == "spearman" else values - values.mean()
        matrix = np.zeros((len(items), len(items)))
        matrix[upper] = centred / (float(np.linalg.norm(centred)) * np.sqrt(2.0))
        matrices.append(matrix + matrix.T)
    return matrices[0], matrices[1]


def _samples(
    x: FloatArray,
    y: FloatArray,
    metric: Metric | tuple[Metric, Metric],
    *,
    most: int,
    seed: int,
) -> tuple[IntArray, list[Numbers]]:
    """Return sampled items, and the dissimilarities of each pair of them in both spaces."""
    check_vectors(x, y, at_least=3)
    if most < 3:
        raise VectorError(f"n_sampled={most} items are too few to correlate; choose 3 or more")
    rows = sample_items(len(x), most, seed=seed)
    metrics = (metric, metric) if isinstance(metric, str) else metric
    found = []
    for name, vectors, one in zip("xy", (x, y), metrics, strict=True):
        values = _dissimilarities(vectors[rows], name, metric=one)
        if values.min() == values.max():
            raise VectorError(
                f"all items of {name} are equally dissimilar, so there is nothing to correlate; "
                "leave the space out"
            )
        found.append(values)
    return rows, found


def _correlation(a: Numbers, b: Numbers) -> float:
    """Correlate numbers whose mean is 0."""
    scale = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    return float(np.clip(float(a @ b) / scale, -1.0, 1.0))


def _means_of_items(pairs: Numbers, n_items: int) -> Numbers:
    """Average over the pairs that each item is in; pairs come row by row above the diagonal."""
    total = np.zeros(n_items)
    start = 0
    for item in range(n_items - 1):
        own = pairs[start : (start := start + n_items - 1 - item)]
        total[item] += own.sum()
        total[item + 1 :] += own
    return total / (n_items - 1)


def _dissimilarities(vectors: FloatArray, name: str, *, metric: Metric) -> Numbers:
    """Return those of each two rows, row by row above the diagonal."""
    points = np.asarray(vectors, dtype=np.float64)
    if metric == "cosine":
        norms = np.linalg.norm(points, axis=1, keepdims=True)
        if not norms.all():
            raise VectorError(
                f"{name} has rows of zeros, which have no cosine; use metric='euclidean', or leave "
                "them out"
            )
        points = points / norms
        return _without_rounding(1.0 - _above_diagonal(points @ points.T))
    points = points - points.mean(axis=0)
    squares = np.einsum("ij,ij->i", points, points)
    whole = points @ points.T
    whole *= -2.0
    whole += squares
    whole += squares[:, None]
    return np.sqrt(_without_rounding(_above_diagonal(whole)))


def _above_diagonal(whole: Numbers) -> Numbers:
    return np.concatenate([row[place + 1 :] for place, row in enumerate(whole)])


def _without_rounding(values: Numbers) -> Numbers:
    """Make values equal that only the rounding of products tells apart, and none negative."""
    step = float(values.max()) * _ROUNDING
    if step <= 0:
        return np.zeros_like(values)
    values /= step
    np.rint(values, out=values)
    np.maximum(values, 0.0, out=values)
    values *= step
    return values


def _ranks(values: Numbers) -> Numbers:
    """Return ranks less their mean, ties sharing their mean rank."""
    return _ranked(values)[0]


def _ranked(values: Numbers) -> tuple[Numbers, IntArray, IntArray]:
    """Return these ranks, the order of the values, and where each run of ties begins in it."""
    order = np.argsort(values)
    ordered = values[order]
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    ends = np.append(begins[1:], len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat((begins + ends - 1) / 2.0, ends - begins)
    return ranks - (len(values) - 1) / 2.0, order, begins


def _above(values: Numbers, order: IntArray, begins: IntArray) -> Numbers:
    """Return, for each pair, the mean of ``values`` of those above it, half of those tied."""
    sums = np.add.reduceat(values[order], begins)
    total = np.cumsum(sums[::-1])[::-1] - 0.5 * sums
    lengths = np.diff(np.append(begins, len(values)))
    found = np.empty(len(values))
    found[order] = np.repeat(total, lengths) / len(values)
    return found
