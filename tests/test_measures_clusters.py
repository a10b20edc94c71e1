"""Agreement of two clusterings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score

from emblink.errors import InputError
from emblink.measures import cluster_agreement


@given(st.integers(0, 10**6), st.integers(2, 200), st.integers(1, 12), st.integers(1, 12))
def test_agreement_is_that_of_scikit_learn(seed: int, n: int, most_a: int, most_b: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, most_a, n), rng.integers(0, most_b, n)
    b = np.where(rng.random(n) < rng.random(), a, b)
    expected = adjusted_mutual_info_score(a, b)
    if min(len(np.unique(a)), len(np.unique(b))) in (1, n):
        return  # Where nothing can be shared beyond chance, rounding decides.
    assert cluster_agreement(a, b) == pytest.approx(expected, abs=1e-8)


def test_agreement_of_many_items_and_clusters_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    a = np.sort((rng.random(20_000) ** 2 * 60).astype(int))
    b = np.where(rng.random(20_000) < 0.5, a, rng.integers(0, 50, 20_000))
    assert cluster_agreement(a, b) == pytest.approx(adjusted_mutual_info_score(a, b), abs=1e-8)


def test_agreement_ignores_numbers_of_clusters_order_of_items_and_of_spaces() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 7, 300), rng.integers(0, 4, 300)
    b = np.where(rng.random(300) < 0.5, a % 4, b)
    value = cluster_agreement(a, b)
    shuffle = rng.permutation(300)
    assert cluster_agreement(rng.permutation(7)[a], b + 5) == pytest.approx(value, abs=1e-12)
    assert cluster_agreement(a[shuffle], b[shuffle]) == pytest.approx(value, abs=1e-12)
    assert cluster_agreement(b, a) == pytest.approx(value, abs=1e-12)


def test_the_same_clusters_agree_fully_and_unrelated_ones_not() -> None:
    rng = np.random.default_rng(2)
    a = rng.integers(0, 9, 500)
    assert cluster_agreement(a, 8 - a) == pytest.approx(1, abs=1e-12)
    assert cluster_agreement(np.zeros(5, int), np.ones(5, int)) == 1
    assert cluster_agreement(np.arange(5), np.arange(5)[::-1]) == 1
    unrelated = [cluster_agreement(a, rng.permutation(a)) for _ in range(100)]
    assert abs(np.mean(unrelated)) < 4 * np.std(unrelated) / 10


def test_items_without_a_cluster_are_left_out() -> None:
    a, b = np.array([0, 0, 1, 1, -1, 2]), np.array([1, 1, 0, 2, 2, -1])
    assert cluster_agreement(a, b) == cluster_agreement(a[:4], b[:4])
    with pytest.raises(InputError, match="no item has a cluster in both"):
        cluster_agreement(np.array([-1, 0]), np.array([0, -1]))
    with pytest.raises(InputError, match=r"shapes \(3,\) and \(2,\)"):
        cluster_agreement(np.zeros(3, int), np.zeros(2, int))
