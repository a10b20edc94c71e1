"""How far two spaces have the same large-scale geometry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.measures._centered import centered_rows, check_vectors, column_means
from emblink.measures._hsic import (
    GramSums,
    by_items,
    gram_sums,
    gram_sums_by_items,
    moments,
    refuse_constant,
    squared_norms,
    unbiased_hsic,
    unbiased_variances,
)
from emblink.stats import Null, permutation_null, sample_items
from emblink.types import FloatArray


def linear_cka(x: FloatArray, y: FloatArray, *, debiased: bool = True) -> float:
    """Linear centred kernel alignment of two spaces over the same items.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item. Any float type; may be a memory map.
    debiased : bool
        Estimate both sides without the bias that grows with ``n_dims / n_items``. The biased form
        is for comparison with published figures only.

    Returns
    -------
    float
        At most 1; 0 in expectation for unrelated spaces when ``debiased`` (then it can be a
        little negative), in [0, 1] otherwise, where unrelated spaces reach about
        ``sqrt(dx * dy / ((n + dx + 1) * (n + dy + 1)))``. ``Y = X + s * noise`` gives
        ``1 / (1 + s**2)`` for white ``X``. Invariant to rotation, isotropic scale and shift of
        either space, and to a permutation of the items of both.

    Raises
    ------
    VectorError
        The spaces have different numbers of items, fewer than 4 (2 when biased), or all items of
        one have the same vector.

    Notes
    -----
    Misleads when a few extreme rows carry most of the variance: one outlier can take CKA from 1 to
    0.1, or from 0.1 to 1, while hardly a neighbourhood changed. It is dominated by the leading
    principal directions and says little of fine structure. Time is ``O(n d²)`` in one pass of
    float64 sums, or ``O(n² d)`` when ``d > n``; memory ``O(d² + block)``, never ``n × n``.

    References
    ----------
    .. [1] Kornblith et al., "Similarity of Neural Network Representations Revisited", ICML 2019.
    .. [2] Song et al., "Feature Selection via Dependence Maximization", JMLR 2012 (the estimator).
    """
    check_vectors(x, y, at_least=4 if debiased else 2)
    sums = gram_sums_by_items(x, y) if by_items(x, y) else gram_sums(moments(x, y))
    if debiased:
        return debiased_cka(sums)
    refuse_constant(sums.s, sums.t, measure="CKA")
    return float(sums.kl / np.sqrt(sums.kk * sums.ll))


def debiased_cka(sums: GramSums) -> float:
    """Return the debiased linear CKA from sums over the Gram matrices."""
    variance_x, variance_y = unbiased_variances(sums)
    covariance = unbiased_hsic(sums.kl, sums.s, sums.t)
    # At most 1 by Cauchy and Schwarz, but for rounding.
    return min(1.0, float(covariance / np.sqrt(variance_x * variance_y)))


def linear_cka_trimmed(x: FloatArray, y: FloatArray, *, share: float = 0.01) -> float:
    """Debiased linear CKA without the few rows that weigh most.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item.
    share : float
        Left out are this share of the rows (at least one) with the largest distance from the mean
        in ``x``, and as many in ``y``.

    Returns
    -------
    float
        As :func:`linear_cka` of the rows that stay, centred anew. Far from :func:`linear_cka` of
        all rows, a few extreme rows carry that number. Misleads when the extreme rows are the
        question, or more than ``share`` of all.

    Raises
    ------
    VectorError
        As :func:`linear_cka`, of the rows that stay.
    """
    check_vectors(x, y, at_least=6)
    most = max(1, round(share * len(x)))
    keep = np.ones(len(x), dtype=bool)
    for norms in squared_norms(x, y):
        keep[np.argpartition(norms, len(x) - most)[len(x) - most :]] = False
    if by_items(x, y):
        return linear_cka(x[keep], y[keep])
    return debiased_cka(gram_sums(moments(x, y, keep=keep)))


def linear_cka_null(
    x: FloatArray,
    y: FloatArray,
    *,
    n_permutations: int = 199,
    most: int = 1000,
    seed: int = 0,
) -> Null:
    """Debiased linear CKA of a sample of the items beside its permutation null.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item.
    n_permutations : int
        How often the items of ``y`` are shuffled; only the cross term is computed again.
    most : int
        Items sampled, at most: the test costs ``O(most²)`` a permutation.
    seed : int

    Returns
    -------
    Null
        ``value`` is the debiased CKA of the sample, ``mean`` about 0, ``p`` one-sided and never
        below ``1 / (1 + n_permutations)``. Exact under exchangeability of the items, with more
        dims than items too. Invariant as :func:`linear_cka` is.

    Raises
    ------
    VectorError
        As :func:`linear_cka`, of the sample.

    Notes
    -----
    Misleads where items come in copies or in order (frames of one film): shuffled one by one they
    are not exchangeable, and ``p`` is too small. A small ``p`` says that there is a relation, not
    that it is strong.

    References
    ----------
    .. [1] Székely and Rizzo, "Partial distance correlation with methods for dissimilarities",
       Annals of Statistics 2014 (the centring).
    """
    check_vectors(x, y, at_least=4)
    rows = sample_items(len(x), most, seed=seed)
    x, y = x[rows], y[rows]
    variances = unbiased_variances(
        gram_sums_by_items(x, y) if by_items(x, y) else gram_sums(moments(x, y))
    )
    return permutation_null(
        _centered_gram(x),
        _centered_gram(y),
        scale=float(np.sqrt(variances[0]) * np.sqrt(variances[1])),
        n_permutations=n_permutations,
        seed=seed,
    )


def _centered_gram(vectors: FloatArray) -> NDArray[np.float64]:
    """Return the Gram matrix without its diagonal, centred so that products are unbiased."""
    rows = centered_rows(vectors, column_means(vectors), slice(None))
    n = len(rows)
    norms = np.einsum("ij,ij->i", rows, rows)
    gram: NDArray[np.float64] = rows @ rows.T
    gram += (norms[:, None] + norms) / (n - 2) - norms.sum() / ((n - 1) * (n - 2))
    np.fill_diagonal(gram, 0.0)
    return gram
