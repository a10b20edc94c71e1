from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.measures import (
    jaccard_gain,
    jaccard_similarity,
    list_errors,
    neighborhood_overlap,
    overlap_gain,
    rank_biased_gain,
    rank_biased_overlap,
)
from emblink.stats import df_of_pulls
from emblink.types import NeighborGraph
from tests.measures_helpers import brute_graph, graph_of, random_lists, renumbered

Gain = Callable[[NDArray[np.int64]], NDArray[np.float64]]
PerItem = Callable[..., NDArray[np.float32]]

MEASURES: dict[str, tuple[PerItem, Gain]] = {
    "overlap": (lambda a, b, k: neighborhood_overlap(a, b, k=k), overlap_gain),
    "jaccard": (lambda a, b, k: jaccard_similarity(a, b, k=k), jaccard_gain),
    "rank-biased": (lambda a, b, k: rank_biased_overlap(a, b, depth=k), rank_biased_gain),
}


def two_spaces(n: int, *, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 3))
    return x, x + 0.6 * rng.standard_normal((n, 3))


def error_of(a: NeighborGraph, b: NeighborGraph, gain: Gain, *, k: int) -> float:
    n = len(a.indices)
    return list_errors(a, b, k=k, rows=np.arange(n), n_items=n, gains={"": gain})[""].value


def left_out(per_item: PerItem, *, k: int, rows: NDArray[np.int64], n: int) -> float:
    """The same error by leaving each item out and seeking all neighbours again."""
    x, y = two_spaces(n)
    full = per_item(brute_graph(x, k), brute_graph(y, k), k).astype(np.float64)
    lost, squares = np.zeros(n), 0.0
    for item in range(n):
        kept = np.delete(np.arange(n), item)
        without = np.full(n, np.nan)
        without[kept] = per_item(brute_graph(x[kept], k), brute_graph(y[kept], k), k)
        others = rows[rows != item]
        change = without[others] - full[others]
        squares += float(change @ change)
        lost[item] = -change.sum() + (full[item] - full[rows].mean()) * (item in rows)
    return float(np.sqrt(np.square(lost - lost.mean()).sum() - squares)) / len(rows)


@pytest.mark.parametrize("name", MEASURES)
def test_the_error_is_that_of_leaving_each_item_out(name: str) -> None:
    per_item, gain = MEASURES[name]
    x, y = two_spaces(70)
    found = error_of(brute_graph(x, 12), brute_graph(y, 12), gain, k=8)
    expected = left_out(per_item, k=8, rows=np.arange(70), n=70)
    assert found == pytest.approx(expected, rel=1e-5)


def test_items_that_are_not_asked_still_stand_in_the_lists_of_those_that_are() -> None:
    x, y = two_spaces(70)
    rows = np.arange(40)
    a, b = (brute_graph(space, 12) for space in (x, y))
    some = [NeighborGraph(one.indices[rows], one.distances[rows], one.metric) for one in (a, b)]
    found = list_errors(*some, k=8, rows=rows, n_items=70, gains={"": overlap_gain})[""]
    expected = left_out(MEASURES["overlap"][0], k=8, rows=rows, n=70)
    assert found.value == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", MEASURES)
def test_lists_that_end_at_k_are_looked_at_to_one_less(name: str) -> None:
    gain = MEASURES[name][1]
    x, y = two_spaces(60)
    a, b = (brute_graph(space, 9) for space in (x, y))
    assert error_of(a, b, gain, k=9) == error_of(a, b, gain, k=8)


def test_the_error_ignores_the_order_of_the_items() -> None:
    a, b = (graph_of(random_lists(50, 12, seed=seed)) for seed in (1, 2))
    order = np.random.default_rng(0).permutation(50)
    found = error_of(renumbered(a, order), renumbered(b, order), rank_biased_gain, k=10)
    assert found == pytest.approx(error_of(a, b, rank_biased_gain, k=10), rel=1e-12)


def test_the_same_lists_are_sure() -> None:
    graph = graph_of(random_lists(50, 12, seed=1))
    assert error_of(graph, graph, overlap_gain, k=10) == 0.0
    # The weights of all ranks add up to 1, but for rounding.
    assert error_of(graph, graph, rank_biased_gain, k=10) < 1e-12


def test_no_error_is_known_without_a_next_neighbour_or_a_second_item() -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    first = NeighborGraph(graph.indices[:1], graph.distances[:1], graph.metric)
    alone = list_errors(first, first, k=2, rows=np.arange(1), n_items=20, gains={"": overlap_gain})
    assert alone[""].value == np.inf
    single = graph_of(graph.indices[:, :1])
    assert error_of(single, single, overlap_gain, k=1) == np.inf


def test_lists_that_do_not_fit_are_refused() -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    with pytest.raises(GraphMismatchError, match="give one list a row"):
        list_errors(graph, graph, k=2, rows=np.arange(9), n_items=20, gains={})
    with pytest.raises(GraphMismatchError, match="graphs hold 3"):
        list_errors(graph, graph, k=4, rows=np.arange(20), n_items=20, gains={})


def test_a_spread_made_by_few_items_has_few_degrees_of_freedom() -> None:
    rare = np.zeros(200)
    rare[:2] = 1.0
    assert df_of_pulls(rare, most=199) < 5
    even = np.random.default_rng(0).standard_normal(200)
    assert 120 < df_of_pulls(even, most=199) <= 199
    assert df_of_pulls(np.zeros(9), most=8) == 8


def draw(n: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw ten clusters of uneven size, hardly larger than 50 neighbours, and their noisy map."""
    fixed = np.random.default_rng(0)
    centres, turn = 2 * fixed.standard_normal((10, 32)), fixed.standard_normal((32, 32)) / 32**0.5
    shares = fixed.dirichlet(np.full(10, 5.0))
    x = centres[rng.choice(10, n, p=shares)] + rng.standard_normal((n, 32))
    return x, x @ turn + rng.standard_normal((n, 32))


@pytest.mark.slow
def test_the_errors_are_the_spread_over_draws_of_items() -> None:
    asked = (("overlap", 10), ("overlap", 50), ("jaccard", 10), ("rank-biased", 50))
    rng = np.random.default_rng(3)
    means, claimed = [], []
    for _ in range(60):
        a, b = (brute_graph(space, 51) for space in draw(600, rng))
        means.append([MEASURES[name][0](a, b, k).mean() for name, k in asked])
        claimed.append([error_of(a, b, MEASURES[name][1], k=k) for name, k in asked])
    spread = np.std(means, axis=0, ddof=1)
    np.testing.assert_allclose(np.mean(claimed, axis=0), spread, rtol=0.3)
