"""Which items answer a query and how well, looked up among its results."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.types import IntArray

Numbers = NDArray[np.float64]


class Relevant(NamedTuple):
    """Which items answer each query.

    Attributes
    ----------
    offsets : array of shape (n_queries + 1,), integer
        Query ``q`` is answered by ``items[offsets[q] : offsets[q + 1]]``.
    items : array of shape (n_relevant,), integer
        Rows of items; no item twice for a query.
    gains : array of shape (n_relevant,), optional
        How well each answers, such as 1, 2 or 3; 0 and less is no answer. Default 1 for all.
    """

    offsets: IntArray
    items: IntArray
    gains: Numbers | None = None


class Positive(NamedTuple):
    """The relevant items of each query, and nothing else.

    Attributes
    ----------
    queries, items : array of shape (n_relevant,), int64
        In order of the queries.
    gains : array of shape (n_relevant,), float64
        Above 0.
    sizes : array of shape (n_queries,), int64
    """

    queries: NDArray[np.int64]
    items: NDArray[np.int64]
    gains: Numbers
    sizes: NDArray[np.int64]


def positive(relevant: Relevant, *, n_queries: int) -> Positive:
    """Return the relevant items with a gain above 0.

    Parameters
    ----------
    relevant : Relevant
    n_queries : int

    Returns
    -------
    Positive

    Raises
    ------
    InputError
        It is of another number of queries, or its parts differ in length.
    """
    sizes = np.diff(relevant.offsets)
    n = len(relevant.items)
    if len(sizes) != n_queries or (len(sizes) and relevant.offsets[-1] != n):
        raise InputError(
            f"relevant has offsets for {len(sizes)} queries and {n} items, but "
            f"results are of {n_queries} queries; give n_queries + 1 offsets that end at the "
            "number of items"
        )
    gains = np.ones(n) if relevant.gains is None else np.asarray(relevant.gains, np.float64)
    if len(gains) != n:
        raise InputError(f"relevant has {n} items and {len(gains)} gains; give one gain an item")
    kept = gains > 0
    queries = np.repeat(np.arange(n_queries), sizes)[kept]
    items = np.asarray(relevant.items, dtype=np.int64)[kept]
    counts: NDArray[np.int64] = np.bincount(queries, minlength=n_queries).astype(np.int64)
    return Positive(queries, items, gains[kept], counts)


def gains_found(found: IntArray, held: Positive) -> Numbers:
    """Return the gain of each result, 0 of one that is not relevant or was found before.

    Parameters
    ----------
    found : array of shape (n_queries, k), integer
    held : Positive

    Returns
    -------
    array of shape (n_queries, k), float64
    """
    results: NDArray[np.int64] = np.asarray(found, dtype=np.int64)
    width = max(int(held.items.max(initial=0)), int(results.max(initial=0))) + 1
    wanted = held.queries * width + held.items
    order = np.argsort(wanted)
    asked = np.arange(len(results))[:, None] * width + results
    gains = np.zeros(results.shape)
    if len(wanted):
        at = np.minimum(np.searchsorted(wanted, asked, sorter=order), len(wanted) - 1)
        hit = (wanted[order][at] == asked) & (results >= 0)
        gains[hit] = held.gains[order][at][hit]
    gains[_repeated(results)] = 0.0
    return gains


def ideal_dcg(held: Positive, *, k: int) -> Numbers:
    """Return the most that a query's first ``k`` results can gain, NaN where nothing answers it.

    Parameters
    ----------
    held : Positive
    k : int

    Returns
    -------
    array of shape (n_queries,), float64
    """
    order = np.lexsort((-held.gains, held.queries))
    starts = np.cumsum(held.sizes) - held.sizes
    ranks = np.arange(len(order)) - np.repeat(starts, held.sizes)
    gained = np.where(ranks < k, held.gains[order] / np.log2(ranks + 2), 0.0)
    best = np.bincount(held.queries[order], weights=gained, minlength=len(held.sizes))
    return np.where(held.sizes > 0, best, np.nan)


def _repeated(found: NDArray[np.int64]) -> NDArray[np.bool_]:
    order = np.argsort(found, axis=1, kind="stable")
    ranked = np.take_along_axis(found, order, axis=1)
    again = np.zeros(found.shape, bool)
    again[:, 1:] = ranked[:, 1:] == ranked[:, :-1]
    out = np.zeros(found.shape, bool)
    np.put_along_axis(out, order, again, axis=1)
    return out
