import numpy as np
import pytest

from emblink.errors import InputError
from emblink.measures import hub_chance_overlap, neighborhood_overlap
from emblink.stats import permutation_test
from emblink.types import IntArray
from tests.measures_helpers import graph_of, random_lists

RNG = np.random.default_rng(0)


def test_p_counts_the_value_itself_and_is_never_zero() -> None:
    null = permutation_test(2.0, lambda order: 1.0, n_items=5, n_permutations=99)
    assert (null.p, null.mean, null.sd) == (0.01, 1.0, 0.0)
    assert permutation_test(1.0, lambda order: 1.0, n_items=5).p == 1.0


def test_p_is_that_of_all_permutations() -> None:
    x, y = np.arange(7.0), np.array([1.0, 0, 2, 4, 3, 6, 5])
    rng = np.random.default_rng(1)
    exact = np.mean([x @ rng.permutation(y) >= x @ y for _ in range(20_000)])
    null = permutation_test(
        float(x @ y), lambda order: float(x @ y[order]), n_items=7, n_permutations=4999
    )
    assert null.p == pytest.approx(exact, abs=0.004)


def test_rows_dealt_anew_reach_hub_chance_and_renamed_items_plain_chance() -> None:
    a, b = (random_lists(300, 10, seed=seed, pull=0.7) for seed in (4, 5))
    graph_a, k, n = graph_of(a), 10, 300
    permuted, renamed = [], []
    for _ in range(60):
        order = RNG.permutation(n)
        permuted.append(neighborhood_overlap(graph_a, graph_of(b[order]), k=k).mean())
        lists: IntArray = np.argsort(order)[b[order]]
        renamed.append(neighborhood_overlap(graph_a, graph_of(lists), k=k).mean())
    hubs = hub_chance_overlap(graph_a, graph_of(b), k=k) * (n - 1) / n
    for values, chance in ((permuted, hubs), (renamed, k / (n - 1))):
        assert abs(np.mean(values) - chance) < 3 * np.std(values, ddof=1) / np.sqrt(60)


def test_a_test_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="give at least 1 permutation and 2 items"):
        permutation_test(1.0, lambda order: 1.0, n_items=1)
