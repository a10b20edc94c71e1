import numpy as np
import pytest

from emblink.measures import _overlap_null as permutation
from emblink.measures import hub_chance_at, hub_chance_overlap, neighborhood_overlap, overlap_null
from tests.measures_helpers import brute_graph, graph_of, random_lists

RNG = np.random.default_rng(0)


def test_overlap_null_is_that_of_renamed_graphs_less_their_hub_chance() -> None:
    a, b = (graph_of(random_lists(40, 5, seed=seed, pull=0.5)) for seed in (1, 2))
    null = overlap_null(a, b, k=5, n_permutations=30, seed=3)
    rng = np.random.default_rng(3)
    expected = []
    for _ in range(30):
        order = rng.permutation(40)
        renamed = graph_of(np.argsort(order)[b.indices[order]])
        overlap = neighborhood_overlap(a, renamed, k=5).mean()
        expected.append(overlap - hub_chance_overlap(a, renamed, k=5))
    chance = hub_chance_overlap(a, b, k=5)
    assert null.value == pytest.approx(neighborhood_overlap(a, b, k=5).mean())
    assert null.mean == pytest.approx(chance + np.mean(expected))
    assert null.sd == pytest.approx(np.std(expected, ddof=1))
    assert null.p == (1 + np.sum(np.array(expected) >= null.value - chance)) / 31


def test_overlap_null_at_some_items_renames_all_and_looks_at_these() -> None:
    a, b = (graph_of(random_lists(40, 5, seed=seed, pull=0.5)) for seed in (1, 2))
    rows = np.array([3, 4, 9, 20, 33])
    null = overlap_null(a, b, k=5, rows=rows, n_permutations=30, seed=3)
    rng = np.random.default_rng(3)
    expected = []
    for _ in range(30):
        order = rng.permutation(40)
        renamed = graph_of(np.argsort(order)[b.indices[order]])
        overlap = neighborhood_overlap(a, renamed, k=5)[rows].mean()
        expected.append(overlap - hub_chance_at(a, renamed, rows=rows, k=5))
    chance = hub_chance_at(a, b, rows=rows, k=5)
    assert null.value == pytest.approx(neighborhood_overlap(a, b, k=5)[rows].mean())
    assert null.mean == pytest.approx(chance + np.mean(expected))
    assert null.p == (1 + np.sum(np.array(expected) >= null.value - chance - 1e-12)) / 31


def test_overlap_null_at_all_items_is_that_of_the_pair() -> None:
    a, b = (graph_of(random_lists(40, 5, seed=seed, pull=0.5)) for seed in (1, 2))
    assert overlap_null(a, b, k=5, rows=np.arange(40)) == overlap_null(a, b, k=5)


def test_items_that_stayed_stand_out_and_unrelated_ones_do_not() -> None:
    x = RNG.standard_normal((200, 5))
    y = RNG.standard_normal((200, 5))
    y[:40] = x[:40]
    a, b = (brute_graph(one, 10) for one in (x, y))
    kept, lost = (overlap_null(a, b, rows=one).p for one in (np.arange(40), np.arange(40, 200)))
    assert kept == 0.005
    assert lost > 0.02


def test_hubs_alone_are_not_taken_for_agreement() -> None:
    a, b = (graph_of(random_lists(200, 10, seed=seed, pull=1.0)) for seed in (6, 7))
    null = overlap_null(a, b, n_permutations=99)
    assert null.value > 4 * 10 / 199
    assert null.p > 0.05


def test_related_spaces_stand_out() -> None:
    x = RNG.standard_normal((100, 5))
    null = overlap_null(brute_graph(x, 10), brute_graph(x + RNG.standard_normal(x.shape), 10))
    assert null.p == 0.005
    assert null.value > null.mean + 5 * null.sd


def test_many_items_are_sampled_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = (graph_of(random_lists(150, 5, seed=seed)) for seed in (8, 9))
    whole = overlap_null(a, b, k=5, n_permutations=99)
    monkeypatch.setattr(permutation, "_MOST_QUERIES", 30)
    some = overlap_null(a, b, k=5, n_permutations=99)
    assert (whole.n_items, some.n_items) == (150, 30)
    assert some.value == whole.value
    assert some.mean == pytest.approx(whole.mean, abs=0.005)
    assert some.sd > whole.sd
