"""Sums over the Gram matrices of two spaces, which are never made whole.

Write ``K = XXᵀ`` and ``L = YYᵀ`` for centred rows, ``s`` and ``t`` for their diagonals. Everything
linear CKA needs, and what each item adds to it, are row sums of products of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures._centered import (
    BLOCK_CELLS,
    BoolArray,
    Means,
    centered_pairs,
    pair_means,
)
from emblink.types import FloatArray

Float64 = NDArray[np.float64]

# Relative to the biased sum, so scale does not matter: what float64 sums leave of a true zero.
_ROUNDING = 1e-12

# Items whose products with as many others are held at a time.
_TILE = 1024


@dataclass(frozen=True, eq=False)
class Moments:
    """One pass over two spaces: ``XᵀX``, ``YᵀY``, ``XᵀY`` and the squared norms of the rows.

    ``x_s``, ``x_t``, ``y_s`` and ``y_t`` are ``Xᵀs``, ``Xᵀt``, ``Yᵀs`` and ``Yᵀt``.
    """

    xx: Float64
    yy: Float64
    xy: Float64
    s: Float64
    t: Float64
    x_s: Float64
    x_t: Float64
    y_s: Float64
    y_t: Float64
    means: Means


@dataclass(frozen=True, eq=False)
class GramSums:
    """``Σ K²``, ``Σ L²``, ``Σ K L`` over all entries, and the diagonals."""

    kk: float
    ll: float
    kl: float
    s: Float64
    t: Float64


@dataclass(frozen=True, eq=False)
class GramRows:
    """Row sums of ``K∘K``, ``L∘L``, ``K∘L``, and of ``K`` and ``L`` times their diagonals."""

    kk: Float64
    ll: Float64
    kl: Float64
    k_s: Float64
    k_t: Float64
    l_s: Float64
    l_t: Float64


def by_items(x: FloatArray, y: FloatArray) -> bool:
    """Whether blocks of Gram matrices cost less than products over features."""
    return bool(max(x.shape[1], y.shape[1]) > len(x))


def squared_norms(x: FloatArray, y: FloatArray) -> tuple[Float64, Float64]:
    """Return the squared norm of each centred row of two spaces."""
    parts = [
        (np.einsum("ij,ij->i", a, a), np.einsum("ij,ij->i", b, b)) for a, b in centered_pairs(x, y)
    ]
    s, t = (np.concatenate(column) for column in zip(*parts, strict=True))
    return s, t


def moments(x: FloatArray, y: FloatArray, *, keep: BoolArray | None = None) -> Moments:
    """Return products over features in one pass, of all rows or those of ``keep``."""
    xx = np.zeros((x.shape[1], x.shape[1]))
    yy = np.zeros((y.shape[1], y.shape[1]))
    xy = np.zeros((x.shape[1], y.shape[1]))
    x_s, x_t = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    y_s, y_t = np.zeros(y.shape[1]), np.zeros(y.shape[1])
    n_rows = len(x) if keep is None else int(keep.sum())
    s, t = np.empty(n_rows), np.empty(n_rows)
    means = pair_means(x, y, keep=keep)
    start = 0
    for rows_x, rows_y in centered_pairs(x, y, keep=keep, means=means):
        xx += rows_x.T @ rows_x
        yy += rows_y.T @ rows_y
        xy += rows_x.T @ rows_y
        rows = slice(start, start := start + len(rows_x))
        s[rows] = np.einsum("ij,ij->i", rows_x, rows_x)
        t[rows] = np.einsum("ij,ij->i", rows_y, rows_y)
        x_s += s[rows] @ rows_x
        x_t += t[rows] @ rows_x
        y_s += s[rows] @ rows_y
        y_t += t[rows] @ rows_y
    return Moments(xx, yy, xy, s, t, x_s, x_t, y_s, y_t, means)


def gram_sums(of: Moments) -> GramSums:
    """Return the sums over Gram matrices, which are those over products of features."""
    kk, ll, kl = (float(np.vdot(m, m)) for m in (of.xx, of.yy, of.xy))
    return GramSums(kk, ll, kl, of.s, of.t)


def gram_sums_by_items(x: FloatArray, y: FloatArray) -> GramSums:
    """Return the same from blocks of the Gram matrices, cheaper with more dims than items."""
    s, t = squared_norms(x, y)
    kk = ll = kl = 0.0
    for _, _, gram_x, gram_y in _gram_blocks(x, y):
        kk += float(np.vdot(gram_x, gram_x))
        ll += float(np.vdot(gram_y, gram_y))
        kl += float(np.vdot(gram_x, gram_y))
    return GramSums(kk, ll, kl, s, t)


def gram_rows(x: FloatArray, y: FloatArray, of: Moments) -> GramRows:
    """Return row sums of the Gram matrices' products in a second pass over features."""
    return gram_rows_and_fit(x, y, of)[0]


