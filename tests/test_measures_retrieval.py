"""Churn, change of quality, and flips."""

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from emblink.errors import InputError
from emblink.measures import Relevant, negative_flip_rate, retrieval_churn, retrieval_delta
from tests.measures_helpers import random_lists


def test_churn_is_the_share_of_results_replaced() -> None:
    a = np.array([[1, 2, 3, 9], [1, 2, 3, 9], [1, -1, -1, -1], [-1] * 4, [1, 2, 3, 4]])
    b = np.array([[3, 1, 2, 8], [4, 5, 6, 9], [1, 2, -1, -1], [-1] * 4, [-1] * 4])
    churn = retrieval_churn(a, b, k=3)
    np.testing.assert_array_equal(churn, np.array([0, 1, 0.5, 0, 1], dtype=np.float32))
    np.testing.assert_array_equal(retrieval_churn(b, a, k=3), churn)


def test_unrelated_results_are_replaced_but_for_chance() -> None:
    a, b = (random_lists(1000, 20, seed=seed) for seed in (0, 1))
    churn = retrieval_churn(a, b, k=20)
    assert abs(churn.mean() - (1 - 20 / 999)) < 4 * churn.std() / np.sqrt(1000)


def test_ndcg_and_recall_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    n_items, k = 40, 10
    a, b = (rng.permuted(np.tile(np.arange(n_items), (30, 1)), axis=1) for _ in range(2))
    wanted = rng.random((30, n_items)) < 0.2
    offsets = np.append(0, np.cumsum(wanted.sum(axis=1)))
    found = retrieval_delta(a, b, Relevant(offsets, np.nonzero(wanted)[1]), k=k)
    for results, ndcg, recall in (
        (a, found.ndcg_a, found.recall_a),
        (b, found.ndcg_b, found.recall_b),
    ):
        score = np.empty((30, n_items))
        np.put_along_axis(score, results, -np.arange(n_items, dtype=float)[None], axis=1)
        expected = [ndcg_score([w], [s], k=k) for w, s in zip(wanted, score, strict=True)]
        np.testing.assert_allclose(ndcg, expected, rtol=1e-12)
        hits = np.take_along_axis(wanted, results[:, :k], axis=1).sum(axis=1)
        np.testing.assert_allclose(recall, hits / wanted.sum(axis=1))
    np.testing.assert_array_equal(found.ndcg, found.ndcg_b - found.ndcg_a)
    np.testing.assert_array_equal(found.recall, found.recall_b - found.recall_a)


def test_the_relevant_item_moved_from_second_to_first_place_gains_its_discount() -> None:
    a, b = np.array([[5, 7, -1], [1, 2, 3]]), np.array([[7, 5, -1], [1, 2, 3]])
    found = retrieval_delta(a, b, Relevant(np.array([0, 1, 1]), np.array([7])), k=3)
    assert found.ndcg[0] == pytest.approx(1 - 1 / np.log2(3))
    assert found.recall[0] == 0
    assert np.isnan(found.ndcg[1])
    assert np.isnan(found.recall_a[1])


def test_flips_are_counted_both_ways_with_intervals() -> None:
    a = np.repeat([True, True, False, False], [50, 10, 20, 20])
    b = np.repeat([True, False, True, False], [50, 10, 20, 20])
    rates = negative_flip_rate(a, b)
    assert (rates.negative, rates.positive, rates.n) == (0.1, 0.2, 100)
    assert rates.positive - rates.negative == pytest.approx(b.mean() - a.mean())
    low, high = rates.negative_interval
    assert 0 <= low < 0.1 < high < 0.2
    cells = np.repeat(np.arange(10), 10)
    together = negative_flip_rate(a, b, cells=cells).negative_interval
    assert together[1] - together[0] > high - low
    back = negative_flip_rate(b, a)
    assert (back.negative, back.positive) == (rates.positive, rates.negative)


def test_results_that_do_not_fit_are_refused() -> None:
    a = np.zeros((3, 4), dtype=int)
    with pytest.raises(InputError, match="choose k from 1 to 4"):
        retrieval_churn(a, a, k=5)
    with pytest.raises(InputError, match="the same queries"):
        retrieval_churn(a, a[:2], k=2)
    with pytest.raises(InputError, match="offsets for 1 queries and 2 items"):
        retrieval_delta(a, a, Relevant(np.array([0, 2]), np.array([1, 2])), k=2)
    with pytest.raises(InputError, match="two at least"):
        negative_flip_rate(np.array([True]), np.array([True]))
