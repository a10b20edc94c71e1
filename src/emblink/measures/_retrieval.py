"""What a change of space does to search: results replaced, gains and losses of relevance, flips."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.measures._gains import Numbers, Positive, Relevant, gains_found, ideal_dcg, positive
from emblink.stats import error_of_mean, interval_reach
from emblink.types import AnyArray, IntArray


class RetrievalDelta(NamedTuple):
    """Quality of two spaces' results for each query, and its change from ``a`` to ``b``.

    Attributes
    ----------
    ndcg_a, ndcg_b, recall_a, recall_b, mrr_a, mrr_b : array of shape (n_queries,), float64
        In [0, 1]; NaN for queries that nothing answers.
    ndcg, recall, mrr : array of shape (n_queries,), float64
        In [-1, 1]: ``b`` less ``a``.
    """

    ndcg_a: Numbers
    ndcg_b: Numbers
    recall_a: Numbers
    recall_b: Numbers
    mrr_a: Numbers
    mrr_b: Numbers
    ndcg: Numbers
    recall: Numbers
    mrr: Numbers


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
    r"""Change of nDCG, recall and reciprocal rank of each query's first ``k`` results.

    .. math:: \mathrm{nDCG} = \sum_{r \le k} \frac{g_r}{\log_2 (r + 1)} \Big/
       \sum_{r \le k} \frac{g^*_r}{\log_2 (r + 1)}

    with :math:`g_r` the gain of result ``r`` and :math:`g^*` all gains of the query, the largest
    first; recall is the share of the relevant items among the first ``k``, the reciprocal rank
    ``1 / r`` of the first relevant one, 0 where none is among the first ``k``.

    Parameters
    ----------
    a, b : array of shape (n_queries, at least k), integer
        Rows of the items found, best first; -1 after the last. An item counts where it is first
        found.
    relevant : Relevant
    k : int

    Returns
    -------
    RetrievalDelta
        Expected of an unrelated space: :func:`chance_retrieval`. Invariant to the order of relevant
        items of one gain, and recall to the order of the first ``k``.

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
       2002; gains are linear, as in trec_eval.
    """
    first = _results(a, b, k=k)
    held = positive(relevant, n_queries=len(first[0]))
    of_a, of_b = (_quality(one, held, k=k) for one in first)
    return RetrievalDelta(
        ndcg_a=of_a[0],
        ndcg_b=of_b[0],
        recall_a=of_a[1],
        recall_b=of_b[1],
        mrr_a=of_a[2],
        mrr_b=of_b[2],
        ndcg=of_b[0] - of_a[0],
        recall=of_b[1] - of_a[1],
        mrr=of_b[2] - of_a[2],
    )


def _quality(found: IntArray, held: Positive, *, k: int) -> tuple[Numbers, Numbers, Numbers]:
    gains = gains_found(found, held)
    hits = gains > 0
    answered = held.sizes > 0
    ndcg = (gains @ (1 / np.log2(np.arange(2, k + 2)))) / ideal_dcg(held, k=k)
    recall = hits.sum(axis=1) / np.where(answered, held.sizes, np.nan)
    first = np.where(hits.any(axis=1), 1.0 / (1 + hits.argmax(axis=1)), 0.0)
    return ndcg, recall, np.where(answered, first, np.nan)


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
