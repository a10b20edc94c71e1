"""What a change of space does to search: results replaced, gains and losses of relevance, flips."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.stats import error_of_mean, interval_reach
from emblink.types import AnyArray, IntArray

Numbers = NDArray[np.float64]


class Relevant(NamedTuple):
    """Which items answer each query.

    Attributes
    ----------
    offsets : array of shape (n_queries + 1,), integer
        Query ``q`` is answered by ``items[offsets[q] : offsets[q + 1]]``.
    items : array of shape (n_relevant,), integer
        Rows of items; no item twice for a query.
    """

    offsets: IntArray
    items: IntArray


class RetrievalDelta(NamedTuple):
    """Quality of two spaces' results for each query, and its change from ``a`` to ``b``.

    Attributes
    ----------
    ndcg_a, ndcg_b, recall_a, recall_b : array of shape (n_queries,), float64
        In [0, 1]; NaN for queries that nothing answers.
    ndcg, recall : array of shape (n_queries,), float64
        In [-1, 1]: ``b`` less ``a``.
    """

    ndcg_a: Numbers
    ndcg_b: Numbers
    recall_a: Numbers
    recall_b: Numbers
    ndcg: Numbers
    recall: Numbers


class FlipRates(NamedTuple):
    """How often one space is right where the other is wrong.

    Attributes
    ----------
    negative, positive : float
        Share of the items right in ``a`` alone, and in ``b`` alone.
    change : float
        ``positive - negative``, the change of accuracy.
    negative_interval, positive_interval, change_interval : (float, float)
        Each holds its number in 95 % of cases.
    n : int
    """

    negative: float
    positive: float
    change: float
    negative_interval: tuple[float, float]
    positive_interval: tuple[float, float]
    change_interval: tuple[float, float]
    n: int


def retrieval_churn(a: IntArray, b: IntArray, *, k: int = 10) -> NDArray[np.float32]:
    """Share of each query's first ``k`` results that the other space replaces.

    Parameters
    ----------
    a, b : array of shape (n_queries, at least k), integer
        Rows of the items found, best first; -1 after the last.
    k : int

    Returns
    -------
    array of shape (n_queries,), float32
        ``1 - |A ∩ B| / max(|A|, |B|)`` in [0, 1]; 0 where neither space finds anything. Expected
        value for unrelated spaces of ``n`` items: ``1 - k / n``. Invariant to the order within the
        first ``k`` and to swapping the spaces.

    Raises
    ------
    InputError
        The spaces answer other numbers of queries, or hold fewer than ``k`` places.

    Notes
    -----
    Misleads when many items answer as well as each other: they change places at no cost. Churn
    says nothing of better or worse; :func:`retrieval_delta` does.
    """
    first = _results(a, b, k=k)
    hits = _shared(*first)
    most = np.maximum(*((one >= 0).sum(axis=1) for one in first))
    churn: NDArray[np.float32] = (1 - (hits / np.maximum(1, most))).astype(np.float32)
    churn[most == 0] = 0
    return churn


def retrieval_delta(a: IntArray, b: IntArray, relevant: Relevant, *, k: int = 10) -> RetrievalDelta:
    r"""Change of nDCG and recall of each query's first ``k`` results.

    .. math:: \mathrm{nDCG} = \sum_{r \le k} \frac{[\text{result } r \text{ is relevant}]}
       {\log_2 (r + 1)} \Big/ \sum_{r \le \min(k, n)} \frac{1}{\log_2 (r + 1)}

    with ``n`` the number of relevant items; recall is the share of these among the first ``k``.

    Parameters
    ----------
    a, b : array of shape (n_queries, at least k), integer
        Rows of the items found, best first; -1 after the last.
    relevant : Relevant
    k : int

    Returns
    -------
    RetrievalDelta
        Expected recall of an unrelated space of ``n`` items: ``k / n``. Invariant to the order of
        relevant items, and recall to the order of the first ``k``.

    Raises
    ------
    InputError
        The spaces answer other numbers of queries than ``relevant``, or hold fewer than ``k``
        places.

    Notes
    -----
    Misleads where relevance was judged on the results of one of the spaces: what the other alone
    finds counts as wrong. Recall cannot reach 1 for queries with more than ``k`` relevant items.

    References
    ----------
    .. [1] Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS
       2002.
    """
    first = _results(a, b, k=k)
    n_queries = len(first[0])
    sizes = np.diff(relevant.offsets)
    if len(sizes) != n_queries or (len(sizes) and relevant.offsets[-1] != len(relevant.items)):
        raise InputError(
            f"relevant has offsets for {len(sizes)} queries and {len(relevant.items)} items, but "
            f"results are of {n_queries} queries; give n_queries + 1 offsets that end at the "
            "number of items"
        )
    pairs = np.repeat(np.arange(n_queries), sizes), np.asarray(relevant.items, dtype=np.int64)
    discount = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.append(0, np.cumsum(discount))[np.minimum(sizes, k)]
    with np.errstate(invalid="ignore"):
        hits = [_is_relevant(one, *pairs) for one in first]
        ndcg = [(hit @ discount) / np.where(sizes > 0, ideal, np.nan) for hit in hits]
        recall = [hit.sum(axis=1) / np.where(sizes > 0, sizes, np.nan) for hit in hits]
    return RetrievalDelta(
        ndcg_a=ndcg[0],
        ndcg_b=ndcg[1],
        recall_a=recall[0],
        recall_b=recall[1],
        ndcg=ndcg[1] - ndcg[0],
        recall=recall[1] - recall[0],
    )


def negative_flip_rate(
    correct_a: AnyArray, correct_b: AnyArray, *, cells: IntArray | None = None
) -> FlipRates:
    """Share of items that space ``a`` gets right and space ``b`` wrong, and the other way round.

    Parameters
    ----------
    correct_a, correct_b : array of shape (n_items,), bool
        Whether each item is answered rightly, for example by the vote of its neighbours.
    cells : array of shape (n_items,), integer, optional
        Which cell of neighbours each item lies in: items of one cell may flip together.

    Returns
    -------
    FlipRates
        Shares in [0, 1] and their difference, the change of accuracy, in [-1, 1]. Two unrelated
        answers of accuracies ``p`` and ``q`` flip ``p (1 - q)``. Invariant to the order of items.

    Raises
    ------
    InputError
        The columns have different lengths, or there are fewer than two items.

    Notes
    -----
    Misleads beside accuracy alone: an upgrade can win on average and still break what worked; and
    another seed of the same recipe flips items too, so set its rate beside this one.

    References
    ----------
    .. [1] Yan et al., "Positive-congruent training: towards regression-free model updates", CVPR
       2021.
    """
    right_a, right_b = (np.asarray(one, dtype=bool) for one in (correct_a, correct_b))
    if right_a.shape != right_b.shape or right_a.ndim != 1 or len(right_a) < 2:
        raise InputError(
            f"correct has shapes {right_a.shape} and {right_b.shape}; give one yes or no for each "
            "of the same items, two at least"
        )
    values, intervals = [], []
    flips = (right_a & ~right_b, right_b & ~right_a, right_b.astype(float) - right_a)
    for per_item, least in zip(flips, (0.0, 0.0, -1.0), strict=True):
        value = float(per_item.mean())
        reach = interval_reach(error_of_mean(per_item.astype(np.float64), cells))
        values.append(value)
        intervals.append((max(least, value - reach), min(1.0, value + reach)))
    return FlipRates(
        negative=values[0],
        positive=values[1],
        change=values[2],
        negative_interval=intervals[0],
        positive_interval=intervals[1],
        change_interval=intervals[2],
        n=len(right_a),
    )


def _results(a: IntArray, b: IntArray, *, k: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    left, right = np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64)
    shapes = f"results have shapes {left.shape} and {right.shape}"
    if left.ndim != 2 or right.ndim != 2 or len(left) != len(right):
        raise InputError(f"{shapes}; give one row of results for each of the same queries")
    held = min(left.shape[1], right.shape[1])
    if not 1 <= k <= held:
        raise InputError(f"{shapes}, but k={k} are asked for; choose k from 1 to {held}")
    return left[:, :k], right[:, :k]


def _shared(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    both = np.sort(np.concatenate([a, b], axis=1), axis=1)
    shared: NDArray[np.int64] = ((both[:, 1:] == both[:, :-1]) & (both[:, 1:] >= 0)).sum(axis=1)
    return shared


def _is_relevant(
    found: NDArray[np.int64], queries: NDArray[np.int64], items: NDArray[np.int64]
) -> Numbers:
    width = max(int(items.max(initial=0)), int(found.max(initial=0))) + 1
    wanted = queries * width + items
    asked = np.arange(len(found))[:, None] * width + found
    hits: Numbers = (np.isin(asked, wanted) & (found >= 0)).astype(np.float64)
    return hits
