"""The items nearest to some items of one space, by true distance."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Bundle
from emblink.bundle.schema import SpaceInfo
from emblink.errors import InputError
from emblink.matched import row_of_item
from emblink.rows import directions
from emblink.types import AnyArray, IntArray, Metric

MOST = 5000
"""Items told of."""
_CELLS = 1 << 21
_PRODUCTS = 2e11
"""Multiplications that are worth waiting for: about a minute."""
_SAME = 1e-12
"""What rounding leaves of a difference of 0 between unit rows."""


class NearItems(TypedDict):
    """The items nearest to some items, nearest first, ties by row.

    ``rows`` are those of the bundle's items, without the given ones; ``distances`` reach from each
    to the nearest of the given: ``1 - cos`` for cosine, else the Euclidean distance. ``n`` of the
    given items are in the space, and ``n_outside`` are not.
    """

    space: str
    metric: Metric
    n: int
    n_outside: int
    rows: list[int]
    distances: list[float]


def near_items(bundle: Bundle, space: SpaceInfo, rows: IntArray, *, most: int = MOST) -> NearItems:
    """Find the items nearest to any of some items, exactly and among all of a space.

    Parameters
    ----------
    bundle : Bundle
    space : SpaceInfo
    rows : array of shape (n_selected,)
        Rows of the bundle's items.
    most : int
        Items told of.

    Returns
    -------
    NearItems

    Raises
    ------
    InputError
        None of the items is in the space, or they are too many for one question.
    """
    rows = np.unique(rows)
    items = bundle.item_rows(space.over)
    at = row_of_item(items, n_items=bundle.manifest.n_items)[rows]
    given = at[at >= 0]
    if not given.size:
        raise InputError(
            f"none of the selected items is in {space.name!r}; select others, or another space"
        )
    vectors = bundle.vectors(space.name)
    n, n_dims = vectors.shape
    fit = max(1, int(_PRODUCTS / (n * n_dims)))
    if given.size > fit:
        raise InputError(
            f"{given.size:,} items against {n:,} would take minutes; select at most {fit:,}"
        )
    distances = _to_nearest(vectors, given, metric=space.metric)
    distances[given] = np.inf
    wanted = min(most, n - given.size)
    nearest = np.argpartition(distances, wanted - 1)[:wanted] if wanted else given[:0]
    # All that lie as far as the last one, so that ties are told in one order.
    if wanted:
        nearest = np.flatnonzero(distances <= distances[nearest].max())
    order = np.lexsort((items[nearest], distances[nearest]))[:wanted]
    found = nearest[order]
    return NearItems(
        space=space.name,
        metric=space.metric,
        n=len(given),
        n_outside=len(rows) - len(given),
        rows=items[found].tolist(),
        distances=distances[found].tolist(),
    )


def _to_nearest(vectors: AnyArray, given: IntArray, *, metric: Metric) -> NDArray[np.float32]:
    """Return the distance of each row to the nearest of the given ones."""
    ends = np.asarray(vectors[given], dtype=np.float64)
    # Far from the origin squares cancel.
    centre = ends.mean(axis=0)
    ends = directions(ends) if metric == "cosine" else ends - centre
    squares = np.einsum("ij,ij->i", ends, ends)
    found = np.empty(len(vectors), dtype=np.float32)
    size = max(1, _CELLS // max(len(given), vectors.shape[1]))
    for begin in range(0, len(vectors), size):
        block = np.asarray(vectors[begin : begin + size], dtype=np.float64)
        if metric == "cosine":
            far = 1.0 - (directions(block) @ ends.T).max(axis=1)
            far[far < _SAME] = 0.0
        else:
            block -= centre
            own = np.einsum("ij,ij->i", block, block)
            far = np.sqrt(np.maximum(own + (squares - 2.0 * (block @ ends.T)).min(axis=1), 0.0))
        found[begin : begin + size] = far
    return found
