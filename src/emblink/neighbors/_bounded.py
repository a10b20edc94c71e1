"""Exact lists of some rows beside likely neighbours: what cannot be nearer is not measured.

Along few directions, and by how long each row is beyond them, the product of two rows is at most
``x' · y' + |x - x'| |y - y'|`` (Cauchy and Schwarz): a product of few columns. Only who reaches the
farthest of the likely neighbours by this bound is measured, by direct distances as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, in_threads
from emblink.kernels import NearLists, near_lists, topk_rerank, topk_resolve, unscored_lists
from emblink.neighbors._points import ROUNDING, Points, below, operand, scores_at, spans
from emblink.neighbors._scan import BLOCK, products_of, query_products
from emblink.types import IntArray

_SAMPLE = 4096
"""Rows from which directions are drawn, and candidates that say how many the bound lets through."""
_TRIED = 256
"""Queries whose candidates are counted."""
_FEWER = (16, 32, 64, 128, 256)
"""Directions that are tried."""
_LOOKED_AT = 64
_MEASURED = 25
"""What a bound takes beside its product, in dims of one; and what a distance takes, for each."""
_CHOOSING = 64
"""What keeping the best takes in a plain search, in dims of a product."""
_WORTH = 0.7
"""Share of the time of a plain search from which on this one is not worth its trouble."""
_INFLATED = 8


@dataclass(frozen=True, eq=False)
class _Directions:
    """Orthonormal columns, those along which rows vary most first."""

    basis: NDArray[np.float64]

    def bounds_of(self, points: Points, rows: slice | NDArray[np.int64]) -> NDArray[np.float32]:
        """Return what rows are along the directions, and how long they are at most beyond them."""
        along = operand(points, rows).astype(np.float64) @ self.basis
        squares = np.square(points.norms[rows])
        beyond = np.maximum(squares - np.einsum("ij,ij->i", along, along), 0)
        beyond = np.sqrt(beyond + _INFLATED * ROUNDING * squares).astype(np.float32)
        return np.column_stack((along.astype(np.float32), np.nextafter(beyond, np.float32(np.inf))))

    def floors_of(
        self, points: Points, rows: NDArray[np.int64], farthest: NDArray[np.float64]
    ) -> NDArray[np.float32]:
        """Return the bound below which no row can be as near as the ``farthest``; -inf for inf."""
        found = np.full(len(rows), -np.inf, np.float32)
        known = np.isfinite(farthest)
        # Beside the terms of the product, what it is of is rounded along each direction.
        summed = self.basis.shape[1] + 8
        found[known] = below(scores_at(points, rows[known], farthest[known], summed=summed))
        return found


def likely_near(lists: IntArray, rows: IntArray, *, k: int) -> NDArray[np.int32]:
    """Return more than ``k`` rows that are likely near each of some rows, where there are as many.

    Parameters
    ----------
    lists : array of shape (n_items, length)
        Neighbours of every item.
    rows : array of shape (n_rows,)
    k : int

    Returns
    -------
    array of shape (n_rows, width), int32
        The list of each row, and where that is short those of its first neighbours; a row may be
        there several times.
    """
    own = lists[rows].astype(np.int32)
    length = own.shape[1]
    if length >= k:
        return own
    others = min(length, -(-3 * k // length))
    further = lists[own[:, :others]].reshape(len(own), -1)
    return np.concatenate((own, further), axis=1, dtype=np.int32)


def bounded_search(
    points: Points, rows: NDArray[np.int64], likely: IntArray, *, k: int, progress: Progress
) -> NearLists | None:
    """Find the exact ``k`` nearest other points of some, or None where a plain search is as fast.

    Parameters
    ----------
    points : Points
    rows : array of shape (n_queries,)
    likely : array of shape (n_queries, n_likely)
        Rows likely near each. What they are decides how fast this is, not what it finds.
    k : int
    progress : callable

    Returns
    -------
    NearLists or None
        The lists that any exact search gives.
    """
    n, n_dims = points.values.shape
    if n <= _SAMPLE or n_dims < 2 * _FEWER[0] or len(rows) <= _TRIED:
        return None
    tried = np.linspace(0, len(rows) - 1, _TRIED).astype(np.int64)
    farthest = _farthest(points, rows[tried], likely[tried], k=k)
    directions = _best(points, rows[tried], farthest)
    if directions is None:
        return None
    bounds = _bounds(points, directions)
    floors = [
        directions.floors_of(points, rows[span], _farthest(points, rows[span], likely[span], k=k))
        for span in spans(len(rows), BLOCK)
    ]
    cutoffs, lists = np.concatenate(floors), near_lists(len(rows), k=k)
    candidates = slice(0, n)
    total = products_of(len(rows), candidates)
    blocks = query_products(bounds, rows, candidates=candidates)
    for done, (batch, side, block) in enumerate(blocks, 1):
        topk_resolve(
            NearLists(lists.rows[batch], lists.squares[batch], lists.counts[batch]),
            block,
            points.bias[side],
            first_candidate=side.start,
            cutoffs=cutoffs[batch],
            points=points.values,
            selves=rows[batch],
        )
        progress(done, total)
    return lists


def _bounds(points: Points, directions: _Directions) -> Points:
    """Return rows whose products are bounds on those of the points."""
    parts = in_threads(
        lambda span: directions.bounds_of(points, span), spans(len(points.values), BLOCK)
    )
    return replace(points, values=np.concatenate([*parts]), centre=None, scale=1.0)


def _farthest(
    points: Points, rows: NDArray[np.int64], likely: IntArray, *, k: int
) -> NDArray[np.float64]:
    """Return the squared distance of the ``k``-th of the likely neighbours; inf of fewer."""
    n = len(points.values)
    near = np.sort(np.where(likely == rows[:, None], n, likely), axis=1)
    near[:, 1:][near[:, 1:] == near[:, :-1]] = n
    near.sort(axis=1)
    counts = (near < n).sum(axis=1, dtype=np.int32)
    found = np.full(len(rows), np.inf)
    enough = np.flatnonzero(counts >= k)
    if not len(enough):
        return found
    lists = unscored_lists(near[enough], counts[enough])
    _, squares = topk_rerank(lists, points.values, queries=rows[enough], first_list=0, k=k)
    found[enough] = squares[:, -1]
    return found


def _directions(points: Points) -> Iterator[_Directions]:
    """Yield ever more directions along which a sample of the rows varies most."""
    n, n_dims = points.values.shape
    fewer = [one for one in _FEWER if one <= n_dims // 2]
    sample = operand(points, _sample(n))
    start = np.random.default_rng(0).standard_normal((n_dims, fewer[-1]), dtype=np.float32)
    found = sample.T @ (sample @ start)
    largest = float(np.abs(found).max())
    basis = np.linalg.qr((found / (largest or 1.0)).astype(np.float64))[0]
    along = sample @ basis
    turned = np.linalg.eigh(along.T @ along)[1][:, ::-1]
    basis = np.linalg.qr(basis @ turned)[0]
    for many in fewer:
        yield _Directions(np.ascontiguousarray(basis[:, :many]))


def _best(
    points: Points, rows: NDArray[np.int64], farthest: NDArray[np.float64]
) -> _Directions | None:
    """Return the directions that make the fastest search; None if a plain one is as fast."""
    n, n_dims = points.values.shape
    candidates = _sample(n)
    best, least = None, _WORTH * (n_dims + _CHOOSING)
    for some in _directions(points):
        left = some.bounds_of(points, rows)
        scores = left @ some.bounds_of(points, candidates).T - points.bias[candidates]
        let_through = np.mean(scores >= some.floors_of(points, rows, farthest)[:, None])
        cost = left.shape[1] + _LOOKED_AT + float(let_through) * _MEASURED * n_dims
        if cost < least:
            best, least = some, cost
    return best


def _sample(n: int) -> NDArray[np.int64]:
    return np.linspace(0, n - 1, _SAMPLE).astype(np.int64)
