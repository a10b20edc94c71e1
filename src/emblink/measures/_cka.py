"""How far two spaces have the same large-scale geometry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emblink.errors import VectorError
from emblink.measures._centered import (
    block_rows,
    centered_pairs,
    centered_rows,
    check_vectors,
    column_means,
)
from emblink.types import FloatArray

# Relative to the biased sum, so scale does not matter: what float64 sums leave of a true zero.
_ROUNDING = 1e-12


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
        ``sqrt(dx * dy / ((n + dx) * (n + dy)))``. ``Y = X + s * noise`` gives ``1 / (1 + s**2)``
        for white ``X``. Invariant to rotation, isotropic scale and shift of either space, and to a
        permutation of the items of both.

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
    widest = max(x.shape[1], y.shape[1])
    sums = _sums_by_items(x, y) if widest > len(x) else _sums_by_features(x, y)
    for name, norm in (("x", sums.norms_xx), ("y", sums.norms_yy)):
        if norm == 0:
            raise VectorError(
                f"all items of {name} have the same vector, so its CKA is undefined; leave the "
                "space out"
            )
    if not debiased:
        return float(sums.xy / np.sqrt(sums.xx * sums.yy))
    variance_x = sums.debias(sums.xx, sums.norms_xx, sums.norms_x**2)
    variance_y = sums.debias(sums.yy, sums.norms_yy, sums.norms_y**2)
    flat_x, flat_y = variance_x <= _ROUNDING * sums.xx, variance_y <= _ROUNDING * sums.yy
    if flat_x or flat_y:
        raise VectorError(
            f"{'x' if flat_x else 'y'} varies in too few items for a debiased CKA; leave "
            "the space out, or read the biased form (debiased=False)"
        )
    covariance = sums.debias(sums.xy, sums.norms_xy, sums.norms_x * sums.norms_y)
    return float(covariance / np.sqrt(variance_x * variance_y))


@dataclass
class _Sums:
    """Sums over the centred rows of two spaces, with Gram matrices ``K = XXᵀ`` and ``L = YYᵀ``.

    ``xx``, ``yy``, ``xy`` are ``Σ K²``, ``Σ L²``, ``Σ K L`` over all entries; ``norms_x`` is the
    trace of ``K``, ``norms_xy`` the sum of products of the diagonals.
    """

    n: int
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0
    norms_x: float = 0.0
    norms_y: float = 0.0
    norms_xx: float = 0.0
    norms_yy: float = 0.0
    norms_xy: float = 0.0

    def add_norms(self, x: FloatArray, y: FloatArray) -> None:
        """Add a block's rows to the sums over the diagonals."""
        norms_x, norms_y = np.einsum("ij,ij->i", x, x), np.einsum("ij,ij->i", y, y)
        self.norms_x += float(norms_x.sum())
        self.norms_y += float(norms_y.sum())
        self.norms_xx += float(norms_x @ norms_x)
        self.norms_yy += float(norms_y @ norms_y)
        self.norms_xy += float(norms_x @ norms_y)

    def debias(self, product: float, diagonal: float, traces: float) -> float:
        """Return Song's unbiased HSIC of centred rows, up to the factor ``1 / (n (n - 3))``."""
        n = self.n
        return product - n / (n - 2) * diagonal + traces / ((n - 1) * (n - 2))


def _sums_by_features(x: FloatArray, y: FloatArray) -> _Sums:
    sums = _Sums(len(x))
    xx = np.zeros((x.shape[1], x.shape[1]))
    yy = np.zeros((y.shape[1], y.shape[1]))
    xy = np.zeros((x.shape[1], y.shape[1]))
    for rows_x, rows_y in centered_pairs(x, y):
        xx += rows_x.T @ rows_x
        yy += rows_y.T @ rows_y
        xy += rows_x.T @ rows_y
        sums.add_norms(rows_x, rows_y)
    sums.xx, sums.yy, sums.xy = (float(np.vdot(m, m)) for m in (xx, yy, xy))
    return sums


def _sums_by_items(x: FloatArray, y: FloatArray) -> _Sums:
    """Return the same sums from blocks of the Gram matrices, cheaper with more dims than items."""
    sums = _Sums(len(x))
    mean_x, mean_y = column_means(x), column_means(y)
    step = block_rows(x.shape[1] + y.shape[1])
    for rows_x, rows_y in centered_pairs(x, y):
        sums.add_norms(rows_x, rows_y)
        for start in range(0, len(x), step):
            rows = slice(start, start + step)
            gram_x = rows_x @ centered_rows(x, mean_x, rows).T
            gram_y = rows_y @ centered_rows(y, mean_y, rows).T
            sums.xx += float(np.vdot(gram_x, gram_x))
            sums.yy += float(np.vdot(gram_y, gram_y))
            sums.xy += float(np.vdot(gram_x, gram_y))
    return sums
