"""Vectors made ready for products of blocks: ``h - |x - y|²/2`` from one matrix product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.compute import let_go, room
from emblink.errors import VectorError
from emblink.rows import same_directions
from emblink.types import FloatArray, Metric

_BLOCK = 512
"""Rows of which a copy in float64 stays in the cache."""
_WIDE_CELLS = 1 << 21
"""Numbers of a block where there are more dims than items."""


ROUNDING = 2.0**-24
"""Of a number in float32, as a share of it."""


@dataclass(frozen=True, eq=False)
class Points:
    """Rows whose Euclidean order is the wanted order of neighbours.

    Attributes
    ----------
    values : array of shape (n, n_dims), float32
        Distances are measured between these: the vectors as given (``euclidean``), or centred unit
        rows (``cosine``).
    centre : array of shape (n_dims,), float64, or None
        Taken off before products, which would cancel badly far from the origin; None: nothing.
    scale : float
        A power of two that brings the longest centred row below one, so that no product overflows;
        1 where nothing is taken off: differences of unit rows are short enough.
    norms : array of shape (n,), float64
        Lengths of the centred and scaled rows.
    bias : array of shape (n,), float32
        Half their squares: ``x · y - bias[y]`` orders the rows y by their distance to x.
    """

    values: NDArray[np.float32]
    centre: NDArray[np.float64] | None
    scale: float
    norms: NDArray[np.float64]
    bias: NDArray[np.float32]


def prepare(vectors: FloatArray, metric: Metric) -> Points:
    """Check the vectors and make them ready; at most one float32 copy is made of them."""
    if vectors.ndim != 2 or vectors.shape[1] == 0:
        raise VectorError(
            f"vectors have shape {vectors.shape}; expected (n_items, n_dims): one row per item"
        )
    if len(vectors) < 2:
        raise VectorError(
            f"vectors have {len(vectors)} row(s); neighbours need at least 2 items to compare"
        )
    lengths = _lengths(vectors, None)
    most = float(np.finfo(np.float32).max)
    if metric == "cosine":  # a row of float32 numbers may be longer, and has a direction
        most *= np.sqrt(vectors.shape[1])
    _refuse(
        ~(lengths <= most),
        "NaN, infinite or, for float32, too large numbers; drop such rows, or repair them",
    )
    if metric == "cosine":
        _refuse(
            lengths == 0.0, "only zeros, so no direction; drop such rows, or use metric='euclidean'"
        )
        values, centre = _unit_rows(vectors, lengths), None
    else:
        values = np.ascontiguousarray(vectors, dtype=np.float32)
        centre = _mean(vectors, None)
    norms = _lengths(values, centre)
    scale = 1.0 if centre is None else _scale(float(norms.max()))
    norms *= scale
    return Points(
        values, centre, scale, norms, np.float32(0.5) * np.square(norms).astype(np.float32)
    )


def operand(points: Points, rows: slice | NDArray[np.int64]) -> NDArray[np.float32]:
    """Return rows centred and scaled, for a matrix product."""
    if points.centre is None:
        return points.values[rows]
    wanted = points.values[rows]
    centred = np.empty(wanted.shape, np.float32)
    for span in _spans_of(wanted):
        centred[span] = (wanted[span] - points.centre) * points.scale
    return centred


def scores_at(
    points: Points, rows: NDArray[np.int64], farthest: NDArray[np.float64], *, summed: int
) -> NDArray[np.float64]:
    """Return the score below which no row can be as near as the ``farthest`` found so far.

    A product of ``summed`` terms in any order is off by at most ``summed · 2^-24 · |x||y|``
    (Higham, *Accuracy and Stability*, §3.1), and a row within reach of x is no longer than
    ``|x| + reach``.
    """
    norms = points.norms[rows]
    reach = np.sqrt(farthest) * points.scale
    slack = (summed + 16) * ROUNDING * np.square(norms + reach) + 1e-30
    scores: NDArray[np.float64] = (np.square(norms) - np.square(reach)) / 2 - slack
    return scores


def below(scores: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return scores in float32, none of them higher."""
    return np.nextafter(scores.astype(np.float32), np.float32(-np.inf))


def _scale(longest: float) -> float:
    return float(2.0 ** -np.frexp(longest)[1]) if longest > 0.0 else 1.0


def spans(n: int, size: int) -> list[slice]:
    """Cut ``range(n)`` into the fewest slices of at most ``size``, all of about one length."""
    bounds = np.linspace(0, n, -(-n // size) + 1).round().astype(int).tolist()
    return [slice(begin, end) for begin, end in pairwise(bounds)]


def _blocks(vectors: NDArray[Any]) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    for span in _spans_of(vectors):
        yield span, vectors[span].astype(np.float64)


def _spans_of(vectors: NDArray[Any]) -> list[slice]:
    n, n_dims = vectors.shape
    return spans(n, _BLOCK if n_dims <= n else min(_BLOCK, max(16, _WIDE_CELLS // n_dims)))


def _lengths(vectors: NDArray[Any], centre: NDArray[np.float64] | None) -> NDArray[np.float64]:
    lengths = np.empty(len(vectors))
    for span, block in _blocks(vectors):
        if centre is not None:
            block -= centre
        lengths[span] = np.sqrt(np.einsum("ij,ij->i", block, block))
    return lengths


def _mean(vectors: NDArray[Any], lengths: NDArray[np.float64] | None) -> NDArray[np.float64]:
    total = np.zeros(vectors.shape[1])
    for span, block in _blocks(vectors):
        total += block.sum(axis=0) if lengths is None else (1.0 / lengths[span]) @ block
    return total / len(vectors)


def _unit_rows(vectors: NDArray[Any], lengths: NDArray[np.float64]) -> NDArray[np.float32]:
    centre = _mean(vectors, lengths)
    first = same_directions(vectors)
    unit = room(vectors.shape, np.float32)
    for span in _spans_of(vectors):
        rows = span if first is None else first[span]
        unit[span] = vectors[rows].astype(np.float64) / lengths[rows, None] - centre
    let_go(vectors)
    return unit


def _refuse(bad: NDArray[np.bool_], what: str) -> None:
    if bad.any():
        raise VectorError(
            f"{int(bad.sum())} row(s) of the vectors hold {what} (first: row {int(bad.argmax())})"
        )
