"""Linear CKA and Procrustes similarity of a pair in shared passes, and what each item adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.measures._centered import centered_pairs, check_vectors
from emblink.measures._cka import debiased_cka
from emblink.measures._hsic import (
    GramRows,
    GramSums,
    by_items,
    gram_rows,
    gram_rows_and_fit,
    gram_rows_by_items,
    gram_sums,
    moments,
    squared_norms,
    unbiased_hsic,
    unbiased_hsic_rows,
    unbiased_variances,
)
from emblink.measures._procrustes import in_few_dims, products
from emblink.types import FloatArray


@dataclass(frozen=True, eq=False)
class PairGeometry:
    """The geometry two spaces share, and each item's influence on it.

    Attributes
    ----------
    linear_cka, procrustes_similarity : float
        As the functions of these names give.
    linear_cka_influence, procrustes_influence : array of shape (n_items,), float64
        As the functions of these names give.
    """

    linear_cka: float
    procrustes_similarity: float
    linear_cka_influence: NDArray[np.float64]
    procrustes_influence: NDArray[np.float64]


def pair_geometry(x: FloatArray, y: FloatArray) -> PairGeometry:
    """Linear CKA, Procrustes similarity and both influences, sharing passes over the vectors.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item. Any float type; may be a memory map.

    Returns
    -------
    PairGeometry
        Ranges, chance and invariances are those of :func:`linear_cka` and
        :func:`procrustes_similarity`, and so is what misleads.

    Raises
    ------
    VectorError
        As :func:`linear_cka`.

    Notes
    -----
    Time ``O(n d² + d³)``, or ``O(n² d + n³)`` when ``d > n``; memory ``O(n + min(d, n)² + block)``.
    """
    x, y = in_few_dims(x, y, at_least=4)
    of = moments(x, y)
    sums = gram_sums(of)
    nuclear, turn = _best_turn(of.xy)
    rows, fit = gram_rows_and_fit(x, y, of, turn=turn)
    cka = debiased_cka(sums)
    shape = min(1.0, nuclear / float(np.sqrt(sums.s.sum()) * np.sqrt(sums.t.sum())))
    return PairGeometry(
        linear_cka=cka,
        procrustes_similarity=shape,
        linear_cka_influence=_cka_influence(sums, rows),
        procrustes_influence=_shape_influence(sums.s, sums.t, fit=fit, shape=shape),
    )


def linear_cka_influence(x: FloatArray, y: FloatArray) -> NDArray[np.float64]:
    """How much each item pulls the debiased linear CKA up or down.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item. Any float type; may be a memory map.

    Returns
    -------
    array of shape (n_items,), float64
        The derivative of :func:`linear_cka` by the item's weight, times ``n_items``: leaving the
        item out changes the value by about ``-influence / n_items``. The mean is 0. The standard
        error of the value is :func:`standard_error` of these. Invariant as the measure is.

    Raises
    ------
    VectorError
        As :func:`linear_cka`.

    Notes
    -----
    The infinitesimal jackknife. Misleads for unrelated spaces, whose CKA varies by terms of
    second order: the standard error is then too small, and :func:`linear_cka_null` is the test.
    It also misleads where one row dwarfs all others, since no derivative reaches that far.

    References
    ----------
    .. [1] Jaeckel, "The infinitesimal jackknife", Bell Laboratories memorandum, 1972.
    """
    check_vectors(x, y, at_least=4)
    if by_items(x, y):
        return _cka_influence(*gram_rows_by_items(x, y))
    of = moments(x, y)
    return _cka_influence(gram_sums(of), gram_rows(x, y, of))


def procrustes_influence(x: FloatArray, y: FloatArray) -> NDArray[np.float64]:
    """How much each item pulls the Procrustes similarity up or down.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item. Any float type; may be a memory map.

    Returns
    -------
    array of shape (n_items,), float64
        The derivative of :func:`procrustes_similarity` by the item's weight, times ``n_items``:
        leaving the item out changes the value by about ``-influence / n_items``. The mean is 0.
        The standard error of the value is :func:`standard_error` of these. Invariant as the
        measure is.

    Raises
    ------
    VectorError
        As :func:`procrustes_similarity`, or fewer than 4 items.

    Notes
    -----
    The infinitesimal jackknife. Misleads when dims are many and items few: it gives the spread
    of the value, not its bias, which is upward.

    References
    ----------
    .. [1] Jaeckel, "The infinitesimal jackknife", Bell Laboratories memorandum, 1972.
    """
    x, y = in_few_dims(x, y, at_least=4)
    s, t, cross = products(x, y)
    nuclear, turn = _best_turn(cross)
    fit = _fit(x, y, turn)
    shape = nuclear / float(np.sqrt(s) * np.sqrt(t))
    return _shape_influence(*squared_norms(x, y), fit=fit, shape=shape)


def _cka_influence(sums: GramSums, rows: GramRows) -> NDArray[np.float64]:
    s, t = sums.s, sums.t
    variance_x, variance_y = unbiased_variances(sums)
    scale = float(np.sqrt(variance_x) * np.sqrt(variance_y))
    value = unbiased_hsic(sums.kl, s, t) / scale
    both = unbiased_hsic_rows(rows.kl, s, t, k_t=rows.k_t, l_s=rows.l_s) / scale
    of_x = unbiased_hsic_rows(rows.kk, s, s, k_t=rows.k_s, l_s=rows.k_s) / variance_x
    of_y = unbiased_hsic_rows(rows.ll, t, t, k_t=rows.l_t, l_s=rows.l_t) / variance_y
    influence: NDArray[np.float64] = len(s) * (2.0 * both - value * (of_x + of_y))
    return influence


def _shape_influence(
    s: NDArray[np.float64], t: NDArray[np.float64], *, fit: NDArray[np.float64], shape: float
) -> NDArray[np.float64]:
    """Return influences from squared norms and each item's fit ``x_i U Vᵀ y_i``."""
    total_s, total_t = float(s.sum()), float(t.sum())
    scale = float(np.sqrt(total_s) * np.sqrt(total_t))
    return np.asarray(len(s) * (fit / scale - 0.5 * shape * (s / total_s + t / total_t)))


def _best_turn(cross: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Return the nuclear norm of ``XᵀY`` and the rotation that lays ``x`` on ``y``."""
    left, values, right = np.linalg.svd(cross, full_matrices=False)
    return float(values.sum()), left @ right


def _fit(x: FloatArray, y: FloatArray, turn: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([np.einsum("ij,ij->i", a @ turn, b) for a, b in centered_pairs(x, y)])
