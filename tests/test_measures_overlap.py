from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import GraphMismatchError
from emblink.measures import (
    chance_overlap,
    hub_chance_at,
    hub_chance_overlap,
    hubness_skewness,
    kappa,
    neighborhood_overlap,
    overlap_curve,
)
from emblink.stats import standard_error
from emblink.types import NeighborGraph
from tests.measures_helpers import (
    EMOJI,
    brute_graph,
    graph_of,
    random_lists,
    real_graph,
    renumbered,
    truth,
)


@given(st.integers(0, 10_000), st.integers(1, 8))
def test_overlap_ignores_the_order_within_a_list(seed: int, k: int) -> None:
    lists = random_lists(20, k, seed=seed)
    shuffled = np.random.default_rng(seed).permuted(lists, axis=1)
    assert (neighborhood_overlap(graph_of(lists), graph_of(shuffled), k=k) == 1.0).all()


def test_overlap_of_disjoint_lists_is_zero() -> None:
    ring = np.arange(30)[:, None]
    near, far = (ring + np.arange(1, 4)) % 30, (ring + np.arange(4, 7)) % 30
    assert (neighborhood_overlap(graph_of(near), graph_of(far), k=3) == 0.0).all()


@given(st.integers(0, 10_000), st.integers(1, 12))
def test_overlap_equals_the_intersection_of_sets(seed: int, k: int) -> None:
    a, b = random_lists(25, 12, seed=seed), random_lists(25, 12, seed=seed + 1)
    expected = [len({*x[:k].tolist()} & {*y[:k].tolist()}) / k for x, y in zip(a, b, strict=True)]
    found = neighborhood_overlap(graph_of(a), graph_of(b), k=k)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    np.testing.assert_array_equal(found, neighborhood_overlap(graph_of(b), graph_of(a), k=k))


def test_overlap_is_the_same_across_block_boundaries() -> None:
    lists = random_lists(40, 4, seed=1)
    wide = np.tile(lists, (5_000, 1))
    other = np.tile(random_lists(40, 4, seed=2), (5_000, 1))
    overlap = neighborhood_overlap(graph_of(wide), graph_of(other), k=4).reshape(5_000, 40)
    assert (overlap == overlap[0]).all()


@pytest.mark.slow
def test_published_overlap_of_every_emoji_pair() -> None:
    published = truth("emoji")["overlap"]
    names = {name for pair in published for name in pair.split("|")}
    graphs: dict[str, NeighborGraph] = {name: real_graph(EMOJI, name) for name in names}
    assert len(published) == len(list(combinations(names, 2)))
    for pair, expected in published.items():
        a, b = pair.split("|")
        found = neighborhood_overlap(graphs[a], graphs[b], k=10).mean()
        assert found == pytest.approx(expected, abs=0.002), pair


def test_relabelled_items_overlap_by_chance() -> None:
    graph = brute_graph(np.random.default_rng(3).standard_normal((1500, 40)), 10)
    renamed = np.random.default_rng(4).permutation(1500)
    moved = graph_of(renamed[graph.indices][np.argsort(renamed)])
    overlap = neighborhood_overlap(graph, moved, k=10)
    chance = chance_overlap(1500, k=10)
    assert chance == 10 / 1499
    assert abs(overlap.mean() - chance) < 3 * standard_error(overlap)


def test_shuffled_lists_of_hub_heavy_spaces_overlap_by_hub_chance() -> None:
    lists = random_lists(1500, 10, seed=5, pull=1.0)
    other = np.random.default_rng(6).permutation(lists)
    a, b = graph_of(lists), graph_of(other)
    overlap = neighborhood_overlap(a, b, k=10)
    expected = hub_chance_overlap(a, b, k=10)
    assert expected > 20 * chance_overlap(1500, k=10)
    assert abs(overlap.mean() - expected) < 3 * standard_error(overlap)
    assert abs(kappa(float(overlap.mean()), expected)) < 0.01


def test_hub_chance_without_hubs_is_chance() -> None:
    ring = graph_of((np.arange(50)[:, None] + np.arange(1, 6)) % 50)
    anything = graph_of(random_lists(50, 5, seed=7, pull=1.0))
    assert hub_chance_overlap(ring, anything, k=5) == pytest.approx(5 / 49)


@given(st.integers(0, 10_000))
def test_hub_chance_ignores_a_common_renumbering(seed: int) -> None:
    a, b = random_lists(30, 5, seed=seed, pull=0.5), random_lists(30, 5, seed=seed + 1, pull=0.5)
    order = np.random.default_rng(seed).permutation(30)
    back = np.argsort(order)
    renumbered = [graph_of(back[lists][order]) for lists in (a, b)]
    found = hub_chance_overlap(graph_of(a), graph_of(b), k=5)
    assert hub_chance_overlap(renumbered[0], renumbered[1], k=5) == pytest.approx(found)


