"""Whether two clusterings of the same items agree."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.types import IntArray

# Of a hypergeometric count: what lies farther from its mean weighs less than a double can show.
_WIDEST = 20.0

Numbers = NDArray[np.float64]


def cluster_agreement(codes_a: IntArray, codes_b: IntArray) -> float:
    r"""Adjusted mutual information of two clusterings of the same items.

    .. math:: \frac{I(A, B) - E[I]}{(H(A) + H(B)) / 2 - E[I]}

    with the mutual information that is expected when items are dealt at random to clusters of these
    very sizes (the hypergeometric model).

    Parameters
    ----------
    codes_a, codes_b : array of shape (n_items,), integer
        The cluster of each item; items with a negative code in either are left out.

    Returns
    -------
    float
        1 for the same clusters, whatever their numbers; 0 expected of unrelated ones, and slightly
        negative below that. 1 when both put all items into one cluster, or each into its own.
        Invariant to how clusters are numbered, to the order of items, and to swapping both.

    Raises
    ------
    InputError
        The clusterings have different lengths, or no item in common.

    Notes
    -----
    Misleads when a continuum is cut: two k-means runs on one space agree far from fully, so set the
    agreement with another run of the same space beside it. Time grows with the product of the
    numbers of clusters.

    References
    ----------
    .. [1] Vinh, Epps and Bailey, "Information theoretic measures for clusterings comparison:
       variants, properties, normalization and correction for chance", JMLR 2010.
    """
    codes_a, codes_b = np.asarray(codes_a), np.asarray(codes_b)
    if codes_a.shape != codes_b.shape or codes_a.ndim != 1:
        raise InputError(
            f"clusterings have shapes {codes_a.shape} and {codes_b.shape}; give the cluster of "
            "the same items in the same order"
        )
    known = (codes_a >= 0) & (codes_b >= 0)
    n = int(known.sum())
    if not n:
        raise InputError("no item has a cluster in both; compare clusterings of common items")
    a, b = (np.unique(codes[known], return_inverse=True)[1] for codes in (codes_a, codes_b))
    sizes_a, sizes_b = np.bincount(a), np.bincount(b)
    if len(sizes_a) == len(sizes_b) and len(sizes_a) in (1, n):
        return 1.0
    cells, counts = np.unique(a * len(sizes_b) + b, return_counts=True)
    rows, columns = np.divmod(cells, len(sizes_b))
    share = counts / n
    apart = np.log(counts) + np.log(n) - np.log(sizes_a[rows]) - np.log(sizes_b[columns])
    mutual = float(share @ apart)
    expected = _expected_information(sizes_a, sizes_b)
    most = (_entropy(sizes_a) + _entropy(sizes_b)) / 2
    # Where chance alone explains nearly all, neither difference may be 0 or change its sign.
    least = np.finfo(np.float64).eps
    room = most - expected
    return (mutual - expected) / (min(room, -least) if room < 0 else max(room, least))


def _entropy(sizes: IntArray) -> float:
    share = sizes / sizes.sum()
    return float(-(share @ np.log(share)))


def _expected_information(sizes_a: IntArray, sizes_b: IntArray) -> float:
    """Sum over pairs of cluster sizes, each distinct pair once, and over their possible overlap."""
    n = int(sizes_a.sum())
    log_factorial = np.array([math.lgamma(count + 1.0) for count in range(n + 1)])
    total = 0.0
    different_b, times_b = np.unique(sizes_b, return_counts=True)
    for size, times in zip(*np.unique(sizes_a, return_counts=True), strict=True):
        for start in range(0, len(different_b), 256):
            part = slice(start, start + 256)
            found = _expected_of_cells(int(size), different_b[part], n, log_factorial)
            total += float(times * (times_b[part] @ found))
    return total


def _expected_of_cells(a: int, b: IntArray, n: int, log_factorial: Numbers) -> Numbers:
    mean = a * b / n
    reach = _WIDEST * np.sqrt(mean * (1 - a / n) * (1 - b / n) * n / max(1, n - 1)) + _WIDEST
    low = np.maximum(np.maximum(1, a + b - n), np.floor(mean - reach).astype(np.int64))
    high = np.minimum(np.minimum(a, b), np.ceil(mean + reach).astype(np.int64))
    lengths = np.maximum(0, high - low + 1)
    cell = np.repeat(np.arange(len(b)), lengths)
    count = np.arange(len(cell)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + low[cell]
    other = b[cell]
    log_p = (
        log_factorial[a] + log_factorial[other] + log_factorial[n - a] + log_factorial[n - other]
    )
    log_p -= log_factorial[n] + log_factorial[count] + log_factorial[a - count]
    log_p -= log_factorial[other - count] + log_factorial[n - a - other + count]
    term = count / n * (np.log(n * count) - np.log(a * other)) * np.exp(log_p)
    summed: Numbers = np.bincount(cell, weights=term, minlength=len(b)).astype(np.float64)
    return summed
