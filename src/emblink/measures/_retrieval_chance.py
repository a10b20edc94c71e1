"""What the quality of a search is when its results have nothing to do with the query."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.measures._gains import Numbers, Relevant, ideal_dcg, positive
from emblink.types import IntArray


class ChanceRetrieval(NamedTuple):
    """Expected quality of a random order of the items, for each query.

    Attributes
    ----------
    ndcg, recall, mrr : array of shape (n_queries,), float64
        In [0, 1]; NaN for queries that nothing answers.
    """

    ndcg: Numbers
    recall: Numbers
    mrr: Numbers


def chance_retrieval(relevant: Relevant, *, n_items: int, k: int = 10) -> ChanceRetrieval:
    """Quality expected of a random order of ``n_items`` items.

    Parameters
    ----------
    relevant : Relevant
    n_items : int
        Items that a search may return.
    k : int

    Returns
    -------
    ChanceRetrieval
        Recall ``k / n_items``; nDCG the mean gain over the items at every rank; MRR by the
        hypergeometric law of the first relevant rank. Misleads where results favour few items
        whatever the query (hubs): these may answer more queries, or fewer.

    Raises
    ------
    InputError
        A query has more relevant items than there are items, or ``k`` is not from 1 to
        ``n_items``.
    """
    held = positive(relevant, n_queries=len(relevant.offsets) - 1)
    _check(int(held.sizes.max(initial=0)), n_items=n_items, k=k)
    answered = held.sizes > 0
    gains = np.bincount(held.queries, weights=held.gains, minlength=len(held.sizes))
    discount = (1 / np.log2(np.arange(2, k + 2))).sum()
    none = _none_before(held.sizes, n_items=n_items, k=k)
    mrr = ((none[:, :-1] - none[:, 1:]) / np.arange(1, k + 1)).sum(axis=1)
    return ChanceRetrieval(
        ndcg=gains / n_items * discount / ideal_dcg(held, k=k),
        recall=np.where(answered, k / n_items, np.nan),
        mrr=np.where(answered, mrr, np.nan),
    )


def chance_first_lost(
    rank: IntArray, relevant: Relevant, *, n_items: int, k: int = 10
) -> NDArray[np.float64]:
    """How likely a query loses its first relevant answer to a random order of the items.

    Parameters
    ----------
    rank : array of shape (n_queries,), integer
        Of its first relevant answer, from 1; 0 where there is none to lose.
    relevant : Relevant
    n_items : int
    k : int

    Returns
    -------
    array of shape (n_queries,), float64
        In [0, 1]: that no relevant item stands as high, and that the one that did is not among the
        others of the first ``k``.

    Raises
    ------
    InputError
        As :func:`chance_retrieval`.
    """
    held = positive(relevant, n_queries=len(relevant.offsets) - 1)
    _check(int(held.sizes.max(initial=0)), n_items=n_items, k=k)
    rank = np.asarray(rank)
    none = _none_before(held.sizes, n_items=n_items, k=k)[np.arange(len(rank)), rank]
    away = 1.0 - (k - rank) / np.maximum(1, n_items - rank)
    return np.where(rank > 0, none * away, 0.0)


def _none_before(sizes: IntArray, *, n_items: int, k: int) -> NDArray[np.float64]:
    """Return for each query and rank 0 … k how likely none of the first so many is relevant."""
    places = np.arange(k)
    left = np.maximum(0, n_items - places - np.asarray(sizes)[:, None]) / (n_items - places)
    return np.concatenate((np.ones((len(sizes), 1)), np.cumprod(left, axis=1)), axis=1)


def _check(most: int, *, n_items: int, k: int) -> None:
    if most > n_items or not 1 <= k <= n_items:
        raise InputError(
            f"k={k} of {n_items} items, and a query with {most} relevant ones; give k from 1 to "
            "the number of items, and relevant items that are among them"
        )