def test_short_rows_shared_by_unrelated_spaces_are_hubs_and_no_agreement() -> None:
    """Near the centre is near to all: two clouds that share nothing but which rows are short."""
    lengths = np.ones(1200)
    lengths[:20] = np.linspace(0.2, 0.3, 20)
    graphs = []
    for seed in (1, 2):
        x = np.random.default_rng(seed).standard_normal((1200, 64))
        x *= (lengths / np.linalg.norm(x, axis=1))[:, None]
        graphs.append(brute_graph(x, 10, metric="euclidean"))
    overlap = float(neighborhood_overlap(*graphs, k=10).mean())
    assert overlap > 0.3
    assert abs(kappa(overlap, hub_chance_overlap(*graphs, k=10))) < 0.03
    assert min(hubness_skewness(graph) for graph in graphs) > 5


def test_overlap_is_invariant_to_scale_and_a_common_renumbering() -> None:
    x, y = np.random.default_rng(11).standard_normal((2, 200, 6))
    a, b = (brute_graph(z, 20, metric="euclidean") for z in (x, y))
    tiny = brute_graph(x * 1e-6, 20, metric="euclidean")
    found = neighborhood_overlap(a, b, k=20)
    np.testing.assert_array_equal(neighborhood_overlap(tiny, b, k=20), found)
    order = np.random.default_rng(12).permutation(200)
    moved = renumbered(a, order), renumbered(b, order)
    np.testing.assert_array_equal(neighborhood_overlap(*moved, k=20), found[order])
    for here, there in zip(overlap_curve(a, b), overlap_curve(*moved), strict=True):
        assert here == pytest.approx(there)


def test_curve_holds_the_overlap_and_its_hub_chance_at_each_k() -> None:
    a, b = (graph_of(random_lists(300, 40, seed=seed, pull=0.5)) for seed in (1, 2))
    curve = overlap_curve(a, b, ks=(30, 5, 10, 10, 50))
    assert [at["k"] for at in curve] == [5, 10, 30]
    for at in curve:
        assert at["value"] == pytest.approx(neighborhood_overlap(a, b, k=at["k"]).mean())
        assert at["chance"] == pytest.approx(hub_chance_overlap(a, b, k=at["k"]))
        assert at["kappa"] == kappa(at["value"], at["chance"])
    assert [at["k"] for at in overlap_curve(a, b)] == [5, 10, 20, 30]
    with pytest.raises(GraphMismatchError, match="from 1 to 40"):
        overlap_curve(a, b, ks=(41,))


def test_kappa_is_one_for_full_agreement_and_zero_for_chance() -> None:
    assert kappa(1.0, 0.3) == pytest.approx(1.0)
    assert kappa(0.3, 0.3) == 0.0
    assert kappa(1.0, 1.0) == 0.0


def test_graphs_over_different_items_are_refused() -> None:
    with pytest.raises(GraphMismatchError, match="cover 20 and 21 items"):
        neighborhood_overlap(
            graph_of(random_lists(20, 3, seed=0)), graph_of(random_lists(21, 3, seed=0)), k=3
        )


@pytest.mark.parametrize("k", [0, 4])
def test_neighbors_beyond_those_held_are_refused(k: int) -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    with pytest.raises(GraphMismatchError, match=r"graphs hold 3; choose k from 1 to 3"):
        neighborhood_overlap(graph, graph, k=k)


def test_chance_of_more_neighbors_than_items_is_refused() -> None:
    with pytest.raises(GraphMismatchError, match="choose k from 1 to 4"):
        chance_overlap(5, k=5)


def test_hub_chance_at_some_items_is_the_mean_of_lists_handed_out_at_random() -> None:
    n, k, rows = 60, 5, np.arange(0, 60, 4)
    a, b = ([{*near} for near in random_lists(n, k, seed=seed, pull=1.0)] for seed in (1, 2))
    swaps = [(i, j) for i in rows for j in range(n) if i != j]
    means = [
        np.mean([len(one[i] & other[j]) / k for i, j in swaps]) for one, other in ((a, b), (b, a))
    ]
    graphs = (graph_of([sorted(near) for near in lists]) for lists in (a, b))
    found = hub_chance_at(*graphs, rows=rows, k=k)
    assert found == pytest.approx(np.mean(means), rel=1 / (n - 1) + 0.01)
    assert found > 1.2 * k / (n - 1)


@given(st.integers(0, 10_000), st.sampled_from([0.0, 1.0]))
def test_hub_chance_at_all_items_is_that_of_the_pair(seed: int, pull: float) -> None:
    a, b = (graph_of(random_lists(30, 6, seed=seed + at, pull=pull)) for at in range(2))
    assert hub_chance_at(a, b, rows=np.arange(30), k=6) == hub_chance_overlap(a, b, k=6)
