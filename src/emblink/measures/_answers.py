"""What a change of space does to the first answers of a search."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.measures._gains import Positive, Relevant, gains_found, positive
from emblink.types import IntArray


class FirstRelevant(NamedTuple):
    """The first relevant answer of each query in two spaces, and whether it was lost or gained.

    Attributes
    ----------
    rank_a, rank_b : array of shape (n_queries,), int64
        From 1; 0 where none is among the first ``k``.
    item_a, item_b : array of shape (n_queries,), int64
        Rows of items; -1 where there is none.
    lost, gained : array of shape (n_queries,), bool
    """

    rank_a: NDArray[np.int64]
    rank_b: NDArray[np.int64]
    item_a: NDArray[np.int64]
    item_b: NDArray[np.int64]
    lost: NDArray[np.bool_]
    gained: NDArray[np.bool_]


def first_changed(a: IntArray, b: IntArray) -> NDArray[np.bool_]:
    """Whether each query's first result is another item.

    Parameters
    ----------
    a, b : array of shape (n_queries, at least 1), integer
        Rows of the items found, best first; -1 where nothing is found.

    Returns
    -------
    array of shape (n_queries,), bool
        Expected mean for unrelated spaces of ``n`` items: ``1 - 1 / n``. Invariant to swapping the
        spaces and to all but the first result. Misleads where items tie for the first place.

    Raises
    ------
    InputError
        The spaces answer other numbers of queries, or hold no place.
    """
    first = np.asarray(a), np.asarray(b)
    if any(one.ndim != 2 or one.shape[1] < 1 for one in first) or len(first[0]) != len(first[1]):
        raise InputError(
            f"results have shapes {first[0].shape} and {first[1].shape}; give one row of at least "
            "one result for each of the same queries"
        )
    changed: NDArray[np.bool_] = first[0][:, 0] != first[1][:, 0]
    return changed


def first_relevant(a: IntArray, b: IntArray, relevant: Relevant, *, k: int = 10) -> FirstRelevant:
    """Which queries lose their first relevant answer from ``a`` to ``b``, and which gain one.

    It is lost where the first relevant item among the first ``k`` results in ``a`` is not among
    those in ``b``, and no relevant item stands as high there as it did; gained, where that is so
    the other way round.

    Parameters
    ----------
    a, b : array of shape (n_queries, at least k), integer
        Rows of the items found, best first; -1 after the last.
    relevant : Relevant
    k : int

    Returns
    -------
    FirstRelevant
        No query loses and gains. Expected of unrelated spaces: :func:`chance_first_lost`.
        Invariant to the order of what is not relevant.

    Raises
    ------
    InputError
        As :func:`retrieval_delta`.

    Notes
    -----
    Misleads beside the mean alone, as all flips do: an upgrade can win on average and still break
    what worked. Another run of the recipe loses some as well.

    References
    ----------
    .. [1] Yan et al., "Positive-congruent training: towards regression-free model updates", CVPR
       2021.
    """
    held = positive(relevant, n_queries=len(a))
    ranks, items = zip(*(_first(np.asarray(one)[:, :k], held) for one in (a, b)), strict=True)
    lost = _lost(ranks[0], items[0], ranks[1], np.asarray(b)[:, :k])
    gained = _lost(ranks[1], items[1], ranks[0], np.asarray(a)[:, :k])
    return FirstRelevant(ranks[0], ranks[1], items[0], items[1], lost, gained)


def _first(found: IntArray, held: Positive) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    hits = gains_found(found, held) > 0
    any_hit = hits.any(axis=1)
    at = hits.argmax(axis=1)
    items = np.asarray(found, np.int64)[np.arange(len(found)), at]
    return np.where(any_hit, at + 1, 0), np.where(any_hit, items, -1)


def _lost(
    rank: NDArray[np.int64], item: NDArray[np.int64], other: NDArray[np.int64], found: IntArray
) -> NDArray[np.bool_]:
    gone = ~(np.asarray(found) == item[:, None]).any(axis=1)
    lower = (other == 0) | (other > rank)
    out: NDArray[np.bool_] = (rank > 0) & gone & lower
    return out
