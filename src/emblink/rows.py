"""Rows of vectors as methods read them: by their direction under cosine, in few dims where many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.compute import let_go, room
from emblink.types import FloatArray, IntArray, Metric

_CELLS = 1 << 17
_COLUMN_CELLS = 1 << 19
_FEWEST_ROWS = 16
_UNIT = 2.0**-22
"""What rounding to float32 leaves of a length of 1."""
_SAME = 2.0**-22
_SAME_PLACE = 2.0**-20
"""What that leaves of a difference of 0 between unit rows, and of one along a random line."""
_SINGLE = 4
_LOOKED_BACK = 4
_HELD = 1e-7
"""Squared lengths below this share of the largest lose digits in a matrix of products."""


def directions(rows: NDArray[Any]) -> NDArray[np.float64]:
    """Bring rows to unit length in float64; rows of zeros stay.

    Parameters
    ----------
    rows : array of shape (n_rows, n_dims)
        Any float type. Each row of float64 is scaled by its largest number first, so that neither
        the square of the longest overflows nor that of the shortest vanishes.

    Returns
    -------
    array of shape (n_rows, n_dims), float64
        The same for each row however long it is.
    """
    unit = np.array(rows, dtype=np.float64)
    # The square of no number of fewer bits leaves the range of float64.
    for measure in (_largest, _lengths) if rows.dtype.itemsize > _SINGLE else (_lengths,):
        sizes = measure(unit)
        unit /= np.where(sizes > 0.0, sizes, 1.0)[:, None]
    return unit


def as_measured(vectors: FloatArray, *, metric: Metric) -> FloatArray:
    """Return what measures see of a space: rows of unit length under cosine, else the vectors.

    Whatever does not know the metric itself (CKA, Procrustes similarity, rounding to 8 bits …) is
    given these, so that under cosine no number depends on how long a row is.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        Any float type; may be a memory map, which is read in blocks.
    metric : {"cosine", "euclidean"}

    Returns
    -------
    array of shape (n_items, n_dims)
        Float32, or float64 where the vectors are: found in float64 and rounded once. The vectors
        themselves, without a copy, where nothing is to be done: under euclidean, and where all
        lengths are 1 already, but for float32 rounding. Rows of zeros stay, copies are exact ones.
    """
    if metric == "euclidean" or all(_are_unit(vectors[rows]) for rows in spans(*vectors.shape)):
        return vectors
    first = same_directions(vectors)
    unit: FloatArray = room(vectors.shape, np.promote_types(vectors.dtype, np.float32))
    for rows in spans(*vectors.shape):
        unit[rows] = directions(vectors[rows if first is None else first[rows]])
    let_go(vectors)
    return unit


def same_directions(vectors: FloatArray) -> IntArray | None:
    """Find rows that point one way, whatever their lengths: copies, under cosine.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        Any float type; may be a memory map.

    Returns
    -------
    array of shape (n_items,), int64, or None
        For each row the first that points its way, but for what float32 rounding leaves of a row
        times a length; None where none does but itself. Read in their stead, copies stay exact
        copies, which are ordered by row.

    Notes
    -----
    Rows are laid along a random line, on which copies are neighbours, and those compared.
    """
    n_items, n_dims = vectors.shape
    line = np.random.default_rng(0).standard_normal(n_dims)
    positions = np.empty(n_items)
    for rows in spans(n_items, n_dims):
        positions[rows] = directions(vectors[rows]) @ line
    order = np.argsort(positions, kind="stable")
    first = np.arange(n_items)
    for back in range(1, min(_LOOKED_BACK, n_items - 1) + 1):
        earlier, later = order[:-back], order[back:]
        near = np.flatnonzero(positions[later] - positions[earlier] <= _SAME_PLACE)
        near = near[_point_alike(vectors, earlier[near], later[near])]
        _join(first, earlier[near], later[near])
    return None if (first == np.arange(n_items)).all() else first


def few_dims(vectors: FloatArray, *, centred: bool = True) -> FloatArray:
    """Turn rows with more dims than there are items into as many dims as items.

    ``X = Z Qᵀ`` with orthogonal ``Q``: no product between rows changes, so that whatever ignores
    rotation is the same of ``Z``, at a cost that no longer grows with the dims.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        Any float type; may be a memory map, of which some columns at a time are read.
    centred : bool
        Take the mean of the rows off first, exactly where all rows are the same.

    Returns
    -------
    array of shape (n_items, min(n_items, n_dims))
        In float64; or the vectors themselves, not centred, where they have no more dims than items.

    Notes
    -----
    Time ``O(n² d)``, memory ``O(n² + block)``. From the products of the rows, whose eigenvalues
    hold half of the digits of the lengths; where these span too much, by QR of blocks of columns
    [1]_, which loses none.

    References
    ----------
    .. [1] Demmel et al., "Communication-optimal parallel and sequential QR and LU factorizations",
       SIAM Journal on Scientific Computing 2012.
    """
    n_items, n_dims = vectors.shape
    if n_dims <= n_items:
        return vectors
    products = np.zeros((n_items, n_items))
    for _, block in column_blocks(vectors, centred=centred):
        products += block @ block.T
    values, axes = np.linalg.eigh(products)
    # The mean that is taken off leaves one direction empty, whatever the rows are.
    values[: int(centred)] = 0.0
    if values[min(int(centred), n_items - 1)] > _HELD * values[-1]:
        return np.asarray(axes * np.sqrt(values))
    if not products.any():
        return products
    right: NDArray[np.float64] = np.zeros((0, n_items))
    for _, block in column_blocks(vectors, centred=centred, least=4 * n_items):
        right = np.asarray(np.linalg.qr(np.vstack([right, block.T]), mode="r"))
    return np.ascontiguousarray(right.T)


def column_blocks(
    vectors: FloatArray,
    *,
    rows: IntArray | None = None,
    lengths: NDArray[np.float64] | None = None,
    centred: bool = True,
    least: int = 64,
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Yield some columns of all rows at a time, in float64.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
    rows : array of shape (n_rows,), optional
        Only these, in this order.
    lengths : array of shape (n_rows,), optional
        Divide each row by its own.
    centred : bool
        Take off the mean of the rows, exactly where all are the same.
    least : int
        Columns of a block, at least.

    Yields
    ------
    columns : slice
    block : array of shape (n_rows, n_columns), float64
    """
    n_rows = len(vectors) if rows is None else len(rows)
    step = max(least, _COLUMN_CELLS // max(1, n_rows))
    for start in range(0, vectors.shape[1], step):
        columns = slice(start, min(start + step, vectors.shape[1]))
        given = vectors[:, columns] if rows is None else vectors[rows, columns]
        block = np.array(given, dtype=np.float64)
        if lengths is not None:
            block /= lengths[:, None]
        if centred:
            block -= block[0].copy()
            block -= block.mean(axis=0)
        yield columns, block


def spans(n_rows: int, n_dims: int) -> list[slice]:
    """Cut rows into blocks of bounded size.

    Parameters
    ----------
    n_rows, n_dims : int

    Returns
    -------
    list of slice
    """
    step = max(_FEWEST_ROWS, _CELLS // max(1, n_dims))
    return [slice(start, min(start + step, n_rows)) for start in range(0, n_rows, step)]


def _point_alike(vectors: FloatArray, these: IntArray, those: IntArray) -> NDArray[np.bool_]:
    alike = np.zeros(len(these), dtype=bool)
    for rows in spans(len(these), vectors.shape[1]):
        apart = directions(vectors[these[rows]]) - directions(vectors[those[rows]])
        alike[rows] = np.abs(apart).max(axis=1) <= _SAME
    return alike


def _join(first: IntArray, these: IntArray, those: IntArray) -> None:
    """Give joined rows the lowest of their firsts, until none changes."""
    while True:
        ends = first[these], first[those]
        apart = ends[0] != ends[1]
        if not apart.any():
            return
        low, high = np.minimum(*ends)[apart], np.maximum(*ends)[apart]
        np.minimum.at(first, high, low)
        _shorten(first)


def _shorten(first: IntArray) -> None:
    """Follow each way of firsts to its end, twice as far at each step."""
    while (first[first] != first).any():
        first[:] = first[first]


def _are_unit(rows: NDArray[Any]) -> bool:
    with np.errstate(over="ignore"):
        return bool((np.abs(_lengths(np.asarray(rows, np.float64)) - 1.0) <= _UNIT).all())


def _largest(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    sizes: NDArray[np.float64] = np.maximum(rows.max(axis=1), -rows.min(axis=1))
    return sizes


def _lengths(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return lengths
