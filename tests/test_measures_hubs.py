import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import GraphMismatchError
from emblink.measures import chance_hubness_skewness, hubness, hubness_change, hubness_skewness
from tests.measures_helpers import brute_graph, graph_of, random_lists, renumbered


@given(st.integers(0, 10_000), st.integers(1, 8))
def test_hubness_counts_the_lists_an_item_stands_in(seed: int, k: int) -> None:
    lists = random_lists(20, 8, seed=seed, pull=0.5)
    found = hubness(graph_of(lists), k=k)
    assert found.tolist() == [int((lists[:, :k] == item).sum()) for item in range(20)]
    assert found.mean() == k


def test_without_hubs_there_is_no_skewness() -> None:
    ring = graph_of((np.arange(50)[:, None] + np.arange(1, 6)) % 50)
    assert hubness_skewness(ring, k=5) == 0.0
    assert (hubness_change(ring, ring, k=5) == 0.0).all()


def test_skewness_of_one_hub_in_closed_form() -> None:
    """Of n items all list the first, which lists the second: counts n - 1, 1, 0, 0, …."""
    n = 10
    lists = np.zeros((n, 1), dtype=np.int32)
    lists[0] = 1
    counts = np.array([n - 1, 1, *[0] * (n - 2)])
    expected = np.mean((counts - 1.0) ** 3) / np.std(counts) ** 3
    assert hubness_skewness(graph_of(lists), k=1) == pytest.approx(expected)


def test_random_lists_are_skewed_by_chance() -> None:
    found = [hubness_skewness(graph_of(random_lists(400, 10, seed=s)), k=10) for s in range(20)]
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    assert abs(np.mean(found) - chance_hubness_skewness(400, k=10)) < 3 * error
    assert chance_hubness_skewness(11, k=10) == 0.0


def test_many_dimensions_make_hubs() -> None:
    rng = np.random.default_rng(0)
    few, many = (
        hubness_skewness(brute_graph(rng.standard_normal((600, d)), 10, metric="euclidean"))
        for d in (3, 100)
    )
    assert few < 1.0 < 3.0 < many


def test_hubness_and_its_change_ignore_scale_and_a_common_renumbering() -> None:
    x, y = np.random.default_rng(0).standard_normal((2, 80, 6))
    a, b = (brute_graph(z, 10, metric="euclidean") for z in (x, y))
    small = brute_graph(x * 1e-6, 10, metric="euclidean")
    np.testing.assert_array_equal(hubness(small), hubness(a))
    order = np.random.default_rng(1).permutation(80)
    found = hubness_change(renumbered(a, order), renumbered(b, order))
    np.testing.assert_array_equal(found, hubness_change(a, b)[order])
    np.testing.assert_array_equal(hubness(renumbered(a, order)), hubness(a)[order])


def test_hubness_change_is_one_where_twice_as_many_list_the_item() -> None:
    """Item 0 goes from 1 list to 3, item 1 from 3 to 1: counts and one more, 2 to 4 and 4 to 2."""
    before = graph_of([[1], [0], [1], [1], [2]])
    after = graph_of([[1], [0], [0], [0], [2]])
    change = hubness_change(before, after, k=1)
    np.testing.assert_allclose(change, [1.0, -1.0, 0.0, 0.0, 0.0])
    np.testing.assert_array_equal(hubness_change(after, before, k=1), -change)


def test_neighbors_beyond_those_held_are_refused() -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    for measure in (hubness, hubness_skewness):
        with pytest.raises(GraphMismatchError, match=r"k=4 .* hold 3"):
            measure(graph, k=4)
    with pytest.raises(GraphMismatchError, match="cover 20 and 21 items"):
        hubness_change(graph, graph_of(random_lists(21, 3, seed=0)), k=3)
