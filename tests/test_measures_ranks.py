import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import GraphMismatchError
from emblink.measures import chance_rank_displacement, rank_displacement
from emblink.stats import standard_error
from tests.measures_helpers import graph_of, random_lists, renumbered


def one_way(near: list[int], other: list[int], k: int) -> int:
    places = [other.index(m) + 1 if m in other else len(other) + 1 for m in near[:k]]
    return sum(abs(place - rank) for rank, place in enumerate(places, start=1))


@given(st.integers(0, 10_000), st.integers(1, 15))
def test_rank_displacement_equals_its_definition_from_both_sides(seed: int, k: int) -> None:
    a, b = random_lists(25, 15, seed=seed), random_lists(25, 15, seed=seed + 1)
    pairs = zip(a.tolist(), b.tolist(), strict=True)
    expected = [(one_way(x, y, k) + one_way(y, x, k)) / (2 * k) for x, y in pairs]
    found = rank_displacement(graph_of(a), graph_of(b), k=k)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    np.testing.assert_array_equal(found, rank_displacement(graph_of(b), graph_of(a), k=k))


def test_rank_displacement_in_closed_form() -> None:
    """Equal: 0. The first two exchanged: 1 for each of them. None found: the greatest there is."""
    ring = np.arange(60)[:, None]
    near = graph_of((ring + np.arange(1, 11)) % 60)
    swapped = graph_of((ring + np.array([2, 1, *range(3, 11)])) % 60)
    far = graph_of((ring + np.arange(11, 21)) % 60)
    assert (rank_displacement(near, near, k=5) == 0.0).all()
    np.testing.assert_allclose(rank_displacement(near, swapped, k=5), 2 / 5)
    np.testing.assert_allclose(rank_displacement(near, far, k=5), 10 + 1 - (5 + 1) / 2)


def test_neighbors_beyond_the_depth_count_as_just_beyond_it() -> None:
    a, b = (graph_of(random_lists(40, 20, seed=seed)) for seed in (1, 2))
    cut = [graph_of(graph.indices[:, :12]) for graph in (a, b)]
    np.testing.assert_array_equal(
        rank_displacement(a, b, k=5, depth=12), rank_displacement(cut[0], cut[1], k=5)
    )


def test_rank_displacement_ignores_a_common_renumbering() -> None:
    a, b = (graph_of(random_lists(40, 12, seed=seed)) for seed in (1, 2))
    order = np.random.default_rng(0).permutation(40)
    found = rank_displacement(renumbered(a, order), renumbered(b, order), k=6)
    np.testing.assert_array_equal(found, rank_displacement(a, b, k=6)[order])


@pytest.mark.parametrize("depth", [10, 40, 299])
def test_random_lists_are_displaced_by_chance(depth: int) -> None:
    a, b = (graph_of(random_lists(300, depth, seed=seed)) for seed in (1, 2))
    found = rank_displacement(a, b, k=10)
    chance = chance_rank_displacement(300, depth=depth, k=10)
    assert abs(found.mean() - chance) < 3 * standard_error(found)


def test_chance_of_the_only_two_orders() -> None:
    """Three items: the two others stand in one order or the other."""
    assert chance_rank_displacement(3, depth=2, k=2) == pytest.approx(1 / 2)


def test_more_neighbors_than_ranks_are_refused() -> None:
    graph = graph_of(random_lists(20, 6, seed=0))
    with pytest.raises(GraphMismatchError, match="k=5 neighbours cannot be looked for among 4"):
        rank_displacement(graph, graph, k=5, depth=4)
    with pytest.raises(GraphMismatchError, match="graphs hold 6"):
        rank_displacement(graph, graph, k=5, depth=7)
    with pytest.raises(GraphMismatchError, match="choose k from 1 to 4"):
        chance_rank_displacement(20, depth=4, k=0)
