"""How far two spaces have the same local geometry: CKA with Gaussian kernels, in minibatches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.errors import TooLargeError, VectorError
from emblink.measures._centered import check_vectors
from emblink.stats import sample_items
from emblink.types import FloatArray, IntArray

MOST_WHOLE = 2000
MEDIAN_ITEMS = 500
FEWEST_BATCHES = 32
MOST_BATCHES = 64

# In units of the least relative step between numbers.
_ROUNDING = 16


@dataclass(frozen=True)
class RbfCka:
    """An RBF CKA and how sure it is.

    Attributes
    ----------
    value : float
    standard_error : float or None
        From the spread over batches; None where the items make no two, which say nothing of it.
    n_batches : int
    n_items : int
        Those that were in a batch.
    """

    value: float
    standard_error: float | None
    n_batches: int
    n_items: int


def rbf_cka(
    x: FloatArray,
    y: FloatArray,
    *,
    bandwidth: float = 0.5,
    batch: int | None = 256,
    debiased: bool = True,
    seed: int = 0,
) -> RbfCka:
    """Centred kernel alignment of two spaces with Gaussian kernels.

    Parameters
    ----------
    x : array of shape (n_items, n_dims_x)
    y : array of shape (n_items, n_dims_y)
        Row ``i`` of both is the same item. Any float type; may be a memory map.
    bandwidth : float
        The kernel is ``exp(-d² / (2 σ²))`` with ``σ² = bandwidth²`` times the median squared
        distance between items, those of items with themselves included. The median is taken once
        for the space, of at most 500 sampled items, so that all batches share one kernel.
    batch : int or None
        Items per batch. The items are shuffled and cut into equal batches of at least this many,
        again and again until there are 32; of more, 64 at most are read. The three HSICs are
        averaged over the batches, then divided. ``None``, or too few items for two batches: the
        whole kernel, of at most 2,000 items.
    debiased : bool
        The biased form is for comparison with published figures only.
    seed : int
        Of the shuffles and the sample.

    Returns
    -------
    RbfCka
        ``value`` is at most about 1; 0 in expectation for unrelated spaces when ``debiased``, in
        [0, 1] otherwise. Invariant to rotation, isotropic scale and shift of either space, and
        (up to which items share a batch) to a permutation of the items of both.

    Raises
    ------
    VectorError
        The spaces have different numbers of items, fewer than 4; or at least half of all
        distances in a space are 0, which leaves no bandwidth.
    TooLargeError
        The whole kernel, or a batch, of more than 2,000 items is asked for.

    Notes
    -----
    Misleads in many dims, where distances are nearly all alike: with a narrow bandwidth each item
    is near itself alone, and the value becomes noise. Values of different bandwidths do not
    compare.

    References
    ----------
    .. [1] Kornblith et al., "Similarity of Neural Network Representations Revisited", ICML 2019.
    .. [2] Song et al., "Feature Selection via Dependence Maximization", JMLR 2012 (unbiased HSIC).
    .. [3] Nguyen, Raghu, Kornblith, "Do Wide and Deep Networks Learn the Same Things?", ICLR 2021
       (minibatches).
    """
    check_vectors(x, y, at_least=4)
    n_items = len(x)
    if batch is not None and batch < 4:
        raise VectorError(f"batch={batch} is too small for an unbiased estimate; choose 4 or more")
    if n_items > MOST_WHOLE and (batch is None or batch > MOST_WHOLE):
        raise TooLargeError(
            f"a kernel of more than {MOST_WHOLE} items at once takes too much memory, and batch="
            f"{batch} asks for that; choose batch=256"
        )
    scaled = [_Scaled(vectors, _scale(vectors, seed=seed)) for vectors in (x, y)]
    widths = [
        2.0 * bandwidth**2 * _median_squared_distance(space, name, seed=seed)
        for name, space in zip("xy", scaled, strict=True)
    ]
    hsic = _unbiased_hsic if debiased else _biased_hsic
    batches = _batches(n_items, batch, seed=seed)
    found = [
        hsic(
            *(_kernel(one.centred(rows), width) for one, width in zip(scaled, widths, strict=True))
        )
        for rows in batches
    ]
    n_independent = min(len(found), n_items // batch) if batch is not None else 1
    n_read = min(n_items, sum(map(len, batches)))
    return _ratio(np.array(found), n_independent=n_independent, n_items=n_read)


def _batches(n_items: int, batch: int | None, *, seed: int) -> list[NDArray[np.int64]]:
    """Return rows of each batch: sorted, for reading files in order."""
    n_parts = 1 if batch is None else max(1, n_items // batch)
    if n_parts == 1:
        return [np.arange(n_items)]
    rng = np.random.default_rng(seed)
    batches: list[NDArray[np.int64]] = []
    wanted = min(max(n_parts, FEWEST_BATCHES), MOST_BATCHES)
    while len(batches) < wanted:
        parts = np.array_split(rng.permutation(n_items), n_parts)
        batches += [np.sort(part) for part in parts[: wanted - len(batches)]]
    return batches


@dataclass(frozen=True, eq=False)
class _Scaled:
    """Vectors in a unit of about their largest number, so that no square leaves float32."""

    vectors: FloatArray
    scale: float

    def centred(self, items: IntArray) -> FloatArray:
        """Return items about their mean, in float64 where they were given so, else in float32."""
        given = self.vectors[items]
        rows: FloatArray = np.asarray(given, dtype=np.promote_types(given.dtype, np.float32))
        rows = rows * rows.dtype.type(self.scale)
        rows -= rows.mean(axis=0)
        return rows


def _scale(vectors: FloatArray, *, seed: int) -> float:
    """Return a power of two, which rounds nothing."""
    rows = vectors[sample_items(len(vectors), MEDIAN_ITEMS, seed=seed)]
    _, exponent = np.frexp(float(np.abs(rows).max()))
    return float(2.0 ** -np.clip(float(exponent), -120.0, 120.0))


def _kernel(rows: FloatArray, width: float) -> NDArray[np.float64]:
    kernel = _squared_distances(rows)
    kernel /= -width
    np.exp(kernel, out=kernel)
    # Sums of kernels cancel, single entries do not: those keep the precision of the vectors.
    return kernel.astype(np.float64, copy=False)


def _squared_distances(rows: FloatArray) -> FloatArray:
    norms = np.einsum("ij,ij->i", rows, rows)
    squares: FloatArray = rows @ rows.T
    squares *= -2.0
    squares += norms[:, None]
    squares += norms
    np.maximum(squares, 0.0, out=squares)
    np.fill_diagonal(squares, 0.0)
    return squares


def _median_squared_distance(space: _Scaled, name: str, *, seed: int) -> float:
    rows = space.centred(sample_items(len(space.vectors), MEDIAN_ITEMS, seed=seed))
    n = len(rows)
    each_once = np.concatenate(
        [row[place + 1 :] for place, row in enumerate(_squared_distances(rows))]
    )
    # Of all n² in order, the n of items with themselves come first and the others in twos.
    middle = [max(0, (place - n) // 2) for place in ((n * n - 1) // 2, n * n // 2)]
    median = float(np.partition(each_once, middle)[middle].mean(dtype=np.float64))
    # The distance of two copies is a difference of rounded norms, not always 0.
    norms = np.square(rows).sum(axis=1)
    if median <= _ROUNDING * np.finfo(norms.dtype).eps * float(np.median(norms)):
        raise VectorError(
            f"at least half of all distances between the items of {name} are 0, so its kernel has "
            "no bandwidth; leave the space out, or its duplicates"
        )
    return median


def _unbiased_hsic(k: NDArray[np.float64], m: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return Song's unbiased HSIC of ``(k, k)``, ``(m, m)`` and ``(k, m)``, diagonals dropped."""
    n = len(k)
    np.fill_diagonal(k, 0.0)
    np.fill_diagonal(m, 0.0)
    sums_k, sums_m = k.sum(axis=0), m.sum(axis=0)

    def one(product: float, a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        total = float(a.sum() * b.sum()) / ((n - 1) * (n - 2))
        return (product + total - 2.0 / (n - 2) * float(a @ b)) / (n * (n - 3))

    return (
        one(float(np.vdot(k, k)), sums_k, sums_k),
        one(float(np.vdot(m, m)), sums_m, sums_m),
        one(float(np.vdot(k, m)), sums_k, sums_m),
    )


def _biased_hsic(k: NDArray[np.float64], m: NDArray[np.float64]) -> tuple[float, float, float]:
    for kernel in (k, m):
        kernel -= kernel.mean(axis=0)
        kernel -= kernel.mean(axis=1)[:, None]
    scale = 1.0 / (len(k) - 1) ** 2
    kk, mm, km = (scale * float(np.vdot(a, b)) for a, b in ((k, k), (m, m), (k, m)))
    return kk, mm, km


def _ratio(hsics: NDArray[np.float64], *, n_independent: int, n_items: int) -> RbfCka:
    """Divide the mean HSICs; the error by the delta method.

    Shuffled again, the same items make new batches but no new evidence: only so many batches as
    fit into the items at once count as independent. Such batches share items, so they differ less
    than batches of other items would, by the share of all items that is in one.
    """
    of_x, of_y, both = hsics.mean(axis=0)
    if of_x <= 0 or of_y <= 0:
        raise VectorError(
            f"{'x' if of_x <= 0 else 'y'} shows no variance within its bandwidth; widen it "
            "(bandwidth=1), or leave the space out"
        )
    scale = float(np.sqrt(of_x * of_y))
    value = float(both) / scale
    if n_independent < 2:
        return RbfCka(value, None, len(hsics), n_items)
    pulls = hsics[:, 2] / scale - 0.5 * value * (hsics[:, 0] / of_x + hsics[:, 1] / of_y)
    error = float(pulls.std(ddof=1)) / float(np.sqrt(n_independent - 1))
    return RbfCka(value, error, len(hsics), n_items)