def gram_rows_and_fit(
    x: FloatArray, y: FloatArray, of: Moments, *, turn: Float64 | None = None
) -> tuple[GramRows, Float64]:
    """Return :func:`gram_rows`, and ``x_i turn y_i`` of each item in the same pass: 0 without."""
    out = GramRows(*(np.empty(len(x)) for _ in range(7)))
    fit = np.zeros(len(x))
    start = 0
    for rows_x, rows_y in centered_pairs(x, y, means=of.means):
        rows = slice(start, start := start + len(rows_x))
        out.kk[rows] = np.einsum("ij,ij->i", rows_x @ of.xx, rows_x)
        out.ll[rows] = np.einsum("ij,ij->i", rows_y @ of.yy, rows_y)
        out.kl[rows] = np.einsum("ij,ij->i", rows_x @ of.xy, rows_y)
        out.k_s[rows], out.k_t[rows] = rows_x @ of.x_s, rows_x @ of.x_t
        out.l_s[rows], out.l_t[rows] = rows_y @ of.y_s, rows_y @ of.y_t
        if turn is not None:
            fit[rows] = np.einsum("ij,ij->i", rows_x @ turn, rows_y)
    return out, fit


def gram_rows_by_items(x: FloatArray, y: FloatArray) -> tuple[GramSums, GramRows]:
    """Return both kinds of sums from blocks of the Gram matrices."""
    s, t = squared_norms(x, y)
    out = GramRows(*(np.zeros(len(x)) for _ in range(7)))
    for rows, columns, gram_x, gram_y in _gram_blocks(x, y):
        out.kk[rows] += np.einsum("ij,ij->i", gram_x, gram_x)
        out.ll[rows] += np.einsum("ij,ij->i", gram_y, gram_y)
        out.kl[rows] += np.einsum("ij,ij->i", gram_x, gram_y)
        out.k_s[rows] += gram_x @ s[columns]
        out.k_t[rows] += gram_x @ t[columns]
        out.l_s[rows] += gram_y @ s[columns]
        out.l_t[rows] += gram_y @ t[columns]
    sums = GramSums(float(out.kk.sum()), float(out.ll.sum()), float(out.kl.sum()), s, t)
    return sums, out


def unbiased_hsic(product: float, s: Float64, t: Float64) -> float:
    """Return Song's unbiased HSIC of centred rows, up to the factor ``1 / (n (n - 3))``."""
    n = len(s)
    return product - n / (n - 2) * float(s @ t) + float(s.sum() * t.sum()) / ((n - 1) * (n - 2))


def unbiased_hsic_rows(
    product: Float64, s: Float64, t: Float64, *, k_t: Float64, l_s: Float64
) -> Float64:
    """Return what each item adds to :func:`unbiased_hsic`.

    Row sums of the product of two Gram matrices centred as in Székely and Rizzo (2014): without
    diagonals, ``K_ij + (s_i + s_j) / (n - 2) - Σ s / ((n - 1) (n - 2))`` for centred rows.
    """
    n = len(s)
    diagonal = s * t
    total_s, total_t = float(s.sum()), float(t.sum())
    others_s = total_s - s
    rows: Float64 = (
        product
        - diagonal
        + (k_t + l_s - 3.0 * diagonal) / (n - 2)
        + (t * others_s + float(diagonal.sum()) - diagonal) / (n - 2) ** 2
        + total_t * s / ((n - 1) * (n - 2))
        - total_t * others_s / ((n - 1) * (n - 2) ** 2)
    )
    return rows


def unbiased_variances(sums: GramSums) -> tuple[float, float]:
    """Return both spaces' unbiased HSIC with themselves, or refuse a space without variance."""
    refuse_constant(sums.s, sums.t, measure="CKA")
    variance_x = unbiased_hsic(sums.kk, sums.s, sums.s)
    variance_y = unbiased_hsic(sums.ll, sums.t, sums.t)
    flat_x, flat_y = variance_x <= _ROUNDING * sums.kk, variance_y <= _ROUNDING * sums.ll
    if flat_x or flat_y:
        raise VectorError(
            f"{'x' if flat_x else 'y'} varies in too few items for a debiased CKA; leave "
            "the space out, or read the biased form (debiased=False)"
        )
    return variance_x, variance_y


def refuse_constant(s: Float64, t: Float64, *, measure: str) -> None:
    """Refuse a space whose items all have the same vector."""
    for name, norms in (("x", s), ("y", t)):
        if not norms.any():
            raise VectorError(
                f"all items of {name} have the same vector, so its {measure} is undefined; leave "
                "the space out"
            )


def _gram_blocks(x: FloatArray, y: FloatArray) -> Iterator[tuple[slice, slice, Float64, Float64]]:
    means = pair_means(x, y)
    places = [slice(start, min(start + _TILE, len(x))) for start in range(0, len(x), _TILE)]
    for at, rows in enumerate(places):
        for columns in places[at:]:
            gram_x, gram_y = (
                _tile(one, mean, rows, columns) for one, mean in zip((x, y), means, strict=True)
            )
            yield rows, columns, gram_x, gram_y
            if columns is not rows:
                yield columns, rows, gram_x.T, gram_y.T


def _tile(vectors: FloatArray, mean: Float64, rows: slice, columns: slice) -> Float64:
    """Return products of some centred rows with others, some dims at a time."""
    n_dims, step = vectors.shape[1], BLOCK_CELLS // _TILE
    gram = np.zeros((rows.stop - rows.start, columns.stop - columns.start))
    for dims in (slice(start, start + step) for start in range(0, n_dims, step)):
        left = np.asarray(vectors[rows, dims], dtype=np.float64) - mean[dims]
        right = left
        if columns is not rows:
            right = np.asarray(vectors[columns, dims], dtype=np.float64) - mean[dims]
        gram += left @ right.T
    return gram
